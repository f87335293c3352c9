//! What this program alerts on: every annotated function linked into it, before any of them has run.
//!
//! `cargo run -p alert-examples --example catalogue`
//!
//! Put the same loop behind a flag of your own program, and a team can review its alerts as it reviews its code.

#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_async,
    reason = "stands for one that does more"
)]
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
#![allow(dead_code, reason = "the catalogue knows functions that nobody calls")]

use std::io;

use alert_core::{Site, alert_on_err};

mod pay {
    use super::{alert_on_err, io};

    #[alert_on_err(
        severity = "critical",
        owner = "payments",
        runbook = "https://wiki.example.com/charge"
    )]
    async fn charge(cents: i64) -> Result<i64, io::Error> {
        Ok(cents)
    }

    #[alert_on_err(severity = "warning", owner = "payments", name = "send a receipt")]
    async fn receipt() -> Result<(), io::Error> {
        Ok(())
    }
}

struct Store;

/// On an `impl` block: every method that can fail.
#[alert_on_err]
impl Store {
    async fn load(&self) -> Result<String, io::Error> {
        Ok(String::new())
    }

    fn save(text: &str) -> Result<usize, io::Error> {
        Ok(text.len())
    }
}

fn main() -> io::Result<()> {
    let mut sites: Vec<&Site> = alert_core::sites()
        .filter(|site| !site.file().is_empty())
        .collect();
    sites.sort_by_key(|site| (std::cmp::Reverse(site.severity()), site.module(), site.function()));

    println!(
        "{:<9} {:<28} {:<10} {:<34} runbook",
        "severity", "function", "owner", "place"
    );
    for site in &sites {
        println!(
            "{:<9} {:<28} {:<10} {:<34} {}",
            site.severity(),
            format!(
                "{}::{}",
                site.module().rsplit("::").next().unwrap_or_default(),
                site.function()
            ),
            site.owner().unwrap_or("-"),
            format!("{}:{}", site.file(), site.line()),
            site.runbook().unwrap_or("-"),
        );
    }

    // What a review would ask for: a function that wakes people says what they are to do.
    let silent = sites
        .iter()
        .filter(|site| site.severity() == alert_core::Severity::Critical && site.runbook().is_none());
    match silent.count() {
        0 => Ok(()),
        n => Err(io::Error::other(format!(
            "{n} critical functions have no runbook"
        ))),
    }
}
