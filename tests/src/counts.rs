//! What the counters of the process say since a moment.

use alert_core::{DropReason, Stats, stats};

/// The counters' growth since [`Counts::since`]'s moment.
///
/// `Stats::pending` is what is left of `captured`, so the sum balances by itself; what it proves is that no
/// failure was counted as gone twice. Tests therefore also compare `captured` with what they caused and
/// `delivered` with the deltas the inbox accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    missing_docs,
    reason = "named as the counters are"
)]
pub struct Counts {
    pub captured: u64,
    pub delivered: u64,
    pub undelivered: u64,
    pub late: u64,
    pub reentrant: u64,
    pub pending: u64,
    pub sent: u64,
    pub failed: u64,
}

impl Counts {
    /// The counters now, less what they were.
    ///
    /// # Panics
    /// When a counter fell, or when the books do not balance.
    #[must_use]
    pub fn since(before: &Stats) -> Self {
        let now = stats();
        let gone = [now.delivered(), now.silenced(), now.dropped()]
            .iter()
            .sum::<u64>();
        let left = now.captured().checked_sub(gone);
        assert_eq!(left, Some(now.pending()), "the books do not balance: {now}");
        let grown = |of: fn(&Stats) -> u64| {
            let (now, before) = (of(&now), of(before));
            now.checked_sub(before).expect("a counter fell")
        };
        Self {
            captured: grown(Stats::captured),
            delivered: grown(Stats::delivered),
            undelivered: grown(|stats| stats.dropped_by(DropReason::Undelivered)),
            late: grown(|stats| stats.dropped_by(DropReason::AfterShutdown)),
            reentrant: grown(|stats| stats.dropped_by(DropReason::Reentrant)),
            pending: now.pending().saturating_sub(before.pending()),
            sent: grown(Stats::sent_messages),
            failed: grown(Stats::failed_messages),
        }
    }
}
