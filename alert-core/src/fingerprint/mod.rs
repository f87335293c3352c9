//! The identity of "the same failure".

use core::fmt;

/// The identity of one kind of failure: equal in every process, build and machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Not public API: a fingerprint with this number, for tests.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_raw(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "01{:016x}", self.0)
    }
}
