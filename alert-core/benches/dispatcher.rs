//! What the dispatcher does with a storm: `cargo bench -p alert-core --features testing --bench dispatcher`.
//!
//! Prints failures a second on one core, the best of several rounds, beside a bare hash map that counts the same
//! texts; then what each policy, and each rule people write by hand, sends within an hour at rates from one failure in
//! twenty minutes to five a second.

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
        "card declined",
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

/// The rules people write by hand: each window of a minute begins with a failure.
#[derive(Clone, Copy)]
enum ByHand {
    /// One message at the end of a window with more than five.
    AtTheEnd,
    /// One message with the sixth.
    OnTheSixth,
    /// The first at once, one at the end if there were more than five.
    FirstThenIfMany,
    /// The first at once, the rest at the end.
    FirstThenRest,
}

impl ByHand {
    /// Messages, and the failures they tell of.
    fn told(self, arrivals: &[f64]) -> (u64, u64) {
        let (mut messages, mut told, mut at) = (0, 0, 0);
        while let Some(first) = arrivals.get(at) {
            let failures = arrivals[at..]
                .iter()
                .take_while(|next| **next < first + 60.0)
                .count();
            at += failures;
            let failures = failures as u64;
            let (more, of) = match self {
                Self::AtTheEnd if failures > 5 => (1, failures),
                Self::OnTheSixth if failures > 5 => (1, 6),
                Self::AtTheEnd | Self::OnTheSixth => (0, 0),
                Self::FirstThenIfMany if failures > 5 => (2, failures),
                Self::FirstThenIfMany => (1, 1),
                Self::FirstThenRest => (1 + u64::from(failures > 1), failures),
            };
            messages += more;
            told += of;
        }
        (messages, told)
    }
}

/// An hour of failures at this many a minute, in seconds.
fn an_hour(per_minute: f64, seed: u64) -> Vec<f64> {
    let (mut arrivals, mut at) = (Poisson(seed), 0.0);
    let next = || {
        at += arrivals.next(per_minute);
        (at < 3_600.0).then_some(at)
    };
    std::iter::from_fn(next).collect()
}

/// What a policy makes of it: messages within the hour, and failures told in the end.
fn told_by(policy: &Policy, arrivals: &[f64]) -> (u64, u64) {
    let mut load = Load::new(policy.clone());
    for at in arrivals {
        load.wait_until(Duration::from_secs_f64(*at));
        load.fail(&SITE, format_args!("no such order"));
        load.step();
    }
    load.wait_until(Duration::from_secs(3_600));
    let messages = load.told().0;
    // What is left is told by the next summary, or when all is quiet.
    load.wait_until(Duration::from_secs(3 * 3_600));
    (messages, load.told().1)
}

/// A rule by its name: messages, and failures told, of the arrivals it is given.
type Rule<'a> = (&'a str, &'a dyn Fn(&[f64]) -> (u64, u64));

fn policies() {
    const RUNS: u64 = 20;
    println!(
        "\none kind in one process for an hour: messages within it / share of the failures in no message, ever"
    );
    let (by_first, by_threshold) = (Policy::first_then_summary(), Policy::threshold());
    let by_digest = Policy::digest_only();
    let rules: [Rule<'_>; 7] = [
        ("A at end if > 5", &|arrivals| ByHand::AtTheEnd.told(arrivals)),
        ("A2 on the 6th", &|arrivals| ByHand::OnTheSixth.told(arrivals)),
        ("B first, if > 5", &|arrivals| {
            ByHand::FirstThenIfMany.told(arrivals)
        }),
        ("C first and rest", &|arrivals| {
            ByHand::FirstThenRest.told(arrivals)
        }),
        ("first_then_summary", &|arrivals| told_by(&by_first, arrivals)),
        ("threshold", &|arrivals| told_by(&by_threshold, arrivals)),
        ("digest_only", &|arrivals| told_by(&by_digest, arrivals)),
    ];
    print!("  {:>8}", "a minute");
    for (name, _) in rules {
        print!(" {name:>19}");
    }
    println!();
    for per_minute in [0.05, 0.5, 2.0, 6.0, 30.0, 300.0] {
        print!("  {per_minute:>8}");
        for (_, rule) in rules {
            let (mut messages, mut told, mut failures) = (0, 0, 0_u64);
            for run in 1..=RUNS {
                let arrivals = an_hour(per_minute, run);
                let (more, of) = rule(&arrivals);
                messages += more;
                told += of;
                failures += arrivals.len() as u64;
            }
            let untold = 100.0 * (failures - told) as f64 / failures.max(1) as f64;
            let cell = format!("{:.1} / {untold:.0} %", messages as f64 / RUNS as f64);
            print!(" {cell:>19}");
        }
        println!();
    }
}
