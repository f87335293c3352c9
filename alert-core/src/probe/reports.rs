//! Reports that keep the stack they were made on: `anyhow::Error` and `eyre::Report`. Their words are found as those of
//! any box around an error; only the stack needs to know the type.

use core::fmt;

use super::Probe;
use crate::chain::{Describe, Description};

/// Of the same rank as an error: a report is none itself, so there is never a choice between the two.
pub trait ViaReport<'a> {
    /// The report's type.
    type E;
    /// How to put the report into words.
    fn __alert_words(&self) -> ReportWords<'a, Self::E>;
}

/// The words of a report, and its stack.
#[derive(Debug)]
pub struct ReportWords<'a, E>(pub &'a E);

#[cfg(feature = "anyhow")]
impl<'a> ViaReport<'a> for &&&&Probe<'a, anyhow::Error> {
    type E = anyhow::Error;
    #[inline]
    fn __alert_words(&self) -> ReportWords<'a, anyhow::Error> {
        ReportWords(self.0)
    }
}

#[cfg(feature = "anyhow")]
impl Describe for ReportWords<'_, anyhow::Error> {
    fn describe(&self, into: &mut Description) {
        into.set_type::<anyhow::Error>();
        into.chain(&**self.0);
    }

    fn stack(&self, may: &dyn Fn() -> bool) -> Option<String> {
        let backtrace = self.0.backtrace();
        let is_kept = backtrace.status() == std::backtrace::BacktraceStatus::Captured;
        (is_kept && may()).then(|| bounded(format_args!("{backtrace}")))
    }
}

#[cfg(feature = "eyre")]
impl<'a> ViaReport<'a> for &&&&Probe<'a, eyre::Report> {
    type E = eyre::Report;
    #[inline]
    fn __alert_words(&self) -> ReportWords<'a, eyre::Report> {
        ReportWords(self.0)
    }
}

#[cfg(feature = "eyre")]
impl Describe for ReportWords<'_, eyre::Report> {
    fn describe(&self, into: &mut Description) {
        into.set_type::<eyre::Report>();
        into.chain(&**self.0);
    }

    /// The handler alone has it, and shows it in the `Debug` of the report.
    fn stack(&self, may: &dyn Fn() -> bool) -> Option<String> {
        if !may() {
            return None;
        }
        let mut shown = bounded(format_args!("{:?}", self.0));
        let start = shown.find("Stack backtrace:")?;
        Some(shown.split_off(start))
    }
}

/// Bytes kept of a stack: more than those of 20 frames, so that what comes before them may go.
const MAX_BYTES: usize = 32 * 1024;

fn bounded(words: fmt::Arguments<'_>) -> String {
    let mut bounded = Bounded(String::new());
    // An error is our own bound.
    let _full = fmt::write(&mut bounded, words);
    bounded.0
}

struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len().saturating_add(part.len()) > MAX_BYTES {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}
