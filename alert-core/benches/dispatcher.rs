//! What the dispatcher does with a storm: `cargo bench -p alert-core --features testing --bench dispatcher`.
//!
//! Prints failures a second on one core, the best of several rounds, beside a bare hash map that counts the same
//! texts; then what each policy sends within an hour at rates from one failure in twenty minutes to five a second.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a bench prints figures, reads the clock and computes with them"
)]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use alert_core::testing::Load;
use alert_core::{Policy, Severity, Site};

static SITE: Site = Site::new("charge", "shop::pay", ("src/pay.rs", 10, 1, 20), Severity::Error);
const ROUNDS: u32 = 5;
/// Failures a round, in batches of what a channel holds.
const FAILURES: u32 = 200_000;
const BATCH: u32 = 100;

fn main() {
    throughput();
    policies();
}

/// Failures a second, the best of the rounds: what else the machine does only takes away.
fn rate(mut round: impl FnMut()) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            f64::from(FAILURES) / start.elapsed().as_secs_f64()
        })
        .fold(0.0, f64::max)
}

fn throughput() {
    println!("failures a second on one core, in millions");
    let kinds = [
        "connection refused",
        "no such order",
        "deadline has passed",
        "disk is full",
    ];
    let repeated = |n: u32| kinds[n as usize % kinds.len()];
    let bare = rate(|| {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for n in 0..FAILURES {
            *counts
                .entry(format!("charge failed: {}", repeated(n)))
                .or_default() += 1;
        }
        black_box(&counts);
    });
    let machine = |text: &dyn Fn(u32, &mut Load)| {
        rate(|| {
            let mut load = Load::new(Policy::first_then_summary());
            for n in 0..FAILURES {
                text(n, &mut load);
                if n % BATCH == 0 {
                    load.step();
                }
            }
            black_box(load.told());
        })
    };
    let same = machine(&|n, load| load.fail(&SITE, format_args!("charge failed: {}", repeated(n))));
    // Each text new, all of one kind: the order's number is masked.
    let fresh = machine(&|n, load| {
        load.fail(
            &SITE,
            format_args!(
                "charge of order {n} failed after {}ms: connection refused by 10.0.3.17:5432",
                n % 977
            ),
        );
    });
    // Each text new and a kind of its own, beyond what one site may have.
    let kinds = machine(&|n, load| {
        let word: String = n
            .to_string()
            .bytes()
            .map(|digit| char::from(digit + 49))
            .collect();
        load.fail(&SITE, format_args!("charge failed: {word}"));
    });
    for (what, rate) in [
        ("a bare map, repeated texts", bare),
        ("repeated texts", same),
        ("all-new texts of one kind", fresh),
        ("all-new kinds", kinds),
    ] {
        println!(
            "  {what:<28} {:>6.2}   {:>5.2} of the bare map",
            rate / 1e6,
            rate / bare
        );
    }
}

/// Arrivals without memory, from a fixed seed.
struct Poisson(u64);

impl Poisson {
    /// Seconds to the next failure at this many a minute.
    fn next(&mut self, per_minute: f64) -> f64 {
        // The steps of a 64-bit linear congruential generator; the high bits are good enough here.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let uniform = ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        -uniform.ln() * 60.0 / per_minute
    }
}

fn policies() {
    const RUNS: u64 = 20;
    println!(
        "\none kind in one process for an hour: messages within it / share of the failures in no message, ever"
    );
    println!(
        "  {:>8} {:>22} {:>22} {:>22}",
        "a minute", "first_then_summary", "threshold", "digest_only"
    );
    for per_minute in [0.05, 0.5, 2.0, 6.0, 30.0, 300.0] {
        let cells = [
            Policy::first_then_summary(),
            Policy::threshold(),
            Policy::digest_only(),
        ]
        .map(|policy| {
            let (mut messages, mut told, mut failures) = (0, 0, 0_u64);
            for run in 0..RUNS {
                let (mut load, mut arrivals, mut at) = (Load::new(policy.clone()), Poisson(run + 1), 0.0);
                loop {
                    at += arrivals.next(per_minute);
                    if at >= 3_600.0 {
                        break;
                    }
                    load.wait_until(Duration::from_secs_f64(at));
                    load.fail(&SITE, format_args!("connection refused"));
                    load.step();
                    failures += 1;
                }
                load.wait_until(Duration::from_secs(3_600));
                messages += load.told().0;
                // What is left is told by the next summary, or when all is quiet.
                load.wait_until(Duration::from_secs(3 * 3_600));
                told += load.told().1;
            }
            let untold = 100.0 * (failures - told) as f64 / failures.max(1) as f64;
            format!("{:.1} / {untold:.0} %", messages as f64 / RUNS as f64)
        });
        println!(
            "  {per_minute:>8} {:>22} {:>22} {:>22}",
            cells[0], cells[1], cells[2]
        );
    }
}
