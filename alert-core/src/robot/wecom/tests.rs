use crate::robot::samples;
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language, Mention, Severity};

const URL: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11111111-2222-3333-4444-555555555555";

#[test]
fn shaped_like_recorded_requests() {
    let digest = samples::one_error(Language::Chinese);
    let rich = samples::body(&Robot::wecom(URL), &digest, Form::Rich);
    samples::assert_shape(&rich, &samples::golden("wecom__pywgb__markdown-v2"), &[]);
    let robot = Robot::wecom(URL)
        .mention(Mention::all())
        .mention(Mention::mobile("13800001111"));
    let plain = samples::body(&robot, &digest, Form::Plain);
    samples::assert_shape(&plain, &samples::golden("wecom__pywgb__text-mention-all"), &[]);
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::wecom(URL), &[Form::Rich, Form::Plain]);
}

#[test]
fn whom_it_must_notify_decides_the_form() {
    let robot = Robot::wecom(URL)
        .mention(Mention::user("zhangsan").from(Severity::Error))
        .mention(Mention::mobile("13800001111"))
        .mention(Mention::all());
    let mut digest = samples::one_error(Language::English);
    let body = samples::body(&robot, &digest, Form::Rich);
    assert_eq!(body["msgtype"], "text", "markdown_v2 notifies nobody");
    assert_eq!(
        body["text"]["mentioned_list"],
        serde_json::json!(["zhangsan", "@all"])
    );
    assert_eq!(
        body["text"]["mentioned_mobile_list"],
        serde_json::json!(["13800001111"])
    );
    digest.groups[0].severity = Severity::Error;
    let body = samples::body(&robot, &digest, Form::Plain);
    assert_eq!(body["text"]["mentioned_list"], serde_json::json!(["zhangsan"]));
    assert_eq!(body["text"]["mentioned_mobile_list"], serde_json::json!([]));
    digest.groups[0].severity = Severity::Warning;
    assert_eq!(
        samples::body(&robot, &digest, Form::Rich)["msgtype"],
        "markdown_v2"
    );
}

#[test]
fn what_does_not_fit_is_counted() {
    let groups: Vec<_> = (0..200)
        .map(|at| samples::group(&format!("error number {at} of many")))
        .collect();
    let digest = samples::digest(DigestKind::Storm, Language::English, groups);
    for (form, path, limit) in [
        (Form::Rich, "/markdown_v2/content", super::body::MAX_MARKDOWN),
        (Form::Plain, "/text/content", super::body::MAX_TEXT),
    ] {
        let body = samples::body(&Robot::wecom(URL), &digest, form);
        let text = body.pointer(path).unwrap().as_str().unwrap();
        assert!(
            text.len() <= limit && text.len() > limit - 200,
            "{} bytes",
            text.len()
        );
        let listed = text.matches("error number").count();
        assert!(
            text.contains(&format!(
                "+{0} more kinds of failure, ×{0}, not listed",
                200 - listed
            )),
            "{text}"
        );
    }
}

fn check(status: u16, body: &str, expected: &str) {
    let got = super::answers::read(&Reply::new(status, body));
    let hint = got
        .problem()
        .and_then(|problem| problem.advice())
        .unwrap_or_default();
    let class = match &got {
        Delivery::Accepted => "accepted".to_owned(),
        Delivery::Throttled { retry_after, .. } => {
            format!("later-{:?}", retry_after.map(|wait| wait.as_secs()))
        }
        Delivery::Failed { .. } => "again".to_owned(),
        Delivery::Refused { try_plain: true, .. } => "plain".to_owned(),
        Delivery::Refused { .. } => "never".to_owned(),
    };
    let (word, about) = expected.split_once(' ').unwrap_or((expected, ""));
    assert_eq!(class, word, "{status} {body}: {got:?}");
    assert!(hint.contains(about), "{status} {body}: {hint}");
    assert!(
        class == "accepted" || status != 200 || !hint.is_empty(),
        "{body} has no hint"
    );
}

#[test]
fn reads_every_documented_answer() {
    let table = [
        ("0", "ok", "accepted"),
        ("-1", "system busy", "again busy"),
        ("45009", "api freq out of limit", "later-Some(60) 20 messages"),
        ("45033", "concurrency", "again same moment"),
        ("93000", "invalid webhook url", "never key"),
        ("93000", "content exceed max length", "plain limit"),
        ("93004", "robot disabled", "never disabled"),
        ("93008", "not in group", "never add it"),
        (
            "40058",
            "markdown.content exceed max length 4096. invalid Request Parameter",
            "plain limit",
        ),
        ("40008", "invalid message type", "plain form"),
        ("44004", "empty content", "never empty"),
        ("77777", "brand new", "never does not know"),
    ];
    for (code, text, expected) in table {
        check(
            200,
            &format!(r#"{{"errcode":{code},"errmsg":"{text}"}}"#),
            expected,
        );
    }
}

#[test]
fn reads_what_is_no_answer() {
    for body in [
        "<html></html>",
        r#"{"errcode":0"#,
        "",
        "{}",
        r#"{"errcode":"0"}"#,
        r#"{"errcode":null}"#,
    ] {
        check(200, body, "again");
    }
    check(500, r#"{"errcode":0,"errmsg":"ok"}"#, "again");
    check(404, "<html>", "never");
    check(302, "", "never redirects");
    check(429, "", "later-None");
}

#[test]
fn the_address_of_this_machine_is_left_out() {
    let body = r#"{"errcode":93000,"errmsg":"invalid webhook url, hint: [1795392000123456789], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com/devtool/query?e=93000"}"#;
    let shown = super::answers::read(&Reply::new(200, body))
        .problem()
        .unwrap()
        .to_string();
    assert!(shown.starts_with("93000: invalid webhook url ("), "{shown}");
    assert!(
        !shown.contains("203.0.113.9") && !shown.contains("17953"),
        "{shown}"
    );
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## WeCom", &codes);
}
