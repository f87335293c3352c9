//! Silences, fallbacks, quiet hours, and what is the same kind.

use super::*;
use crate::chain::Description;
use crate::config::{GroupBy, Matcher, QuietHours};
use crate::details::Details;
use crate::event::Event;

#[test]
fn a_silence_counts_what_it_holds_and_tells_of_it_at_its_end() {
    let mut bench = Bench::new(1);
    let silence = Silence::new(Matcher::all().module("shop"), Duration::from_secs(60)).by("anna");
    bench.engine.silence(silence, bench.now);
    for _ in 0..10 {
        bench.fail(&SHOP, "no ink");
    }
    bench.overflow(&SHOP, 32);
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    assert_eq!((bench.stats().silenced(), bench.stats().delivered()), (42, 1));
    bench.wait(Duration::from_secs(60));
    bench.step(accept);
    let end = bench.messages[0].last().unwrap();
    assert_eq!(
        end.groups()[0].message(),
        "a silence by anna is over: it held back 42 failures"
    );
    assert_eq!(end.delta(), 0);
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), 2);
}

#[test]
fn a_silence_can_be_ended_early_and_one_that_held_nothing_says_nothing() {
    let mut bench = Bench::new(1);
    let silence = Silence::new(Matcher::all(), Duration::from_secs(6000));
    let id = silence.id();
    bench.engine.silence(silence, bench.now);
    bench.engine.end_silence(id, bench.now);
    bench.step(|_| unreachable!("nothing was held"));
    bench.fail(&DEPOT, "disk is gone");
    bench.step(accept);
    assert_eq!(bench.stats().delivered(), 1);
}

#[test]
fn a_fallback_is_told_while_the_robot_rests_and_nothing_is_told_twice() {
    let mut bench = bench_with(Config::new("shop").robot(robot("main").fallback(robot("backup"))));
    bench.fail(&DEPOT, "disk is gone");
    let mut tries = 0;
    bench.step(|_| {
        tries += 1;
        if tries == 1 {
            throttled()
        } else {
            Delivery::Accepted
        }
    });
    bench.audit();
    assert_eq!((tries, bench.stats().delivered()), (2, 1));
    bench.wait(Duration::from_secs(601));
    bench.fail(&DEPOT, "disk is gone");
    let outgoing = bench.engine.step(bench.now);
    assert_eq!(
        (outgoing[0].link, outgoing[0].digest.delta()),
        (0, 1),
        "the robot itself again, with what is new"
    );
}

#[test]
fn quiet_hours_keep_what_is_not_severe_for_their_end() {
    // The bench's clock says 1,000,000 s after the epoch: 13:46:40.
    let hours = QuietHours::new((13, 0), (14, 0));
    let mut bench = bench_with(Config::new("shop").robot(robot("team")).quiet_hours(hours));
    bench.fail(&SHOP, "no ink");
    bench.fail(&DEPOT, "disk is gone");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 1, "only what is severe");
    assert_eq!(
        bench.engine.next_due(bench.now),
        Some(bench.now + Duration::from_secs(800))
    );
    bench.fail(&DESK, "no stock");
    bench.wait(Duration::from_secs(799));
    let wall = |second: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + second);
    bench.engine.set_clock(bench.now, wall(799));
    assert!(bench.engine.step(bench.now).is_empty());
    bench.wait(Duration::from_secs(1));
    bench.engine.set_clock(bench.now, wall(800));
    let told = bench.engine.step(bench.now);
    assert_eq!(
        (told.len(), told[0].digest.groups().len()),
        (1, 2),
        "the morning's digest"
    );
}

#[test]
fn a_robot_that_is_back_gets_one_digest_of_all_it_missed() {
    let mut bench = Bench::new(1);
    bench.fail(&SHOP, "no ink");
    bench.wait(Duration::from_secs(2));
    bench.step(|_| throttled());
    bench.fail(&SHOP, "no ink");
    bench.fail(&DESK, "no stock");
    bench.wait(Duration::from_secs(600));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 1);
    assert_eq!(
        (bench.messages[0][0].groups().len(), bench.messages[0][0].delta()),
        (2, 3)
    );
    // And then as ever.
    bench.fail(&SHOP, "no paper");
    bench.fail(&DESK, "no price");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.messages[0].len(), 3);
}

#[test]
fn what_fails_after_a_silence_was_ended_is_told() {
    let mut bench = bench_with(Config::new("shop").robot(robot("team")));
    let silence = Silence::new(Matcher::all(), Duration::from_secs(6000));
    let id = silence.id;
    bench.engine.silence(silence, bench.now);
    bench.fail(&SHOP, "held");
    bench.engine.end_silence(id, bench.now);
    // In the same turn of the loop, which has not told of the end yet.
    bench.fail(&SHOP, "told");
    bench.wait(Duration::from_secs(2));
    bench.step(accept);
    assert_eq!(bench.stats().silenced(), 1);
    let mut groups = bench.messages[0].iter().flat_map(|digest| digest.groups());
    assert!(groups.any(|group| group.message() == "told"));
}

#[test]
fn a_key_that_adds_to_the_words_takes_no_place_among_a_functions_kinds() {
    let words: Vec<String> = (b'a'..=b'z')
        .map(|letter| format!("no {}", char::from(letter).to_string().repeat(4)))
        .collect();
    let failures: Vec<(&str, Option<&str>)> = words
        .iter()
        .map(|words| (words.as_str(), Some("{default} acme")))
        .collect();
    assert_eq!(kinds(Config::new("shop"), &failures), 26, "a kind for each text");
}

/// Kinds that these failures make, each given by its words and its key.
fn kinds(config: Config, failures: &[(&str, Option<&str>)]) -> usize {
    let mut bench = bench_with(config.robot(robot("team")));
    for (message, key) in failures {
        let mut description = Description::default();
        description.write_link(format_args!("{message}"));
        let mut event = Event::without_detail(&SHOP, bench.now);
        event.description = description;
        event.details = Details::default();
        if let Some(key) = key {
            event.details.set_key(key);
        }
        let _hop = bench.engine.absorb(event);
    }
    bench.engine.groups.len()
}

#[test]
fn what_makes_a_kind_can_be_said() {
    let config = || Config::new("shop");
    let words = [
        ("no ink", None),
        ("no paper in tray 17", None),
        ("no paper in tray 18", None),
    ];
    assert_eq!(kinds(config(), &words), 2);
    assert_eq!(kinds(config().group_by(GroupBy::Type), &words), 1);
    assert_eq!(kinds(config().group_by(GroupBy::Site), &words), 1);
    assert_eq!(kinds(config().raw_messages(true), &words), 3);
    let of = |function: &str| config().raw_messages_of(Matcher::all().function(function));
    assert_eq!(
        kinds(of("charge"), &words),
        3,
        "this function's are taken as they are"
    );
    assert_eq!(kinds(of("refund"), &words), 2, "another's have no say");
    assert_eq!(kinds(config().keep_words(["17"]), &words), 3);
    assert_eq!(
        kinds(
            config().mask(["ink", "paper in tray"]),
            &[("no ink", None), ("no paper in tray", None)]
        ),
        1
    );
}

#[test]
fn a_key_goes_before_the_words_as_it_is_or_adds_to_them() {
    let config = || Config::new("shop");
    assert_eq!(
        kinds(
            config(),
            &[("no ink", Some("tenant-17")), ("no paper", Some("tenant-17"))]
        ),
        1
    );
    assert_eq!(
        kinds(
            config(),
            &[("no ink", Some("tenant-17")), ("no ink", Some("tenant-18"))]
        ),
        2
    );
    let both = [
        ("no ink in 3", Some("{default} of 17")),
        ("no ink in 4", Some("{default} of 17")),
        ("no ink in 4", Some("{default} of 18")),
        ("no paper", Some("{default} of 18")),
    ];
    assert_eq!(kinds(config(), &both), 3);
}

#[test]
fn a_silence_that_lasts_is_told_of_at_the_end_of_the_program_and_two_alike_are_two() {
    let mut bench = Bench::new(1);
    for module in ["shop", "depot"] {
        let silence = Silence::new(Matcher::all().module(module), Duration::from_secs(6000)).by("anna");
        bench.engine.silence(silence, bench.now);
    }
    for _ in 0..5 {
        bench.fail(&SHOP, "no ink");
    }
    bench.fail(&DEPOT, "disk is gone");
    bench.engine.hurry(bench.now, true);
    bench.step(accept);
    let told: Vec<_> = bench.messages[0]
        .iter()
        .flat_map(|digest| digest.groups())
        .map(crate::Group::message)
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|text| text.contains("held back 5"))
            && told.iter().any(|text| text.contains("held back 1"))
    );
}

#[test]
fn a_fallback_is_told_when_the_month_is_used_up() {
    let main = robot("main").monthly_budget(1).fallback(robot("backup"));
    let mut bench = bench_with(Config::new("shop").robot(main));
    for (message, link) in [("no ink", 0), ("no paper", 1)] {
        bench.fail(&SHOP, message);
        bench.wait(Duration::from_secs(20));
        bench.engine.set_clock(bench.now, SystemTime::UNIX_EPOCH);
        let outgoing = bench.engine.step(bench.now);
        assert_eq!(outgoing[0].link, link, "{message}");
        bench.engine.answered(0, &Delivery::Accepted, bench.now);
    }
}

#[test]
fn no_message_holds_the_secret_of_any_robot() {
    let one = Robot::webhook("http://127.0.0.1:9/one").secret("swordfish-one");
    let other = Robot::webhook("http://127.0.0.1:9/other").name("other");
    let other = other.fallback(Robot::webhook("http://127.0.0.1:9/third").secret("swordfish-third"));
    let mut bench = bench_with(Config::new("shop").robot(one).robot(other));
    bench.fail(&DEPOT, "config was swordfish-one and swordfish-third");
    bench.step(accept);
    for digest in bench.messages.iter().flatten() {
        assert_eq!(digest.groups()[0].message(), "config was *** and ***");
    }
}
