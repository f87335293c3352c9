//! Names that generated code may use. Not public API: they change without notice, and since the two crates
//! are pinned to each other they may.

pub use core::option::Option::{None, Some};

pub use crate::capture::{Moment, Watch, call, failed, panicked, watch};
pub use crate::chain::{Describe, Description};
pub use crate::event::EventKind;
pub use crate::locate::{
    IgnoreNone, Locate, LocateAny, LocateNone, forget as forget_place, take as take_place,
};
pub use crate::probe::{CancelledWords, Never, NoneWords, Probe, Ret};
pub use crate::severity::Severity;
pub use crate::site::{Site, SiteEntry};
pub use inventory;

/// The traits by which a hook asks a function's output whether it failed and how.
pub mod probes {
    pub use crate::probe::{
        DebugWords, DerefWords, DisplayWords, ErrorWords, NameWords, ViaDebug, ViaDeref, ViaDisplay,
        ViaError, ViaName, ViaOption, ViaOther, ViaPoll, ViaResult,
    };
}

/// A value of the function's return type, for a `return` that never runs: it tells inference what the body
/// has to give.
#[must_use]
pub const fn declared<T>() -> T {
    #[expect(clippy::empty_loop, reason = "never called")]
    loop {}
}
