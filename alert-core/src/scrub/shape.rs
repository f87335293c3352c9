//! Secrets known by how they look: private keys, tokens of well-known services, credentials behind their scheme.

use super::value::{ends_value, is_wordy};
use super::{FAR, split};

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

/// How long the private key is that begins here. One whose end was cut off goes on to the end.
pub(super) fn private_key(text: &str) -> Option<usize> {
    let (head, body) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    if head.len() > FAR || !head.ends_with("PRIVATE KEY") {
        return None;
    }
    let rest = body.split_once("-----END").map_or("", |(_, rest)| rest);
    let rest = rest.split_once("KEY-----").map_or("", |(_, rest)| rest);
    text.len().checked_sub(rest.len())
}

/// How long the token of a well-known service is that begins here.
pub(super) fn known_token(text: &str) -> Option<usize> {
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
pub(super) fn scheme(word: &str, behind: &str) -> Option<(usize, usize)> {
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
