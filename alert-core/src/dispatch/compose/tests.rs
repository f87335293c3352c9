#![cfg(feature = "pagerduty")]

use core::time::Duration;

use crate::dispatch::engine::tests::bench::{SHOP, accept, bench_with};
use crate::{Config, DigestKind, Policy, Robot};

/// One robot that opens an incident for each kind, and one that does not.
fn config() -> Config {
    let pager = Robot::pagerduty("http://127.0.0.1:9/v2/enqueue").secret("R".repeat(32));
    let chat = Robot::webhook("http://127.0.0.1:9/chat");
    Config::new("shop").robot(pager).robot(chat)
}

#[test]
fn an_incident_tells_of_one_kind_where_a_chat_hears_of_several() {
    let mut bench = bench_with(config().policy(Policy::each()));
    for word in ["ink", "paper", "glue", "string", "tape"] {
        bench.fail(&SHOP, &format!("no {word} is left"));
    }
    for _ in 0..120 {
        bench.step(accept);
        bench.wait(Duration::from_secs(1));
    }
    assert_eq!(bench.messages[1].len(), 1, "the chat hears of all at once");
    assert_eq!(bench.messages[0].len(), 5, "an incident each");
    assert!(bench.messages[0].iter().all(|digest| digest.groups().len() == 1));
}

#[test]
fn a_storm_is_one_incident_and_every_end_is_told_by_itself() {
    let mut bench = bench_with(config());
    let words = [
        "ink", "paper", "glue", "string", "tape", "card", "wax", "foil", "thread", "cloth", "wire", "wood",
    ];
    for _ in 0..7 {
        for word in words {
            bench.fail(&SHOP, &format!("no {word} is left"));
        }
    }
    for _ in 0..600 {
        bench.wait(Duration::from_secs(10));
        bench.step(accept);
    }
    let told = &bench.messages[0];
    assert_eq!(told[0].groups().len(), words.len(), "the storm");
    let ends: Vec<_> = told
        .iter()
        .filter(|digest| digest.kind() == DigestKind::Quiet)
        .collect();
    assert!(
        ends.iter().all(|digest| digest.groups().len() == 1),
        "an end resolves one incident"
    );
    assert_eq!(ends.len(), words.len());
}
