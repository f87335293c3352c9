use core::time::Duration;

use crate::config::Config;
use proptest::prelude::*;

use crate::config::{Matcher, Route};
use crate::dispatch::engine::tests::bench::{
    Bench, DEPOT, DESK, SHOP, accept, bench_with, failed, refused, robot, throttled, words,
};
use crate::robot::Delivery;
use crate::silence::Silence;
use crate::spool::{Kept, Saved};
use crate::{DropReason, NotShown};
use std::time::SystemTime;

fn config() -> Config {
    Config::new("shop")
        .robot(robot("team"))
        .spool("/nowhere")
        .mute_symptoms(true)
}

/// A run of the program that goes on with what an earlier one kept.
fn run(kept: Vec<Saved>, earlier: Option<&Bench>) -> Bench {
    let mut bench = bench_with(config());
    if let Some(earlier) = earlier {
        bench.now = earlier.now;
    }
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    bench.engine.set_clock(bench.now, wall);
    restore(&mut bench, kept);
    bench
}

fn restore(bench: &mut Bench, groups: Vec<Saved>) {
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let kept = Kept {
        groups,
        ..Kept::default()
    };
    assert_eq!(bench.engine.restore(kept, bench.now, wall), 0);
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
    assert_eq!(first.stats().dropped_by(DropReason::Spooled), 7);

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
    assert_eq!(second.engine.groups.len(), 1);
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

#[test]
fn a_message_whose_answer_never_came_counts_as_spoken_and_its_failures_as_untold() {
    let mut first = run(Vec::new(), None);
    first.fail(&DEPOT, "disk is gone");
    assert_eq!(first.engine.step(first.now).len(), 1, "it is on its way");
    let kept = first.engine.kept(first.now);
    assert!(kept[0].spoken_at.is_some() && kept[0].untold == 1);
    let mut second = run(kept, Some(&first));
    second.wait(Duration::from_millis(59_900));
    second.step(|_| unreachable!("it was told, most likely"));
    second.wait(Duration::from_millis(100));
    second.step(accept);
    assert_eq!(second.messages[0][0].delta(), 1, "told again rather than lost");
}

#[test]
fn what_can_no_longer_be_told_is_counted_and_said_by_the_next_message() {
    let mut first = run(Vec::new(), None);
    first.fail(&SHOP, "no ink");
    first.fail(&SHOP, "no ink");
    let mut groups = first.engine.kept(first.now);
    groups[0].kind = "of another version".to_owned();
    let mut bench = run(Vec::new(), None);
    let kept = Kept {
        groups,
        left_out: 40,
        strange: 0,
    };
    assert_eq!(bench.engine.restore(kept, bench.now, SystemTime::UNIX_EPOCH), 42);
    let stats = bench.stats();
    assert_eq!(
        (
            stats.captured(),
            stats.dropped_by(DropReason::SpoolBound),
            stats.pending()
        ),
        (42, 42, 0)
    );
    assert_eq!(
        bench.engine.unsaid_losses(),
        42,
        "a next run would say it if this one cannot"
    );
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    assert_eq!(bench.messages[0][0].not_shown(), [(NotShown::SpoolBound, 42)]);
    assert_eq!(bench.engine.unsaid_losses(), 0);
}

#[test]
fn a_group_of_many_variants_is_one_in_the_next_run() {
    let mut first = run(Vec::new(), None);
    (0..40).for_each(|kind| first.fail(&SHOP, &words(kind)));
    let kept = first.engine.kept(first.now);
    assert_eq!(kept.iter().filter(|saved| saved.many).count(), 1);
    let mut second = run(kept, Some(&first));
    assert_eq!((second.engine.groups.len(), second.engine.pending()), (17, 40));
    second.fail(&SHOP, &words(41));
    assert_eq!(second.engine.groups.len(), 17, "and takes what comes");
}

#[test]
fn a_group_goes_the_same_way_in_the_next_run() {
    let config = || {
        let acme = Route::new(Matcher::all().field("tenant", "acme")).to("acme");
        Config::new("shop")
            .robot(robot("team"))
            .robot(robot("acme"))
            .route(acme)
            .spool("/nowhere")
    };
    let mut first = bench_with(config());
    first.fail_with(&SHOP, "no ink", |event| {
        event.details.field("tenant", format_args!("acme"));
    });
    let kept = first.engine.kept(first.now);
    let mut second = bench_with(config());
    second.now = first.now;
    restore(&mut second, kept);
    second.step(accept);
    assert_eq!((second.messages[0].len(), second.messages[1].len()), (0, 1));
    assert_eq!(
        second.messages[1][0].groups()[0].fields()[0],
        ("tenant".to_owned(), "acme".to_owned())
    );
}

/// Alerting may be started again and again in one process: what is made static must not grow with it.
#[test]
fn what_an_earlier_run_named_is_kept_once_however_often_it_is_read() {
    let mut first = run(Vec::new(), None);
    first.fail_with(&SHOP, "no ink", |event| {
        event.details.field("printer", format_args!("7"));
    });
    let kept = first.engine.kept(first.now);
    let named = |bench: &Bench| {
        let (_, group) = bench.engine.groups.iter().next().unwrap();
        let event = &group.latest;
        let (field, _) = &event.details.fields()[0];
        let names = [event.description.type_name(), *field].map(str::as_ptr);
        (core::ptr::from_ref(event.site), names)
    };
    let second = run(kept.clone(), Some(&first));
    let third = run(kept, Some(&second));
    assert_eq!(named(&second), named(&third));
}

/// Something that can happen to a program in its life.
#[derive(Clone, Debug)]
enum Step {
    Fail { kind: usize, severe: bool },
    Overflow { failures: u64 },
    Wait { seconds: u64 },
    Answer { how: u8 },
    Silence { seconds: u64 },
    Lose,
    Restart { patient: bool },
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0usize..30, any::<bool>()).prop_map(|(kind, severe)| Step::Fail { kind, severe }),
        1 => (1u64..1_000).prop_map(|failures| Step::Overflow { failures }),
        2 => (0u64..300).prop_map(|seconds| Step::Wait { seconds }),
        3 => (0u8..6).prop_map(|how| Step::Answer { how }),
        1 => (1u64..600).prop_map(|seconds| Step::Silence { seconds }),
        1 => Just(Step::Lose),
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
    let mut next = bench_with(config());
    let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    core::mem::swap(&mut bench.engine, &mut next.engine);
    // A later run of the same program.
    bench.engine.books = bench.books;
    bench.engine.set_clock(bench.now, wall);
    restore(bench, kept);
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
                Step::Lose => bench.fail(&DESK, "connection refused"),
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
