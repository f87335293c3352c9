//! A long run under mixed load, with robots that misbehave by a schedule: `soak [--minutes 10 | --short]`.
//!
//! Failures come from three runtimes and from plain threads. The inbox is slow, resets, throttles, freezes, is silent
//! and restarts; the clocks of the vendors and of the messages jump; the dispatcher's loop is killed; alerting is shut
//! down and started again. At the end of each round the load pauses and the books are compared with what the load
//! caused and with what the inbox was told; at the end of all, memory, threads and open files are compared with what they
//! were. Each mistake is one line, and any makes the exit code 1.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a program for tests: its words and its end are its result"
)]

mod load;
mod service;
mod town;
mod vitals;
mod weather;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use load::Load;
use service::Service;
use town::Town;
use vitals::Vitals;

/// How long it runs, and of how many rounds.
struct Plan {
    rounds: u32,
    /// Of the ten hours of a round.
    hour: Duration,
    /// After this round memory is looked at for the first time: caches, buffers and groups are as full as they get.
    warm: u32,
    /// What it may grow by after that.
    slack_kib: u64,
}

fn plan() -> Option<Plan> {
    let mut arguments = std::env::args().skip(1);
    let minutes: u32 = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 10,
        (Some("--minutes"), Some(minutes)) => minutes.parse().ok().filter(|minutes| *minutes >= 4)?,
        (Some("--short"), None) => {
            let hour = Duration::from_secs(2);
            return Some(Plan {
                rounds: 2,
                hour,
                warm: 1,
                slack_kib: 32 * 1024,
            });
        }
        _ => return None,
    };
    let hour = Duration::from_secs(6);
    Some(Plan {
        rounds: minutes,
        hour,
        warm: 2,
        slack_kib: 16 * 1024,
    })
}

fn main() -> ExitCode {
    let Some(plan) = plan() else {
        println!("usage: soak [--minutes <4 or more> | --short]");
        return ExitCode::FAILURE;
    };
    alert_tests::quiet_panics(&["slipped", "fell", "killed by a test"]);
    // The first runtime of a process leaves two files for signals behind, for good.
    alert_tests::on_one_thread(async {});
    let start = Instant::now();
    let before = Vitals::now();
    println!("before     {before}");
    let mut mistakes = Vec::new();
    let mut warm = None;
    let mut town = Town::build();
    let mut service = Service::start(&town);
    let load = Load::start();
    for round in 1..=plan.rounds {
        weather::round(plan.hour, &mut town, &mut service, &load);
        load.pause();
        mistakes.extend(
            service
                .audit(&mut town, &load)
                .into_iter()
                .map(|what| format!("round {round}: {what}")),
        );
        let now = Vitals::now();
        println!(
            "{:>4} s     {now}; {}",
            start.elapsed().as_secs(),
            alert_core::stats()
        );
        if round == plan.warm {
            warm = Some(now);
        }
        if round == plan.rounds {
            mistakes.extend(warm.and_then(|warm| now.grown_since(&warm, plan.slack_kib)));
        }
        service.restart(&town);
        load.go_on();
    }
    println!("caused     {}", load.end());
    mistakes.extend(service.end(&mut town));
    mistakes.extend(town.too_fair(plan.rounds));
    drop(town);
    mistakes.extend(Vitals::back_to(&before));
    println!("after      {}", Vitals::now());
    for mistake in &mistakes {
        println!("MISTAKE    {mistake}");
    }
    println!("{} mistakes in {} s", mistakes.len(), start.elapsed().as_secs());
    if mistakes.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
