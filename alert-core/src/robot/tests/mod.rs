//! What holds for every robot.

mod codes;
mod inert;
#[cfg(feature = "sign")]
mod secrets;
mod telling;
mod untrusted;
mod words;

use crate::Language;
use crate::robot::{BUILT_IN, Form, Robot, kinds, samples};

/// One robot of every kind, at its real host.
fn robots() -> Vec<Robot> {
    vec![
        #[cfg(feature = "dingtalk")]
        Robot::dingtalk("https://oapi.dingtalk.com/robot/send?access_token=tok3n0123456789abcdef"),
        #[cfg(feature = "feishu")]
        Robot::feishu("https://open.feishu.cn/open-apis/bot/v2/hook/tok3n0123456789abcdef"),
        #[cfg(feature = "wecom")]
        Robot::wecom("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=tok3n0123456789abcdef"),
        #[cfg(feature = "slack")]
        Robot::slack("https://hooks.slack.com/services/T00000000/B00000000/tok3n0123456789abcdef"),
        #[cfg(feature = "discord")]
        Robot::discord("https://discord.com/api/webhooks/123456789012345678/tok3n0123456789abcdef"),
        #[cfg(feature = "telegram")]
        Robot::telegram(
            "https://api.telegram.org/bot123456:tok3n0123456789abcdef/sendMessage?chat_id=-1001234567890",
        ),
        #[cfg(feature = "teams")]
        Robot::teams(
            "https://prod-00.westus.logic.azure.com:443/workflows/cccc/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=tok3n0123456789abcdef",
        ),
        #[cfg(feature = "pagerduty")]
        Robot::pagerduty("https://events.pagerduty.com/v2/enqueue")
            .secret("tok3n0123456789abcdef0123456789a"),
        Robot::webhook("https://alerts.example.com/hook/tok3n0123456789abcdef"),
    ]
}

#[test]
fn every_kind_has_a_name_of_its_own_and_a_robot_here() {
    let mut names: Vec<&str> = kinds().map(crate::RobotKind::name).collect();
    names.sort_unstable();
    let mut unique = names.clone();
    unique.dedup();
    assert_eq!(names, unique);
    assert_eq!(robots().len(), BUILT_IN.len());
}

#[test]
fn the_host_tells_the_kind() {
    let check = |url: &str, kind: &str| {
        let robot = Robot::from_url(url).unwrap_or_else(|why| panic!("{url}: {why}"));
        assert_eq!(robot.kind(), kind, "{url}");
    };
    for robot in robots() {
        if robot.kind() != "webhook" {
            check(robot.url().expose(), robot.kind());
        }
        check(&format!("{}+http://127.0.0.1:8025/x", robot.kind()), robot.kind());
    }
    #[cfg(feature = "dingtalk")]
    check("https://oapi.dingtalk.io/robot/send?access_token=x", "dingtalk");
    #[cfg(feature = "feishu")]
    check("https://open.larksuite.com/open-apis/bot/v2/hook/x", "feishu");
    #[cfg(feature = "slack")]
    check("https://hooks.slack-gov.com/services/T0/B0/x", "slack");
    #[cfg(feature = "teams")]
    check(
        "https://a1.b2.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/c/triggers/manual/paths/invoke?sig=x",
        "teams",
    );
    #[cfg(feature = "pagerduty")]
    check("https://events.eu.pagerduty.com/v2/enqueue#secret=x", "pagerduty");
}

#[test]
fn an_unknown_host_is_named_and_its_token_is_not() {
    for url in [
        "https://chat.example.com/hook/tok3n",
        "https://tok3n@chat.example.com:8443/tok3n?key=tok3n",
        "https://oapi.dingtalk.com.example.com/tok3n",
        "carrier-pigeon+https://chat.example.com/tok3n",
    ] {
        let why = Robot::from_url(url).unwrap_err().to_string();
        assert!(why.contains("example.com") && why.contains("webhook"), "{why}");
        assert!(!why.contains("tok3n"), "{why}");
    }
    assert!(Robot::from_url("not a url").is_err());
}

#[test]
fn options_follow_behind_the_hash() {
    let url = "webhook+http://127.0.0.1/x#secret=a=b&keyword=告警&name=ops";
    let robot = Robot::from_url(url).unwrap();
    assert_eq!(robot.signing_secret().unwrap().expose(), "a=b");
    assert_eq!(robot.required_keyword(), Some("告警"));
    assert_eq!(robot.label(), "ops");
    assert_eq!(robot.url().expose(), "http://127.0.0.1/x");
    let why = Robot::from_url("webhook+http://127.0.0.1/x#secrets=tok3n")
        .unwrap_err()
        .to_string();
    assert!(why.contains("secrets") && !why.contains("tok3n"), "{why}");
}

#[test]
fn a_keyword_nobody_can_place_is_an_error() {
    for robot in robots() {
        if robot.kind() == "webhook" {
            continue;
        }
        let robot = robot.keyword("k".repeat(30_000));
        let digest = samples::one_error(Language::English);
        let now = samples::ago(0);
        let kind = robot.robot_kind();
        assert!(
            kind.formatter()
                .format(&digest, &robot, Form::Plain, now)
                .is_err(),
            "{}",
            kind.name()
        );
    }
}

#[test]
fn nothing_is_wrong_with_the_robots_here() {
    for robot in robots() {
        let mistakes = robot.robot_kind().formatter().mistakes(&robot);
        assert_eq!(mistakes, Vec::<String>::new(), "{}", robot.kind());
    }
}

#[test]
fn urgent_groups_come_first() {
    for robot in robots() {
        let text = samples::body(&robot, &samples::storm(Language::English), Form::Rich).to_string();
        let at = |name: &str| {
            text.find(name)
                .unwrap_or_else(|| panic!("{name} is not in {text}"))
        };
        // 27 is the most frequent of the critical ones, 26 of the errors.
        assert!(
            at("upstream 27 answered") < at("upstream 23 answered"),
            "{}",
            robot.kind()
        );
        assert!(
            at("upstream 3 answered") < at("upstream 26 answered"),
            "{}",
            robot.kind()
        );
    }
}
