//! How alerting says that it is not well: to a health check, and on stderr when nobody else would hear of it.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use std::time::Duration;

use alert_core::inbox::{Fault, Kind};
use alert_core::{Config, Policy, Robot, alert_on_err};
use alert_tests::{Scene, run};

#[alert_on_err]
async fn fail() -> Result<(), std::io::Error> {
    Err(std::io::Error::other("no ink"))
}

#[tokio::test]
async fn a_robot_that_refuses_is_not_well_until_it_accepts() {
    let mut scene = Scene::set().await;
    assert!(!alert_core::health().is_running());
    let token = "0123456789abcdef0123456789abcdef";
    let ops = scene.chat(Kind::Slack);
    let spare = scene.chat(Kind::Wecom).token(token);
    scene.secret(token);
    ops.fault(Fault::Html);
    spare.fault(Fault::ServerError);
    let robot = Robot::slack(ops.url()).name("ops");
    let robot = robot.fallback(Robot::wecom(spare.url()).name("spare"));
    scene.start(Config::new("shop").policy(Policy::each()).robot(robot));

    let health = alert_core::health();
    assert!(
        health.is_running() && health.is_ok(),
        "nothing was sent yet: {health}"
    );
    let names: Vec<_> = health
        .robots()
        .iter()
        .map(|robot| (robot.name(), robot.kind(), robot.is_fallback()))
        .collect();
    assert_eq!(names, [("ops", "slack", false), ("spare", "wecom", true)]);

    fail().await.unwrap_err();
    scene.wait_errors(1).await;
    let health = alert_core::health();
    assert!(health.is_ok(), "there is a spare one: {health}");
    let [ops_health, _] = health.robots() else {
        panic!("{health}")
    };
    assert!(ops_health.last_error().is_some());
    assert!(
        ops_health
            .rests_for()
            .is_some_and(|rest| rest <= Duration::from_secs(5)),
        "{health}"
    );

    scene.wait_errors(2).await;
    let health = alert_core::health();
    assert!(!health.is_ok(), "nobody hears anything: {health}");
    scene.text("health", format!("{health} {health:?}"));

    ops.clear_faults();
    spare.clear_faults();
    alert_core::verify().await;
    let health = alert_core::health();
    assert!(health.is_ok(), "{health}");
    assert_eq!(health.to_string(), "running; robot `ops`: ok; robot `spare`: ok");
    drop(scene.take_guard());
    assert!(!alert_core::health().is_running());
}

/// The guard of this program is dropped with failures that nobody has taken, and it has no hook.
#[tokio::test]
async fn what_stays_undelivered_is_a_line_on_stderr() {
    let token = "0123456789abcdef";
    let url = format!("http://127.0.0.1:1/{token}");
    let ended = run(env!("CARGO_BIN_EXE_life"), &["early", &url, "1"], &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lines: Vec<_> = ended.err.lines().collect();
    let [line] = lines[..] else { panic!("{ended:?}") };
    assert!(
        line.starts_with("alert-core: failed to deliver 4 failures before shutdown"),
        "{line}"
    );
    assert!(line.contains("robot `webhook`"), "it says why: {line}");
    assert!(!line.contains(token), "{line}");
}
