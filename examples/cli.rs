//! A job that runs and ends, as cron starts it: what it has to tell must be out before the process is.
//!
//! `cargo run -p alert-examples --example cli`
//!
//! With `ALERT_ROBOTS` set (see `Config::from_env`) it tells those robots.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::fs;
use std::process::ExitCode;

use alert_core::inbox::Inbox;
use alert_core::{Config, Policy, Robot, alert_on_err};

#[alert_on_err(severity = "warning", name = "import a row", fields(row))]
fn import(row: &str) -> anyhow::Result<i64> {
    let (_, cents) = row
        .split_once(',')
        .ok_or_else(|| anyhow::anyhow!("a row without a comma"))?;
    Ok(cents.trim().parse()?)
}

/// The whole job: what ends it early is urgent.
#[alert_on_err(severity = "critical", name = "nightly import")]
fn run(file: &str) -> anyhow::Result<i64> {
    let rows = fs::read_to_string(file)?;
    // A broken row is told and left out.
    Ok(rows.lines().filter_map(|row| import(row).ok()).sum())
}

fn main() -> ExitCode {
    // No runtime: alerting brings its own.
    let Ok(inbox) = Inbox::bind_blocking("127.0.0.1:0") else {
        return ExitCode::FAILURE;
    };
    let chat = inbox.slack();
    let config = if std::env::var_os("ALERT_ROBOTS").is_some() {
        Config::from_env()
    } else {
        Config::new("nightly-import").robot(Robot::slack(chat.url()))
    };
    // A job that runs once a night has nothing to fold: one digest at its end.
    let guard = match alert_core::init(config.policy(Policy::digest_only())) {
        Ok(guard) => guard,
        Err(mistakes) => {
            println!("failed to {mistakes}");
            return ExitCode::FAILURE;
        }
    };

    let file = std::env::temp_dir().join(format!("alert-example-{}.csv", std::process::id()));
    let written = fs::write(&file, "anna,1999\nbert;250\ncarl,12x\ndora,800\n");
    let total = run(&file.to_string_lossy());
    fs::remove_file(&file).ok();

    // Before `main` returns, and before any `std::process::exit`: dropping the guard sends what is pending, within 2 s.
    drop(guard);
    for message in chat.accepted() {
        println!("{}\n", message.text());
    }
    match total {
        Ok(total) if written.is_ok() => {
            println!("imported {total} cents; {}", alert_core::stats());
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
