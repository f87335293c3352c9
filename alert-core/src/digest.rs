//! One outgoing message: what every robot's text is a rendering of.

mod not_shown;

use core::fmt;
use std::time::SystemTime;

pub use not_shown::{NotShown, Over, Unlisted};

use crate::{Fingerprint, Severity};

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

/// Failures of one kind: the same place, the same type, the same words but for values.
#[derive(Clone, Debug)]
pub struct Group {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) kind: DigestKind,
    pub(crate) severity: Severity,
    pub(crate) place: Place,
    pub(crate) error_type: String,
    pub(crate) message: String,
    pub(crate) chain: Vec<String>,
    pub(crate) delta: u64,
    pub(crate) total: u64,
    pub(crate) without_detail: u64,
    pub(crate) first_at: SystemTime,
    pub(crate) last_at: SystemTime,
    pub(crate) trace_ids: Vec<String>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) samples: Vec<String>,
    pub(crate) path: Vec<String>,
    pub(crate) stack: Vec<String>,
    pub(crate) hosts: Vec<String>,
    pub(crate) is_panic: bool,
    pub(crate) lost_connection: bool,
    pub(crate) owner: Option<String>,
    pub(crate) runbook: Option<String>,
    pub(crate) trace_url: Option<String>,
    pub(crate) source_url: Option<String>,
}

/// Where a group's latest failure happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub(crate) function: String,
    pub(crate) module: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    /// The annotated function.
    #[must_use]
    pub fn function(&self) -> &str {
        &self.function
    }

    /// Its module.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The source file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line of the failing `?`, or of the panic, or else of the function; from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column, from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.column
    }
}

impl Group {
    /// The identity of this kind of failure, equal in every process, build and machine.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Why this group is in the message.
    #[must_use]
    pub fn kind(&self) -> DigestKind {
        self.kind
    }

    /// The severity of its latest failure.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Where its latest failure happened.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The error's type; empty for a panic.
    #[must_use]
    pub fn error_type(&self) -> &str {
        &self.error_type
    }

    /// The outermost words of its latest failure, never masked.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The whole chain, outermost first; the first link is [`message`](Self::message).
    #[must_use]
    pub fn chain(&self) -> &[String] {
        &self.chain
    }

    /// Failures since the last message of this group that the robot accepted.
    #[must_use]
    pub fn delta(&self) -> u64 {
        self.delta
    }

    /// Failures since the process started.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many of [`delta`](Self::delta) were counted while the channel was full, so without detail.
    #[must_use]
    pub fn without_detail(&self) -> u64 {
        self.without_detail
    }

    /// When the first of them happened. Wall time, for display.
    #[must_use]
    pub fn first_at(&self) -> SystemTime {
        self.first_at
    }

    /// When the latest of them happened. Wall time, for display.
    #[must_use]
    pub fn last_at(&self) -> SystemTime {
        self.last_at
    }

    /// Up to three trace ids of its failures.
    #[must_use]
    pub fn trace_ids(&self) -> &[String] {
        &self.trace_ids
    }

    /// Fields recorded with its latest failure.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Whether it stands for all further texts of a function and type that has more of them than are kept apart:
    /// the words are those of its latest failure, the counts those of all of them.
    #[must_use]
    pub fn is_many_variants(&self) -> bool {
        !self.samples.is_empty()
    }

    /// Of a group of [many variants](Self::is_many_variants) up to three different texts, the latest first; empty
    /// for any other.
    #[must_use]
    pub fn samples(&self) -> &[String] {
        &self.samples
    }

    /// The annotated functions the failure passed through, innermost first.
    #[must_use]
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The stack of a panic, innermost first, without the frames of the runtime.
    #[must_use]
    pub fn stack(&self) -> &[String] {
        &self.stack
    }

    /// The machines it was seen on.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Whether it is a panic.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        self.is_panic
    }

    /// Whether it is a lost connection, of which other failures may be symptoms.
    #[must_use]
    pub fn is_lost_connection(&self) -> bool {
        self.lost_connection
    }

    /// Who owns the function, as its attribute says.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Where its trace can be looked at, by [`Config::trace_url`](crate::Config::trace_url).
    #[must_use]
    pub fn trace_url(&self) -> Option<&str> {
        self.trace_url.as_deref()
    }

    /// Where its source can be looked at, by [`Config::source_url`](crate::Config::source_url).
    #[must_use]
    pub fn source_url(&self) -> Option<&str> {
        self.source_url.as_deref()
    }

    /// What to do about it: the runbook its attribute names.
    #[must_use]
    pub fn runbook(&self) -> Option<&str> {
        self.runbook.as_deref()
    }
}
