//! What happened once.

use core::fmt;
use core::panic::Location;
use std::backtrace::Backtrace;
use std::time::Instant;

use crate::chain::Description;
use crate::details::Details;
use crate::incident::IncidentId;
use crate::trace::{Kept, Runner};
use crate::{Severity, Site};

/// Stands for what is told of silences.
static SILENCE: Site = Site::stand_in("silence", "alert_core", Severity::Info);

/// Stands for what is told of earlier runs of the program.
#[cfg(feature = "spool")]
static LAST_RUN: Site = Site::stand_in("last run", "alert_core", Severity::Warning);

/// One captured failure, as it travels from the failing thread to the dispatcher.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) site: &'static Site,
    /// Monotonic. The dispatcher turns it into wall time, for display only.
    pub(crate) at: Instant,
    pub(crate) severity: Severity,
    pub(crate) kind: EventKind,
    pub(crate) description: Description,
    /// The key and the fields its attribute asks for.
    pub(crate) details: Details,
    /// Where it failed, when that is known more exactly than the function.
    pub(crate) place: Option<&'static Location<'static>>,
    pub(crate) panic: Option<Box<PanicRecord>>,
    pub(crate) context: Context,
}

/// What surrounds a failure.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The error it belongs to. Zero where that is not known.
    pub(crate) incident: IncidentId,
    /// It is no failure of its own: the incident passes through one more annotated function. Not counted in
    /// the books, and free to be lost.
    pub(crate) is_hop: bool,
    /// A hop before which others were not told, since those of an earlier failure told the same.
    pub(crate) is_partial: bool,
    /// The configuration says how severe it is, so its words have no say.
    pub(crate) is_judged: bool,
    pub(crate) surroundings: Kept,
    pub(crate) runner: Runner,
    /// What the error itself kept of the stack it was made on, in words.
    pub(crate) stack: Option<Box<str>>,
    /// Where it was logged, if that is how it got here.
    pub(crate) logged: Option<Box<Logged>>,
}

/// The place of a log statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Logged {
    pub(crate) target: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

/// In which way the function failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "generated code names its variants, and versions never mix"
)]
pub enum EventKind {
    /// It returned `Err`.
    Error,
    /// It returned `None`, and `on(none)` said that is a failure.
    None,
    /// It panicked.
    Panic,
    /// Its future was dropped before it finished, and `on(cancel)` said that is a failure.
    Cancelled,
    /// The program called [`raise`](crate::raise).
    Raised,
}

impl EventKind {
    /// What keeps a panic and an error with the same words apart.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            EventKind::Error => "error",
            EventKind::None => "none",
            EventKind::Panic => "panic",
            EventKind::Cancelled => "cancelled",
            EventKind::Raised => "raised",
        }
    }

    /// The kind of this name.
    #[cfg(feature = "spool")]
    pub(crate) fn named(name: &str) -> Option<Self> {
        [
            Self::Error,
            Self::None,
            Self::Panic,
            Self::Cancelled,
            Self::Raised,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }

    /// A failure of this kind goes at once, whatever the severity of its site.
    pub(crate) fn is_severe(self) -> bool {
        self == EventKind::Panic
    }
}

/// What the panic hook parks until the innermost annotated function takes it.
#[derive(Debug)]
pub(crate) struct PanicRecord {
    pub(crate) message: Description,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) thread: String,
    /// Captured unresolved; its symbols are looked up on the dispatcher.
    pub(crate) backtrace: Backtrace,
    /// The user's frames, once the dispatcher has looked the symbols up.
    pub(crate) frames: Option<Vec<String>>,
    /// The panic parked before it: caught, unless this one was caught while that one unwound.
    pub(crate) earlier: Option<Box<PanicRecord>>,
}

impl PanicRecord {
    /// A panic that left nothing but itself.
    pub(crate) fn without_details(words: &str, thread: String) -> Box<Self> {
        let mut message = Description::default();
        message.write_link(format_args!("{words}"));
        Box::new(Self {
            message,
            file: String::new(),
            line: 0,
            column: 0,
            thread,
            backtrace: Backtrace::disabled(),
            frames: None,
            earlier: None,
        })
    }

    /// Whether the panic hook saw it.
    pub(crate) fn has_details(&self) -> bool {
        !self.file.is_empty()
    }
}

impl Event {
    /// What is known of a failure that found the channel full.
    pub(crate) fn without_detail(site: &'static Site, at: Instant) -> Self {
        let mut description = Description::default();
        description.write_link(format_args!("no detail: the channel was full"));
        let (severity, kind) = (site.severity(), EventKind::Error);
        Self {
            site,
            at,
            severity,
            kind,
            description,
            details: Details::default(),
            place: None,
            panic: None,
            context: Context::default(),
        }
    }

    /// What a silence held back, told when it ends.
    pub(crate) fn end_of_silence(silence: &dyn fmt::Display, held: u64, at: Instant) -> Self {
        let mut description = Description::default();
        description.write_link(format_args!("{silence} is over: it held back {held} failures"));
        let (severity, kind) = (Severity::Info, EventKind::Raised);
        Self {
            site: &SILENCE,
            at,
            severity,
            kind,
            description,
            details: Details::default(),
            place: None,
            panic: None,
            context: Context::default(),
        }
    }

    /// A run of the program ended without closing. `which` says more of it, if more is known.
    #[cfg(feature = "spool")]
    pub(crate) fn unclosed(which: &str, at: Instant) -> Self {
        let mut description = Description::default();
        description.write_link(format_args!(
            "the last run{which} ended without closing: killed, aborted, out of stack or memory, left by an exit that \
             drops no guard, or its machine was lost"
        ));
        let mut details = Details::default();
        // Whichever run it was.
        details.set_key("unclosed");
        Self {
            site: &LAST_RUN,
            at,
            severity: Severity::Warning,
            kind: EventKind::Raised,
            description,
            details,
            place: None,
            panic: None,
            context: Context {
                // Its words speak of a loss, and of no connection.
                is_judged: true,
                ..Context::default()
            },
        }
    }

    /// What it says: the error's words, or the panic's.
    pub(crate) fn words(&self) -> &Description {
        self.panic
            .as_ref()
            .map_or(&self.description, |panic| &panic.message)
    }

    /// The same, taken out.
    pub(crate) fn into_words(self) -> Description {
        self.panic.map_or(self.description, |panic| panic.message)
    }

    /// Whether it must not wait behind others.
    pub(crate) fn is_severe(&self) -> bool {
        self.kind.is_severe() || self.severity == Severity::Critical
    }
}
