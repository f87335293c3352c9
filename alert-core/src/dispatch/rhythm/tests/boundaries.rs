//! Every length a policy has, at its exact boundary: 100 ms before it, and at it or 100 ms after.

use super::*;

/// What is told up to a second, by kind.
fn told_by(policy: &Policy, failures: &[f64], severe: bool, end: f64) -> Vec<DigestKind> {
    let told = play_until(policy, failures, severe, end);
    told.iter().map(|(_, kind, _)| *kind).collect()
}

/// Failures of one burst, six within a second.
const BURST: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 0.9];

fn after_burst(failures: impl IntoIterator<Item = f64>) -> Vec<f64> {
    BURST.into_iter().chain(failures).collect()
}

#[test]
fn first_then_summary_speaks_first_after_its_wait() {
    let policy = Policy::first_then_summary();
    assert_eq!(told_by(&policy, &[0.0], false, 0.9), []);
    assert_eq!(told_by(&policy, &[0.0], false, 1.1), [DigestKind::First]);
}

#[test]
fn first_then_summary_bursts_on_the_sixth_within_59_9_seconds_and_not_within_60_1() {
    let policy = Policy::first_then_summary();
    let with_last = |last: f64| {
        let failures = [0.0, 10.0, 20.0, 30.0, 40.0, last];
        told_by(&policy, &failures, false, last + 0.05).contains(&DigestKind::Burst)
    };
    assert!(with_last(59.9));
    assert!(
        !with_last(60.0),
        "a window of 60 s holds what is less than 60 s apart"
    );
    assert!(!with_last(60.1));
}

#[test]
fn first_then_summary_does_not_sum_up_59_9_seconds_after_the_burst_and_does_after_60_1() {
    let policy = Policy::first_then_summary();
    // The burst speaks at 0.9.
    let failures = after_burst([5.0]);
    let summaries = |end: f64| {
        let told = told_by(&policy, &failures, false, end);
        told.iter().filter(|kind| **kind == DigestKind::Summary).count()
    };
    assert_eq!((summaries(0.9 + 59.9), summaries(0.9 + 60.1)), (0, 1));
}

#[test]
fn first_then_summary_backs_off_to_five_fifteen_and_sixty_minutes() {
    let policy = Policy::first_then_summary().growth(u64::MAX);
    let failures = after_burst((1..20_000).map(f64::from));
    let told = play_until(&policy, &failures, false, 19_999.0);
    let summaries: Vec<f64> = told
        .iter()
        .filter(|(_, kind, _)| *kind == DigestKind::Summary)
        .map(|(at, _, _)| *at)
        .collect();
    let apart: Vec<f64> = summaries
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).round())
        .collect();
    assert_eq!(apart, [300.0, 900.0, 3600.0, 3600.0, 3600.0, 3600.0, 3600.0]);
}

#[test]
fn first_then_summary_is_not_quiet_after_599_9_seconds_and_is_after_600_1() {
    let policy = Policy::first_then_summary();
    let quiet = |end: f64| told_by(&policy, &BURST, false, 0.9 + end).contains(&DigestKind::Quiet);
    assert!(!quiet(599.9));
    assert!(quiet(600.1));
}

#[test]
fn a_failure_599_9_seconds_after_the_last_belongs_to_it_and_one_after_600_1_is_a_first_again() {
    let policy = Policy::first_then_summary();
    let firsts = |gap: f64| {
        let told = told_by(&policy, &[0.0, gap], false, gap + 2.0);
        told.iter().filter(|kind| **kind == DigestKind::First).count()
    };
    assert_eq!((firsts(599.9), firsts(600.1)), (1, 2));
}

#[test]
fn ten_times_as_many_bring_the_summary_forward_and_nine_times_do_not() {
    let policy = Policy::first_then_summary();
    // One is told at 1 s, so ten are the next step.
    let summed_up = |more: u32| {
        let failures = after_burst((0..more).map(|n| 10.0 + f64::from(n) / 1000.0));
        told_by(&policy, &failures, false, 12.0).contains(&DigestKind::Summary)
    };
    assert!(!summed_up(3), "nine in all");
    assert!(summed_up(4), "ten in all");
}

#[test]
fn a_severe_one_speaks_at_once_and_equal_ones_fold_for_60_seconds() {
    for policy in [
        Policy::first_then_summary(),
        Policy::threshold(),
        Policy::digest_only(),
    ] {
        assert_eq!(
            told_by(&policy, &[0.0], true, 0.05),
            [DigestKind::First],
            "{policy:?}"
        );
    }
    let policy = Policy::first_then_summary();
    let failures = [0.0, 1.0, 2.0];
    assert_eq!(told_by(&policy, &failures, true, 59.9), [DigestKind::First]);
    assert_eq!(
        told_by(&policy, &failures, true, 60.1),
        [DigestKind::First, DigestKind::Summary]
    );
}

#[test]
fn threshold_speaks_on_the_sixth_within_59_9_seconds_and_not_within_60_1() {
    let policy = Policy::threshold();
    let with_last = |last: f64| {
        let failures = [0.0, 10.0, 20.0, 30.0, 40.0, last];
        told_by(&policy, &failures, false, last + 1.1)
    };
    assert_eq!(with_last(59.9), [DigestKind::Burst]);
    assert_eq!(with_last(60.1), []);
}

#[test]
fn threshold_speaks_once_a_window_of_60_seconds() {
    let policy = Policy::threshold();
    // The first alert is told at 1.9; what is over the threshold again waits for the end of its window.
    let failures = after_burst((0..6).map(|n| 5.0 + f64::from(n) / 10.0));
    assert_eq!(
        told_by(&policy, &failures, false, 1.9 + 59.9),
        [DigestKind::Burst]
    );
    assert_eq!(
        told_by(&policy, &failures, false, 1.9 + 60.1),
        [DigestKind::Burst, DigestKind::Burst]
    );
}

#[test]
fn threshold_and_digest_only_list_what_is_below_after_600_seconds() {
    for policy in [Policy::threshold(), Policy::digest_only()] {
        let failures = [0.0, 5.0];
        assert_eq!(told_by(&policy, &failures, false, 599.9), [], "{policy:?}");
        assert_eq!(
            told_by(&policy, &failures, false, 600.1),
            [DigestKind::Summary],
            "{policy:?}"
        );
    }
}

#[test]
fn digest_only_waits_however_often_it_fails() {
    let failures: Vec<f64> = (0..5_990).map(|n| f64::from(n) / 10.0).collect();
    let policy = Policy::digest_only();
    assert_eq!(told_by(&policy, &failures, false, 599.9), []);
    assert_eq!(told_by(&policy, &failures, false, 600.1), [DigestKind::Summary]);
}

#[test]
fn each_speaks_of_every_failure_as_soon_as_its_path_is_known() {
    let told = |end: f64| told_by(&Policy::each(), &[0.0, 10.0, 20.0], false, end);
    assert_eq!(told(0.1), []);
    assert_eq!(told(0.2), [DigestKind::First]);
    assert_eq!(told(20.2), [DigestKind::First; 3]);
}
