//! Counters. They balance at every instant: captured = delivered + silenced + dropped + pending.

use core::fmt;

use crate::channel::{CHANNEL, Channel};
use crate::sync::{AtomicU64, Ordering};

/// The counters only the dispatcher writes. All only ever grow.
#[derive(Debug)]
pub(crate) struct Books {
    delivered: AtomicU64,
    silenced: AtomicU64,
    undelivered: AtomicU64,
    spooled: AtomicU64,
    restored: AtomicU64,
    spool_bound: AtomicU64,
    sent_messages: AtomicU64,
    failed_messages: AtomicU64,
}

/// The one set of books of the process.
pub(crate) static BOOKS: Books = Books::new();

impl Books {
    pub(crate) const fn new() -> Self {
        Self {
            delivered: AtomicU64::new(0),
            silenced: AtomicU64::new(0),
            undelivered: AtomicU64::new(0),
            spooled: AtomicU64::new(0),
            restored: AtomicU64::new(0),
            spool_bound: AtomicU64::new(0),
            sent_messages: AtomicU64::new(0),
            failed_messages: AtomicU64::new(0),
        }
    }

    pub(crate) fn delivered(&self, failures: u64) {
        self.delivered.fetch_add(failures, Ordering::Release);
    }

    pub(crate) fn silenced(&self, failures: u64) {
        self.silenced.fetch_add(failures, Ordering::Release);
    }

    pub(crate) fn undelivered(&self, failures: u64) {
        self.undelivered.fetch_add(failures, Ordering::Release);
    }

    pub(crate) fn spooled(&self, failures: u64) {
        self.spooled.fetch_add(failures, Ordering::Release);
    }

    #[cfg(feature = "spool")]
    pub(crate) fn restored(&self, failures: u64) {
        self.restored.fetch_add(failures, Ordering::Release);
    }

    #[cfg(feature = "spool")]
    pub(crate) fn spool_bound(&self, failures: u64) {
        self.spool_bound.fetch_add(failures, Ordering::Release);
    }

    pub(crate) fn sent_message(&self) {
        self.sent_messages.fetch_add(1, Ordering::Release);
    }

    pub(crate) fn failed_message(&self) {
        self.failed_messages.fetch_add(1, Ordering::Release);
    }

    /// A snapshot. What is captured is read last, so that nothing is counted as gone that has not come.
    pub(crate) fn read(&self, channel: &Channel) -> Stats {
        let delivered = self.delivered.load(Ordering::Acquire);
        let silenced = self.silenced.load(Ordering::Acquire);
        let dropped = [
            (DropReason::Reentrant, channel.reentrant()),
            (DropReason::AfterShutdown, channel.late()),
            (DropReason::Undelivered, self.undelivered.load(Ordering::Acquire)),
            (DropReason::Spooled, self.spooled.load(Ordering::Acquire)),
            (DropReason::SpoolBound, self.spool_bound.load(Ordering::Acquire)),
        ];
        Stats {
            delivered,
            silenced,
            dropped,
            sent_messages: self.sent_messages.load(Ordering::Acquire),
            failed_messages: self.failed_messages.load(Ordering::Acquire),
            captured: channel
                .captured()
                .saturating_add(self.restored.load(Ordering::Acquire)),
            hops: channel.hops(),
        }
    }
}

/// The counters of this process since it started.
///
/// A failure counts as delivered once a robot accepted a message that tells of it; a full channel takes
/// its detail, never its count, so it is no reason to drop.
///
/// ```
/// let stats = alert_core::stats();
/// assert_eq!(stats.captured(), stats.delivered() + stats.silenced() + stats.dropped() + stats.pending());
/// ```
pub fn stats() -> Stats {
    BOOKS.read(&CHANNEL)
}

/// A snapshot of the counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    captured: u64,
    delivered: u64,
    silenced: u64,
    dropped: [(DropReason, u64); 5],
    sent_messages: u64,
    failed_messages: u64,
    hops: u64,
}

impl Stats {
    /// Failures of annotated functions, those the program raised, and those an earlier run left in the spool.
    #[must_use]
    pub fn captured(&self) -> u64 {
        self.captured
    }

    /// How often a reported error passed through one more annotated function on its way up. Such a hop is
    /// no failure of its own: it is not in [`captured`](Self::captured), it lengthens the path its alert shows.
    #[must_use]
    pub fn hops(&self) -> u64 {
        self.hops
    }

    /// Failures told by a message that a robot accepted.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Failures held back by a silence.
    #[must_use]
    pub fn silenced(&self) -> u64 {
        self.silenced
    }

    /// Failures no message will tell about, for whatever reason.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
            .iter()
            .map(|(_, count)| *count)
            .fold(0, u64::saturating_add)
    }

    /// Failures no message will tell about, for this reason.
    #[must_use]
    pub fn dropped_by(&self, reason: DropReason) -> u64 {
        self.dropped
            .iter()
            .find(|(known, _)| *known == reason)
            .map_or(0, |(_, count)| *count)
    }

    /// Failures no message will tell about, reason by reason.
    #[cfg(feature = "metrics")]
    pub(crate) fn drops(&self) -> impl Iterator<Item = (DropReason, u64)> {
        self.dropped.into_iter()
    }

    /// Failures that are still to be told.
    #[must_use]
    pub fn pending(&self) -> u64 {
        let gone = [self.delivered, self.silenced, self.dropped()]
            .into_iter()
            .fold(0, u64::saturating_add);
        self.captured.saturating_sub(gone)
    }

    /// Messages that a robot accepted.
    #[must_use]
    pub fn sent_messages(&self) -> u64 {
        self.sent_messages
    }

    /// Messages that a robot refused, or that did not reach it.
    #[must_use]
    pub fn failed_messages(&self) -> u64 {
        self.failed_messages
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "captured {} = delivered {} + silenced {} + dropped {} + pending {}; messages: {} sent, {} failed",
            self.captured,
            self.delivered,
            self.silenced,
            self.dropped(),
            self.pending(),
            self.sent_messages,
            self.failed_messages,
        )
    }
}

/// Why no message will tell about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// It happened while another failure was being captured on the same thread, in a `Display`, say; or on
    /// the dispatcher's own thread.
    Reentrant,
    /// It came after shutdown.
    AfterShutdown,
    /// No robot had accepted it when the time to shut down was over.
    Undelivered,
    /// Written to disk at shutdown: the next start captures it again and tells it (feature `spool`).
    Spooled,
    /// An earlier run left it, but the spool had no room for its detail, or it was more than a day old (feature
    /// `spool`). The next message tells how many.
    SpoolBound,
}

impl DropReason {
    /// The word used as a label of metrics: `reentrant`, `after_shutdown`, `undelivered`, `spooled` or `spool_bound`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DropReason::Reentrant => "reentrant",
            DropReason::AfterShutdown => "after_shutdown",
            DropReason::Undelivered => "undelivered",
            DropReason::Spooled => "spooled",
            DropReason::SpoolBound => "spool_bound",
        }
    }
}
