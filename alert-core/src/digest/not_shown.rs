//! What a message counts and does not list.

use std::time::SystemTime;

/// Why something is not shown in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NotShown {
    /// Failures counted without detail, because the channel was full.
    QueueFull,
    /// Failures that happened while another was being captured.
    Reentrant,
    /// Messages that the robot refused for good.
    Refused,
    /// Messages that could not be delivered: no answer, a broken one, or one that said "later".
    Failed,
    /// Failures held back by a silence.
    Silenced,
    /// Failures of other kinds that wait until a lost connection is back or summed up: likely its symptoms. They
    /// are told then.
    Symptoms,
    /// Failures for whose kind there was no room in memory, so they are counted with another group of their
    /// function.
    Evicted,
    /// Failures that an earlier run left and that the spool had no room for, or that were too old.
    SpoolBound,
}

impl NotShown {
    /// The key in the webhook body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            NotShown::QueueFull => "queue_full",
            NotShown::Reentrant => "reentrant",
            NotShown::Refused => "refused_messages",
            NotShown::Failed => "failed_messages",
            NotShown::Silenced => "silenced",
            NotShown::Symptoms => "symptoms",
            NotShown::Evicted => "evicted",
            NotShown::SpoolBound => "spool_bound",
        }
    }
}

/// Groups counted in a message but not listed one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unlisted {
    pub(crate) groups: u64,
    pub(crate) delta: u64,
}

impl Unlisted {
    /// How many groups.
    #[must_use]
    pub fn groups(self) -> u64 {
        self.groups
    }

    /// How many failures they add to the message.
    #[must_use]
    pub fn delta(self) -> u64 {
        self.delta
    }
}

/// A storm that is over: many kinds of failure at once, then for three minutes none of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    pub(crate) since: SystemTime,
    pub(crate) kinds: u64,
    pub(crate) failures: u64,
}

impl Over {
    /// When its first message was sent. Wall time, for display.
    #[must_use]
    pub fn since(self) -> SystemTime {
        self.since
    }

    /// How many kinds of failure it had.
    #[must_use]
    pub fn kinds(self) -> u64 {
        self.kinds
    }

    /// How many failures the robot was told of while it lasted.
    #[must_use]
    pub fn failures(self) -> u64 {
        self.failures
    }
}
