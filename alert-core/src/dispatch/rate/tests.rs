use proptest::prelude::*;

use super::*;
use crate::dispatch::engine::tests::bench::start;

const DINGTALK: Pace = Pace::new(20, Duration::from_secs(60));

#[test]
fn ordinary_messages_leave_room_for_severe_ones() {
    let (mut log, t0) = (SlidingLog::new(DINGTALK, None), start());
    for _ in 0..10 {
        assert_eq!(log.free_at(t0, Share::Normal), t0);
        log.sent(t0);
    }
    assert_eq!(log.free_at(t0, Share::Normal), t0 + Duration::from_secs(61));
    for _ in 0..8 {
        assert_eq!(log.free_at(t0, Share::Severe), t0);
        log.sent(t0);
    }
    assert_eq!(log.free_at(t0, Share::Severe), t0 + Duration::from_secs(61));
}

#[test]
fn a_second_holds_no_more_than_the_vendor_says() {
    let (mut log, t0) = (
        SlidingLog::new(Pace::new(100, Duration::from_secs(60)).per_second(5), None),
        start(),
    );
    for _ in 0..5 {
        log.sent(t0);
    }
    assert_eq!(log.free_at(t0, Share::Severe), t0 + Duration::from_secs(1));
}

proptest! {
    #[test]
    fn no_window_ever_holds_more_than_the_vendor_allows(waits in prop::collection::vec(0u64..5_000, 1..300)) {
        let (mut log, mut now) = (SlidingLog::new(DINGTALK, None), start());
        let mut sent = Vec::new();
        for wait in waits {
            now += Duration::from_millis(wait);
            if log.free_at(now, Share::Severe) <= now {
                log.sent(now);
                sent.push(now);
            }
        }
        for (at, first) in sent.iter().enumerate() {
            let within = sent[at..].iter().filter(|t| t.duration_since(*first) < Duration::from_secs(60)).count();
            prop_assert!(within <= 18, "{within} within a minute");
        }
    }
}

#[test]
fn a_window_counts_from_the_answer() {
    let pace = Pace::new(100, Duration::from_secs(60)).per_second(1);
    let (mut log, t0) = (SlidingLog::new(pace, None), start());
    log.sent(t0);
    let answered = t0 + Duration::from_millis(700);
    log.answered(answered);
    assert_eq!(
        log.free_at(answered, Share::Severe),
        answered + Duration::from_secs(1)
    );
}

#[test]
fn a_used_up_month_lets_only_what_is_severe_through() {
    let (mut log, t0) = (SlidingLog::new(DINGTALK, Some(2)), start());
    let minutes = |n: u64| Duration::from_secs(n * 60);
    log.sent(t0);
    log.sent(t0 + minutes(2));
    assert_eq!(log.free_at(t0 + minutes(4), Share::Normal), t0 + MONTH);
    assert_eq!(log.free_at(t0 + minutes(4), Share::Severe), t0 + minutes(4));
    assert_eq!(log.free_at(t0 + MONTH, Share::Normal), t0 + MONTH);
    let mut none = SlidingLog::new(DINGTALK, Some(0));
    assert!(none.free_at(t0, Share::Normal) > t0);
}
