//! Fails with reports that keep a stack: `reports <address of a webhook>`.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use std::process::ExitCode;

use alert_core::{Config, Robot, alert_on_err};
use eyre::WrapErr as _;

/// Where the reports begin: two functions down, so that the stack has more to say than the alert's place.
#[inline(never)]
fn open(what: &str) -> Result<(), std::io::Error> {
    Err(std::io::Error::other(format!("{what} is locked")))
}

#[inline(never)]
fn read_ledger() -> anyhow::Result<()> {
    anyhow::Context::context(open("the ledger"), "cannot read the ledger")
}

#[alert_on_err]
fn book() -> anyhow::Result<()> {
    read_ledger()?;
    Ok(())
}

#[alert_on_err]
fn close_the_day() -> anyhow::Result<()> {
    anyhow::Context::context(book(), "the day stays open")
}

#[inline(never)]
fn read_stock() -> eyre::Result<()> {
    open("the stock").wrap_err("cannot read the stock")
}

#[alert_on_err]
async fn count() -> eyre::Result<()> {
    read_stock()
}

/// Keeps no stack.
#[alert_on_err]
fn plain() -> Result<(), std::io::Error> {
    open("the till")
}

fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_default();
    let config = Config::new("shop").robot(Robot::webhook(url));
    let (Ok(guard), Ok(runtime)) = (
        alert_core::init(config),
        tokio::runtime::Builder::new_current_thread().build(),
    ) else {
        return ExitCode::FAILURE;
    };
    let failed = [
        close_the_day().is_err(),
        runtime.block_on(count()).is_err(),
        plain().is_err(),
    ];
    drop(guard);
    if failed == [true; 3] {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
