//! One outgoing message: what every robot's text is a rendering of.

mod group;
mod not_shown;

use core::fmt;
use std::time::SystemTime;

pub use group::{Group, Place};
pub use not_shown::{NotShown, Over, Unlisted};

use crate::Severity;

/// One message for one robot: one or more groups of failures, with exact counts.
///
/// A formatter turns it into the robot's own form. It is built by the dispatcher alone.
#[derive(Clone, Debug)]
pub struct Digest {
    pub(crate) id: String,
    pub(crate) kind: DigestKind,
    pub(crate) language: Language,
    pub(crate) service: String,
    pub(crate) environment: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) host: String,
    pub(crate) sent_at: SystemTime,
    pub(crate) groups: Vec<Group>,
    pub(crate) not_shown: Vec<(NotShown, u64)>,
    pub(crate) unlisted: Unlisted,
    pub(crate) over: Option<Over>,
}

impl Digest {
    /// Unique to this message; the same when it is sent again, so that a reader can tell a repeat.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Why this message is sent.
    #[must_use]
    pub fn kind(&self) -> DigestKind {
        self.kind
    }

    /// The language its text should be in.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The service's name, as given to [`Config::new`](crate::Config::new).
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The environment, such as `prod`.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The release, such as `1.4.2`.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// The machine's name.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// When it was put together. Wall time, for display.
    #[must_use]
    pub fn sent_at(&self) -> SystemTime {
        self.sent_at
    }

    /// The groups it tells about, most urgent first.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// What was held back or lost since the last message that got through, by reason.
    #[must_use]
    pub fn not_shown(&self) -> &[(NotShown, u64)] {
        &self.not_shown
    }

    /// Groups counted in this message but not listed one by one.
    #[must_use]
    pub fn unlisted(&self) -> Unlisted {
        self.unlisted
    }

    /// What the storm was that is over, in the message that tells of its end.
    #[must_use]
    pub fn over(&self) -> Option<Over> {
        self.over
    }

    /// The highest severity among its groups.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.groups
            .iter()
            .map(|group| group.severity)
            .max()
            .unwrap_or(Severity::Info)
    }

    /// The failures it tells about that no earlier accepted message told about.
    #[must_use]
    pub fn delta(&self) -> u64 {
        self.groups
            .iter()
            .map(|group| group.delta)
            .fold(self.unlisted.delta, u64::saturating_add)
    }
}

/// Why a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestKind {
    /// A kind of failure seen for the first time, or again after a quiet while.
    First,
    /// More than the threshold within the window.
    Burst,
    /// What came since the last message.
    Summary,
    /// Many kinds at once.
    Storm,
    /// A burst is over, or a storm is.
    Quiet,
    /// A check that the robot works.
    Test,
}

impl DigestKind {
    /// The word in the webhook body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DigestKind::First => "first",
            DigestKind::Burst => "burst",
            DigestKind::Summary => "summary",
            DigestKind::Storm => "storm",
            DigestKind::Quiet => "quiet",
            DigestKind::Test => "test",
        }
    }
}

impl fmt::Display for DigestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The language of a message's own words. What a failure says of itself stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}
