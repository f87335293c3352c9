//! With a spool, what no robot took survives the end of the program and is told once.

use std::num::ParseIntError;
use std::time::Duration;

use alert_core::inbox::Fault;
use alert_core::{Config, DropReason, Robot, alert_on_err};
use alert_tests::{Scene, until};

const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err(severity = "critical")]
fn reckons() -> Result<(), ParseIntError> {
    "not a number".parse::<u8>().map(drop)
}

fn spooled() -> u64 {
    alert_core::stats().dropped_by(DropReason::Spooled)
}

#[tokio::test]
async fn what_no_robot_took_is_told_by_the_next_start_and_by_no_other() {
    let mut scene = Scene::set().await;
    let archive = scene.archive();
    let directory = std::env::temp_dir().join(format!("alert-restarts-{}", std::process::id()));
    let config = || {
        Config::new("订单")
            .robot(Robot::webhook(archive.url()))
            .spool(&directory)
    };
    let before = spooled();
    archive.fault(Fault::ServerError);
    scene.start(config());
    for _ in 0..7 {
        reckons().unwrap_err();
    }
    until("the robot refuses", || scene.counts().failed > 0).await;
    scene.take_guard().shutdown(Duration::from_secs(1)).await;
    assert_eq!((spooled() - before, archive.delta()), (7, 0));

    archive.clear_faults();
    scene.start(config());
    scene.inbox().wait_delta(7, PATIENCE).await.unwrap();
    scene.take_guard().shutdown(PATIENCE).await;
    scene.start(config());
    alert_core::flush(PATIENCE).await;
    assert_eq!(archive.delta(), 7, "once");
    let counts = scene.end().await;
    assert_eq!(
        (counts.captured, counts.delivered),
        (14, 7),
        "captured by two runs, told by one"
    );
    std::fs::remove_dir_all(&directory).unwrap();
}
