use core::time::Duration;
use std::time::UNIX_EPOCH;

use crate::robot::samples::{self, NOW};
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language, Mention, Secret, Severity};

const URL: &str = "https://oapi.dingtalk.com/robot/send?access_token=aaaa0000bbbb1111cccc2222";

#[test]
fn signs_as_every_other_program() {
    let file = samples::json_file("vectors.json");
    let vectors = file["dingtalk"]["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 8, "vectors are missing");
    for vector in vectors {
        let millis = vector["timestamp_ms"].as_u64().unwrap();
        let secret = vector["secret"].as_str().unwrap();
        assert_eq!(
            super::query(secret, u128::from(millis)),
            vector["query"].as_str().unwrap(),
            "{}",
            vector["note"]
        );
    }
    for wrong in file["dingtalk"]["negative"].as_array().unwrap() {
        let secret = wrong["secret"].as_str().unwrap();
        // All of these are made for this time; the one in seconds says so by its own.
        let ours = super::query(secret, 1_577_808_000_000);
        for text in [wrong.get("query"), wrong.get("sign_base64")]
            .into_iter()
            .flatten()
        {
            assert_ne!(ours, text.as_str().unwrap(), "{}", wrong["name"]);
            assert!(!ours.ends_with(text.as_str().unwrap()), "{}", wrong["name"]);
        }
    }
}

#[test]
fn the_signature_joins_the_query() {
    let check = |url: &str, start: &str| {
        let secret = Secret::new("SECabcdefg");
        let at = UNIX_EPOCH + Duration::from_secs(1_577_808_000);
        let signed = super::signed(&Secret::new(url), &secret, at).unwrap();
        let rest = signed
            .expose()
            .strip_prefix(start)
            .unwrap_or_else(|| panic!("{}", signed.expose()));
        assert_eq!(
            rest,
            "timestamp=1577808000000&sign=2Zw0z%2BPQtajbvYtC4CHe04wyDnNuXao0o7XNXi0MpxE%3D"
        );
    };
    check(
        "https://a/robot/send?access_token=x",
        "https://a/robot/send?access_token=x&",
    );
    check("https://a/robot/send", "https://a/robot/send?");
    check(
        "https://a/robot/send?access_token=x#y",
        "https://a/robot/send?access_token=x&",
    );
}

#[test]
fn an_empty_secret_is_an_error() {
    let robot = Robot::dingtalk(URL).secret("");
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
    let robot = Robot::dingtalk(URL).mention(Mention::mobile("13800000000").from(Severity::Info));
    let digest = samples::one_error(Language::Chinese);
    // `msgUuid` and `atUserIds` are on the official page; the recorded clients do not send them.
    let free = [".msgUuid", ".at.atUserIds", ".at.isAtAll"];
    let rich = samples::body(&robot, &digest, Form::Rich);
    samples::assert_shape(&rich, &samples::golden("dingtalk__dingding__markdown"), &free);
    samples::assert_shape(
        &rich,
        &samples::golden("dingtalk__dingtalkchatbot__markdown-at-mobile"),
        &free,
    );
    let plain = samples::body(&robot, &digest, Form::Plain);
    samples::assert_shape(
        &plain,
        &samples::golden("dingtalk__dingtalkchatbot__text-at-mobile"),
        &free,
    );
}

#[test]
fn reads_well() {
    samples::compare_pictures(&Robot::dingtalk(URL), &[Form::Rich, Form::Plain]);
}

#[test]
fn names_whom_it_notifies() {
    let robot = Robot::dingtalk(URL)
        .mention(Mention::mobile("13800000000"))
        .mention(Mention::user("manager7").from(Severity::Error))
        .mention(Mention::all());
    let mut digest = samples::one_error(Language::English);
    let body = samples::body(&robot, &digest, Form::Rich);
    assert_eq!(body["at"]["atMobiles"][0], "13800000000");
    assert_eq!(body["at"]["atUserIds"][0], "manager7");
    assert_eq!(body["at"]["isAtAll"], true);
    assert!(
        body["markdown"]["text"]
            .as_str()
            .unwrap()
            .ends_with("@13800000000 @manager7")
    );
    digest.groups[0].severity = Severity::Error;
    let body = samples::body(&robot, &digest, Form::Plain);
    assert_eq!(body["at"]["atMobiles"], serde_json::json!([]));
    assert_eq!(body["at"]["isAtAll"], false);
    assert!(body["text"]["content"].as_str().unwrap().ends_with("@manager7"));
}

#[test]
fn the_keyword_is_where_the_robot_looks() {
    for keyword in ["告警", "[alert]!", "charge"] {
        let robot = Robot::dingtalk(URL).keyword(keyword);
        let digest = samples::one_error(Language::English);
        let rich = samples::body(&robot, &digest, Form::Rich);
        assert!(rich["markdown"]["title"].as_str().unwrap().contains(keyword));
        assert!(rich["markdown"]["text"].as_str().unwrap().contains(keyword));
        let plain = samples::body(&robot, &digest, Form::Plain);
        assert!(plain["text"]["content"].as_str().unwrap().contains(keyword));
    }
}

#[test]
fn a_resend_has_the_same_idempotency_key_and_the_plain_form_another() {
    let robot = Robot::dingtalk(URL);
    let digest = samples::quiet(Language::English);
    let rich = samples::body(&robot, &digest, Form::Rich);
    assert_eq!(
        rich["msgUuid"],
        samples::body(&robot, &digest, Form::Rich)["msgUuid"]
    );
    assert_ne!(
        rich["msgUuid"],
        samples::body(&robot, &digest, Form::Plain)["msgUuid"]
    );
}

#[test]
fn what_does_not_fit_is_counted() {
    let robot = Robot::dingtalk(URL);
    let groups: Vec<_> = (0..500)
        .map(|at| {
            let mut group = samples::group(&format!("error {at} {}", "长".repeat(300)));
            group.delta = 3;
            group
        })
        .collect();
    let digest = samples::digest(DigestKind::Storm, Language::English, groups);
    let body = samples::body(&robot, &digest, Form::Rich);
    assert!(body.to_string().len() <= super::MAX_BODY);
    assert!(
        body.to_string().len() > super::MAX_BODY * 9 / 10,
        "more would have fitted"
    );
    let text = body["markdown"]["text"].as_str().unwrap();
    let listed = text.matches("\n- ").count();
    let unlisted = 500 - listed;
    let line = format!(
        "+{unlisted} more kinds of failure, ×{}",
        crate::robot::text::number(unlisted as u64 * 3)
    );
    assert!(text.contains(&line), "{line}");
}

/// What an answer should mean: the class, and a word of its hint.
enum Means {
    Accepted,
    Later(Option<u64>),
    Again,
    Never(&'static str),
    TryPlain,
}

fn check(status: u16, body: &str, means: &Means) {
    let got = super::answers::read(&Reply::new(status, body));
    let hint = got
        .problem()
        .and_then(|problem| problem.advice())
        .unwrap_or_default()
        .to_owned();
    let right = match (means, &got) {
        (Means::Accepted, Delivery::Accepted) | (Means::Again, Delivery::Failed { .. }) => true,
        (Means::Later(wait), Delivery::Throttled { retry_after, .. }) => {
            retry_after.map(|wait| wait.as_secs()) == *wait && !hint.is_empty()
        }
        (Means::Never(word), Delivery::Refused { try_plain: false, .. }) => {
            hint.contains(word) && !hint.is_empty()
        }
        (Means::TryPlain, Delivery::Refused { try_plain: true, .. }) => !hint.is_empty(),
        _ => false,
    };
    assert!(right, "{status} {body}: {got:?}");
}

#[test]
fn reads_every_documented_answer() {
    use Means::{Accepted, Again, Later, Never, TryPlain};
    let code = |code: &str, text: &str| format!(r#"{{"errcode":{code},"errmsg":"{text}"}}"#);
    let table: &[(&str, &str, Means)] = &[
        ("0", "ok", Accepted),
        (r#""0""#, "ok", Accepted),
        ("-1", "系统繁忙", Again),
        (
            "310000",
            "keywords not in content, more: [https://ding-doc.dingtalk.com/doc]",
            Never("keyword"),
        ),
        (
            "310000",
            "错误描述:关键词不匹配;解决方案:请联系群管理员;",
            Never("keyword"),
        ),
        ("310000", "invalid timestamp", Never("clock")),
        ("310000", "sign not match", Never("secret")),
        (
            "310000",
            "错误描述:机器人发送签名不匹配;解决方案:请联系群管理员;",
            Never("secret"),
        ),
        ("310000", "ip 203.0.113.9 not in whitelist", Never("IP list")),
        ("310000", "something new", Never("security settings")),
        ("300001", "token is not exist", Never("copy")),
        ("300005", "token is not exist", Never("copy")),
        ("400101", "access_token不存在", Never("copy")),
        ("400013", "群已被解散", Never("dissolved")),
        ("400102", "机器人已停用", Never("enable")),
        ("400105", "不支持的消息类型", TryPlain),
        ("400106", "机器人不存在", Never("removed")),
        ("400201", "miss param : text", TryPlain),
        ("400401", "miss param : markdown", TryPlain),
        ("400602", "miss param : feedCard->links", TryPlain),
        ("400999", "something else", Never("does not know")),
        ("40035", "缺少参数 json", Never("access_token")),
        ("43002", "需要POST请求", Never("changed the request")),
        (
            "43004",
            "无效的HTTP HEADER Content-Type",
            Never("changed the request"),
        ),
        ("410100", "发送速度太快而限流", Later(Some(600))),
        (
            "130101",
            "send too fast, exceed 20 times per minute",
            Later(Some(60)),
        ),
        ("130102", "send too fast", Later(Some(60))),
        ("660026", "sending too many messages per minute", Later(Some(60))),
        ("90018", "qps", Later(Some(60))),
        ("90030", "webhook over limit", Later(Some(60))),
        ("430101", "unsafe link", TryPlain),
        ("430102", "unsafe text", TryPlain),
        ("430103", "unsafe image", TryPlain),
        ("430104", "unsafe content", TryPlain),
        ("460101", "message too long, exceed 20000 bytes", TryPlain),
        ("987654", "brand new", Never("does not know")),
    ];
    for (number, text, means) in table {
        check(200, &code(number, text), means);
    }
}

#[test]
fn reads_what_is_no_answer() {
    use Means::{Again, Later, Never};
    let x5 = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0123456789abcdef"}"#;
    check(200, x5, &Later(Some(300)));
    for body in [
        "<html>blocked</html>",
        r#"{"errcode":0,"#,
        "",
        "ok",
        "{}",
        "[0]",
        r#"{"errcode":null}"#,
    ] {
        check(200, body, &Again);
    }
    check(204, r#"{"errcode":0,"errmsg":"ok"}"#, &Again);
    check(500, r#"{"errcode":0,"errmsg":"ok"}"#, &Again);
    check(502, "<html>", &Again);
    check(302, "", &Never("redirects"));
    let busy = super::answers::read(&Reply::new(429, "").with_retry_after(Duration::from_secs(7)));
    assert!(matches!(busy, Delivery::Throttled { retry_after: Some(wait), .. } if wait.as_secs() == 7));
}

#[test]
fn clocks_that_differ_are_named() {
    let advice = |skew: i64, text: &str| {
        let body = format!(r#"{{"errcode":310000,"errmsg":"{text}"}}"#);
        let got = super::answers::read(&Reply::new(200, body).with_clock_skew(skew));
        got.problem().unwrap().advice().unwrap().to_owned()
    };
    assert!(advice(7_200, "invalid timestamp").ends_with("7200 s behind the robot's"));
    assert!(advice(-7_200, "invalid timestamp").ends_with("7200 s ahead of the robot's"));
    assert!(advice(2, "sign not match").contains("not the clock"));
}

#[test]
fn problems_show_no_address_and_no_token() {
    let body =
        r#"{"errcode":310000,"errmsg":"ip 203.0.113.9 not in whitelist, token aaaa0000bbbb1111cccc2222"}"#;
    let shown = super::answers::read(&Reply::new(200, body))
        .problem()
        .unwrap()
        .to_string();
    assert!(
        !shown.contains("203.0.113.9") && !shown.contains("aaaa0000"),
        "{shown}"
    );
    assert!(shown.contains("not in whitelist"), "{shown}");
}

#[test]
fn the_manual_lists_every_code() {
    let codes: Vec<&str> = super::answers::RULES.iter().map(|rule| rule.code).collect();
    samples::assert_in_manual("## DingTalk", &codes);
}
