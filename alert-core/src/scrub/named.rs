//! Secrets known by the name before them: `password=`, `"api_key": `, `--token `, a header.

use super::value::{ends_value, is_harmless, is_wordy};
use super::{FAR, split};

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

/// Whether what has this name is secret.
pub(super) fn says_secret(name: &str) -> bool {
    family(name).is_some()
}

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

/// The value behind a name that says it is secret: what stays before it, and where it ends.
pub(super) fn named(before: &str, name: &str, behind: &str) -> Option<(usize, usize)> {
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
