//! What a message tells of one kind of failure.

use std::time::SystemTime;

use super::DigestKind;
use crate::{Fingerprint, Severity};

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

    /// The outermost words of its latest failure, without secrets; its values stay.
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
