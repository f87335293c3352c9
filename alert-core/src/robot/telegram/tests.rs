use core::time::Duration;

use crate::robot::samples;
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language, Mention};

const URL: &str = "https://api.telegram.org/bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11/sendMessage?chat_id=-1001234567890";

#[test]
fn shaped_like_recorded_requests() {
    let digest = samples::one_error(Language::English);
    let rich = samples::body(&Robot::telegram(URL), &digest, Form::Rich);
    let golden = samples::golden("telegram__grammy__sendmessage-html");
    samples::assert_shape(&rich, &golden, &[]);
    assert_eq!(rich["chat_id"], golden["chat_id"]);
    let plain = samples::body(&Robot::telegram(URL), &digest, Form::Plain);
    samples::assert_shape(&plain, &golden, &[".parse_mode"]);
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::telegram(URL), &[Form::Rich, Form::Plain]);
}

#[test]
fn the_chat_is_in_the_body_and_not_in_the_url() {
    let robot = Robot::telegram(format!("{URL}&message_thread_id=7"));
    let digest = samples::quiet(Language::English);
    let formatter = robot.robot_kind().formatter();
    let request = formatter
        .format(&digest, &robot, Form::Rich, samples::ago(0))
        .unwrap();
    assert!(
        request.url().expose().ends_with("/sendMessage"),
        "{}",
        request.url().expose()
    );
    assert_eq!(samples::body(&robot, &digest, Form::Rich)["message_thread_id"], 7);
    let robot = Robot::telegram("https://api.telegram.org/bot1:tok3n/sendMessage");
    let why = formatter
        .format(&digest, &robot, Form::Rich, samples::ago(0))
        .unwrap_err()
        .to_string();
    assert!(why.contains("chat_id") && !why.contains("tok3n"), "{why}");
    let robot = Robot::telegram("https://api.telegram.org/bot1:tok3n/sendMessage?chat_id=%40ops");
    assert_eq!(samples::body(&robot, &digest, Form::Rich)["chat_id"], "@ops");
}

#[test]
fn names_whom_it_notifies() {
    let robot = Robot::telegram(URL)
        .mention(Mention::user("@on_call"))
        .mention(Mention::all())
        .mention(Mention::mobile("13800000000"));
    let body = samples::body(&robot, &samples::one_error(Language::English), Form::Rich);
    assert!(body["text"].as_str().unwrap().ends_with("\n@on_call"));
}

#[test]
fn the_escapes() {
    let check =
        |text: &str, expected: &str| assert_eq!(super::body::escape(text).replace('\u{200b}', "|"), expected);
    check("<b>&lt; @all", "&lt;b&gt;&amp;lt; @|all");
    check("http://x", "http:|//x");
}

#[test]
fn what_does_not_fit_is_counted() {
    let groups: Vec<_> = (0..200)
        .map(|at| samples::group(&format!("error number {at} of many")))
        .collect();
    let digest = samples::digest(DigestKind::Storm, Language::English, groups);
    for form in [Form::Rich, Form::Plain] {
        let body = samples::body(&Robot::telegram(URL), &digest, form);
        let text = body["text"].as_str().unwrap();
        let length = text.chars().count();
        assert!(
            length <= super::body::TEXT && length > super::body::TEXT - 200,
            "{length} characters"
        );
        let unlisted = 200 - text.matches("error number").count();
        assert!(
            text.contains(&format!(
                "+{unlisted} more kinds of failure, ×{unlisted}, not listed"
            )),
            "{text}"
        );
    }
}

#[test]
fn reads_every_documented_answer() {
    let table = [
        (200, r#"{"ok":true,"result":{"message_id":7}}"#, "accepted"),
        (200, r#"{"ok":false}"#, "again"),
        (200, r#"{"ok":"true"}"#, "again"),
        (200, "<html></html>", "again"),
        (200, r#"{"ok":tr"#, "again"),
        (
            400,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#,
            "never",
        ),
        (
            400,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: Character '.' is reserved"}"#,
            "plain",
        ),
        (
            400,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#,
            "plain",
        ),
        (
            400,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}"#,
            "never",
        ),
        (
            401,
            r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#,
            "never",
        ),
        (
            403,
            r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}"#,
            "never",
        ),
        (
            404,
            r#"{"ok":false,"error_code":404,"description":"Not Found"}"#,
            "never",
        ),
        (
            429,
            r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5"}"#,
            "later",
        ),
        (
            500,
            r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#,
            "again",
        ),
        (502, "<html>", "again"),
        (302, "", "never"),
    ];
    for (status, body, expected) in table {
        let got = super::answers::read(&Reply::new(status, body));
        let class = match &got {
            Delivery::Accepted => "accepted",
            Delivery::Throttled { .. } => "later",
            Delivery::Failed { .. } => "again",
            Delivery::Refused { try_plain: true, .. } => "plain",
            Delivery::Refused { .. } => "never",
        };
        assert_eq!(class, expected, "{status} {body}: {got:?}");
    }
}

#[test]
fn the_wait_is_in_the_body() {
    let body = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#;
    let got = super::answers::read(&Reply::new(429, body));
    assert!(
        matches!(got, Delivery::Throttled { retry_after: Some(wait), .. } if wait == Duration::from_secs(35)),
        "{got:?}"
    );
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## Telegram", &codes);
}
