//! Attributes that make tests. Each is run by the harness, which ignores those that fail; those are called
//! as the functions that they still are.

use alert_core::alert_on_err;
use rstest::rstest;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::heard::{heard, once_each, runtime};

#[alert_on_err]
#[test]
#[ignore = "fails; called below"]
fn test_above() -> Result<(), String> {
    Err("no ink".to_owned())
}

#[test]
#[ignore = "fails; called below"]
#[alert_on_err]
fn test_below() -> Result<(), String> {
    Err("no ink".to_owned())
}

#[alert_on_err]
#[tokio::test]
#[ignore = "fails; called below"]
async fn tokio_test_above() -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("no ink".to_owned())
}

#[tokio::test]
#[ignore = "fails; called below"]
#[alert_on_err]
async fn tokio_test_below() -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("no ink".to_owned())
}

#[test]
fn tests() {
    let heard = heard(|| {
        let all = [test_above, test_below, tokio_test_above, tokio_test_below];
        for test in all {
            assert!(test().is_err());
        }
    });
    let names = ["test_above", "test_below", "tokio_test_above", "tokio_test_below"];
    assert_eq!(heard, once_each(names, "no ink"));
}

fn odd(n: u8) -> Result<(), String> {
    if n % 2 == 1 {
        return Ok(());
    }
    Err("no ink".to_owned())
}

#[alert_on_err]
#[rstest]
#[case(1)]
#[case(3)]
fn rstest_above(#[case] n: u8) -> Result<(), String> {
    odd(n)
}

#[alert_on_err]
#[rstest]
#[case(1)]
#[case(3)]
#[tokio::test]
async fn rstest_async_above(#[case] n: u8) -> Result<(), String> {
    tokio::task::yield_now().await;
    odd(n)
}

/// A case that fails; run by the process of [`below_rstest_the_case_is_what_fails`].
#[rstest]
#[case(1)]
#[case(3)]
#[ignore = "fails; run below"]
#[case::that_fails(2)]
#[alert_on_err]
fn rstest_below(#[case] n: u8) -> Result<(), String> {
    wait_for(&LISTENING);
    odd(n)
}

#[rstest]
#[case(1)]
#[case(3)]
#[ignore = "fails; run below"]
#[case::that_fails(2)]
#[tokio::test]
#[alert_on_err]
async fn rstest_async_below(#[case] n: u8) -> Result<(), String> {
    wait_for(&LISTENING);
    tokio::task::yield_now().await;
    odd(n)
}

static LISTENING: AtomicBool = AtomicBool::new(false);

/// Nothing to wait for in the process in which the cases that fail are not run.
fn wait_for(flag: &AtomicBool) {
    let until = Instant::now() + Duration::from_secs(60);
    while std::env::var_os("STACKING_CHILD").is_some()
        && !flag.load(Ordering::SeqCst)
        && Instant::now() < until
    {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[ignore = "run below, beside cases that fail"]
fn listens() {
    let heard = heard(|| {
        LISTENING.store(true, Ordering::SeqCst);
        let until = Instant::now() + Duration::from_secs(60);
        while alert_core::stats().captured() < 2 && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
    });
    println!("heard {heard:?}");
}

/// `rstest` gives the attributes that stand below it to the tests it makes, one for each case.
#[test]
fn below_rstest_the_case_is_what_fails() {
    let ran = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--nocapture",
            "--test-threads=3",
            "tests::rstest_",
            "tests::listens",
        ])
        .env("STACKING_CHILD", "1")
        .output()
        .unwrap();
    let output = String::from_utf8(ran.stdout).unwrap();
    let wanted = once_each(["case_3_that_fails", "case_3_that_fails"], "no ink");
    assert!(output.contains(&format!("heard {wanted:?}")), "{output}");
}

#[test]
fn cases() {
    let heard = heard(|| {
        assert!(rstest_above(2).is_err());
        let failed = runtime().block_on(rstest_async_above(2));
        assert!(failed.is_err());
    });
    assert_eq!(heard, once_each(["rstest_above", "rstest_async_above"], "no ink"));
}
