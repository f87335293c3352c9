//! Clocks that jump: windows do not know the wall's, and hours that passed unseen are no storm.

use super::*;
use crate::Fingerprint;
use crate::config::Policy;

const HOUR: Duration = Duration::from_secs(3_600);

fn policies() -> [Policy; 4] {
    [
        Policy::first_then_summary(),
        Policy::threshold(),
        Policy::each(),
        Policy::digest_only(),
    ]
}

/// When each message came, counted from the start, of which kind it is, and how many failures it tells of.
fn messages(bench: &mut Bench, since: Instant, told: &mut Vec<(Duration, DigestKind, u64)>) {
    let known = bench.messages[0].len();
    bench.step(accept);
    for digest in bench.messages[0].iter().skip(known) {
        told.push((bench.now - since, digest.kind(), digest.delta()));
    }
}

/// Twenty minutes in which one kind fails in bursts and single times, while the wall clock does as it likes.
fn twenty_minutes(policy: Policy, wall_at: impl Fn(u64) -> SystemTime) -> Vec<(Duration, DigestKind, u64)> {
    let mut bench = bench_with(Config::new("shop").policy(policy).robot(robot("team")));
    let (since, mut told) = (bench.now, Vec::new());
    for second in 0..1_200_u64 {
        bench.wall = wall_at(second);
        let failures = match second {
            10..13 | 400..408 => 1,
            300 => 20,
            _ => 0,
        };
        for _ in 0..failures {
            bench.fail(&SHOP, "no ink");
        }
        messages(&mut bench, since, &mut told);
        bench.wait(Duration::from_secs(1));
    }
    told
}

/// Fault 56.
#[test]
fn the_wall_clock_jumps_back_an_hour_and_on_a_day_and_no_message_comes_at_another_time() {
    let day = SystemTime::UNIX_EPOCH + 20_000 * 24 * HOUR;
    let steady = |second: u64| day + Duration::from_secs(second);
    for policy in policies() {
        let as_ever = twenty_minutes(policy.clone(), steady);
        assert!(!as_ever.is_empty());
        // Within a burst, between bursts, there and back, and to before 1970.
        let back = twenty_minutes(policy.clone(), |at| {
            if at > 11 { steady(at) - HOUR } else { steady(at) }
        });
        let on = twenty_minutes(policy.clone(), |at| {
            if at > 403 {
                steady(at) + 24 * HOUR
            } else {
                steady(at)
            }
        });
        let both = twenty_minutes(policy.clone(), |at| {
            if at % 2 == 0 {
                steady(at) - HOUR
            } else {
                steady(at) + 24 * HOUR
            }
        });
        let gone = twenty_minutes(policy, |at| {
            if at > 200 {
                SystemTime::UNIX_EPOCH - HOUR
            } else {
                steady(at)
            }
        });
        for jumped in [back, on, both, gone] {
            assert_eq!(jumped, as_ever);
        }
    }
}

/// Fault 57, for a monotonic clock that goes on while the machine sleeps; where it does not, nothing has happened.
#[test]
fn after_eight_hours_of_suspend_each_group_speaks_once() {
    for policy in policies() {
        let mut bench = bench_with(Config::new("shop").policy(policy.clone()).robot(robot("team")));
        for number in 0..20 {
            let (site, text) = kind(number);
            for _ in 0..3 {
                bench.fail(site, &text);
            }
        }
        bench.step(accept);
        for number in 0..20 {
            let (site, text) = kind(number);
            bench.fail(site, &text);
        }
        bench.messages[0].clear();

        bench.wait(8 * HOUR);
        bench.wall += 8 * HOUR;
        // As the loop wakes: now, and as often within the next minute as it likes.
        for _ in 0..60 {
            bench.step(accept);
            bench.wait(Duration::from_secs(1));
        }
        let mut spoken: HashMap<Fingerprint, usize> = HashMap::new();
        for digest in &bench.messages[0] {
            for group in digest.groups().iter().filter(|group| group.delta() > 0) {
                *spoken.entry(group.fingerprint()).or_default() += 1;
            }
        }
        assert!(spoken.values().all(|times| *times == 1), "{policy:?}: {spoken:?}");
        let messages = bench.messages[0].len();
        assert!((1..=3).contains(&messages), "{policy:?}: {messages} messages");
        assert_eq!(bench.engine.pending(), 0, "{policy:?}");
        bench.audit();
    }
}

/// The same with a robot that was resting, and a silence and a burst that were under way: what was to end ended, once.
#[test]
fn what_was_to_end_during_the_suspend_has_ended_after_it() {
    let mut bench = Bench::new(1);
    for _ in 0..6 {
        bench.fail(&SHOP, "no ink");
    }
    bench.step(|_| throttled());
    bench.fail(&DEPOT, "disk is gone");
    bench.step(|_| throttled());
    assert!(bench.messages[0].is_empty());
    bench.wait(8 * HOUR);
    for _ in 0..10 {
        bench.step(accept);
        bench.wait(Duration::from_secs(1));
    }
    assert_eq!((bench.stats().delivered(), bench.engine.pending()), (7, 0));
    assert!(
        (1..=2).contains(&bench.messages[0].len()),
        "{:?}",
        bench.messages[0]
    );
}
