//! A string that never shows itself.

use core::fmt;

/// A token, a secret, or a URL that holds one. Its `Debug` shows `***`; it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a string.
    #[must_use]
    pub fn new(hidden: impl Into<String>) -> Self {
        Self(hidden.into())
    }

    /// The string itself, for the request it belongs to and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
