//! What must not leave: passwords, tokens and keys in the texts of failures.
//!
//! One pass from left to right; what a rule looks at beyond the word it stands at is hidden or bounded, so the time
//! grows with the length of the text and no faster. Applied where a text is shown, never on the failing thread.

mod named;
mod shape;
mod value;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use self::named::{named, says_secret};
use self::shape::{known_token, private_key, scheme};
use self::value::is_harmless;

const HIDDEN: &str = "***";
const WITHHELD: &str = "text withheld: a rule of `scrub` panicked";

/// Looked at, at most, to see whether a word stands alone.
const FAR: usize = 64;

/// A rule of the user's.
pub(crate) type Rule = Arc<dyn for<'a> Fn(&'a str) -> Cow<'a, str> + Send + Sync>;

/// A text without secrets: by the rules below, then by those of the user in their order.
pub(crate) fn text(text: &str, rules: &[Rule]) -> String {
    let hidden = hide(text);
    let apply = |text: String, rule: &Rule| catch_unwind(AssertUnwindSafe(|| rule(&text).into_owned())).ok();
    rules
        .iter()
        .try_fold(hidden, apply)
        .unwrap_or_else(|| WITHHELD.to_owned())
}

/// The value of a field, whose name may say that it is a secret.
pub(crate) fn field(name: &str, value: &str, rules: &[Rule]) -> String {
    if says_secret(name) && !is_harmless(value) {
        return HIDDEN.to_owned();
    }
    text(value, rules)
}

/// The built-in rules.
fn hide(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    // Where the name that is being read begins in `safe`, and the word before it.
    let mut name_at = 0;
    while let Some(first) = rest.chars().next() {
        if let Some(end) = private_key(rest) {
            safe.push_str(HIDDEN);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if !is_word(first) {
            safe.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            if !matches!(first, '-' | '.') {
                name_at = safe.len();
            }
            continue;
        }
        if let Some(end) = known_token(rest) {
            safe.push_str(HIDDEN);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        let (word, behind) = split(rest, rest.find(|c| !is_word(c)));
        safe.push_str(word);
        rest = behind;
        let (before, name) = safe.split_at_checked(name_at).unwrap_or_default();
        let found = scheme(word, behind).or_else(|| named(before, name, behind));
        if let Some((keep, end)) = found {
            safe.push_str(behind.get(..keep).unwrap_or_default());
            safe.push_str(HIDDEN);
            rest = behind.get(end..).unwrap_or_default();
            name_at = safe.len();
        }
    }
    safe
}

fn split(text: &str, at: Option<usize>) -> (&str, &str) {
    text.split_at_checked(at.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

#[cfg(test)]
mod tests;
