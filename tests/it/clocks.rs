//! A wall clock that jumps moves no window of the real dispatcher.

use std::num::ParseIntError;

use alert_core::inbox::Message;
use alert_core::testing::set_wall_clock_ahead;
use alert_core::{Config, Robot, alert_on_err};
use alert_tests::{PATIENCE, Scene, until};
use serde_json::Value;

const HOUR: i64 = 3_600;

#[alert_on_err]
fn counts() -> Result<(), ParseIntError> {
    "not a number".parse::<u8>().map(drop)
}

/// The machine's clock for whoever comes next.
struct AsItWas;

impl Drop for AsItWas {
    fn drop(&mut self) {
        set_wall_clock_ahead(0);
    }
}

/// Fault 56: the sixth failure within a minute is a burst, whatever the wall clock says of the time between them.
#[tokio::test]
async fn a_wall_clock_that_jumps_hides_no_burst() {
    let mut scene = Scene::set().await;
    let _clock = AsItWas;
    let archive = scene.archive();
    scene.start(Config::new("shop").robot(Robot::webhook(archive.url())));
    set_wall_clock_ahead(24 * HOUR);
    counts().unwrap_err();
    archive.wait_accepted(1, PATIENCE).await.unwrap();
    for ahead in [-HOUR, 24 * HOUR, -24 * HOUR, HOUR, 0] {
        set_wall_clock_ahead(ahead);
        counts().unwrap_err();
    }
    until("the burst is told", || archive.delta() == 6).await;
    let told: Vec<Value> = archive.accepted().iter().map(Message::json).collect();
    let kinds: Vec<_> = told.iter().map(|body| body["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["first", "burst"], "{told:#?}");
    // It is the clock's that is shown: a day later.
    let day = |body: &Value| {
        body["sent_at"]
            .as_str()
            .unwrap()
            .split('T')
            .next()
            .unwrap()
            .to_owned()
    };
    assert!(day(&told[0]) > day(&told[1]), "{told:#?}");
    assert_eq!(scene.end().await.delivered, 6);
}
