//! With the attributes of tests, in both orders: each of these is run by the test harness.

use alert_core::alert_on_err;

use crate::observe::only;

#[alert_on_err(crate = crate::observe)]
async fn fails() -> Result<u8, String> {
    pause_of_tokio().await;
    Err("failed".to_owned())
}

async fn pause_of_tokio() {
    tokio::task::yield_now().await;
}

#[tokio::test]
#[alert_on_err(crate = crate::observe)]
async fn tokio_test_above() -> Result<(), String> {
    let _ = fails().await;
    assert_eq!(only().links, ["failed"]);
    Ok(())
}

#[alert_on_err(crate = crate::observe)]
#[tokio::test]
async fn tokio_test_below() -> Result<(), String> {
    let _ = fails().await;
    assert_eq!(only().links, ["failed"]);
    Ok(())
}

#[test]
#[alert_on_err(crate = crate::observe)]
fn test_above() -> Result<(), String> {
    Ok(())
}

#[alert_on_err(crate = crate::observe)]
#[test]
fn test_below() -> Result<(), String> {
    Ok(())
}

#[alert_on_err(crate = crate::observe)]
#[test]
#[should_panic(expected = "as expected")]
fn a_test_that_panics() {
    panic!("as expected")
}

#[alert_on_err(crate = crate::observe)]
#[test]
#[ignore]
fn ignored() -> Result<(), String> {
    Err("not run".to_owned())
}

#[tracing::instrument(skip_all, err)]
#[alert_on_err(crate = crate::observe)]
async fn instrumented(n: u8) -> Result<u8, String> {
    Err(format!("{}", n))
}

#[alert_on_err(crate = crate::observe)]
#[tracing::instrument(skip_all, err)]
async fn instrumented_below(n: u8) -> Result<u8, String> {
    Err(format!("{}", n))
}

#[test]
fn with_tracing_it_is_reported_once() {
    let _ = crate::observe::block_on(instrumented(1));
    assert_eq!(only().links, ["1"]);
    let _ = crate::observe::block_on(instrumented_below(2));
    assert_eq!(only().links, ["2"]);
}
