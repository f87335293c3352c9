use core::time::Duration;

use crate::robot::samples;
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language, Mention, Secret};

const URL: &str = "https://discord.com/api/webhooks/123456789012345678/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn shaped_like_recorded_requests() {
    let digest = samples::one_error(Language::English);
    let free = [
        ".tts",
        ".enforce_nonce",
        ".embeds[].fields",
        ".embeds[].timestamp",
        ".embeds[].footer",
        ".content",
        ".allowed_mentions.users",
    ];
    let rich = samples::body(&Robot::discord(URL), &digest, Form::Rich);
    samples::assert_shape(&rich, &samples::golden("discord__discord-js__embed"), &free);
    let plain = samples::body(&Robot::discord(URL), &digest, Form::Plain);
    samples::assert_shape(
        &plain,
        &samples::golden("discord__discord-js__content-escaped"),
        &free,
    );
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::discord(URL), &[Form::Rich, Form::Plain]);
}

#[test]
fn waits_for_the_message_to_be_saved() {
    let check = |url: &str, expected: &str| assert_eq!(super::waiting(&Secret::new(url)).expose(), expected);
    check("https://d/x", "https://d/x?wait=true");
    check("https://d/x?thread_id=7", "https://d/x?thread_id=7&wait=true");
    check(
        "https://d/x?wait=false&thread_id=7#y",
        "https://d/x?thread_id=7&wait=true",
    );
}

#[test]
fn only_listed_users_are_notified() {
    let robot = Robot::discord(URL)
        .mention(Mention::user("123456789012345678"))
        .mention(Mention::user("everyone"))
        .mention(Mention::all());
    let body = samples::body(&robot, &samples::one_error(Language::English), Form::Rich);
    assert_eq!(body["content"], "<@123456789012345678>");
    let allowed = serde_json::json!({ "parse": [], "users": ["123456789012345678"] });
    assert_eq!(body["allowed_mentions"], allowed);
}

#[test]
fn the_escapes() {
    let check =
        |text: &str, expected: &str| assert_eq!(super::body::escape(text).replace('\u{200b}', "|"), expected);
    check("@everyone <@1>", "@|everyone <|@|1\\>");
    check("a_b *c* [x](y)", "a\\_b \\*c\\* \\[x\\]\\(y\\)");
    check("# h", "|\\# h");
}

#[test]
fn what_does_not_fit_is_counted() {
    let groups: Vec<_> = (0..200)
        .map(|at| samples::group(&format!("error number {at} of many")))
        .collect();
    let digest = samples::digest(DigestKind::Storm, Language::English, groups);
    for (form, path, limit) in [
        (Form::Rich, "/embeds/0/description", super::body::DESCRIPTION),
        (Form::Plain, "/content", super::body::CONTENT),
    ] {
        let body = samples::body(&Robot::discord(URL), &digest, form);
        let text = body.pointer(path).unwrap().as_str().unwrap();
        let length = text.chars().count();
        assert!(length <= limit && length > limit - 200, "{length} characters");
        let unlisted = 200 - text.matches("error number").count();
        assert!(
            text.contains(&format!(
                "+{unlisted} more kinds of failure, ×{unlisted}, not listed"
            )),
            "{text}"
        );
    }
}

fn class(reply: &Reply) -> &'static str {
    match super::answers::read(reply) {
        Delivery::Accepted => "accepted",
        Delivery::Throttled { .. } => "later",
        Delivery::Failed { .. } => "again",
        Delivery::Refused { try_plain: true, .. } => "plain",
        Delivery::Refused { .. } => "never",
    }
}

#[test]
fn reads_every_documented_answer() {
    let table = [
        (204, "", "accepted"),
        (200, r#"{"id":"1","type":0,"content":""}"#, "accepted"),
        (200, "<html></html>", "again"),
        (200, r#"{"id":"#, "again"),
        (
            400,
            r#"{"code":50035,"message":"Invalid Form Body","errors":{}}"#,
            "plain",
        ),
        (
            400,
            r#"{"code":50006,"message":"Cannot send an empty message"}"#,
            "plain",
        ),
        (
            400,
            r#"{"code":50109,"message":"The request body contains invalid JSON."}"#,
            "never",
        ),
        (404, r#"{"code":10015,"message":"Unknown Webhook"}"#, "never"),
        (
            401,
            r#"{"code":50027,"message":"Invalid Webhook Token"}"#,
            "never",
        ),
        (
            413,
            r#"{"code":40005,"message":"Request entity too large"}"#,
            "plain",
        ),
        (
            403,
            r#"{"code":40333,"message":"internal network error"}"#,
            "never",
        ),
        (400, r#"{"code":200000,"message":"blocked"}"#, "never"),
        (400, r#"{"code":240000,"message":"harmful link"}"#, "never"),
        (
            400,
            r#"{"code":220001,"message":"Webhooks posted to forum channels must have a thread_name"}"#,
            "never",
        ),
        (429, r#"{"code":20028,"message":"channel write limit"}"#, "later"),
        (429, "<html>", "later"),
        (400, r#"{"code":424242,"message":"brand new"}"#, "never"),
        (
            500,
            r#"{"code":0,"message":"500: Internal Server Error"}"#,
            "again",
        ),
        (502, "<html>", "again"),
        (302, "", "never"),
    ];
    for (status, body, expected) in table {
        assert_eq!(class(&Reply::new(status, body)), expected, "{status} {body}");
    }
}

#[test]
fn the_wait_is_in_the_body() {
    let wait = |body: &str| {
        let reply = Reply::new(429, body).with_retry_after(Duration::from_secs(65));
        match super::answers::read(&reply) {
            Delivery::Throttled { retry_after, .. } => retry_after.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        wait(r#"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#),
        Duration::from_millis(64_570)
    );
    assert_eq!(
        wait(r#"{"message":"x","retry_after":-1.0,"global":false}"#),
        Duration::from_secs(65)
    );
    assert_eq!(wait(r#"{"retry_after":1e300}"#), Duration::from_secs(65));
    assert_eq!(wait("<html>"), Duration::from_secs(65));
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## Discord", &codes);
}
