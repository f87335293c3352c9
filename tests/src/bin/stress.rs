//! Everything that threads can do to alerting, at once and as fast as they can: `stress [seconds]`, 20 unless given.
//!
//! Four threads fail, two flush, one reads the counters, one kills the dispatcher's loop, one silences, and the main
//! thread starts alerting and ends it, in all ways it can end. Two in 64 messages are refused or lost. At the end each
//! failure is accounted for, exactly. Where loom tries every order of two or three threads on the parts without a lock,
//! this tries whatever orders come, on the whole.

#![expect(clippy::unnecessary_wraps, reason = "stands for one that does more")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a program for tests: its words and its end are its result"
)]

use std::num::ParseIntError;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alert_core::testing::{Moment, kill_dispatcher};
use alert_core::{
    Config, DropReason, Flushed, Guard, Matcher, Pace, Policy, Reply, Request, Robot, Sending, Silence,
    Transport, TransportError, alert_on_err, stats,
};
use alert_tests::{on_one_thread, quiet_panics};
use serde_json::Value;

/// For what must come in the end. Never the length of a run in which all is well.
const PATIENCE: Duration = Duration::from_secs(60);

#[alert_on_err]
fn weighs() -> Result<u8, ParseIntError> {
    "not a number".parse::<u8>()
}

#[alert_on_err(severity = "critical")]
fn measures(n: u64) -> Result<u8, String> {
    Err(format!("order {n} has no length"))
}

#[alert_on_err(severity = "warning")]
fn slips(n: u64) -> Result<(), ParseIntError> {
    assert_eq!(n, u64::MAX, "slipped");
    Ok(())
}

/// Takes most messages and counts the failures they tell of.
#[derive(Clone, Default)]
struct Tally {
    messages: Arc<AtomicU64>,
    told: Arc<AtomicU64>,
}

impl Transport for Tally {
    fn send(&self, request: Request) -> Sending {
        let number = self.messages.fetch_add(1, Ordering::AcqRel) % 64;
        let told = Arc::clone(&self.told);
        Box::pin(async move {
            match number {
                31 => return Err(TransportError::new("reset", "lost on the way")),
                63 => return Ok(Reply::new(429, Vec::new())),
                _ => {}
            }
            // Out of the loop's hands for a moment, as on a network.
            tokio::task::yield_now().await;
            told.fetch_add(delta(request.body()), Ordering::AcqRel);
            Ok(Reply::new(200, Vec::new()))
        })
    }
}

/// The failures a message tells of.
fn delta(body: &[u8]) -> u64 {
    let body: Value = serde_json::from_slice(body).unwrap();
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).unwrap_or(0);
    let groups = body.get("groups").and_then(Value::as_array).into_iter().flatten();
    let listed: u64 = groups.map(|group| number(group.get("delta"))).sum();
    listed + number(body.pointer("/unlisted/delta"))
}

fn start(tally: &Tally) -> Guard {
    let pace = Pace::new(1_000_000, Duration::from_secs(60)).cool_down(Duration::from_secs(1));
    let config = || {
        Config::new("stress")
            .policy(Policy::each())
            .robot(Robot::webhook("http://127.0.0.1:9/tally").pace(pace))
            .transport(tally.clone())
            .on_error(|_| {})
    };
    let begun = Instant::now();
    loop {
        // The last dispatcher may still be ending.
        match alert_core::init(config()) {
            Ok(guard) => return guard,
            Err(error) => assert!(begun.elapsed() < PATIENCE, "no start: {error}"),
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// One failure; which one the number says.
fn fail(n: u64) {
    let _failed = match n % 64 {
        0 => catch_unwind(|| slips(n)).is_err(),
        1..8 => measures(n).is_err(),
        _ => weighs().is_err(),
    };
    // Between storms, so that not everything is counted without detail.
    if n.is_multiple_of(1_000) {
        thread::sleep(Duration::from_millis(1));
    }
}

/// Nothing falls, and what is gone has come.
fn look(last: &mut u64) {
    let stats = stats();
    let gone = stats.delivered() + stats.silenced() + stats.dropped();
    assert!(gone <= stats.captured() && *last <= stats.captured(), "{stats}");
    assert_eq!(gone + stats.pending(), stats.captured(), "{stats}");
    *last = stats.captured();
}

/// Runs a turn again and again until the end.
fn repeat(ends: &AtomicBool, mut turn: impl FnMut(u64)) {
    let mut n = 0;
    while !ends.load(Ordering::Acquire) {
        turn(n);
        n += 1;
    }
}

/// Starts alerting and ends it, again and again. Gives how often.
fn live_and_die(tally: &Tally, length: Duration) -> u64 {
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < length {
        let guard = start(tally);
        thread::sleep(Duration::from_millis(count * 37 % 400));
        match count % 3 {
            0 => drop(guard),
            1 => {
                on_one_thread(guard.shutdown(Duration::from_millis(count % 30)));
            }
            _ => {
                // Nobody waits for the answer.
                let shutdown = guard.shutdown(Duration::from_millis(20));
                let _late = on_one_thread(async { tokio::time::timeout(Duration::ZERO, shutdown).await });
            }
        }
        count += 1;
    }
    count
}

fn main() {
    let seconds = std::env::args()
        .nth(1)
        .map_or(20, |seconds| seconds.parse().unwrap());
    quiet_panics(&["slipped", "killed by a test"]);
    let (ends, tally, caused) = (AtomicBool::new(false), Tally::default(), AtomicU64::new(0));
    let starts = thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                repeat(&ends, |n| {
                    fail(n);
                    caused.fetch_add(1, Ordering::Relaxed);
                });
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                repeat(&ends, |n| {
                    on_one_thread(alert_core::flush(Duration::from_millis(n % 7)));
                });
            });
        }
        scope.spawn(|| {
            let mut last = 0;
            repeat(&ends, |_| look(&mut last));
        });
        scope.spawn(|| {
            repeat(&ends, |n| {
                kill_dispatcher(match n % 3 {
                    0 => Moment::Taking,
                    1 => Moment::Sending,
                    _ => Moment::Counting,
                });
                thread::sleep(Duration::from_millis(700));
            });
        });
        scope.spawn(|| {
            repeat(&ends, |n| {
                let matcher = Matcher::all().function("measures");
                let id = alert_core::silence(Silence::new(matcher, Duration::from_millis(5)));
                thread::sleep(Duration::from_millis(n % 13));
                alert_core::end_silence(id);
            });
        });
        let starts = live_and_die(&tally, Duration::from_secs(seconds));
        ends.store(true, Ordering::Release);
        starts
    });
    // One calm life more tells what the last dispatcher left in the channel.
    let guard = start(&tally);
    let begin = Instant::now();
    while on_one_thread(alert_core::flush(PATIENCE)) != Flushed::Everything && begin.elapsed() < PATIENCE {}
    let ended = on_one_thread(guard.shutdown(PATIENCE));
    let (books, caused, told) = (stats(), caused.into_inner(), tally.told.load(Ordering::Acquire));
    println!("alerting started {starts} times; {books}");
    println!(
        "late {}; told {told}; caused {caused}",
        books.dropped_by(DropReason::AfterShutdown)
    );
    assert_eq!(ended, Flushed::Everything);
    assert_eq!(
        (books.captured(), books.pending()),
        (caused, 0),
        "each failure is captured once"
    );
    // A message whose answer came after the deadline of a shutdown was told, and nobody knows.
    let unknown = books.dropped_by(DropReason::Undelivered);
    let delivered = books.delivered();
    assert!(
        (delivered..=delivered + unknown).contains(&told),
        "what the books call delivered was told"
    );
}
