//! Reading answers by a table: a vendor's code, and words of its text where one code means several things.

use core::time::Duration;

use serde_json::Value;

use super::scrub::vendor_words;
use super::{Delivery, Problem, Reply};

/// What one code means.
#[derive(Debug)]
pub(super) struct Rule {
    /// The whole code, or its start and a `*`.
    pub(super) code: &'static str,
    /// One of these is in the text, whatever its case; any text when empty.
    pub(super) says: &'static [&'static str],
    pub(super) class: Class,
    /// What the user can do.
    pub(super) hint: &'static str,
}

/// One row of a table.
pub(super) const fn rule(
    code: &'static str,
    says: &'static [&'static str],
    class: Class,
    hint: &'static str,
) -> Rule {
    Rule {
        code,
        says,
        class,
        hint,
    }
}

impl Rule {
    fn knows(&self, code: &str) -> bool {
        match self.code.strip_suffix('*') {
            Some(start) => code.starts_with(start),
            None => self.code == code,
        }
    }
}

/// What follows from a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Later: after this long, or after the robot's own cool-down.
    Later(Option<Duration>),
    /// The same again may pass.
    Again,
    /// Never, in any form.
    Never,
    /// Not in this form; plain text may pass.
    TryPlain,
    /// Never, and the clocks are part of the reason.
    Clock,
}

/// Sorts an answer with a code by the first rule that fits. A code no rule knows is refused for good.
pub(super) fn classify(rules: &[Rule], code: &str, text: &str, reply: &Reply) -> Delivery {
    let lower = text.to_lowercase();
    let rule = rules.iter().find(|rule| {
        rule.knows(code) && (rule.says.is_empty() || rule.says.iter().any(|words| lower.contains(words)))
    });
    let problem = Problem::new(code, &vendor_words(text));
    let Some(rule) = rule else {
        let problem = problem.hint("a code this version does not know; its text is the robot's own");
        return with_text(reply, problem);
    };
    match rule.class {
        Class::Later(wait) => Delivery::Throttled {
            retry_after: reply.retry_after().or(wait),
            problem: problem.hint(rule.hint),
        },
        Class::Again => Delivery::Failed {
            problem: problem.hint(rule.hint),
        },
        Class::Never => refused(problem.hint(rule.hint), false),
        Class::TryPlain => refused(problem.hint(rule.hint), true),
        Class::Clock => refused(problem.hint(clock_hint(rule.hint, reply.clock_skew())), false),
    }
}

fn refused(problem: Problem, try_plain: bool) -> Delivery {
    Delivery::Refused { problem, try_plain }
}

/// By the status, with words that were found in the body.
fn with_text(reply: &Reply, problem: Problem) -> Delivery {
    match Delivery::by_status(reply) {
        Delivery::Accepted => refused(problem, false),
        Delivery::Throttled { retry_after, .. } => Delivery::Throttled { retry_after, problem },
        Delivery::Refused { try_plain, .. } => refused(problem, try_plain),
        Delivery::Failed { .. } => Delivery::Failed { problem },
    }
}

/// Says by how much the clocks differ, or that they do not, which leaves the secret.
fn clock_hint(hint: &str, skew: Option<i64>) -> String {
    match skew {
        None => hint.to_owned(),
        Some(skew) if skew.unsigned_abs() <= 60 => {
            format!(
                "{hint}; the clocks agree within {} s, so it is not the clock",
                skew.unsigned_abs()
            )
        }
        Some(skew) => format!(
            "{hint}; this machine's clock is {} s {} the robot's",
            skew.unsigned_abs(),
            if skew > 0 { "behind" } else { "ahead of" }
        ),
    }
}

/// An answer that should have held a code and does not: HTML, a truncated body, something else's JSON.
pub(super) fn without_code(reply: &Reply, hint: &'static str) -> Delivery {
    match reply.status() {
        200..=299 => Delivery::Failed {
            problem: Problem::new(
                format!("{} without a code", reply.status()),
                &summary(reply.body()),
            )
            .hint(hint),
        },
        _ => Delivery::by_status(reply),
    }
}

/// The start of a body that is no answer of a robot, in words.
pub(super) fn summary(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..2_000).unwrap_or(body));
    let text = text.trim();
    if text.is_empty() {
        return "an empty body".to_owned();
    }
    if text.starts_with('<') {
        return "an HTML page".to_owned();
    }
    vendor_words(text)
}

/// A code as the vendor wrote it: a number, or a string of one.
pub(super) fn code_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
