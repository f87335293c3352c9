use std::time::UNIX_EPOCH;

use serde_json::Value;

use crate::robot::samples::{self, NOW};
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language, Mention, Severity};

const URL: &str = "https://open.feishu.cn/open-apis/bot/v2/hook/11111111-2222-3333-4444-555555555555";

#[test]
fn signs_as_every_other_program() {
    let file = samples::json_file("vectors.json");
    let vectors = file["feishu"]["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 7, "vectors are missing");
    for vector in vectors {
        let seconds = vector["timestamp_s"].as_u64().unwrap();
        let secret = vector["secret"].as_str().unwrap();
        assert_eq!(
            super::sign(secret, seconds),
            vector["sign"].as_str().unwrap(),
            "{}",
            vector["note"]
        );
    }
    for wrong in file["feishu"]["negative"].as_array().unwrap() {
        let ours = super::sign(wrong["secret"].as_str().unwrap(), 1_599_360_473);
        assert_ne!(ours, wrong["sign"].as_str().unwrap(), "{}", wrong["name"]);
    }
}

#[test]
fn signed_at_the_top_in_seconds_as_a_string() {
    let robot = Robot::feishu(URL).secret("demo-secret");
    // The secret and the time of a recorded request, so its signature is known.
    let body = samples::body(&robot, &samples::one_error(Language::English), Form::Rich);
    let golden = samples::golden("feishu__wecom-notifier__interactive-schema2-signed");
    assert_eq!(body["timestamp"], golden["timestamp"]);
    assert_eq!(body["sign"], golden["sign"]);
}

#[test]
fn an_empty_secret_is_an_error() {
    let robot = Robot::feishu(URL).secret("");
    let digest = samples::one_error(Language::English);
    let formatter = robot.robot_kind().formatter();
    assert!(
        formatter
            .format(&digest, &robot, Form::Rich, UNIX_EPOCH + NOW)
            .is_err()
    );
}

#[test]
fn shaped_like_recorded_requests() {
    let robot = Robot::feishu(URL)
        .secret("demo-secret")
        .mention(Mention::all().from(Severity::Info));
    let digest = samples::one_error(Language::Chinese);
    let rich = samples::body(&robot, &digest, Form::Rich);
    samples::assert_shape(
        &rich,
        &samples::golden("feishu__wecom-notifier__interactive-schema2-signed"),
        &[],
    );
    // Recorded without a secret.
    let plain = samples::body(&robot, &digest, Form::Plain);
    samples::assert_shape(
        &plain,
        &samples::golden("feishu__larkpy__post"),
        &[".timestamp", ".sign"],
    );
    assert_eq!(plain["content"]["post"]["zh_cn"]["content"][0][0]["tag"], "text");
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::feishu(URL), &[Form::Rich, Form::Plain]);
}

fn texts(body: &Value) -> Vec<String> {
    body["card"]["body"]["elements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|element| element["content"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn names_whom_it_notifies() {
    let robot = Robot::feishu(URL)
        .mention(Mention::user("ou_1234").from(Severity::Error))
        .mention(Mention::user("x></at><at id=all>").from(Severity::Error))
        .mention(Mention::mobile("13800000000"))
        .mention(Mention::all());
    let mut digest = samples::one_error(Language::English);
    digest.groups[0].severity = Severity::Error;
    let rich = texts(&samples::body(&robot, &digest, Form::Rich));
    assert_eq!(
        rich.last().unwrap(),
        "<at id=ou_1234></at> <at id=xatatidall></at>"
    );
    digest.groups[0].severity = Severity::Critical;
    let plain = samples::body(&robot, &digest, Form::Plain);
    let last = plain["content"]["post"]["en_us"]["content"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(last[2]["user_id"], "all");
    assert_eq!(
        last.as_array().unwrap().len(),
        3,
        "nobody is known by mobile number"
    );
}

#[test]
fn the_keyword_is_in_the_title() {
    let robot = Robot::feishu(URL).keyword("告警!");
    let digest = samples::one_error(Language::English);
    let rich = samples::body(&robot, &digest, Form::Rich);
    assert!(
        rich["card"]["header"]["title"]["content"]
            .as_str()
            .unwrap()
            .starts_with("告警! ")
    );
    let plain = samples::body(&robot, &digest, Form::Plain);
    assert!(
        plain["content"]["post"]["en_us"]["title"]
            .as_str()
            .unwrap()
            .starts_with("告警! ")
    );
}

#[test]
fn colours_follow_urgency() {
    let colour = |kind, severity| {
        let mut group = samples::group("x");
        group.severity = severity;
        let digest = samples::digest(kind, Language::English, vec![group]);
        samples::body(&Robot::feishu(URL), &digest, Form::Rich)["card"]["header"]["template"].clone()
    };
    assert_eq!(colour(DigestKind::First, Severity::Critical), "red");
    assert_eq!(colour(DigestKind::First, Severity::Error), "orange");
    assert_eq!(colour(DigestKind::First, Severity::Warning), "yellow");
    assert_eq!(colour(DigestKind::First, Severity::Info), "blue");
    assert_eq!(colour(DigestKind::Quiet, Severity::Critical), "green");
}

#[test]
fn the_official_table_of_entities() {
    let check = |text: &str, expected: &str| assert_eq!(super::body::escape(text), expected);
    check("<at id=all></at>", "&#60;at id=all&#62;&#60;&#47;at&#62;");
    check("[x](http://y)", "&#91;x&#93;&#40;http&#58;&#47;&#47;y&#41;");
    check("a &lt; b", "a &#38;lt; b");
    check(
        "~*_`$!\\\"'+",
        "&sim;&#42;&#95;&#96;&#36;&#33;&#92;&#34;&#39;&#43;",
    );
    check("=== x", "\u{200b}=== x");
    check("1. x", "\u{200b}1. x");
    check("价格 100", "价格 100");
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
        class == "accepted" || status != 200 || !hint.is_empty(),
        "{body} has no hint"
    );
}

#[test]
fn reads_every_documented_answer() {
    check(
        200,
        r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#,
        "accepted",
    );
    check(
        200,
        r#"{"Extra":null,"StatusCode":0,"StatusMessage":"success"}"#,
        "accepted",
    );
    let table = [
        (r#"9499,"msg":"Bad Request""#, "plain form"),
        (r#"9499,"msg":"too many request""#, "later 100 messages"),
        (
            r#"11232,"msg":"frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]""#,
            "later 100 messages",
        ),
        (
            r#"11246,"msg":"ErrCode: 200621; ErrMsg: parse card json err""#,
            "plain card",
        ),
        (
            r#"19001,"msg":"param invalid: incoming webhook access token invalid""#,
            "never copy",
        ),
        (
            r#"19002,"msg":"params error, msg_type need""#,
            "plain message type",
        ),
        (r#"19007,"msg":"Bot Not Enabled""#, "never enable"),
        (
            r#"19021,"msg":"sign match fail or timestamp is not within one hour from current time""#,
            "never secret",
        ),
        (r#"19022,"msg":"Ip Not Allowed""#, "never IP list"),
        (r#"19024,"msg":"Key Words Not Found""#, "never keyword"),
        (
            r#"99991400,"msg":"request trigger frequency limit""#,
            "later 100 messages",
        ),
        (r#"99991663,"msg":"Invalid access token""#, "never app API"),
        (r#"424242,"msg":"brand new""#, "never does not know"),
    ];
    for (rest, expected) in table {
        check(200, &format!(r#"{{"code":{rest}}}"#), expected);
        // The status code of success in a failure changes nothing.
        check(
            200,
            &format!(r#"{{"StatusCode":0,"StatusMessage":"","code":{rest}}}"#),
            expected,
        );
        check(
            400,
            &format!(r#"{{"code":{rest}}}"#),
            &expected.replace("does not know", ""),
        );
    }
}

#[test]
fn reads_what_is_no_answer() {
    for body in [
        "<html></html>",
        r#"{"code":0"#,
        "",
        "{}",
        "[]",
        r#"{"code":null,"StatusCode":0}"#,
        r#"{"code":"0"}"#,
    ] {
        check(200, body, "again");
    }
    check(
        200,
        r#"{"StatusCode":19024,"StatusMessage":"Key Words Not Found"}"#,
        "never keyword",
    );
    check(500, r#"{"code":0}"#, "again");
    check(503, "<html>", "again");
    check(307, "", "never redirects");
    check(429, "", "later");
}

#[test]
fn the_inner_error_of_a_card_is_shown_and_the_clocks_are() {
    let body = r#"{"code":11246,"msg":"ErrCode: 11310; ErrMsg: unsupported type of block"}"#;
    let got = super::answers::read(&Reply::new(200, body));
    assert!(
        got.problem()
            .unwrap()
            .to_string()
            .contains("unsupported type of block")
    );
    let body = r#"{"code":19021,"msg":"sign match fail"}"#;
    let got = super::answers::read(&Reply::new(200, body).with_clock_skew(4_000));
    assert!(got.problem().unwrap().advice().unwrap().contains("4000 s behind"));
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## Feishu", &codes);
}
