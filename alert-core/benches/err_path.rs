//! What a failure costs the function that fails: allocations, which are the same on every machine, and times, which
//! are not. Fails if it allocates more than it may.
//!
//! `cargo bench -p alert-core --bench err_path --features testing`

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    missing_docs,
    reason = "a program of its own that measures and prints"
)]

use core::error::Error;
use core::fmt;
use core::hint::black_box;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use alert_core::testing::Recorder;
use alert_core::{Config, Policy, Reply, Request, Robot, Sending, Transport, alert_on_err};
use allocation_counter::measure;

const CALLS: u64 = 20_000;
/// Calls in a row that the channel has room for, so that every failure is told in detail.
const IN_A_ROW: u64 = 128;
/// Until the dispatcher has taken all there is and sleeps.
const QUIET: Duration = Duration::from_millis(4);

/// A chain of three links.
#[derive(Debug)]
struct Link(&'static str, Option<&'static Link>);

static ROOT: Link = Link("connection refused", None);
static MIDDLE: Link = Link("cannot reach the bank", Some(&ROOT));

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.map(|link| link as &(dyn Error + 'static))
    }
}

#[alert_on_err]
fn charge(fails: bool) -> Result<u64, Link> {
    if black_box(fails) {
        return Err(Link("card not charged", Some(&MIDDLE)));
    }
    Ok(7)
}

#[alert_on_err]
fn four(fails: bool) -> Result<u64, Link> {
    charge(fails)
}

#[alert_on_err]
fn three(fails: bool) -> Result<u64, Link> {
    four(fails)
}

#[alert_on_err]
fn two(fails: bool) -> Result<u64, Link> {
    three(fails)
}

#[alert_on_err]
fn one(fails: bool) -> Result<u64, Link> {
    two(fails)
}

/// Runs it many times; gives allocations and nanoseconds of one.
fn cost(what: &str, most: f64, mut run: impl FnMut()) {
    run();
    let start = Instant::now();
    let allocations = measure(|| {
        for _ in 0..CALLS {
            run();
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "small numbers, shown with two digits")]
    let (each, time) = (
        allocations.count_total as f64 / CALLS as f64,
        start.elapsed().as_nanos() as f64 / CALLS as f64,
    );
    println!("{what:<44} {each:>5.2} allocations {time:>9.1} ns");
    assert!(
        each <= most,
        "{what}: {each} allocations, at most {most} are allowed"
    );
}

/// As [`cost`], with a channel that the dispatcher drains: a few calls in a row, again and again. Apart from them
/// the first after a quiet moment, which wakes the dispatcher.
fn cost_drained(what: &str, most: f64, mut run: impl FnMut()) {
    const ROUNDS: u64 = 300;
    run();
    let (mut first, mut next, mut allocated) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        std::thread::sleep(QUIET);
        let start = Instant::now();
        run();
        first.push(start.elapsed());
        let allocations = measure(|| {
            let start = Instant::now();
            for _ in 0..IN_A_ROW {
                run();
            }
            next.push(start.elapsed());
        });
        allocated += allocations.count_total;
    }
    #[expect(clippy::cast_precision_loss, reason = "small numbers, shown with two digits")]
    let (each, first, next) = (
        allocated as f64 / (ROUNDS * IN_A_ROW) as f64,
        decile(first).as_nanos() as f64,
        decile(next).as_nanos() as f64 / IN_A_ROW as f64,
    );
    println!(
        "{what:<44} {each:>5.2} allocations {next:>9.1} ns, the first after a quiet moment {first:.0} ns"
    );
    assert!(
        each <= most,
        "{what}: {each} allocations, at most {most} are allowed"
    );
}

/// One of ten takes less: what else the machine does falls into some of the rounds alone, and only adds.
fn decile(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 10).copied().unwrap_or_default()
}

/// Keeps the dispatcher's thread busy until it is let go.
struct Stuck(Arc<(Mutex<bool>, Condvar)>);

impl Transport for Stuck {
    fn send(&self, _: Request) -> Sending {
        let (stuck, changed) = &*self.0;
        drop(changed.wait_while(stuck.lock().unwrap(), |stuck| *stuck));
        Box::pin(async { Ok(Reply::new(200, Vec::new())) })
    }
}

fn main() {
    cost("never initialised, Ok", 0.0, || {
        let _ok = black_box(charge(false));
    });

    let recorder = Recorder::new();
    let config = Config::new("bench")
        .recorder(&recorder)
        .policy(Policy::digest_only())
        .channel_capacity(4_096);
    let guard = alert_core::init(config).unwrap();
    cost("Ok", 0.0, || {
        let _ok = black_box(charge(false));
    });
    // Words as short as these lie in their event. What is left are the channel's own blocks, of 32 events each and used
    // again.
    cost_drained("Err of three links", 0.2, || {
        let _err = black_box(charge(true));
    });
    cost_drained("Err of three links through five functions", 0.4, || {
        let _err = black_box(one(true));
    });
    drop(guard);

    let gate = Arc::new((Mutex::new(true), Condvar::new()));
    let config = Config::new("bench")
        .policy(Policy::each())
        .robot(Robot::webhook("http://stuck.invalid/"))
        .transport(Stuck(Arc::clone(&gate)));
    let guard = alert_core::init(config).unwrap();
    let before = alert_core::stats().captured();
    let _err = charge(true);
    // It sends after 150 ms, and sticks; then the channel fills.
    std::thread::sleep(Duration::from_millis(500));
    let mut caused = 1;
    for _ in 0..200_000 {
        let _err = charge(true);
        caused += 1;
    }
    cost("Err while the channel is full", 0.0, || {
        let _err = black_box(charge(true));
    });
    caused += CALLS + 1;
    assert_eq!(
        alert_core::stats().captured() - before,
        caused,
        "every failure is counted"
    );
    *gate.0.lock().unwrap() = false;
    gate.1.notify_all();
    drop(guard);

    alert_core::set_enabled(false);
    cost("Err while switched off", 0.0, || {
        let _err = black_box(charge(true));
    });
}
