pub(in crate::dispatch) mod bench;
mod bounds;
mod clocks;
mod routes;
mod rules;
mod storms;
mod symptoms;

use core::time::Duration;

use proptest::prelude::*;

use self::bench::{
    Bench, DEPOT, DESK, SHOP, accept, bench_with, failed, kind, refused, robot, start, throttled, words,
};
use super::absorb::MAX_GROUPS;
use super::*;
use crate::ErrorKind;

#[test]
fn a_storm_of_one_kind_is_a_handful_of_messages() {
    let mut bench = Bench::new(1);
    for _ in 0..600 {
        for _ in 0..10 {
            bench.fail(&SHOP, "connection refused");
        }
        bench.step(accept);
        bench.wait(Duration::from_secs(1));
    }
    bench.audit();
    assert!(bench.messages[0].len() <= 8, "{}", bench.messages[0].len());
}

#[test]
fn five_hundred_kinds_at_once_are_one_message_and_stay_few() {
    let mut bench = Bench::new(1);
    for second in 0..600 {
        for number in (0..500).filter(|number| (second + number) % 20 == 0) {
            let (site, text) = kind(number);
            bench.fail(site, &text);
        }
        bench.step(accept);
        bench.audit();
        bench.wait(Duration::from_secs(1));
    }
    assert!(bench.messages[0].len() <= 14, "{}", bench.messages[0].len());
}

#[test]
fn a_severe_failure_goes_at_once_and_alone_in_the_middle_of_a_storm() {
    let mut bench = Bench::new(1);
    for number in 0..500 {
        let (site, text) = kind(number);
        bench.fail(site, &text);
    }
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0][0].groups().len(), 500);
    let before = bench.messages[0].len();
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    let message = bench.messages[0].last().unwrap();
    assert_eq!(bench.messages[0].len(), before + 1);
    assert_eq!(message.groups().len(), 1);
    assert_eq!(message.groups()[0].message(), "disk is gone");
}

#[test]
fn what_a_robot_refuses_is_told_by_the_next_message_that_gets_through() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_secs(2));
    bench.step(|_| throttled());
    assert_eq!(bench.stats().delivered(), 0);
    bench.audit();
    for _ in 0..3 {
        bench.fail(&SHOP, "no ink");
    }
    bench.wait(Duration::from_secs(601));
    bench.step(accept);
    bench.audit();
    assert_eq!(bench.stats().delivered(), 4);
    let message = bench.messages[0].last().unwrap();
    assert_eq!(message.delta(), 4);
    assert_eq!(message.not_shown(), [(NotShown::Failed, 1)]);
}

#[test]
fn a_failed_request_is_retried_once_after_a_second() {
    let mut bench = Bench::new(1);
    bench.fail(&DEPOT, "no ink");
    let mut tries = 0;
    bench.step(|_| {
        tries += 1;
        failed()
    });
    assert_eq!(tries, 1);
    bench.wait(Duration::from_millis(999));
    bench.step(|_| unreachable!("too soon"));
    bench.wait(Duration::from_millis(1));
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), 1);
    bench.audit();
}

#[test]
fn a_robot_in_cool_down_does_not_delay_another() {
    let mut bench = Bench::new(2);
    bench.fail(&DEPOT, "no ink");
    bench.step(|robot| {
        if robot == 0 {
            throttled()
        } else {
            Delivery::Accepted
        }
    });
    assert_eq!(bench.messages[1].len(), 1);
    assert_eq!(bench.stats().delivered(), 1, "told by one robot is told");
    bench.audit();
}

#[test]
fn what_found_the_channel_full_shows_up_with_its_kind() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    bench.overflow(&SHOP, 5_000);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    let group = &bench.messages[0][0].groups()[0];
    assert_eq!((group.delta(), group.without_detail()), (5_001, 5_000));
    bench.audit();
}

#[test]
fn a_site_without_any_detail_has_a_group_too() {
    let mut bench = Bench::new(1);
    bench.overflow(&SHOP, 7);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0][0].groups()[0].delta(), 7);
    bench.audit();
}

#[test]
fn more_kinds_than_there_is_room_for_keep_their_count() {
    let mut bench = Bench::new(1);
    for number in 0..MAX_GROUPS + 500 {
        bench.fail(&SHOP, &words(number));
    }
    assert!(bench.engine.groups.len() <= MAX_GROUPS + 1);
    bench.audit();
    bench.engine.hurry(bench.now, false);
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), bench.absorbed);
}

#[test]
fn what_is_untold_at_the_end_is_written_off_and_said() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    let error = bench.engine.close(false).unwrap();
    assert_eq!((error.kind(), error.failures()), (ErrorKind::Undelivered, 1));
    assert_eq!(bench.stats().dropped(), 1);
    assert!(bench.engine.close(false).is_none());
}

/// Something that can happen to the engine.
#[derive(Clone, Debug)]
enum Step {
    Fail { kind: usize, severe: bool },
    Overflow { failures: u64 },
    Wait { millis: u64 },
    Go { answer: u8 },
    Lose,
    Hurry,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0usize..30, any::<bool>()).prop_map(|(kind, severe)| Step::Fail { kind, severe }),
        1 => (1u64..1_000).prop_map(|failures| Step::Overflow { failures }),
        2 => (0u64..120_000).prop_map(|millis| Step::Wait { millis }),
        3 => (0u8..6).prop_map(|answer| Step::Go { answer }),
        1 => Just(Step::Lose),
        1 => Just(Step::Hurry),
    ]
}

proptest! {
    #[test]
    fn the_books_balance_whatever_happens(
        steps in prop::collection::vec(any_step(), 1..200),
        robots in 1usize..4,
        mute in any::<bool>(),
    ) {
        let config = (0..robots).fold(Config::new("shop"), |config, number| config.robot(robot(&number.to_string())));
        let mut bench = bench_with(config.mute_symptoms(mute));
        for step in steps {
            match step {
                Step::Fail { kind, severe } => bench.fail(if severe { &DEPOT } else { &SHOP }, &words(kind)),
                Step::Overflow { failures } => bench.overflow(&SHOP, failures),
                Step::Wait { millis } => bench.wait(Duration::from_millis(millis)),
                Step::Go { answer } => bench.step(|robot| match (usize::from(answer) + robot) % 6 {
                    0 => throttled(),
                    1 => refused(),
                    2 => failed(),
                    _ => Delivery::Accepted,
                }),
                Step::Lose => bench.fail(&DESK, "connection refused"),
                Step::Hurry => bench.engine.hurry(bench.now, false),
            }
            bench.audit();
        }
        // Hours later, with robots that work again, everything has been told, and each robot knows it all.
        for _ in 0..200 {
            bench.wait(Duration::from_secs(300));
            bench.step(accept);
        }
        bench.audit();
        prop_assert_eq!(bench.stats().delivered(), bench.absorbed);
        for told in &bench.accepted {
            prop_assert_eq!(told.values().sum::<u64>(), bench.absorbed);
        }
    }
}
