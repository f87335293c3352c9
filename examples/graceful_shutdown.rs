//! The end of a program: everything pending is sent, or accounted for, within the time you give.
//!
//! `cargo run -p alert-examples --example graceful_shutdown`

#![expect(clippy::unused_async, reason = "stands for one that does more")]
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::io;
use std::time::{Duration, Instant};

use alert_core::inbox::{Fault, Inbox};
use alert_core::{Config, DropReason, Robot, alert_on_err};

#[alert_on_err]
async fn sync_orders() -> Result<(), io::Error> {
    Err(io::Error::other("the warehouse is closed"))
}

async fn fail(times: usize) {
    for _ in 0..times {
        // The error still belongs to its caller; here it is of no further use.
        sync_orders().await.ok();
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::bind("127.0.0.1:0").await?;

    // A robot that answers: nothing waits for a policy any more, it is all sent now.
    let chat = inbox.webhook();
    let alerts = alert_core::init(Config::new("sync").robot(Robot::webhook(chat.url())))?;
    fail(250).await;
    let start = Instant::now();
    let flushed = alerts.shutdown(Duration::from_secs(5)).await;
    println!("a robot that answers: {flushed:?} after {:.1?}", start.elapsed());
    println!(
        "  {} failures in {} messages",
        chat.delta(),
        chat.accepted().len()
    );
    let all_told = chat.delta() == 250;

    // A robot that takes the connection and never answers: the time you give is kept, and the loss is said. Without
    // an `on_error` hook it would be one line on stderr.
    let silent = inbox.webhook();
    silent.fault(Fault::Silent);
    let config = Config::new("sync")
        .robot(Robot::webhook(silent.url()))
        .on_error(|error| println!("  failed to {error}"));
    let alerts = alert_core::init(config)?;
    fail(3).await;
    let start = Instant::now();
    let flushed = alerts.shutdown(Duration::from_millis(500)).await;
    println!("a robot that hangs: {flushed:?} after {:.1?}", start.elapsed());

    // After the end a failure costs an addition and is counted as what it is.
    fail(1).await;
    let stats = alert_core::stats();
    println!("{stats}");
    let accounted = stats.dropped_by(DropReason::Undelivered) == 3
        && stats.dropped_by(DropReason::AfterShutdown) == 1
        && stats.pending() == 0;
    if all_told && accounted {
        Ok(())
    } else {
        Err("the books do not balance".into())
    }
}
