//! What the dispatcher's work costs, and how that grows: `cargo bench -p alert-core --features testing --bench growth`.
//!
//! Prints a figure a line, as `what TAB x TAB value`: the microseconds one message of each kind of robot takes to write;
//! nanoseconds of a failure and bytes of memory by the number of groups there are; nanoseconds of a failure that is
//! told at once by the number of robots. Times are the best of several rounds.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a bench prints figures, reads the clock and computes with them"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use alert_core::testing::Load;
use alert_core::{Config, Pace, Policy, Robot, Severity, Site};
use allocation_counter::measure;

const ROUNDS: u32 = 40;
/// Failures a round that meet groups which are there.
const REPEATED: usize = 2_000;
/// What a channel holds.
const BATCH: usize = 100;

fn main() {
    for kind in Load::kinds() {
        println!("write\t{kind}\t{:.2}", writing(kind) / 1e3);
    }
    let sites: Vec<&'static Site> = (0..4_000).map(site).collect();
    for groups in [1, 10, 100, 1_000, 4_000] {
        let here = sites.get(..groups).unwrap_or(&sites);
        println!("groups, failure\t{groups}\t{:.1}", repeated(here));
        println!("groups, bytes\t{groups}\t{}", bytes(here));
    }
    for robots in [1, 2, 4, 8, 16, 32] {
        println!("robots, failure\t{robots}\t{:.0}", told(robots, &sites));
    }
}

/// A function of its own, so a group of its own. Kept for good, as the attribute keeps its own in a `static`.
fn site(number: u32) -> &'static Site {
    let function: &str = Box::leak(format!("charge_{number}").into_boxed_str());
    let place = ("src/pay.rs", number, 1, number);
    Box::leak(Box::new(Site::new(function, "shop::pay", place, Severity::Error)))
}

/// Nanoseconds a step, the best of the rounds: what else the machine does only adds.
fn best(steps: usize, mut round: impl FnMut() -> Duration) -> f64 {
    let rounds = (0..ROUNDS).map(|_| round().as_secs_f64() * 1e9 / steps as f64);
    rounds.fold(f64::INFINITY, f64::min)
}

fn fail(load: &mut Load, site: &'static Site, number: usize) {
    load.fail(
        site,
        format_args!("charge of order {number} failed: connection refused by 10.0.3.17:5432"),
    );
}

/// To write one message of one error.
fn writing(kind: &str) -> f64 {
    const MESSAGES: usize = 50;
    let mut load = Load::new(Policy::each());
    fail(&mut load, site(0), 4_711);
    load.wait_until(Duration::from_secs(5));
    best(MESSAGES, || {
        let start = Instant::now();
        for _ in 0..MESSAGES {
            assert!(
                black_box(load.written(black_box(kind))).is_some(),
                "{kind} writes it"
            );
        }
        start.elapsed()
    })
}

/// One failure of each of the sites makes so many groups.
fn with_groups(sites: &[&'static Site]) -> Load {
    let mut load = Load::new(Policy::first_then_summary());
    for (number, site) in sites.iter().enumerate() {
        fail(&mut load, site, number);
        if number % BATCH == 0 {
            load.step();
        }
    }
    load.step();
    load
}

/// A failure of a kind that is known, while so many are. Each text is new.
fn repeated(sites: &[&'static Site]) -> f64 {
    let mut load = with_groups(sites);
    best(REPEATED, || {
        let start = Instant::now();
        for (number, site) in sites.iter().cycle().take(REPEATED).enumerate() {
            fail(&mut load, site, number);
            if number % BATCH == 0 {
                load.step();
            }
        }
        start.elapsed()
    })
}

/// The memory of a group and all that remembers it.
fn bytes(sites: &[&'static Site]) -> i64 {
    let (mut empty, mut full) = (None, None);
    let without = measure(|| empty = Some(with_groups(&[]))).bytes_current;
    let with = measure(|| full = Some(with_groups(sites))).bytes_current;
    (with - without) / i64::try_from(sites.len()).unwrap_or(1)
}

/// A failure of a new kind, with its message to each robot.
fn told(robots: u32, sites: &[&'static Site]) -> f64 {
    const FAILURES: usize = 50;
    let config = (0..robots).fold(Config::new("bench").policy(Policy::each()), |config, number| {
        let robot = Robot::webhook(format!("http://127.0.0.1:9/{number}")).name(format!("robot {number}"));
        config.robot(robot.pace(Pace::new(1_000_000, Duration::from_secs(60))))
    });
    best(FAILURES, || {
        let mut load = Load::of(config.clone());
        let start = Instant::now();
        for (number, site) in sites.iter().take(FAILURES).enumerate() {
            fail(&mut load, site, number);
            load.wait_until(Duration::from_secs(number as u64 + 1));
        }
        let took = start.elapsed();
        assert_eq!(
            load.told().1,
            FAILURES as u64 * u64::from(robots),
            "every robot told each"
        );
        took
    })
}
