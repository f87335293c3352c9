//! [robots]: manual::robots
//! [tuning]: manual::tuning
//! [operations]: manual::operations
//! [comparison]: manual::comparison
//! [performance]: manual::performance
//! [examples]: https://github.com/alert-on-err/alert-on-err/tree/main/examples
//! [chats]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/chats.png
//! [chinese]: https://github.com/alert-on-err/alert-on-err/blob/main/README.zh-CN.md
#![doc = include_str!("../README.md")]
#![doc = include_str!("../docs/tour.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
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
mod hash;
mod health;
#[cfg(feature = "inbox")]
pub mod inbox;
mod incident;
mod init;
mod leave;
mod locate;
pub mod manual;
#[cfg(feature = "metrics")]
mod metrics;
mod panics;
mod probe;
mod raise;
mod report;
mod robot;
mod scrub;
mod secret;
mod severity;
mod silence;
mod site;
#[cfg(feature = "spool")]
mod spool;
mod stats;
mod stop;
mod sync;
mod tell;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod trace;
mod transport;
mod verdict;
mod watch;

#[doc(hidden)]
pub mod __private;

#[doc = include_str!("../docs/attribute.md")]
pub use alert_macros::alert_on_err;
pub use config::{Config, GroupBy, Matcher, Policy, QuietHours, Route};
pub use digest::{Digest, DigestKind, Group, Language, NotShown, Over, Place, Unlisted};
pub use error::{ConfigError, Error, ErrorKind};
pub use fingerprint::Fingerprint;
pub use health::{Health, RobotHealth};
pub use init::{Flushed, Guard, end_silence, flush, health, init, set_enabled, silence, verify};
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
