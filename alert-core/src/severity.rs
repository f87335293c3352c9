//! How bad a failure is.

use core::fmt;
use core::str::FromStr;

/// How urgent a failure is, from least to most.
///
/// ```
/// use alert_core::Severity;
///
/// assert!(Severity::Critical > Severity::Error);
/// assert_eq!("warning".parse(), Ok(Severity::Warning));
/// assert_eq!(Severity::Info.to_string(), "info");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing, nothing to do.
    Info,
    /// May need a look, not now.
    Warning,
    /// Something failed. What `#[alert_on_err]` means when it says nothing.
    #[default]
    Error,
    /// Needs a person now: sent at once, on a reserved share of each robot's budget.
    Critical,
}

impl Severity {
    /// Every severity, from least to most urgent.
    pub const ALL: [Severity; 4] = [
        Severity::Info,
        Severity::Warning,
        Severity::Error,
        Severity::Critical,
    ];

    /// The word used in attributes, messages and the webhook body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    /// # Errors
    /// For any word but `info`, `warning`, `error` and `critical`.
    fn from_str(word: &str) -> Result<Self, UnknownSeverity> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.as_str() == word)
            .ok_or_else(|| UnknownSeverity(word.into()))
    }
}

/// A word that names no [`Severity`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSeverity(Box<str>);

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown severity `{}`; expected one of `info`, `warning`, `error`, `critical`",
            self.0
        )
    }
}

impl std::error::Error for UnknownSeverity {}
