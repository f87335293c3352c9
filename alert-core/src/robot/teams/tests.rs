use core::time::Duration;

use crate::robot::{Delivery, Form, Reply, Robot, samples};
use crate::{DigestKind, Language, Mention};

const URL: &str = "https://prod-00.westus.logic.azure.com:443/workflows/cccc/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS";

/// What a recorded request wraps its card in, and the keys of the card.
#[test]
fn shaped_like_recorded_requests() {
    let digest = samples::one_error(Language::English);
    let free = [
        // Ours has buttons and may mention; one of the recorded clients sets no width.
        ".attachments[].content.actions",
        ".attachments[].content.msteams",
        ".attachments[].content.msteams.entities",
        ".attachments[].content.body[].id",
        ".attachments[].content.body[].style",
        ".attachments[].content.body[].weight",
        ".attachments[].content.body[].size",
        ".attachments[].content.body[].wrap",
    ];
    for name in [
        "teams__adaptive-cards-py__workflow-adaptive-card",
        "teams__apprise__workflow-adaptive-card",
    ] {
        let golden = samples::golden(name);
        let plain = samples::body(&Robot::teams(URL), &digest, Form::Plain);
        samples::assert_shape(&plain, &golden, &free);
        let rich = samples::body(&Robot::teams(URL), &digest, Form::Rich);
        for key in ["contentType", "contentUrl"] {
            assert_eq!(rich["attachments"][0][key], golden["attachments"][0][key]);
        }
        let card = &rich["attachments"][0]["content"];
        for key in ["type", "$schema"] {
            assert_eq!(card[key], golden["attachments"][0]["content"][key]);
        }
    }
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::teams(URL), &[Form::Rich, Form::Plain]);
}

/// The list of entities notifies, the text must name them too.
#[test]
fn names_whom_it_notifies() {
    let robot = Robot::teams(URL)
        .mention(Mention::user("on.call@example.com"))
        .mention(Mention::user("</at><at>"))
        .mention(Mention::all())
        .mention(Mention::mobile("13800000000"));
    for form in [Form::Rich, Form::Plain] {
        let body = samples::body(&robot, &samples::one_error(Language::English), form);
        let card = &body["attachments"][0]["content"];
        let text = "<at>on.call@example.com</at> <at>atat</at>";
        assert!(card["body"].to_string().contains(text), "{card}");
        let first = serde_json::json!({
            "type": "mention",
            "text": "<at>on.call@example.com</at>",
            "mentioned": { "id": "on.call@example.com", "name": "on.call@example.com" },
        });
        assert_eq!(card["msteams"]["entities"][0], first);
        let all = card["msteams"]["entities"].as_array().unwrap();
        assert_eq!(all.len(), 2);
    }
}

#[test]
fn a_runbook_is_a_button_only_when_it_is_a_plain_address() {
    let actions = |runbook: &str| {
        let mut group = samples::group("no ink");
        group.runbook = Some(runbook.to_owned());
        let digest = samples::digest(DigestKind::First, Language::English, vec![group]);
        let body = samples::body(&Robot::teams(URL), &digest, Form::Rich);
        body["attachments"][0]["content"].get("actions").cloned()
    };
    let button = serde_json::json!([{
        "type": "Action.OpenUrl", "title": "Runbook", "url": "https://wiki.example.com/bank",
    }]);
    assert_eq!(actions("https://wiki.example.com/bank"), Some(button));
    for odd in [
        "javascript:alert(1)",
        "https://a b",
        "file:///etc/passwd",
        "wiki page 7",
    ] {
        assert_eq!(actions(odd), None, "{odd}");
    }
}

#[test]
fn what_does_not_fit_is_counted() {
    let groups: Vec<_> = (0..400)
        .map(|at| samples::group(&format!("error number {at} of many")))
        .collect();
    let digest = samples::digest(DigestKind::Storm, Language::English, groups);
    for form in [Form::Rich, Form::Plain] {
        let body = samples::body(&Robot::teams(URL), &digest, form).to_string();
        assert!(
            body.len() <= super::MAX_BODY && body.len() > super::MAX_BODY - 400,
            "{}",
            body.len()
        );
        let unlisted = 400 - body.matches("error number").count();
        assert!(body.contains(&format!(
            "+{unlisted} more kinds of failure, ×{unlisted}, not listed"
        )));
    }
}

#[test]
fn mistakes_that_show_before_a_message_is_sent() {
    let mistakes = |robot: Robot| robot.robot_kind().formatter().mistakes(&robot).join("; ");
    assert_eq!(mistakes(Robot::teams(URL)), "");
    assert_eq!(mistakes(Robot::teams("http://127.0.0.1:8025/anything")), "");
    let retired = mistakes(Robot::teams(
        "https://x.webhook.office.com/webhookb2/a@b/IncomingWebhook/c/d",
    ));
    assert!(retired.contains("retired"), "{retired}");
    let cut = mistakes(Robot::teams(URL.split("&sig").next().unwrap()));
    assert!(cut.contains("copy the whole address"), "{cut}");
    let odd = mistakes(
        Robot::teams(URL)
            .mention(Mention::all())
            .mention(Mention::mobile("1")),
    );
    assert!(odd.contains("mobile") && odd.contains("everybody"), "{odd}");
}

#[test]
fn reads_every_documented_answer() {
    const LOST: &str =
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ";
    let lost = |status: &str| format!("{LOST}{status} with ContextId tcid=1,server=x,cv=y..");
    let table = [
        (202, String::new(), "accepted", ""),
        (200, String::new(), "accepted", ""),
        (200, "1".to_owned(), "accepted", ""),
        (202, r#"{"id":"1"}"#.to_owned(), "accepted", ""),
        (200, "<html></html>".to_owned(), "again", "proxy"),
        (202, "<html></html>".to_owned(), "again", "proxy"),
        (200, lost("429"), "later", "more messages"),
        (200, lost("500"), "again", ""),
        (200, lost("413"), "plain", "too large"),
        (200, lost("400"), "never", "did not take"),
        (200, lost(""), "never", "did not take"),
        (
            400,
            r#"{"error":{"code":"TriggerInputSchemaMismatch","message":"The input body for trigger 'manual' of type 'Request' did not match its schema definition."}}"#.to_owned(),
            "never",
            "another body",
        ),
        (400, r#"{"error":{"code":"BrandNew","message":"x"}}"#.to_owned(), "never", "did not take"),
        (401, r#"{"error":{"code":"DirectApiAuthorizationRequired","message":"x"}}"#.to_owned(), "never", "sig"),
        (403, String::new(), "never", "sig"),
        (404, r#"{"error":{"code":"WorkflowNotFound","message":"x"}}"#.to_owned(), "never", "deleted"),
        (408, String::new(), "again", ""),
        (413, String::new(), "plain", "too large"),
        (429, r#"{"error":{"code":"x","message":"y"}}"#.to_owned(), "later", "more messages"),
        (500, String::new(), "again", ""),
        (502, r#"{"error":{"code":"NoResponse","message":"x"}}"#.to_owned(), "again", ""),
        (504, "<html>".to_owned(), "again", ""),
        (302, String::new(), "never", "redirect"),
    ];
    for (status, body, expected, hint) in table {
        let got = super::answers::read(&Reply::new(status, body.clone()));
        assert_eq!(samples::class(&got), expected, "{status} {body}: {got:?}");
        let told = got
            .problem()
            .and_then(|problem| problem.advice())
            .unwrap_or_default();
        assert!(told.contains(hint), "{status} {body}: {told}");
    }
}

#[test]
fn the_wait_is_in_the_header() {
    let reply = Reply::new(429, "").with_retry_after(Duration::from_secs(7));
    let got = super::answers::read(&reply);
    assert!(
        matches!(got, Delivery::Throttled { retry_after: Some(wait), .. } if wait == Duration::from_secs(7)),
        "{got:?}"
    );
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## Microsoft Teams", &codes);
}
