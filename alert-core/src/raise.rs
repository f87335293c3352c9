//! Failures the program tells about itself.

use core::error::Error;

use crate::chain::{Describe, Description};
use crate::{Severity, Site, report};

/// Stands for all calls of [`raise`]; each names its own place.
static RAISED: Site = Site::stand_in("raise", "alert_core", Severity::Error);

inventory::submit! { &RAISED }

/// Reports an error that no annotated function returns. Like those, it never waits.
///
/// The alert names the place of this call. A report such as `anyhow::Error` is given as `&*report`.
///
/// ```
/// use alert_core::Severity;
///
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// alert_core::raise(Severity::Warning, &refused);
/// ```
#[track_caller]
pub fn raise<E: Error + ?Sized>(severity: Severity, error: &E) {
    report::raised(&RAISED, severity, &Words(error));
}

struct Words<'a, E: ?Sized>(&'a E);

impl<E: Error + ?Sized> Describe for Words<'_, E> {
    fn describe(&self, into: &mut Description) {
        into.set_type::<E>();
        into.chain(self.0);
    }
}
