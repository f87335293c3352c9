//! A test message to each robot says at once which of them work, and why the others do not: counted as
//! messages, never as failures.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use std::time::{Duration, Instant};

use alert_core::inbox::{Fault, Kind, Message};
use alert_core::{Config, ErrorKind, Matcher, Policy, Robot, Route, Severity, Verdict, alert_on_err};
use alert_tests::{PATIENCE, Scene, until};

const RIGHT: &str = "SECb1946ac92492d2347c62";
const WRONG: &str = "SEC591785b794601e212b26";
const KINDS: [Kind; 5] = [
    Kind::Dingtalk,
    Kind::Feishu,
    Kind::Wecom,
    Kind::Slack,
    Kind::Webhook,
];

fn config() -> Config {
    Config::new("shop")
        .policy(Policy::each())
        .timeout(Duration::from_millis(500))
}

fn is_marked(message: &Message) -> bool {
    let body = String::from_utf8_lossy(message.request().body());
    body.contains("test message") || body.contains("\"kind\":\"test\"")
}

#[tokio::test]
async fn every_robot_that_works_shows_a_marked_message() {
    let mut scene = Scene::set().await;
    let chats: Vec<_> = KINDS.iter().map(|kind| scene.chat(*kind)).collect();
    let robots = chats.iter().map(|chat| Scene::robot(chat).unwrap());
    scene.start(robots.fold(config(), Config::robot));
    let verdicts = alert_core::verify().await;
    let kinds: Vec<&str> = verdicts.iter().map(Verdict::kind).collect();
    assert_eq!(kinds, ["dingtalk", "feishu", "wecom", "slack", "webhook"]);
    for (verdict, chat) in verdicts.iter().zip(&chats) {
        assert!(verdict.is_accepted() && !verdict.is_fallback(), "{verdict}");
        assert_eq!((verdict.code(), verdict.hint()), (None, None), "{verdict}");
        let told = chat.wait_accepted(1, PATIENCE).await.unwrap();
        assert!(
            told.len() == 1 && is_marked(&told[0]),
            "{}: {}",
            verdict,
            told[0].text()
        );
    }
    let counts = scene.counts();
    assert_eq!((counts.sent, counts.failed), (5, 0));
    assert_eq!((counts.captured, counts.delivered, counts.pending), (0, 0, 0));
    assert!(scene.errors().is_empty());
    scene.end().await;
}

/// Five robots, five different mistakes, each named with its code and what to do.
#[tokio::test]
async fn each_verdict_has_its_code_and_its_hint() {
    let mut scene = Scene::set().await;
    scene.secret(RIGHT);
    scene.secret(WRONG);
    let signed = scene.chat(Kind::Dingtalk).secret(RIGHT);
    let worded = scene.chat(Kind::Feishu).keyword("night shift");
    let busy = scene.chat(Kind::Wecom);
    busy.fault(Fault::Throttle);
    let gone = scene.chat(Kind::Slack);
    gone.fault(Fault::Html);
    let silent = scene.chat(Kind::Webhook);
    silent.fault(Fault::Silent);
    let chats = [signed, worded, busy, gone, silent];
    let robots = chats.iter().map(|chat| {
        let robot = Scene::robot(chat).unwrap();
        if chat.kind() == Kind::Dingtalk {
            robot.secret(WRONG)
        } else {
            robot
        }
    });
    scene.start(robots.fold(config(), Config::robot));
    let start = Instant::now();
    let verdicts = alert_core::verify().await;
    // All at a time: as long as the slowest, which is given up on.
    assert!(start.elapsed() < PATIENCE / 2, "took {:?}", start.elapsed());
    let expected = [
        ("310000", "secret"),
        ("19024", "Robot::keyword"),
        ("45009", "20 messages a minute"),
        ("200 without a code", "proxy"),
        ("timeout", ""),
    ];
    for (verdict, (code, hint)) in verdicts.iter().zip(expected) {
        assert!(!verdict.is_accepted(), "{verdict}");
        assert_eq!(verdict.code(), Some(code), "{verdict}");
        assert!(verdict.hint().unwrap_or_default().contains(hint), "{verdict}");
        assert!(verdict.to_string().contains(code), "{verdict}");
    }
    assert_eq!(verdicts.len(), 5);
    let errors = scene.wait_errors(5).await;
    assert!(errors.iter().all(|error| error.failures() == 0), "{errors:?}");
    assert_eq!(
        errors
            .iter()
            .filter(|error| error.kind() == ErrorKind::Throttled)
            .count(),
        1
    );
    let counts = scene.counts();
    assert_eq!((counts.sent, counts.failed, counts.captured), (0, 5, 0));
    scene.text("the verdicts", format!("{verdicts:#?} {}", verdicts[0]));
    scene.end().await;
}

#[tokio::test]
async fn a_fallback_is_tested_too_and_the_routes_do_not_matter() {
    let mut scene = Scene::set().await;
    let (first, second, third) = (
        scene.chat(Kind::Webhook),
        scene.chat(Kind::Slack),
        scene.chat(Kind::Wecom),
    );
    let chain = Scene::robot(&first)
        .unwrap()
        .fallback(Scene::robot(&second).unwrap().name("second"));
    let elsewhere = Scene::robot(&third).unwrap().name("third");
    let route = Route::new(Matcher::all().severity(Severity::Critical)).to("third");
    scene.start(config().robot(chain).robot(elsewhere).route(route));
    let verdicts = alert_core::verify().await;
    let told: Vec<_> = verdicts
        .iter()
        .map(|verdict| (verdict.robot(), verdict.is_fallback(), verdict.is_accepted()))
        .collect();
    assert_eq!(
        told,
        [
            ("webhook", false, true),
            ("second", true, true),
            ("third", false, true)
        ]
    );
    scene.end().await;
}

/// `init` does not wait; who refuses is told to `on_error`.
#[tokio::test]
async fn at_the_start_the_verdicts_go_to_on_error() {
    let mut scene = Scene::set().await;
    let (good, bad) = (
        scene.chat(Kind::Dingtalk),
        scene.chat(Kind::Feishu).keyword("night shift"),
    );
    let silent = scene.chat(Kind::Webhook);
    silent.fault(Fault::Silent);
    let robots = [&good, &bad, &silent].map(|chat| Scene::robot(chat).unwrap());
    let start = Instant::now();
    scene.start(robots.into_iter().fold(config().verify(true), Config::robot));
    assert!(
        start.elapsed() < Duration::from_millis(400),
        "init waited for a robot"
    );
    let errors = scene.wait_errors(2).await;
    let mut codes: Vec<_> = errors.iter().map(|error| (error.robot(), error.code())).collect();
    codes.sort_unstable();
    assert_eq!(codes, [("feishu", "19024"), ("webhook", "timeout")]);
    assert!(is_marked(&good.wait_accepted(1, PATIENCE).await.unwrap()[0]));
    let counts = scene.end().await;
    assert_eq!((counts.sent, counts.failed, counts.captured), (1, 2, 0));
}

/// A shutdown right behind `init` lets the test messages through.
#[tokio::test]
async fn a_shutdown_waits_for_the_test() {
    let mut scene = Scene::set().await;
    let chat = scene.chat(Kind::Slack);
    scene.start(config().verify(true).robot(Scene::robot(&chat).unwrap()));
    let counts = scene.end().await;
    assert_eq!((counts.sent, counts.captured), (1, 0));
    assert_eq!(chat.accepted().len(), 1);
}

#[tokio::test]
async fn without_alerting_there_are_no_verdicts() {
    let _scene = Scene::set().await;
    assert!(alert_core::verify().await.is_empty());
}

#[alert_on_err]
async fn fail() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no ink"))
}

/// After a refusal a robot rests for a minute; a test that passes ends that, and what was pending is told.
#[tokio::test]
async fn a_robot_that_was_mended_is_told_at_once() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    archive.fault(Fault::Answer {
        status: 403,
        body: "no".to_owned(),
    });
    scene.start(config().robot(Robot::webhook(archive.url()).name("ops")));
    fail().await.unwrap_err();
    scene.wait_errors(1).await;
    assert_eq!(scene.counts().pending, 1);
    archive.clear_faults();
    let verdicts = alert_core::verify().await;
    assert!(verdicts[0].is_accepted(), "{}", verdicts[0]);
    until("what was pending is told", || scene.counts().delivered == 1).await;
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.failed, counts.sent), (1, 1, 2));
}

/// A robot that asked to be left alone gets no test message: that would make it worse.
#[tokio::test]
async fn a_robot_in_cool_down_is_not_disturbed() {
    let mut scene = Scene::set().await;
    let chat = scene.chat(Kind::Dingtalk);
    chat.fault(Fault::Throttle);
    scene.start(config().robot(Scene::robot(&chat).unwrap()));
    assert_eq!(alert_core::verify().await[0].code(), Some("130101"));
    let again = alert_core::verify().await;
    assert_eq!(again[0].code(), Some("resting"), "{}", again[0]);
    assert_eq!(chat.messages().len(), 1);
    scene.end().await;
}
