use core::time::Duration;

use crate::config::Config;
use proptest::prelude::*;

use crate::config::Matcher;
use crate::dispatch::engine::tests::{
    Bench, DEPOT, SHOP, accept, bench_with, failed, refused, robot, throttled, words,
};
use crate::robot::Delivery;
use crate::silence::Silence;
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

#[test]
fn what_no_robot_took_is_told_at_once_by_the_next_run_and_once() {
    let mut first = run(Vec::new(), None);
    first.fail(&DEPOT, "disk is gone");
    first.step(|_| failed());
    let kept = first.engine.kept(first.now);
    assert_eq!(kept[0].spoken_at, None, "nobody heard of it");
    first.engine.close(true);
    let mut second = run(kept, Some(&first));
    second.step(accept);
    second.engine.hurry(second.now, false);
    second.step(accept);
    second.engine.hurry(second.now, true);
    second.step(accept);
    assert_eq!(second.messages[0].len(), 1, "once, and not again in a hurry");
    assert_eq!(second.stats().delivered(), 1);
}

/// Something that can happen to a program in its life.
#[derive(Clone, Debug)]
enum Step {
    Fail { kind: usize, severe: bool },
    Overflow { failures: u64 },
    Wait { seconds: u64 },
    Answer { how: u8 },
    Silence { seconds: u64 },
    Restart { patient: bool },
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0usize..30, any::<bool>()).prop_map(|(kind, severe)| Step::Fail { kind, severe }),
        1 => (1u64..1_000).prop_map(|failures| Step::Overflow { failures }),
        2 => (0u64..300).prop_map(|seconds| Step::Wait { seconds }),
        3 => (0u8..6).prop_map(|how| Step::Answer { how }),
        1 => (1u64..600).prop_map(|seconds| Step::Silence { seconds }),
        1 => any::<bool>().prop_map(|patient| Step::Restart { patient }),
    ]
}

/// Ends this run, with or without a last chance to send, and starts the next with what was kept.
fn restart(bench: &mut Bench, patient: bool) {
    if patient {
        bench.engine.hurry(bench.now, true);
        bench.step(accept);
    }
    let kept = bench.engine.kept(bench.now);
    bench.engine.close(true);
    let mut next = bench_with(Config::new("shop").robot(robot("team")).spool("/nowhere"));
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    core::mem::swap(&mut bench.engine, &mut next.engine);
    bench.engine.keep_books_in(bench.books);
    bench.engine.set_clock(bench.now, wall);
    bench.engine.restore(kept, bench.now, wall);
}

proptest! {
    #[test]
    fn the_books_balance_over_floods_refusals_silences_and_restarts(
        steps in prop::collection::vec(any_step(), 1..150),
    ) {
        let mut bench = run(Vec::new(), None);
        for step in steps {
            match step {
                Step::Fail { kind, severe } => bench.fail(if severe { &DEPOT } else { &SHOP }, &words(kind)),
                Step::Overflow { failures } => bench.overflow(&SHOP, failures),
                Step::Wait { seconds } => bench.wait(Duration::from_secs(seconds)),
                Step::Answer { how } => bench.step(|_| match how {
                    0 => throttled(),
                    1 => refused(),
                    2 => failed(),
                    _ => Delivery::Accepted,
                }),
                Step::Silence { seconds } => {
                    let silence = Silence::new(Matcher::all().module("shop"), Duration::from_secs(seconds));
                    bench.engine.silence(silence, bench.now);
                }
                Step::Restart { patient } => restart(&mut bench, patient),
            }
            let stats = bench.stats();
            prop_assert_eq!(stats.delivered() + stats.silenced() + bench.engine.pending(), bench.absorbed);
        }
        for _ in 0..100 {
            bench.wait(Duration::from_secs(600));
            bench.step(accept);
        }
        let stats = bench.stats();
        prop_assert_eq!(stats.delivered() + stats.silenced(), bench.absorbed, "in the end all is told or silenced");
        let told: u64 = bench.messages[0].iter().map(|digest| digest.delta()).sum();
        prop_assert_eq!(told, stats.delivered(), "and the deltas of accepted messages are what is delivered");
    }
}
