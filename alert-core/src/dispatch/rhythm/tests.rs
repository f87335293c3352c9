mod boundaries;

use core::time::Duration;

use super::*;
use crate::dispatch::engine::tests::bench::start;

fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// Plays failures at these seconds, speaking whenever it is due, until the end, by which everything is told. Gives
/// each message with its second and the failures it told.
fn play(policy: &Policy, failures: &[f64], severe: bool, end: f64) -> Vec<(f64, DigestKind, u64)> {
    let told = play_until(policy, failures, severe, end);
    let sum: u64 = told.iter().map(|(_, _, failures)| *failures).sum();
    assert_eq!(sum, failures.len() as u64, "everything is told in the end");
    told
}

/// The same up to some second.
fn play_until(policy: &Policy, failures: &[f64], severe: bool, end: f64) -> Vec<(f64, DigestKind, u64)> {
    let (t0, mut rhythm, mut untold, mut told) = (start(), Rhythm::default(), 0, Vec::new());
    let mut failures: Vec<f64> = failures.iter().copied().filter(|at| *at < end).collect();
    failures.push(end);
    for (at, failure) in failures.iter().enumerate() {
        let next = t0 + secs(*failure);
        while let Some((due, kind)) = rhythm.due().filter(|(due, _)| *due < next) {
            rhythm.spoke(due, kind, policy);
            told.push(((due - t0).as_secs_f64(), kind, core::mem::take(&mut untold)));
        }
        if at + 1 < failures.len() {
            rhythm.failed(next, 1, severe, policy);
            untold += 1;
        }
    }
    told
}

/// Ends long after the last failure.
fn check(policy: &Policy, failures: &[f64], expected: &[(f64, DigestKind, u64)]) {
    let end = failures.last().copied().unwrap_or_default() + 7200.0;
    let told = play(policy, failures, false, end);
    let told: Vec<_> = told
        .iter()
        .map(|(at, kind, n)| ((at * 10.0).round() / 10.0, *kind, *n))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_single_failure_speaks_after_the_first_wait() {
    check(
        &Policy::first_then_summary(),
        &[0.0],
        &[(1.0, DigestKind::First, 1)],
    );
}

#[test]
fn the_sixth_within_a_minute_is_a_burst() {
    let failures = [0.0, 10.0, 20.0, 30.0, 40.0, 59.9];
    let expected = [
        (1.0, DigestKind::First, 1),
        (59.9, DigestKind::Burst, 5),
        (659.9, DigestKind::Quiet, 0),
    ];
    check(&Policy::first_then_summary(), &failures, &expected);
}

#[test]
fn the_sixth_after_a_minute_is_none() {
    let failures = [0.0, 10.0, 20.0, 30.0, 40.0, 60.1];
    check(
        &Policy::first_then_summary(),
        &failures,
        &[(1.0, DigestKind::First, 1), (601.0, DigestKind::Summary, 5)],
    );
}

#[test]
fn five_on_each_side_of_a_minute_are_still_a_burst() {
    let failures = [50.0, 52.0, 54.0, 56.0, 58.0, 62.0, 64.0, 66.0, 68.0, 70.0];
    let told = play(&Policy::first_then_summary(), &failures, false, 4000.0);
    assert_eq!(told[1].1, DigestKind::Burst);
    assert!((told[1].0 - 62.0).abs() < 0.01);
}

#[test]
fn summaries_come_at_growing_distances() {
    // One a second for two hours.
    let failures: Vec<f64> = (0..7200).map(f64::from).collect();
    let told = play(&Policy::first_then_summary(), &failures, false, 20_000.0);
    let kinds: Vec<_> = told.iter().map(|(_, kind, _)| *kind).collect();
    assert_eq!(kinds[..2], [DigestKind::First, DigestKind::Burst]);
    assert_eq!(kinds.last(), Some(&DigestKind::Quiet));
    assert!(told.len() <= 12, "{told:?}");
}

#[test]
fn a_quiet_notice_tells_what_was_still_untold() {
    let failures: Vec<f64> = (0..8).map(f64::from).chain([300.0]).collect();
    let told = play(&Policy::first_then_summary(), &failures, false, 9000.0);
    assert_eq!(told.iter().map(|(_, _, n)| n).sum::<u64>(), 9);
    assert_eq!(
        told.last().map(|(at, kind, _)| (*at, *kind)),
        Some((900.0, DigestKind::Quiet))
    );
}

#[test]
fn a_severe_failure_does_not_wait_and_equal_ones_fold() {
    let told = play(&Policy::threshold(), &[0.0, 1.0, 2.0, 3.0], true, 9000.0);
    assert_eq!(told[0], (0.0, DigestKind::First, 1));
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[1].2, 3);
}

#[test]
fn the_recipe_says_nothing_before_the_sixth() {
    let failures: Vec<f64> = (0..10).map(|n| f64::from(n) / 10.0).collect();
    check(&Policy::threshold(), &failures, &[(1.5, DigestKind::Burst, 10)]);
}

#[test]
fn the_recipe_lists_up_to_five_in_a_digest() {
    check(
        &Policy::threshold(),
        &[0.0, 5.0, 61.0],
        &[(600.0, DigestKind::Summary, 3)],
    );
}

#[test]
fn the_recipe_sends_one_alert_a_window() {
    let failures: Vec<f64> = (0..180).map(f64::from).collect();
    let told = play(&Policy::threshold(), &failures, false, 9000.0);
    let bursts: Vec<_> = told
        .iter()
        .filter(|(_, kind, _)| *kind == DigestKind::Burst)
        .collect();
    // After 6, 66, 126 and 186 seconds: the last tells what came after the third.
    assert_eq!(bursts.len(), 4, "{told:?}");
}

#[test]
fn messages_an_hour_stay_few_at_any_rate() {
    for per_hour in [3_u32, 30, 120, 360, 1_800, 18_000] {
        let failures: Vec<f64> = (0..per_hour)
            .map(|n| f64::from(n) * 3_600.0 / f64::from(per_hour))
            .collect();
        let told = play(&Policy::first_then_summary(), &failures, false, 20_000.0);
        let within_the_hour = told.iter().filter(|(at, _, _)| *at < 3600.0).count();
        assert!(within_the_hour <= 10, "{per_hour} an hour: {told:?}");
    }
}

#[test]
fn digest_only_waits_ten_minutes_and_each_only_until_the_path_is_known() {
    check(
        &Policy::digest_only(),
        &[0.0, 1.0],
        &[(600.0, DigestKind::Summary, 2)],
    );
    check(
        &Policy::each(),
        &[0.0, 1.0],
        &[(0.2, DigestKind::First, 1), (1.2, DigestKind::First, 1)],
    );
}

#[test]
fn the_recipe_counts_to_the_same_boundary() {
    let within = [0.0, 10.0, 20.0, 30.0, 40.0, 59.9];
    check(&Policy::threshold(), &within, &[(60.9, DigestKind::Burst, 6)]);
    let beyond = [0.0, 10.0, 20.0, 30.0, 40.0, 60.1];
    check(&Policy::threshold(), &beyond, &[(600.0, DigestKind::Summary, 6)]);
}

#[test]
fn a_window_and_a_threshold_of_ones_own_have_their_boundary_too() {
    let policy = || {
        Policy::first_then_summary()
            .window(Duration::from_secs(10))
            .more_than(2)
    };
    let kinds = |failures: &[f64]| {
        let told = play(&policy(), failures, false, 9000.0);
        told.iter().map(|(_, kind, _)| *kind).collect::<Vec<_>>()
    };
    assert!(kinds(&[0.0, 5.0, 9.9]).contains(&DigestKind::Burst));
    assert!(!kinds(&[0.0, 5.0, 10.1]).contains(&DigestKind::Burst));
}
