//! Rules that mute for a while.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use crate::config::Matcher;

/// Mutes some failures for a while: they are counted as silenced and sent to nobody. When it ends, a message
/// says what it held back. It always ends.
///
/// ```
/// use alert_core::{Matcher, Silence};
/// use std::time::Duration;
///
/// let deploy = Silence::new(Matcher::all().module("shop::pay::*"), Duration::from_secs(600))
///     .by("anna")
///     .because("the payment provider migrates");
/// let id = alert_core::silence(deploy);
/// alert_core::end_silence(id);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    pub(crate) id: SilenceId,
    pub(crate) matcher: Matcher,
    pub(crate) length: Duration,
    pub(crate) by: String,
    pub(crate) because: String,
}

/// Names a silence, to end it early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SilenceId(u64);

/// The longest a silence lasts: a month, since one that is forgotten must end by itself.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 60 * 60);

impl Silence {
    /// Mutes these failures for so long, no longer than 31 days.
    #[must_use]
    pub fn new(matcher: Matcher, length: Duration) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            id: SilenceId(NEXT.fetch_add(1, Ordering::Relaxed)),
            matcher,
            length: length.min(LONGEST),
            by: String::new(),
            because: String::new(),
        }
    }

    /// Who silences; shown in the message at its end. Left out unless set.
    #[must_use]
    pub fn by(self, who: impl Into<String>) -> Self {
        Self {
            by: who.into(),
            ..self
        }
    }

    /// Why; shown in the message at its end. Left out unless set.
    #[must_use]
    pub fn because(self, why: impl Into<String>) -> Self {
        Self {
            because: why.into(),
            ..self
        }
    }

    /// Its name, to end it early.
    #[must_use]
    pub fn id(&self) -> SilenceId {
        self.id
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a silence")?;
        if !self.by.is_empty() {
            write!(f, " by {}", self.by)?;
        }
        if !self.because.is_empty() {
            write!(f, " because {}", self.because)?;
        }
        Ok(())
    }
}
