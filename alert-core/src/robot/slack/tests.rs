use core::time::Duration;

use crate::robot::samples;
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language, Mention, Severity};

const URL: &str = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";

#[test]
fn shaped_like_recorded_requests() {
    let digest = samples::one_error(Language::English);
    let rich = samples::body(&Robot::slack(URL), &digest, Form::Rich);
    // The recorded section has both `text` and `fields`; each is optional, and so is `emoji`.
    let free = [
        ".unfurl_links",
        ".unfurl_media",
        ".blocks[].fields",
        ".blocks[].text.emoji",
        ".blocks[].elements[].emoji",
    ];
    // A context's element of theirs is `mrkdwn`; ours is `plain_text`, as their section's field is.
    let mut golden = samples::golden("slack__slack-sdk__blocks");
    let field = golden.pointer("/blocks/1/fields/1").unwrap().clone();
    golden["blocks"][3]["elements"]
        .as_array_mut()
        .unwrap()
        .push(field);
    samples::assert_shape(&rich, &golden, &free);
    let plain = samples::body(&Robot::slack(URL), &digest, Form::Plain);
    samples::assert_shape(&plain, &samples::golden("slack__slack-sdk__text"), &free);
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::slack(URL), &[Form::Rich, Form::Plain]);
}

#[test]
fn names_whom_it_notifies() {
    let robot = Robot::slack(URL)
        .mention(Mention::user("U12345").from(Severity::Error))
        .mention(Mention::user("U1> <!channel").from(Severity::Error))
        .mention(Mention::mobile("13800000000"))
        .mention(Mention::all());
    let mut digest = samples::one_error(Language::English);
    let body = samples::body(&robot, &digest, Form::Rich);
    let last = body["blocks"].as_array().unwrap().last().unwrap();
    assert_eq!(last["text"]["text"], "<@U12345> <@U1channel> <!channel>");
    assert_eq!(last["text"]["type"], "mrkdwn");
    digest.groups[0].severity = Severity::Error;
    let body = samples::body(&robot, &digest, Form::Plain);
    assert!(
        body["text"]
            .as_str()
            .unwrap()
            .ends_with("\n<@U12345> <@U1channel>")
    );
    digest.groups[0].severity = Severity::Info;
    assert!(
        !samples::body(&robot, &digest, Form::Plain)["text"]
            .as_str()
            .unwrap()
            .contains("<@")
    );
}

#[test]
fn the_documented_escapes() {
    let check =
        |text: &str, expected: &str| assert_eq!(super::body::escape(text).replace('\u{200b}', "|"), expected);
    check("a & b <c>", "a &amp; b &lt;c&gt;");
    check("<!channel>", "&lt;!channel&gt;");
    check("&amp;", "&amp;amp;");
    check("std::io::Error :fire:", "std::|io::Error :|fire:");
    check("src/a.rs:12 12: x", "src/a.rs:12 12: x");
    check("*b* `c` ~s~", "∗b∗ ‵c‵ ∼s∼");
}

#[test]
fn a_link_is_only_made_of_a_plain_url() {
    let runbook = |url: &str| {
        let mut digest = samples::one_error(Language::English);
        digest.groups[0].runbook = Some(url.to_owned());
        samples::body(&Robot::slack(URL), &digest, Form::Rich).to_string()
    };
    assert!(
        runbook("https://wiki.example.com/a?b=1&c=2")
            .contains("<https://wiki.example.com/a?b=1&amp;c=2|Runbook>")
    );
    for url in [
        "https://x|y",
        "https://x>y",
        "javascript:alert(1)",
        "see page 7",
        "https://a b",
        "https://用户",
    ] {
        assert!(!runbook(url).contains("|Runbook>"), "{url}");
    }
}

#[test]
fn a_storm_is_packed_into_few_blocks() {
    let groups: Vec<_> = (0..600)
        .map(|at| samples::group(&format!("error number {at} of many")))
        .collect();
    let digest = samples::digest(DigestKind::Storm, Language::English, groups);
    let body = samples::body(&Robot::slack(URL), &digest, Form::Rich);
    let blocks = body["blocks"].as_array().unwrap();
    assert!(blocks.len() <= super::body::BLOCKS, "{}", blocks.len());
    assert_eq!(
        body["blocks"].to_string().matches("error number").count(),
        600,
        "all have room"
    );
    for block in blocks.iter().filter(|block| block["type"] == "section") {
        assert!(block["text"]["text"].as_str().unwrap().len() <= super::body::SECTION);
    }
    let plain = samples::body(&Robot::slack(URL), &digest, Form::Plain);
    let text = plain["text"].as_str().unwrap();
    let listed = text.matches("error number").count();
    assert!(text.len() <= super::body::TEXT && listed > 20);
    assert!(text.contains(&format!(
        "+{0} more kinds of failure, ×{0}, not listed",
        600 - listed
    )));
}

fn check(status: u16, body: &str, expected: &str) {
    let got = super::answers::read(&Reply::new(status, body));
    let hint = got
        .problem()
        .and_then(|problem| problem.advice())
        .unwrap_or_default();
    let class = match &got {
        Delivery::Accepted => "accepted",
        Delivery::Throttled { .. } => "later",
        Delivery::Failed { .. } => "again",
        Delivery::Refused { try_plain: true, .. } => "plain",
        Delivery::Refused { .. } => "never",
    };
    let (word, about) = expected.split_once(' ').unwrap_or((expected, ""));
    assert_eq!(class, word, "{status} {body}: {got:?}");
    assert!(hint.contains(about), "{status} {body}: {hint}");
    assert!(
        matches!(class, "accepted" | "again") || !hint.is_empty(),
        "{status} {body} has no hint"
    );
}

#[test]
fn reads_every_documented_answer() {
    let table = [
        (200, "ok", "accepted"),
        (400, "invalid_payload", "plain form"),
        (400, "user_not_found", "never user"),
        (400, "no_text", "plain form"),
        (400, "invalid_blocks", "plain form"),
        (400, "invalid_blocks_format", "plain form"),
        (400, "too_many_attachments", "plain form"),
        (403, "action_prohibited", "never administrators"),
        (403, "invalid_token", "never revoked"),
        (403, "posting_to_general_channel_denied", "never channel"),
        (404, "channel_not_found", "never gone"),
        (404, "no_service", "never removed"),
        (404, "no_team", "never removed"),
        (404, "no_active_hooks", "never removed"),
        (410, "channel_is_archived", "never archived"),
        (429, "rate_limited", "later one message"),
        (500, "rollup_error", "again"),
    ];
    for (status, body, expected) in table {
        check(status, body, expected);
    }
}

#[test]
fn reads_what_is_no_answer() {
    // A refusal at 200 was seen in clients' tests, so the word counts, not the status.
    check(200, "invalid_blocks", "plain form");
    check(200, "brand_new_word", "never does not know");
    for body in ["<html></html>", "", "OK", r#"{"ok":true}"#, "ok\nok"] {
        check(200, body, "again");
    }
    check(201, "ok", "again");
    check(429, "<html>", "later one message");
    check(404, "<html>", "never does not know");
    check(400, "brand_new_word", "never");
    check(503, "brand_new_word", "again");
    check(302, "", "never redirects");
    let reply = Reply::new(429, "rate_limited").with_retry_after(Duration::from_secs(30));
    let got = super::answers::read(&reply);
    assert!(
        matches!(got, Delivery::Throttled { retry_after: Some(wait), .. } if wait.as_secs() == 30),
        "{got:?}"
    );
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## Slack", &codes);
}
