//! Names that generated code may use. Not public API: they change without notice, and since the two crates
//! are pinned to each other they may.

pub use core::option::Option::{None, Some};

pub use crate::capture::{Moment, Watch, call, failed, panicked, watch};
pub use crate::chain::{Describe, Description};
pub use crate::event::EventKind;
pub use crate::locate::Locate;
pub use crate::probe::{
    CancelledWords, NoneWords, Probe, Ret, ViaDebug, ViaDeref, ViaDisplay, ViaError, ViaName, ViaOption,
    ViaOther, ViaResult,
};
pub use crate::site::{Site, SiteEntry};
pub use inventory;
