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
        /// What eyre's own handler writes above it, and what color-eyre does.
        const HEADINGS: [&str; 2] = ["Stack backtrace:", "BACKTRACE"];
        if !may() {
            return None;
        }
        let mut shown = bounded(format_args!("{:?}", self.0));
        let start = HEADINGS.iter().find_map(|heading| shown.find(heading))?;
        Some(shown.split_off(start))
    }
}

/// Bytes kept of a stack: more than those of 20 frames, so that what comes before them may go.
const MAX_BYTES: usize = 32 * 1024;

/// Its words, without the colours of a terminal.
fn bounded(words: fmt::Arguments<'_>) -> String {
    let mut plain = Plain {
        text: String::new(),
        in_colour: false,
    };
    // An error is our own bound.
    let _full = fmt::write(&mut plain, words);
    plain.text
}

struct Plain {
    text: String,
    in_colour: bool,
}

impl fmt::Write for Plain {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for letter in part.chars() {
            if self.text.len() >= MAX_BYTES {
                return Err(fmt::Error);
            }
            match letter {
                '\u{1b}' => self.in_colour = true,
                'm' if self.in_colour => self.in_colour = false,
                _ if self.in_colour => {}
                _ => self.text.push(letter),
            }
        }
        Ok(())
    }
}
