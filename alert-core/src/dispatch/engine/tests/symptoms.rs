//! A lost connection, and the failures that are likely its symptoms.

use super::*;
use crate::{Digest, NotShown};

const LOST: &str = "query failed: connection refused";

fn bench() -> Bench {
    bench_with(Config::new("shop").robot(robot("team")).mute_symptoms(true))
}

/// How many failures a message says wait as symptoms.
fn waiting(digest: &Digest) -> u64 {
    let said = digest
        .not_shown()
        .iter()
        .find(|(reason, _)| *reason == NotShown::Symptoms);
    said.map_or(0, |(_, n)| *n)
}

#[test]
fn symptoms_wait_for_the_summary_of_the_lost_connection() {
    let mut bench = bench_with(Config::new("shop").robot(robot("team")).mute_symptoms(true));
    bench.fail(&SHOP, "Connection refused (os error 111)");
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 1);
    bench.fail(&SHOP, "no stock");
    bench.wait(Duration::from_secs(30));
    bench.step(|_| unreachable!("a symptom waits"));
    bench.fail(&SHOP, "Connection refused (os error 111)");
    bench.wait(Duration::from_secs(31));
    bench.step(accept);
    bench.audit();
    assert_eq!(bench.stats().delivered(), 3);
}

#[test]
fn the_messages_of_the_lost_connection_say_how_many_wait_and_again_when_more_do() {
    let mut bench = bench();
    bench.fail(&SHOP, LOST);
    bench.step(accept);
    assert_eq!(waiting(&bench.messages[0][0]), 0, "nothing waits yet");
    for _ in 0..30 {
        bench.fail(&DESK, "no stock");
    }
    bench.wait(Duration::from_secs(2));
    bench.step(|_| unreachable!("symptoms wait"));
    for _ in 0..5 {
        bench.fail(&SHOP, LOST);
    }
    bench.step(accept);
    let burst = Arc::clone(bench.messages[0].last().unwrap());
    assert_eq!(
        (burst.kind(), burst.groups().len(), waiting(&burst)),
        (DigestKind::Burst, 1, 30)
    );
    for _ in 0..12 {
        bench.fail(&DESK, "no stock");
    }
    bench.fail(&DESK, "no price");
    bench.wait(Duration::from_secs(20));
    for _ in 0..5 {
        bench.fail(&SHOP, LOST);
    }
    bench.step(accept);
    let all = Arc::clone(bench.messages[0].last().unwrap());
    assert_eq!(all.kind(), DigestKind::Summary, "ten times as many are summed up");
    assert_eq!(
        (all.groups().len(), waiting(&all)),
        (3, 0),
        "and all that waited with them"
    );
    bench.audit();
    assert_eq!(bench.stats().delivered(), bench.absorbed);
}

#[test]
fn a_connection_that_fails_no_more_is_told_with_what_waited_for_it_after_a_minute() {
    let mut bench = bench();
    bench.fail(&SHOP, LOST);
    bench.step(accept);
    for _ in 0..30 {
        bench.fail(&DESK, "no stock");
    }
    bench.wait(Duration::from_millis(59_900));
    bench.step(|_| unreachable!("it counts as lost for a minute"));
    bench.wait(Duration::from_millis(100));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 2, "one message");
    let told = &bench.messages[0][1];
    let deltas: Vec<_> = told
        .groups()
        .iter()
        .map(|group| (group.is_lost_connection(), group.delta()))
        .collect();
    assert!(
        deltas.contains(&(true, 0)) && deltas.contains(&(false, 30)),
        "{deltas:?}"
    );
    bench.audit();
    bench.wait(Duration::from_secs(700));
    bench.step(accept);
    assert_eq!(
        bench.messages[0][2..]
            .iter()
            .map(|digest| digest.delta())
            .sum::<u64>(),
        0
    );
}

#[test]
fn what_is_severe_is_no_symptom_and_without_the_setting_nothing_waits() {
    let mut bench = bench();
    bench.fail(&SHOP, LOST);
    bench.step(accept);
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 2);
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, LOST);
    bench.fail(&DESK, "no stock");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 2);
}

#[test]
fn a_robot_hears_only_of_symptoms_that_are_for_it() {
    use crate::config::{Matcher, Route};
    let desk = Route::new(Matcher::all().module("desk")).to("desk");
    let robots = Config::new("shop").robot(robot("team")).robot(robot("desk"));
    let mut bench = bench_with(robots.route(desk).mute_symptoms(true));
    bench.fail(&DESK, "no stock");
    bench.fail(&SHOP, LOST);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    let said: Vec<_> = bench
        .messages
        .iter()
        .map(|told| told.iter().map(|digest| waiting(digest)).sum::<u64>())
        .collect();
    assert_eq!(said, [0, 1]);
}
