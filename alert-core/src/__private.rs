//! Names that generated code may use. Not public API: they change without notice, and since the two crates
//! are pinned to each other they may.

pub use core::ops::ControlFlow;
pub use core::option::Option::{None, Some};

pub use alert_macros::alert_on_err;

pub use crate::capture::{
    Hooked, Moment, Rewatch, Watch, WatchToTheEnd, call, hooked, run, watch, watch_as, watch_to_the_end,
};
pub use crate::chain::{Describe, Description};
pub use crate::details::{Details, FieldOf};
pub use crate::event::EventKind;
pub use crate::incident::Since;
pub use crate::leave::{Branch, FromRest};
pub use crate::locate::{Locate, forget as forget_place, take as take_place};
pub use crate::probe::{
    CancelledWords, DebugWords, DisplayWords, Fallible, IsOption, Never, NoneWords, OwnWords, Probe, Ret,
    must_be_fallible, must_be_option,
};
pub use crate::report::{Boundary, boundary, failed, failed_with, panicked};
pub use crate::severity::Severity;
pub use crate::site::Site;
pub use crate::tell::{Reporter, Reports};
pub use inventory;

/// The traits of the one question of a hook whose attribute says nothing special.
pub mod tell {
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    pub use crate::tell::TellReport;
    pub use crate::tell::{Tell, TellOther};
}

/// The traits by which a hook asks a function's output whether it failed and how.
pub mod probes {
    pub use crate::details::{FieldDebug, FieldDisplay};
    pub use crate::probe::{
        DebugWords, DerefWords, DisplayWords, ErrorWords, NameWords, ViaDebug, ViaDeref, ViaDisplay,
        ViaError, ViaName, ViaOption, ViaOther, ViaPoll, ViaResult,
    };
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    pub use crate::probe::{ReportWords, ViaReport};
}

/// A value of the function's return type, for a `return` that never runs: it tells inference what the body
/// has to give.
#[must_use]
pub const fn declared<T>() -> T {
    #[expect(clippy::empty_loop, reason = "never called")]
    loop {}
}

/// Calls what the user gave with the error; here so that the parameter of a closure is known.
pub fn ask<E: ?Sized, R>(error: &E, question: impl FnOnce(&E) -> R) -> R {
    question(error)
}

/// What `when` says.
pub fn holds<E: ?Sized>(error: &E, when: impl FnOnce(&E) -> bool) -> bool {
    when(error)
}

/// What `severity_by` says.
pub fn severity_of<E: ?Sized>(error: &E, by: impl FnOnce(&E) -> Severity) -> Severity {
    by(error)
}

/// The severity of a word; fails to compile for any other.
#[must_use]
pub const fn severity_named(word: &str) -> Severity {
    match word.as_bytes() {
        b"info" => Severity::Info,
        b"warning" => Severity::Warning,
        b"error" => Severity::Error,
        b"critical" => Severity::Critical,
        #[expect(clippy::panic, reason = "at compile time, where it is the diagnostic")]
        _ => panic!("unknown severity; expected one of `info`, `warning`, `error`, `critical`"),
    }
}
