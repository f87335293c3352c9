//! What tests do to a dispatcher that runs: kill its loop, and move the wall clock it shows. Feature `testing`.

use core::time::Duration;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::time::SystemTime;

/// Where in its turn a loop dies.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum Moment {
    /// A failure was taken from the channel and is not counted yet.
    Taking = 1,
    /// A message is composed and has not left.
    Sending = 2,
    /// What was counted at a site was taken from there and is in no group yet.
    Counting = 3,
}

/// The moment at which the loop is to die; 0 for none. Written by tests and by the loop that dies.
static DIES: AtomicU8 = AtomicU8::new(0);
/// Seconds the wall clock is ahead.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// The loop dies when it gets there.
pub(crate) fn die_at(moment: Moment) {
    DIES.store(moment as u8, Ordering::Release);
}

/// Whether nobody died of the last [`die_at`] yet.
pub(crate) fn lives() -> bool {
    DIES.load(Ordering::Acquire) != 0
}

/// From now on the wall clock is so many seconds ahead of the machine's, or behind it.
pub(crate) fn set_ahead(seconds: i64) {
    AHEAD.store(seconds, Ordering::Release);
}

pub(super) fn die_if_told(moment: Moment) {
    let told = DIES.compare_exchange(moment as u8, 0, Ordering::AcqRel, Ordering::Relaxed);
    assert!(told.is_err(), "killed by a test");
}

pub(super) fn shifted(wall: SystemTime) -> SystemTime {
    let ahead = AHEAD.load(Ordering::Acquire);
    let by = Duration::from_secs(ahead.unsigned_abs());
    let moved = if ahead < 0 {
        wall.checked_sub(by)
    } else {
        wall.checked_add(by)
    };
    moved.unwrap_or(wall)
}
