use core::time::Duration;

use serde_json::Value;

use crate::robot::{Delivery, Form, Reply, Robot, samples};
use crate::{DigestKind, Language, Mention, Severity};

const URL: &str = "https://events.pagerduty.com/v2/enqueue";

fn robot() -> Robot {
    Robot::pagerduty(URL).secret("RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR")
}

#[test]
fn shaped_like_recorded_requests() {
    let trigger = samples::body(&robot(), &samples::one_error(Language::English), Form::Rich);
    let golden = samples::golden("pagerduty__pagerduty__trigger");
    let mut details: Vec<String> = Vec::new();
    for body in [&trigger, &golden] {
        let keys = body["payload"]["custom_details"].as_object().unwrap().keys();
        details.extend(keys.map(|key| format!(".payload.custom_details.{key}")));
    }
    // What is optional: they name a component, we tell when.
    let mut free = vec![
        ".payload.component",
        ".payload.group",
        ".payload.class",
        ".payload.timestamp",
    ];
    free.extend(details.iter().map(String::as_str));
    samples::assert_shape(&trigger, &golden, &free);
    let resolve = samples::body(&robot(), &samples::quiet(Language::English), Form::Rich);
    samples::assert_shape(&resolve, &samples::golden("pagerduty__pagerduty__resolve"), &[]);
    assert_eq!(resolve["event_action"], "resolve");
}

#[test]
fn reads_well() {
    samples::compare_pictures(&robot(), &[Form::Rich]);
}

/// Whatever is told of one kind of failure meets in one incident, which its end resolves.
#[test]
fn one_incident_from_the_first_to_the_quiet() {
    let group = samples::group("no ink");
    let fingerprint = group.fingerprint.to_string();
    for (kind, action) in [
        (DigestKind::First, "trigger"),
        (DigestKind::Burst, "trigger"),
        (DigestKind::Summary, "trigger"),
        (DigestKind::Quiet, "resolve"),
    ] {
        let digest = samples::digest(kind, Language::English, vec![group.clone()]);
        let body = samples::body(&robot(), &digest, Form::Rich);
        assert_eq!(
            (&body["event_action"], &body["dedup_key"]),
            (&Value::from(action), &Value::from(fingerprint.as_str()))
        );
    }
    let storm = samples::storm(Language::English);
    let body = samples::body(&robot(), &storm, Form::Rich);
    let urgent = crate::robot::fit::by_urgency(&storm)[0].fingerprint.to_string();
    assert_eq!(body["dedup_key"], urgent.as_str());
    let test = samples::digest(DigestKind::Test, Language::English, Vec::new());
    assert_eq!(
        samples::body(&robot(), &test, Form::Rich)["dedup_key"],
        "test of checkout"
    );
}

#[test]
fn severities_are_the_vendors() {
    for severity in Severity::ALL {
        let mut group = samples::group("no ink");
        group.severity = severity;
        let digest = samples::digest(DigestKind::First, Language::Chinese, vec![group]);
        let body = samples::body(&robot(), &digest, Form::Rich);
        assert_eq!(body["payload"]["severity"], severity.as_str());
    }
}

#[test]
fn a_runbook_is_a_link_only_when_it_is_a_plain_address() {
    let links = |runbook: &str| {
        let mut group = samples::group("no ink");
        group.runbook = Some(runbook.to_owned());
        let digest = samples::digest(DigestKind::First, Language::English, vec![group]);
        samples::body(&robot(), &digest, Form::Rich).get("links").cloned()
    };
    let link = serde_json::json!([{ "href": "https://wiki.example.com/bank", "text": "Runbook" }]);
    assert_eq!(links("https://wiki.example.com/bank"), Some(link));
    for odd in ["javascript:alert(1)", "https://a b", "wiki page 7"] {
        assert_eq!(links(odd), None, "{odd}");
    }
}

#[test]
fn mistakes_that_show_before_a_message_is_sent() {
    let mistakes = |robot: Robot| robot.robot_kind().formatter().mistakes(&robot).join("; ");
    assert_eq!(mistakes(robot()), "");
    let short = mistakes(Robot::pagerduty(URL).secret("tok3n"));
    assert!(
        short.contains("32 characters, not 5") && !short.contains("tok3n"),
        "{short}"
    );
    let change = mistakes(Robot::pagerduty("https://events.pagerduty.com/v2/change/enqueue"));
    assert!(change.contains("/v2/enqueue"), "{change}");
    for mention in [Mention::all(), Mention::user("x"), Mention::mobile("1")] {
        let why = mistakes(robot().mention(mention));
        assert!(why.contains("leave `mention` out"), "{why}");
    }
    let (keyless, digest) = (Robot::pagerduty(URL), samples::quiet(Language::English));
    let formatter = keyless.robot_kind().formatter();
    let why = formatter
        .format(&digest, &keyless, Form::Rich, samples::ago(0))
        .unwrap_err();
    assert!(why.to_string().contains("routing key"), "{why}");
}

#[test]
fn reads_every_documented_answer() {
    let table = [
        (
            202,
            r#"{"status":"success","message":"Event processed","dedup_key":"x"}"#,
            "accepted",
            "",
        ),
        (202, r#"{"status":"invalid event"}"#, "again", "success"),
        (200, r#"{"status":"success"}"#, "again", "success"),
        (202, "", "again", "proxy"),
        (200, "<html></html>", "again", "proxy"),
        (
            400,
            r#"{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}"#,
            "never",
            "Robot::secret",
        ),
        (
            400,
            r#"{"status":"invalid event","message":"Event object is invalid","errors":["'payload.severity' is invalid"]}"#,
            "never",
            "did not take",
        ),
        (
            429,
            r#"{"status":"throttle exceeded","message":"Requests for this service are arriving too quickly.  Please retry later."}"#,
            "later",
            "more events",
        ),
        (429, "<html>", "later", ""),
        (500, r#"{"message":"Internal Server Error"}"#, "again", "fault"),
        (502, "<html>", "again", ""),
        (503, "", "again", ""),
        (504, "", "again", ""),
        (403, "{}", "never", ""),
        (302, "", "never", "redirect"),
    ];
    for (status, body, expected, hint) in table {
        let got = super::answers::read(&Reply::new(status, body));
        assert_eq!(samples::class(&got), expected, "{status} {body}: {got:?}");
        let told = got
            .problem()
            .and_then(|problem| problem.advice())
            .unwrap_or_default();
        assert!(told.contains(hint), "{status} {body}: {told}");
    }
    let reply = Reply::new(429, "{}").with_retry_after(Duration::from_secs(9));
    let got = super::answers::read(&reply);
    assert!(
        matches!(got, Delivery::Throttled { retry_after: Some(wait), .. } if wait == Duration::from_secs(9)),
        "{got:?}"
    );
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES
        .iter()
        .map(|rule| rule.code.trim_end_matches('*'))
        .collect();
    samples::assert_in_manual("## PagerDuty", &codes);
}
