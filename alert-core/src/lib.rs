//! Tells a team, in its chat, the moment an async function fails.

mod capture;
mod chain;
mod channel;
mod event;
mod locate;
mod panics;
mod probe;
mod severity;
mod site;

#[doc(hidden)]
pub mod __private;

pub use alert_macros::alert_on_err;
pub use severity::{Severity, UnknownSeverity};
pub use site::{Site, sites};
