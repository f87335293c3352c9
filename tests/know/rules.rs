//! What decides how severe a failure is, and whether it is one.

use std::io;

use alert_core::{Severity, alert_on_err, set_enabled};

use crate::errors::{Said, Wrapped, said};
use crate::turn::Turn;

#[alert_on_err]
fn plain() -> Result<(), Said> {
    Err(said("the plain one"))
}

#[alert_on_err]
fn lost() -> Result<(), io::Error> {
    Err(io::Error::from_raw_os_error(111))
}

#[alert_on_err]
fn lost_inside() -> Result<(), Wrapped> {
    let refused = io::Error::from(io::ErrorKind::ConnectionReset);
    Err(Wrapped::new("no orders today", refused))
}

/// Severe groups do not wait for the digest, so without a flush theirs are the only messages.
async fn messages_at_once(turn: &Turn) -> Vec<String> {
    let start = tokio::time::Instant::now();
    let functions = || -> Vec<String> {
        let groups = crate::turn::groups(&turn.recorder);
        let name = |group: &serde_json::Value| group["site"]["function"].as_str().unwrap().to_owned();
        groups.iter().map(name).collect()
    };
    while functions().is_empty() && start.elapsed() < std::time::Duration::from_secs(5) {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    functions()
}

#[tokio::test]
async fn a_lost_connection_in_the_chain_goes_at_once() {
    let turn = Turn::with(|config| config.policy(alert_core::Policy::digest_only())).await;
    plain().unwrap_err();
    lost_inside().unwrap_err();
    assert_eq!(messages_at_once(&turn).await, ["lost_inside"]);
    assert_eq!(turn.end().await.failures, 2);
}

#[tokio::test]
async fn the_severity_of_a_type_decides_both_ways() {
    let turn = Turn::with(|config| {
        config
            .policy(alert_core::Policy::digest_only())
            .severity_of::<Said>(Severity::Critical)
            .severity_of::<io::Error>(Severity::Warning)
    })
    .await;
    lost().unwrap_err();
    plain().unwrap_err();
    assert_eq!(messages_at_once(&turn).await, ["plain"]);
    let told = turn.end().await;
    for (function, severity) in [("plain", "critical"), ("lost", "warning")] {
        let group = told
            .groups
            .iter()
            .find(|group| group["site"]["function"] == function);
        assert_eq!(group.unwrap()["severity"], severity);
    }
}

#[tokio::test]
async fn nothing_is_captured_while_switched_off() {
    let turn = Turn::start().await;
    plain().unwrap_err();
    set_enabled(false);
    plain().unwrap_err();
    assert!(std::panic::catch_unwind(|| -> () { panics().unwrap() }).is_err());
    set_enabled(true);
    plain().unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (2, 0));
}

#[alert_on_err]
fn panics() -> Result<(), Said> {
    panic!("while switched off")
}
