//! Tells a team, in its chat, the moment an async function fails.

mod capture;
mod chain;
mod channel;
mod digest;
mod event;
mod fingerprint;
#[cfg(feature = "inbox")]
pub mod inbox;
mod locate;
mod panics;
mod probe;
mod robot;
mod secret;
mod severity;
mod site;

#[doc(hidden)]
pub mod __private;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use alert_macros::alert_on_err;
pub use digest::{Digest, DigestKind, Group, Language, NotShown, Place, Unlisted};
pub use fingerprint::Fingerprint;
pub use inventory;
pub use robot::{
    Delivery, Form, FormatError, Formatter, Mention, Pace, Problem, Reply, Request, Robot, RobotKind,
    UnknownRobot,
};
pub use secret::Secret;
pub use severity::{Severity, UnknownSeverity};
pub use site::{Site, sites};
