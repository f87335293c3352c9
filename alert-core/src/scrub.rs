//! What must not leave: passwords, tokens and keys in the texts of failures.
//!
//! One pass from left to right; what a rule looks at beyond the word it stands at is hidden or bounded, so the time
//! grows with the length of the text and no faster. Applied where a text is shown, never on the failing thread.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const HIDDEN: &str = "***";
const WITHHELD: &str = "text withheld: a rule of `scrub` panicked";

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
    if family(name).is_some() && !is_harmless(value) {
        return HIDDEN.to_owned();
    }
    text(value, rules)
}

/// How sure a name makes us that what follows is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Password,
    /// Parsers speak of tokens too, and of their own.
    Token,
    /// A header whose value is a scheme and credentials.
    Authorization,
}

/// How names end, without `-`, `_` and `.` and in small letters.
const NAMES: [(&str, Family); 20] = [
    ("password", Family::Password),
    ("passwd", Family::Password),
    ("passphrase", Family::Password),
    ("pwd", Family::Password),
    ("secret", Family::Password),
    ("secretkey", Family::Password),
    ("accesskey", Family::Password),
    ("accountkey", Family::Password),
    ("privatekey", Family::Password),
    ("signingkey", Family::Password),
    ("encryptionkey", Family::Password),
    ("apikey", Family::Password),
    ("密码", Family::Password),
    ("口令", Family::Password),
    ("密钥", Family::Password),
    ("令牌", Family::Token),
    ("token", Family::Token),
    ("credential", Family::Token),
    ("credentials", Family::Token),
    ("authorization", Family::Authorization),
];

/// Words that say something about a secret and are none.
const WORDS: [&str; 30] = [
    "none",
    "null",
    "nil",
    "undefined",
    "true",
    "false",
    "yes",
    "no",
    "empty",
    "missing",
    "invalid",
    "expired",
    "required",
    "wrong",
    "incorrect",
    "unset",
    "not",
    "unknown",
    "redacted",
    "revoked",
    "malformed",
    "absent",
    "mismatch",
    "failed",
    "denied",
    "error",
    "optional",
    "unauthorized",
    "forbidden",
    "string",
];

/// Before `token:` they say that a parser speaks.
const OF_PARSERS: [&str; 7] = [
    "unexpected",
    "expected",
    "unknown",
    "illegal",
    "next",
    "syntax",
    "invalid",
];

/// How keys and tokens of well-known services begin, and how long they are at least.
const PREFIXES: [(&str, usize); 34] = [
    ("AKIA", 20),
    ("ASIA", 20),
    ("LTAI", 16),
    ("AKID", 30),
    ("AIza", 35),
    ("ya29.", 20),
    ("GOCSPX-", 20),
    ("xoxb-", 15),
    ("xoxa-", 15),
    ("xoxp-", 15),
    ("xoxr-", 15),
    ("xoxs-", 15),
    ("xoxe-", 15),
    ("xapp-", 15),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("whsec_", 16),
    ("sk-", 24),
    ("npm_", 30),
    ("pypi-", 30),
    ("SG.", 40),
    ("hf_", 30),
    ("hvs.", 24),
    ("dop_v1_", 40),
    ("shpat_", 30),
    ("eyJ", 24),
];

/// Looked at, at most, to see whether a word stands alone.
const FAR: usize = 64;

fn family(name: &str) -> Option<Family> {
    let start = name.len().saturating_sub(FAR);
    let name = name.get(name.ceil_char_boundary(start)..)?;
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let known = NAMES.iter().find(|(end, _)| plain.ends_with(end));
    known.map(|(_, family)| *family)
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

/// How long the private key is that begins here. One whose end was cut off goes on to the end.
fn private_key(text: &str) -> Option<usize> {
    let (head, body) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    if head.len() > FAR || !head.ends_with("PRIVATE KEY") {
        return None;
    }
    let rest = body.split_once("-----END").map_or("", |(_, rest)| rest);
    let rest = rest.split_once("KEY-----").map_or("", |(_, rest)| rest);
    text.len().checked_sub(rest.len())
}

/// How long the token of a well-known service is that begins here.
fn known_token(text: &str) -> Option<usize> {
    let (prefix, least) = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix))?;
    let is_token = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '-')
            || c == '.' && matches!(*prefix, "eyJ" | "SG." | "ya29.")
    };
    let end = text
        .find(|c| !is_token(c) && !prefix.contains(c))
        .unwrap_or(text.len());
    let token = text.get(..end)?;
    let random = token.get(prefix.len()..)?;
    let has_parts = *prefix != "eyJ" || random.contains('.');
    (end >= *least && has_parts && random.chars().any(|c| c.is_ascii_digit())).then_some(end)
}

/// `Bearer` and `Basic` with what comes behind them, wherever they stand: what stays, and where it ends.
fn scheme(word: &str, behind: &str) -> Option<(usize, usize)> {
    let is_bearer = word.eq_ignore_ascii_case("bearer");
    if !is_bearer && !word.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = behind.strip_prefix(' ')?;
    let (credentials, _) = split(credentials, credentials.find(ends_value));
    let is_secret = if is_bearer {
        credentials.len() >= 8 && !is_wordy(credentials)
    } else {
        // Of letters alone it may be an English word; in base 64 a name and a password have hardly ever none.
        let has = |is: fn(&char) -> bool| credentials.chars().any(|c| is(&c));
        let mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
        credentials.len() >= 8
            && credentials
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
            && mixed
            && credentials.chars().skip(1).any(|c| c.is_ascii_uppercase())
    };
    is_secret.then(|| (1, credentials.len().saturating_add(1)))
}

fn ends_value(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | ';' | '&' | '"' | '\'' | '`' | '<' | '>' | ')' | ']' | '}' | '|' | '\\'
        )
}

/// The value behind a name that says it is secret: what stays before it, and where it ends.
fn named(before: &str, name: &str, behind: &str) -> Option<(usize, usize)> {
    let quotes: &[char] = &['\\', '"', '\'', '`'];
    let after = behind.trim_start_matches(quotes).trim_start_matches([' ', '\t']);
    let is_option = before.is_empty() && name.starts_with("--") || before.ends_with("--");
    let (value, is_said) = if let Some(value) = ["=>", ":=", "=", "%3D", "%3d"]
        .iter()
        .find_map(|sign| after.strip_prefix(sign))
    {
        (value, false)
    } else if let Some(value) = after.strip_prefix('：') {
        (value, true)
    } else if let Some(value) = after.strip_prefix(':') {
        // A path such as `secret::load`, or a host and its port, is no name and value.
        if value.starts_with(':') || before.ends_with(['/', ':']) {
            return None;
        }
        (value, !behind.starts_with(quotes))
    } else if name.trim_start_matches('-').len() < name.len() || is_option {
        (behind.strip_prefix(' ')?, true)
    } else {
        return None;
    };
    // Asked here, since most words have no sign behind them.
    let mut family = family(name);
    if family.is_none() && name.eq_ignore_ascii_case("key") {
        let near = before.trim_end();
        let first = near.rsplit(' ').next().unwrap_or_default();
        let adds = ["api", "access", "secret", "private"];
        family = adds
            .iter()
            .any(|add| first.eq_ignore_ascii_case(add))
            .then_some(Family::Password);
    }
    let family = family?;
    let value = value.trim_start_matches([' ', '\t']);
    let value = value.strip_prefix("Some(").unwrap_or(value);
    let (value, is_quoted) = ["\\\"", "\"", "'", "`"]
        .iter()
        .find_map(|quote| Some((split_quoted(value.strip_prefix(quote)?, quote), true)))
        .unwrap_or_else(|| (split(value, value.find(ends_value)), false));
    let (secret, rest) = value;
    let prose = before.trim_end_matches(' ');
    let said_before = prose
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let of_parser = family == Family::Token
        && OF_PARSERS
            .iter()
            .any(|word| said_before.eq_ignore_ascii_case(word));
    let is_secret = match family {
        Family::Authorization => return authorization(behind, secret, rest, is_quoted),
        _ if secret.is_empty() || is_harmless(secret) || of_parser => false,
        _ if name.eq_ignore_ascii_case("pwd") && secret.starts_with('/') => false,
        Family::Token if secret.len() <= 5 && secret.bytes().all(|b| b.is_ascii_digit()) => false,
        _ if is_quoted || !is_said => true,
        // A sentence goes on behind a colon; a setting stands alone in its line.
        _ if is_wordy(secret) => {
            let begins = said_before.is_empty() || prose.ends_with(['\n', '{', ',', ';', '(']);
            let ends = rest.is_empty() || rest.starts_with(['\n', ',', ';', '}', ')']);
            begins && ends && family == Family::Password
        }
        _ => true,
    };
    let whole = secret.len().saturating_add(rest.len());
    is_secret.then(|| {
        let keep = behind.len().saturating_sub(whole);
        (keep, keep.saturating_add(secret.len()))
    })
}

/// Up to the closing quote; a text that was cut has none.
fn split_quoted<'a>(text: &'a str, quote: &str) -> (&'a str, &'a str) {
    split(text, text.find(quote))
}

/// A header's credentials: all of the line but the scheme, or of the quotes.
fn authorization(behind: &str, value: &str, rest: &str, is_quoted: bool) -> Option<(usize, usize)> {
    let whole = value.len().saturating_add(rest.len());
    let keep = behind.len().saturating_sub(whole);
    let all = behind.get(keep..)?;
    let line = if is_quoted {
        value
    } else {
        split(all, all.find(['\n', '\r', '"', '\''])).0
    };
    let (scheme, credentials) = line.split_once(' ').unwrap_or(("", line));
    let (first, more) = split(credentials, credentials.find(char::is_whitespace));
    if first.is_empty() || is_harmless(first) || is_wordy(first) {
        return None;
    }
    let length = if first.contains('=') && !more.is_empty() {
        credentials.len()
    } else {
        first.len()
    };
    let keep = keep.saturating_add(if scheme.is_empty() {
        0
    } else {
        scheme.len().saturating_add(1)
    });
    Some((keep, keep.saturating_add(length)))
}

/// What stands where a secret would and is none: a word about it, or a placeholder.
fn is_harmless(value: &str) -> bool {
    let value = value.trim_matches(['.', '!', '?', ':', ' ']);
    let is_placeholder =
        value.starts_with(['<', '[', '{']) || value.starts_with("${") || value.starts_with("%s");
    value.chars().all(|c| c == '*')
        || is_placeholder
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// What reads like words of a sentence: words, codes of three digits, paths, addresses.
fn is_wordy(value: &str) -> bool {
    let value = value.trim_end_matches(['.', ':', '!', '?']);
    if value.starts_with(['/', '~']) || value.contains("::") || value.contains("://") {
        return true;
    }
    if value.len() <= 3 && value.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    let joins = |c: char| matches!(c, '_' | '-' | '.' | '\'' | '(' | ':');
    value
        .split(joins)
        .all(|part| part.len() < 24 && part.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests;
