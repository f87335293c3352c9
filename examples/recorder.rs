//! How a team tests that its service alerts: no network, no waiting, and the real path from the failure to the
//! message.
//!
//! `cargo test -p alert-examples --test recorder`

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use std::time::Duration;

use alert_core::testing::{Recorder, normalize};
use alert_core::{Config, ConfigError, Guard, Severity, alert_on_err};
use tokio::sync::{Mutex, MutexGuard};

#[derive(Debug)]
struct Declined {
    order: u64,
}

impl std::fmt::Display for Declined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "order {} was declined", self.order)
    }
}

impl std::error::Error for Declined {}

#[alert_on_err(severity = "critical", fields(order), owner = "payments")]
async fn charge(order: u64) -> Result<(), Declined> {
    if order == 8 {
        Ok(())
    } else {
        Err(Declined { order })
    }
}

/// Alerting is one for the whole process, so tests that look at it take turns.
static TURN: Mutex<()> = Mutex::const_new(());

async fn recording() -> Result<(MutexGuard<'static, ()>, Guard, Recorder), ConfigError> {
    let turn = TURN.lock().await;
    let recorder = Recorder::new();
    let alerts = alert_core::init(Config::new("shop").recorder(&recorder))?;
    Ok((turn, alerts, recorder))
}

#[tokio::test]
async fn a_declined_order_is_told_with_its_number() {
    let (_turn, alerts, recorder) = recording().await.unwrap();
    assert!(charge(7).await.is_err());
    alert_core::flush(Duration::from_secs(5)).await;

    assert_eq!(recorder.failures(), 1);
    let messages = recorder.messages();
    let group = &messages[0]["groups"][0];
    assert_eq!(group["severity"], "critical");
    assert_eq!(group["site"]["function"], "charge");
    assert_eq!(group["message"], "order 7 was declined");
    assert_eq!(group["fields"]["order"], "7");
    alerts.shutdown(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_succeeds_is_not_told() {
    let (_turn, alerts, recorder) = recording().await.unwrap();
    assert!(charge(8).await.is_ok());
    alerts.shutdown(Duration::from_secs(5)).await;
    assert_eq!(recorder.failures(), 0);
}

#[tokio::test]
async fn a_panic_is_told_too() {
    #[alert_on_err]
    async fn slip(prices: Vec<i64>) -> i64 {
        prices.first().copied().expect("a price")
    }
    let (_turn, alerts, recorder) = recording().await.unwrap();
    assert!(tokio::spawn(slip(Vec::new())).await.is_err());
    alerts.shutdown(Duration::from_secs(5)).await;
    assert_eq!(recorder.messages()[0]["groups"][0]["message"], "a price");
}

/// Whether two errors are one kind of failure: their texts, without what changes each time, are equal.
#[test]
fn orders_are_one_kind_of_failure_whatever_their_number() {
    let text = |order| normalize(&Declined { order }.to_string());
    assert_eq!(text(7), text(4711));
}

#[test]
fn the_function_that_takes_money_is_critical_and_has_an_owner() {
    let site = alert_core::sites()
        .find(|site| site.function() == "charge")
        .unwrap();
    assert_eq!(
        (site.severity(), site.owner()),
        (Severity::Critical, Some("payments"))
    );
}
