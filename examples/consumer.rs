//! A background consumer: a loop that must not end because one job fails, and jobs on tasks of their own.
//!
//! `cargo run -p alert-examples --example consumer`

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::num::ParseIntError;
use std::time::Duration;

use alert_core::inbox::Inbox;
use alert_core::{Config, Robot, Severity, alert_on_err};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// One job. Its failure is told here, once, however often it is looked at further up.
#[alert_on_err(fields(job))]
async fn work(job: String) -> Result<u64, ParseIntError> {
    tokio::task::yield_now().await;
    assert!(job != "7", "seven is a bug in this program");
    let number: u64 = job.parse()?;
    Ok(number)
}

/// Takes jobs until there are none. A failed job and a panicked one are both just one job less.
async fn consume(mut jobs: mpsc::Receiver<String>) -> u64 {
    let mut running = JoinSet::new();
    let mut done = 0_u64;
    while let Some(job) = jobs.recv().await {
        running.spawn(work(job));
        // No more than four at a time.
        if running.len() >= 4
            && let Some(Ok(Ok(_))) = running.join_next().await
        {
            done = done.saturating_add(1);
        }
    }
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok(Ok(_)) => done = done.saturating_add(1),
            // Told by `work` itself, the panic too.
            Ok(Err(_)) => {}
            Err(ended) if ended.is_panic() => {}
            // A task that was aborted told nobody.
            Err(ended) => alert_core::raise(Severity::Warning, &ended),
        }
    }
    done
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::bind("127.0.0.1:0").await?;
    let chat = inbox.feishu();
    let alerts = alert_core::init(Config::new("consumer").robot(Robot::feishu(chat.url())))?;

    let (sender, jobs) = mpsc::channel(8);
    let consumer = tokio::spawn(consume(jobs));
    for job in ["1", "2", "three", "4", "five", "6", "7", "8"] {
        sender.send(job.to_owned()).await?;
    }
    drop(sender);
    let done = consumer.await?;
    alerts.shutdown(Duration::from_secs(5)).await;

    println!("{done} jobs done; {}", alert_core::stats());
    for message in chat.accepted() {
        println!("\n{}", message.text());
    }
    if alert_core::stats().delivered() == 3 {
        Ok(())
    } else {
        Err("two broken jobs and one panic were to be told".into())
    }
}
