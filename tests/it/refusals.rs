//! Robots that refuse, stall or lie: the handler never waits, each message that did not get through is counted
//! and named by `on_error` with a code and a hint, and its failures stay pending until a robot is told.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use alert_core::inbox::{Chat, Fault, Kind};
use alert_core::{Config, Error, ErrorKind, Flushed, Policy, Robot, alert_on_err};
use alert_tests::{PATIENCE, Scene, token_of, until};

pub(crate) const RIGHT: &str = "SECb1946ac92492d2347c62";
pub(crate) const WRONG: &str = "SEC591785b794601e212b26";

#[alert_on_err]
pub(crate) async fn fail() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no ink"))
}

pub(crate) fn config() -> Config {
    Config::new("shop")
        .policy(Policy::each())
        .timeout(Duration::from_millis(300))
}

/// One failure, one message that does not get through: gives the error, while the failure is pending.
pub(crate) async fn one_refusal(scene: &Scene) -> Error {
    fail().await.unwrap_err();
    let errors = scene.wait_errors(1).await;
    // A robot that refuses is left alone for longer than this, so it does not send again and does not wait.
    let (start, limit) = (Instant::now(), Duration::from_secs(3));
    assert_eq!(alert_core::flush(limit).await, Flushed::Partly { pending: 1 });
    assert!(start.elapsed() < limit / 2, "flush waited for a robot that rests");
    let counts = scene.counts();
    assert_eq!((counts.captured, counts.pending, counts.delivered), (1, 1, 0));
    assert_eq!((counts.failed, counts.sent), (1, 0));
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].robot(), "ops");
    assert_eq!(errors[0].failures(), 1);
    errors[0].clone()
}

pub(crate) async fn end_undelivered(scene: Scene) {
    let counts = scene.end().await;
    assert_eq!((counts.captured, counts.undelivered, counts.delivered), (1, 1, 0));
}

pub(crate) fn check(error: &Error, kind: ErrorKind, code: &str, hint: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(error.code(), code, "{error}");
    let text = error.to_string();
    assert!(text.contains("`ops`") && text.contains(code), "{text}");
    match error.hint() {
        Some(words) => assert!(!hint.is_empty() && words.contains(hint), "{words}"),
        None => assert!(hint.is_empty(), "no hint, expected `{hint}`: {error}"),
    }
}

/// A robot of that kind whose chat stands ready; `change` makes the two disagree.
async fn refused(kind: Kind, change: impl FnOnce(Chat, Robot) -> Robot) -> (Scene, Chat, Error) {
    let mut scene = Scene::set().await;
    let chat = scene.chat(kind);
    let robot = Scene::robot(&chat).unwrap().name("ops");
    scene.secret(RIGHT);
    scene.secret(WRONG);
    scene.start(config().robot(change(chat.clone(), robot)));
    let error = one_refusal(&scene).await;
    (scene, chat, error)
}

#[tokio::test]
async fn a_wrong_secret_is_named_and_counted() {
    for (kind, code) in [
        (Kind::Dingtalk, "310000"),
        (Kind::Feishu, "19021"),
        (Kind::Webhook, "401"),
    ] {
        let (scene, chat, error) = refused(kind, |chat, robot| {
            let _same = chat.secret(RIGHT);
            robot.secret(WRONG)
        })
        .await;
        let hint = if kind == Kind::Webhook { "" } else { "secret" };
        check(&error, ErrorKind::Refused, code, hint);
        assert_eq!(chat.refused().len(), 1, "the same again could not help");
        end_undelivered(scene).await;
    }
}

#[tokio::test]
async fn a_wrong_keyword_is_named_and_counted() {
    for (kind, code) in [(Kind::Dingtalk, "310000"), (Kind::Feishu, "19024")] {
        let (scene, chat, error) = refused(kind, |chat, robot| {
            let _same = chat.keyword("night shift");
            robot.keyword("day shift")
        })
        .await;
        check(&error, ErrorKind::Refused, code, "keyword");
        assert_eq!(chat.refused().len(), 1);
        end_undelivered(scene).await;
    }
}

#[tokio::test]
async fn a_token_of_no_robot_is_named_and_not_shown() {
    for kind in [Kind::Dingtalk, Kind::Feishu] {
        let mut scene = Scene::set().await;
        let chat = scene.chat(kind);
        let url = chat.url();
        let stranger = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        scene.secret(stranger);
        let url = format!("{kind}+{}", url.replace(&token_of(&url), stranger));
        scene.start(config().robot(Robot::from_url(url).unwrap().name("ops")));
        let error = one_refusal(&scene).await;
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        assert!(error.hint().unwrap().contains("copy"), "{error}");
        end_undelivered(scene).await;
    }
}

#[tokio::test]
async fn a_throttled_robot_is_left_alone_and_told_later() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    // Status 429 and `Retry-After: 1`.
    archive.fault_next(1, Fault::Throttle);
    scene.start(config().robot(Robot::webhook(archive.url()).name("ops")));
    let start = Instant::now();
    fail().await.unwrap_err();
    let errors = scene.wait_errors(1).await;
    check(&errors[0], ErrorKind::Throttled, "429", "");
    assert!(errors[0].is_throttled() && errors[0].is_retryable());
    assert_eq!(scene.counts().pending, 1);
    fail().await.unwrap_err();
    let told = archive.wait_accepted(1, PATIENCE).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1), "it asked for a second");
    let body = told[0].json();
    assert_eq!(
        told[0].delta(),
        2,
        "the first is told with what came meanwhile: {body:#}"
    );
    assert_eq!(
        body["not_shown"]["failed_messages"], 1,
        "the message that was lost is owned up to"
    );
    let counts = scene.end().await;
    assert_eq!((counts.delivered, counts.failed, counts.sent), (2, 1, 1));
}

#[tokio::test]
async fn a_throttle_without_a_time_opens_a_cool_down() {
    for (kind, fault, code) in [
        (
            Kind::Webhook,
            Fault::Answer {
                status: 429,
                body: "slow down".to_owned(),
            },
            "429",
        ),
        (Kind::Dingtalk, Fault::Throttle, "130101"),
        (Kind::Feishu, Fault::Throttle, "11232"),
    ] {
        let (scene, chat, error) = refused(kind, |chat, robot| {
            chat.fault(fault);
            robot
        })
        .await;
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::Throttled, code),
            "{error}"
        );
        assert_eq!(chat.messages().len(), 1, "no retry against a throttle");
        end_undelivered(scene).await;
    }
}

/// A date, a time past all bounds, words and a negative number: none may panic or silence the robot for good.
/// What comes with status 200 and is no robot's answer has promised nothing: one more try, then it counts.
#[tokio::test]
async fn an_html_page_with_status_200_is_a_failure() {
    for kind in [Kind::Dingtalk, Kind::Feishu] {
        let (scene, chat, error) = refused(kind, |chat, robot| {
            chat.fault(Fault::Html);
            robot
        })
        .await;
        check(&error, ErrorKind::Unreachable, "200 without a code", "proxy");
        assert!(error.to_string().contains("an HTML page"), "{error}");
        assert_eq!(chat.messages().len(), 2, "one retry and no more");
        end_undelivered(scene).await;
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_on() {
    let (scene, chat, error) = refused(Kind::Webhook, |chat, robot| {
        chat.fault(Fault::Silent);
        robot
    })
    .await;
    check(&error, ErrorKind::Unreachable, "timeout", "");
    assert_eq!(chat.messages().len(), 2, "one retry and no more");
    end_undelivered(scene).await;
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_named() {
    let mut scene = Scene::set().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (token, address) = ("c3ab8ff13720e8ad9047dd39466b3c89", listener.local_addr().unwrap());
    drop(listener);
    scene.secret(token);
    let url = format!("http://{address}/robot/send?access_token={token}");
    scene.start(config().robot(Robot::dingtalk(url).name("ops")));
    let error = one_refusal(&scene).await;
    check(&error, ErrorKind::Unreachable, "connect", "");
    assert!(error.to_string().contains("refused"), "{error}");
    end_undelivered(scene).await;
}

#[tokio::test]
async fn a_redirect_is_refused_and_never_followed() {
    for status in [302, 307] {
        let (scene, chat, error) = refused(Kind::Webhook, |chat, robot| {
            chat.fault(Fault::Redirect(status));
            robot
        })
        .await;
        check(&error, ErrorKind::Refused, &status.to_string(), "redirect");
        // A sender that follows is noted at the new address.
        let requests = scene.inbox().messages();
        assert_eq!(requests.len(), 1, "{requests:?}");
        assert_eq!(chat.refused().len(), 1);
        end_undelivered(scene).await;
    }
}

/// One failure and one fault, after which the message gets through at the second try.
async fn passes_at_the_second_try(fault: Fault) -> (Scene, Chat) {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    archive.fault_next(1, fault);
    scene.start(config().robot(Robot::webhook(archive.url()).name("ops")));
    let start = Instant::now();
    fail().await.unwrap_err();
    until("the message is accepted", || scene.counts().sent == 1).await;
    assert!(
        start.elapsed() >= Duration::from_secs(1),
        "the retry waits a second"
    );
    assert_eq!(archive.messages().len(), 2);
    assert!(scene.errors().is_empty(), "{:?}", scene.errors());
    (scene, archive)
}

#[tokio::test]
async fn a_500_is_followed_by_one_retry_after_a_second() {
    let (scene, archive) = passes_at_the_second_try(Fault::ServerError).await;
    assert_eq!(archive.accepted().len(), 1);
    let counts = scene.end().await;
    assert_eq!((counts.delivered, counts.failed, counts.sent), (1, 0, 1));
}

#[tokio::test]
async fn a_reset_before_the_answer_is_tried_again() {
    let (scene, _archive) = passes_at_the_second_try(Fault::ResetBefore).await;
    assert_eq!(scene.end().await.delivered, 1);
}

/// The robot has it, and we cannot know: the repeat bears the same id, so a reader counts it once.
#[tokio::test]
async fn a_reset_after_the_message_was_taken_repeats_it_under_the_same_id() {
    let (scene, archive) = passes_at_the_second_try(Fault::ResetAfter).await;
    let seen = archive.accepted();
    let id = |at: usize| seen[at].json()["id"].as_str().unwrap().to_owned();
    assert_eq!((seen.len(), id(0)), (2, id(1)));
    assert_eq!(archive.delta(), 1);
    assert_eq!(scene.end().await.delivered, 1);
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_tried_twice_and_left_alone() {
    let (scene, chat, error) = refused(Kind::Webhook, |chat, robot| {
        chat.fault(Fault::ServerError);
        robot
    })
    .await;
    check(&error, ErrorKind::Unreachable, "500", "");
    assert_eq!(chat.messages().len(), 2);
    end_undelivered(scene).await;
}

/// The whole answer would take minutes and all memory.
/// Addresses, tokens and signatures that a server puts into its answer go no further.
/// An error's own text is no way for a secret either.
/// Whatever the server does, a call that fails costs the caller what it costs it alone.
#[tokio::test]
async fn the_handler_never_waits_for_a_robot() {
    for fault in [
        Fault::Silent,
        Fault::Slow(Duration::from_secs(30)),
        Fault::ResetBefore,
    ] {
        let mut scene = Scene::set().await;
        let ops = scene.chat(Kind::Feishu);
        ops.fault(fault.clone());
        let config = config().timeout(Duration::from_secs(20));
        scene.start(config.robot(Robot::feishu(ops.url()).name("ops")));
        fail().await.unwrap_err();
        until("the server has the first message", || ops.messages().len() == 1).await;
        // More than the channel holds.
        let start = Instant::now();
        for _ in 0..1_000 {
            fail().await.unwrap_err();
        }
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(1),
            "{fault:?}: 1,000 failing calls took {took:?}"
        );
        let guard = scene.take_guard();
        guard.shutdown(Duration::from_millis(100)).await;
        let counts = scene.end().await;
        assert_eq!((counts.captured, counts.undelivered), (1_001, 1_001), "{fault:?}");
    }
}
