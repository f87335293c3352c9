//! What a fingerprint costs: `cargo bench -p alert-core --features testing --bench normalize`.
//!
//! Prints nanoseconds, the best of several rounds, and the ratio to one alternation of regexes such as error
//! trackers use, measured in the same run.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a bench prints times, reads the clock and may stop"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use alert_core::testing::Fingerprints;
use alert_core::{Severity, Site};
use regex::{Captures, Regex};

static SITE: Site = Site::new("charge", "shop::pay", ("src/pay.rs", 10, 1, 20), Severity::Error);
const ROUNDS: u32 = 15;

/// The kinds of parts that Sentry's grouping replaces, in one alternation with a named group each.
const ALTERNATION: &str = r#"(?x)
    (?P<email>[a-zA-Z0-9.!\#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)
  | (?P<url>\b(?:wss?|https?|ftp|file|redis|postgres|mysql|amqp)://[^\s/$.?\#].[^\s]*)
  | (?P<hostname>\b(?:[a-zA-Z0-9\-]{1,63}\.)+(?:com|net|org|io|dev|cloud|internal|local)\b)
  | (?P<ip>\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b | (?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4})
  | (?P<trace>\b00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\b)
  | (?P<uuid>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)
  | (?P<sha1>\b[0-9a-fA-F]{40}\b)
  | (?P<md5>\b[0-9a-fA-F]{32}\b)
  | (?P<date>\d{4}-[01]\d-[0-3]\d(?:[T\ ][0-2]\d:[0-5]\d:[0-5]\d(?:\.\d+)?(?:[+-][0-2]\d:?[0-5]\d|Z)?)?
      | \b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\ \d{1,2}\ (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\ \d{4}
      | \b[0-2]\d:[0-5]\d:[0-5]\d\b)
  | (?P<duration>\b(?:\d+ms|\d+(?:\.\d+)?s)\b)
  | (?P<hex>\b0[xX][0-9a-fA-F]+\b)
  | (?P<sha>\b[0-9a-f]*[0-9][0-9a-f]*[a-f][0-9a-f]{6,}\b)
  | (?P<float>-?\b\d+\.\d+\b)
  | (?P<int>-?\b\d+\b)
  | (?P<quoted>='[^']*' | ="[^"]*")
  | (?P<bool>=(?:true|false|True|False)\b)
"#;

/// Every text of the recorded pairs; their average length is printed.
fn messages() -> Vec<String> {
    let file = include_str!("../testdata/grouping-cases.jsonl");
    let case = |line| serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON");
    let text =
        |case: serde_json::Value, side: &str| case.get(side).and_then(|text| text.as_str().map(String::from));
    file.lines()
        .flat_map(|line| ["a", "b"].map(|side| text(case(line), side).expect("a text")))
        .collect()
}

/// Nanoseconds a call, the best of the rounds: what else the machine does only adds.
fn time(calls: u32, mut call: impl FnMut()) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..calls).for_each(|_| call());
            start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .fold(f64::INFINITY, f64::min)
}

fn replaced<'a>(regex: &Regex, names: &[String], text: &'a str) -> std::borrow::Cow<'a, str> {
    regex.replace_all(text, |found: &Captures<'_>| {
        let name = names.iter().find(|name| found.name(name).is_some());
        format!("<{}>", name.map_or("", String::as_str))
    })
}

fn main() {
    let messages = messages();
    let count = u32::try_from(messages.len()).expect("a short list");
    let bytes: usize = messages.iter().map(String::len).sum();
    println!("{count} messages, {} bytes on average", bytes / messages.len());

    let mut normalizer = Fingerprints::default();
    let mut all = || {
        for message in &messages {
            black_box(normalizer.normalize(black_box(message)));
        }
    };
    let own = time(200, &mut all) / f64::from(count);

    let regex = Regex::new(ALTERNATION).expect("a valid regex");
    let names: Vec<String> = regex.capture_names().flatten().map(String::from).collect();
    let theirs = time(20, || {
        for message in &messages {
            black_box(replaced(&regex, &names, black_box(message)));
        }
    }) / f64::from(count);
    println!("normalise            {own:8.0} ns");
    println!("regex alternation    {theirs:8.0} ns, ratio {:.2}", own / theirs);

    let mut worst = (0.0_f64, "");
    for unit in [
        "x ",
        "1 ",
        "1-",
        "'a ",
        "\"",
        "“",
        "订1",
        "a=",
        "http://",
        "::1 ",
        "1:",
        "aA1",
        "\\\"",
        " ",
        "code: 1, ",
        "《",
        "'",
        "订“",
        "user “",
        "1, ",
        "1 s ",
        "a/1",
        "[a",
    ] {
        let text = unit.repeat(100_000 / unit.len());
        let cost = time(200, || {
            black_box(normalizer.normalize(black_box(&text)));
        });
        worst = if cost > worst.0 { (cost, unit) } else { worst };
    }
    println!("worst of 100 kB      {:8.0} ns, repeated {:?}", worst.0, worst.1);

    let mut fingerprinter = Fingerprints::default();
    let text = "error sending request for url (http://pay.internal/v1/charge): refused";
    let end = u16::try_from(text.len()).expect("a short text");
    let mut of = |text: &str| fingerprinter.of(&SITE, "shop::pay::PayError", text, &[end]);
    let hit = time(20_000, || {
        black_box(of(black_box(text)));
    });
    println!("memo hit             {hit:8.1} ns");

    let mut fresh = String::new();
    let mut number = 0_u64;
    let mut other = Fingerprints::default();
    let miss = time(20_000, || {
        fresh.clear();
        number += 1;
        write!(
            fresh,
            "order {number} sending request for url (http://pay.internal/v1/charge): refused"
        )
        .expect("a string takes it");
        let end = u16::try_from(fresh.len()).expect("a short text");
        black_box(other.of(&SITE, "shop::pay::PayError", &fresh, &[end]));
    });
    println!("memo miss, all of it {miss:8.0} ns");
    let gone = of(text);
    let forget = time(1_000, || other.forget(black_box(gone)));
    println!("forget a group       {forget:8.0} ns");
}
