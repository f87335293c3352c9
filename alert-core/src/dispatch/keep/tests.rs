use core::time::Duration;

use crate::config::Config;
use crate::dispatch::engine::tests::{Bench, DEPOT, SHOP, accept, bench_with, robot, throttled};
use crate::spool::Saved;
use std::time::SystemTime;

/// A run of the program that goes on with what an earlier one kept.
fn run(kept: Vec<Saved>, earlier: Option<&Bench>) -> Bench {
    let mut bench = bench_with(Config::new("shop").robot(robot("team")).spool("/nowhere"));
    if let Some(earlier) = earlier {
        bench.now = earlier.now;
    }
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    bench.engine.set_clock(bench.now, wall);
    bench.engine.restore(kept, bench.now, wall);
    bench
}

/// The end of a run: what can go goes, and the rest is kept.
fn end(bench: &mut Bench) -> Vec<Saved> {
    bench.engine.hurry(bench.now, true);
    bench.step(accept);
    let kept = bench.engine.kept(bench.now);
    bench.engine.close(true);
    kept
}

#[test]
fn what_no_robot_took_is_told_by_the_next_run_once() {
    let mut first = run(Vec::new(), None);
    for _ in 0..7 {
        first.fail(&DEPOT, "disk is gone");
    }
    first.step(|_| throttled());
    let kept = first.engine.kept(first.now);
    first.engine.close(true);
    assert_eq!(first.stats().dropped_by(crate::DropReason::Spooled), 7);

    let mut second = run(kept, Some(&first));
    assert_eq!(second.stats().captured(), 7);
    second.wait(Duration::from_secs(600));
    second.step(accept);
    assert_eq!(
        second.messages[0]
            .iter()
            .map(|digest| digest.delta())
            .sum::<u64>(),
        7
    );
    assert_eq!(second.stats().delivered(), 7);

    let kept = end(&mut second);
    assert!(kept.iter().all(|saved| saved.untold == 0));
    let mut third = run(kept, Some(&second));
    third.wait(Duration::from_secs(6_000));
    third.step(|_| unreachable!("all is told"));
}

#[test]
fn a_group_is_the_same_one_in_the_next_run() {
    let mut first = run(Vec::new(), None);
    first.fail(&SHOP, "no ink in printer 17");
    let kept = end(&mut first);
    let mut second = run(kept, Some(&first));
    second.fail(&SHOP, "no ink in printer 99");
    assert_eq!(second.engine.groups().count(), 1);
}

#[test]
fn sixty_restarts_within_five_minutes_are_at_most_three_messages() {
    let (mut messages, mut failures, mut told) = (0, 0, 0);
    let mut kept = Vec::new();
    let mut earlier: Option<Bench> = None;
    for _ in 0..60 {
        let mut bench = run(kept, earlier.as_ref());
        bench.fail(&DEPOT, "disk is gone");
        failures += 1;
        bench.step(accept);
        bench.wait(Duration::from_secs(5));
        bench.step(accept);
        kept = end(&mut bench);
        messages += bench.messages[0].len();
        told += bench.messages[0].iter().map(|digest| digest.delta()).sum::<u64>();
        earlier = Some(bench);
    }
    assert!(messages <= 3, "{messages}");
    assert_eq!(
        told + kept.iter().map(|saved| saved.untold).sum::<u64>(),
        failures,
        "and not one is lost"
    );
}
