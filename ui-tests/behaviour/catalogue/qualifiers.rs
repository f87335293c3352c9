//! Attributes above the function, and what its future can do.

use std::cell::Cell;
use std::panic::{RefUnwindSafe, UnwindSafe};

use alert_core::alert_on_err;

use crate::observe::{block_on, only, pause};

/// Documented.
#[cfg(all())]
#[alert_on_err(crate = crate::observe)]
#[inline(never)]
#[must_use]
#[deprecated = "no more"]
#[doc(alias = "another")]
#[cfg_attr(any(), no_such_attribute)]
#[allow(clippy::all)]
pub fn every_attribute() -> Result<u8, String> {
    Err("every".to_owned())
}

#[alert_on_err(crate = crate::observe)]
#[cfg(any())]
fn switched_off() -> Missing {
    Missing::new()
}

#[test]
fn attributes_stay() {
    #[allow(deprecated)]
    let _ = every_attribute();
    assert_eq!(only().links, ["every"]);
}

#[alert_on_err(crate = crate::observe)]
async fn lowered(n: u8, text: String) -> Result<usize, String> {
    pause().await;
    Ok(text.len() + usize::from(n))
}

#[alert_on_err(crate = crate::observe)]
pub async fn verbatim(n: u8, text: &'static str) -> Result<usize, String> {
    pause().await;
    Ok(text.len() + usize::from(n))
}

#[alert_on_err(crate = crate::observe)]
async fn not_sync(n: Cell<u8>) -> Result<u8, String> {
    pause().await;
    Ok(n.get())
}

#[test]
fn the_future_is_all_that_the_plain_one_is() {
    fn is_all<T: Send + Sync + UnwindSafe + RefUnwindSafe + 'static>(t: T) -> T {
        t
    }
    fn is_send<T: Send + 'static>(t: T) -> T {
        t
    }
    assert_eq!(block_on(is_all(lowered(1, "ab".to_owned()))), Ok(3));
    assert_eq!(block_on(is_all(verbatim(1, "ab"))), Ok(3));
    assert_eq!(block_on(is_send(not_sync(Cell::new(1)))), Ok(1));
}

#[alert_on_err(crate = crate::observe)]
async fn frames_inner() -> Result<String, String> {
    Ok(std::backtrace::Backtrace::force_capture().to_string())
}

#[alert_on_err(crate = crate::observe)]
async fn frames_outer() -> Result<String, String> {
    frames_inner().await
}

#[alert_on_err(crate = crate::observe)]
pub async fn frames_public_inner() -> Result<String, String> {
    Ok(std::backtrace::Backtrace::force_capture().to_string())
}

#[alert_on_err(crate = crate::observe)]
pub async fn frames_public_outer() -> Result<String, String> {
    frames_public_inner().await
}

#[test]
fn frames_of_two_nested_functions() {
    let count = |stack: String, name: &str| stack.lines().filter(|line| line.contains(name)).count();
    let lowered = count(block_on(frames_outer()).unwrap(), "::frames_");
    let verbatim = count(block_on(frames_public_outer()).unwrap(), "::frames_public_");
    // Two of the plain functions, and the test's own name, which has the word in it too.
    println!("lowered {lowered}, verbatim {verbatim}");
    assert!((2..=6).contains(&lowered), "{lowered}");
    assert!((2..=8).contains(&verbatim), "{verbatim}");
}
