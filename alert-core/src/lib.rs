//! Tells a team, in its chat, the moment an async function fails.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        reason = "a test that overflows fails, as it should"
    )
)]

mod capture;
mod chain;
mod channel;
mod config;
mod details;
mod digest;
mod dispatch;
mod error;
mod event;
mod fingerprint;
mod health;
#[cfg(feature = "inbox")]
pub mod inbox;
mod incident;
mod init;
mod locate;
pub mod manual;
#[cfg(feature = "metrics")]
mod metrics;
mod panics;
mod probe;
mod raise;
mod robot;
mod secret;
mod severity;
mod silence;
mod site;
#[cfg(feature = "spool")]
mod spool;
mod stats;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod trace;
mod transport;
mod verdict;

#[doc(hidden)]
pub mod __private;

pub use alert_macros::alert_on_err;
pub use config::{Config, Matcher, Policy, QuietHours, Route};
pub use digest::{Digest, DigestKind, Group, Language, NotShown, Place, Unlisted};
pub use error::{ConfigError, Error, ErrorKind};
pub use fingerprint::Fingerprint;
pub use health::{Health, RobotHealth};
pub use init::{Flushed, Guard, end_silence, flush, health, init, silence, verify};
pub use inventory;
pub use raise::raise;
pub use robot::{
    Delivery, Form, FormatError, Formatter, Mention, Pace, Problem, Reply, Request, Robot, RobotKind,
    UnknownRobot,
};
pub use secret::Secret;
pub use severity::{Severity, UnknownSeverity};
pub use silence::{Silence, SilenceId};
pub use site::{Site, sites};
pub use stats::{DropReason, Stats, stats};
pub use transport::{Sending, Transport, TransportError};
pub use verdict::Verdict;
