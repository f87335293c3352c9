//! What is bounded says so: variants of a site, groups in memory, what a silence holds back.

use super::*;
use crate::config::Matcher;
use crate::{NotShown, Severity, Site};

/// What the messages to the first robot owned up to.
fn said(bench: &Bench, reason: NotShown) -> u64 {
    let told = bench.messages[0].iter().flat_map(|digest| digest.not_shown());
    told.filter(|(known, _)| *known == reason).map(|(_, n)| *n).sum()
}

#[test]
fn texts_beyond_the_sixteenth_of_a_site_share_a_group_that_says_so() {
    let mut bench = Bench::new(1);
    for kind in 0..60 {
        bench.fail(&SHOP, &words(kind));
    }
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    let groups = bench.messages[0][0].groups();
    assert_eq!(groups.len(), 17);
    let many: Vec<_> = groups.iter().filter(|group| group.is_many_variants()).collect();
    assert_eq!((many.len(), many[0].delta()), (1, 44), "exactly counted");
    assert_eq!(many[0].samples(), [words(59), words(58), words(57)]);
    assert!(
        groups
            .iter()
            .filter(|group| !group.is_many_variants())
            .all(|group| group.samples().is_empty())
    );
    bench.audit();
}

#[test]
fn failures_for_whose_kind_there_is_no_room_are_said_to_be_so_and_not_that_the_queue_was_full() {
    let mut bench = Bench::new(1);
    let module = |n: usize| -> &'static str { format!("m{n}").leak() };
    let site = |n: usize| -> &'static Site {
        Box::leak(Box::new(Site::new(
            "f",
            module(n),
            ("src/m.rs", 1, 1, 2),
            Severity::Error,
        )))
    };
    for n in 0..MAX_GROUPS + 7 {
        bench.fail(site(n), "no ink");
    }
    assert!(bench.engine.groups.len() <= MAX_GROUPS + 1);
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(
        (said(&bench, NotShown::Evicted), said(&bench, NotShown::QueueFull)),
        (7, 0)
    );
    assert_eq!(bench.stats().delivered(), bench.absorbed);
    bench.audit();
}

#[test]
fn the_next_message_says_how_many_failures_a_silence_holds_back() {
    let mut bench = Bench::new(2);
    bench.engine.silence(
        Silence::new(Matcher::all().module("shop"), Duration::from_secs(600)),
        bench.now,
    );
    for _ in 0..9 {
        bench.fail(&SHOP, "no ink");
    }
    bench.overflow(&SHOP, 11);
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    assert_eq!(said(&bench, NotShown::Silenced), 20);
    assert_eq!(
        bench.messages[1][0].not_shown(),
        [(NotShown::Silenced, 20)],
        "to each robot"
    );
    bench.wait(Duration::from_secs(61));
    bench.fail(&SHOP, "no ink");
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    assert_eq!(said(&bench, NotShown::Silenced), 21, "and then only what is new");
}

#[test]
fn every_robot_hears_of_the_end_of_a_silence_also_one_that_rested() {
    let mut bench = Bench::new(2);
    bench.engine.silence(
        Silence::new(Matcher::all().module("shop"), Duration::from_secs(60)),
        bench.now,
    );
    bench.fail(&SHOP, "no ink");
    bench.fail(&DEPOT, "disk is gone");
    let first_rests = |robot: usize| {
        if robot == 0 {
            throttled()
        } else {
            Delivery::Accepted
        }
    };
    bench.step(first_rests);
    bench.wait(Duration::from_secs(60));
    bench.step(accept);
    bench.wait(Duration::from_secs(600));
    bench.step(accept);
    for robot in 0..2 {
        let told = bench.messages[robot].iter().flat_map(|digest| digest.groups());
        assert_eq!(
            told.filter(|group| group.message().contains("is over")).count(),
            1,
            "robot {robot}"
        );
    }
}

/// The kind comes again while the message that it is quiet is still on its way.
#[test]
fn a_message_about_a_forgotten_group_tells_nothing_of_the_next_of_its_kind() {
    let mut bench = Bench::new(1);
    for _ in 0..10 {
        bench.fail(&DEPOT, "disk is gone");
        bench.wait(Duration::from_secs(2));
        bench.step(accept);
    }
    let on_its_way = loop {
        bench.wait(Duration::from_secs(30));
        assert!(
            bench.now < start() + Duration::from_secs(7_200),
            "it is never quiet"
        );
        let outgoing = bench.engine.step(bench.now);
        let quiet = outgoing
            .iter()
            .any(|message| message.digest.kind() == DigestKind::Quiet);
        if quiet {
            break outgoing;
        }
        for message in outgoing {
            bench
                .engine
                .answered(message.robot, &Delivery::Accepted, bench.now);
        }
    };
    let key = *bench.engine.groups.keys().next().unwrap();
    bench.engine.groups.remove(&key);
    bench.engine.outboxes[0].forget(key);
    bench.fail(&DEPOT, "disk is gone");
    for message in on_its_way {
        bench
            .engine
            .answered(message.robot, &Delivery::Accepted, bench.now);
    }
    let told = bench.stats().delivered();
    assert_eq!(told, 10, "it told of no failure");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), told + 1, "the new one is told once");
}
