//! Errors as services have them.

use std::error::Error;
use std::fmt;

/// An error with a source.
#[derive(Debug)]
pub(crate) struct Wrapped {
    what: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl Wrapped {
    pub(crate) fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            what,
            source: source.into(),
        }
    }
}

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// An error that is its text.
#[derive(Debug)]
pub(crate) struct Said(pub(crate) String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Said {}

pub(crate) fn said(text: &str) -> Said {
    Said(text.to_owned())
}
