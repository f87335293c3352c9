//! What must not be in a message: tokens, secrets, passwords in URLs.

use super::text::{clean, prefix};
use super::{Robot, address, kinds};
use crate::Secret;

const HIDDEN: &str = "***";

/// Takes one robot's own secrets out of texts, and every URL's password.
#[derive(Debug)]
pub(super) struct Scrub<'a> {
    secrets: Vec<&'a str>,
}

impl<'a> Scrub<'a> {
    /// Knows the robot's signing secret and whatever in its URL looks like a token.
    pub(super) fn of(robot: &'a Robot) -> Self {
        let url = robot.url().expose();
        let mut secrets: Vec<&str> = robot.signing_secret().map(Secret::expose).into_iter().collect();
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        secrets.extend(query.split(['&', '#']).filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (is_secret_name(key) || looks_like_a_token(value, 8)).then_some(value)
        }));
        if let Some((_, rest)) = address.split_once("://") {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            if let Some((userinfo, _)) = authority.rsplit_once('@') {
                secrets.push(userinfo);
                secrets.extend(userinfo.split_once(':').map(|(_, password)| password));
            }
            // A part may be a name and a token, as in Telegram's `bot123:token`.
            secrets.extend(
                path.split('/')
                    .flat_map(|part| core::iter::once(part).chain(part.split(':')))
                    .filter(|part| part.len() >= 20 || looks_like_a_token(part, 12)),
            );
        }
        // Short ones would blank out ordinary words.
        secrets.retain(|secret| secret.len() >= 6);
        secrets.sort_by_key(|secret| core::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// The secrets themselves.
    fn into_secrets(self) -> impl Iterator<Item = Secret> {
        self.secrets.into_iter().map(Secret::new)
    }

    /// Clean text without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = clean(text);
        for secret in &self.secrets {
            if text.contains(secret) {
                text = text.replace(secret, HIDDEN);
            }
        }
        hide_in_urls(&text)
    }
}

/// The secrets of every robot, fallbacks too: none of them may be in a message to another.
pub(crate) fn secrets_of<'a>(robots: impl Iterator<Item = &'a Robot>) -> Vec<Secret> {
    let mut secrets: Vec<Secret> = robots.flat_map(|robot| Scrub::of(robot).into_secrets()).collect();
    secrets.sort_by_key(|secret| core::cmp::Reverse(secret.expose().len()));
    secrets
}

/// Clean text without these secrets and without what URLs hold.
pub(crate) fn without(text: &str, secrets: &[Secret]) -> String {
    let text = secrets
        .iter()
        .map(Secret::expose)
        .fold(clean(text), |text, secret| {
            if text.contains(secret) {
                text.replace(secret, HIDDEN)
            } else {
                text
            }
        });
    hide_in_urls(&text)
}

/// Hides user and password of every URL, and all behind the host of a robot's.
pub(super) fn hide_in_urls(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        safe.push_str(before);
        safe.push_str("://");
        let end = after
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | '`' | '\\')
            })
            .unwrap_or(after.len());
        let (authority, tail) = after.split_at_checked(end).unwrap_or((after, ""));
        let host = match authority.rsplit_once('@') {
            Some((_, host)) => {
                safe.push_str(HIDDEN);
                safe.push('@');
                host
            }
            None => authority,
        };
        safe.push_str(host);
        let name = address::host(host);
        rest = if kinds().any(|kind| kind.serves(name)) && tail.starts_with(['/', '?']) {
            safe.push('/');
            safe.push_str(HIDDEN);
            let end = tail
                .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | ')'))
                .unwrap_or(tail.len());
            tail.get(end..).unwrap_or_default()
        } else {
            tail
        };
    }
    safe.push_str(rest);
    safe
}

/// A vendor's own words, fit for logs: no token, no signature, no address of ours.
pub(super) fn vendor_words(text: &str) -> String {
    let text = clean(prefix(text, 2_000));
    let mut safe = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !is_token_char(c)) {
        let word = piece.trim_end_matches(|c: char| !is_token_char(c));
        let end = piece.get(word.len()..).unwrap_or_default();
        if looks_like_a_token(word, 20) {
            safe.push_str(HIDDEN);
        } else if word.trim_end_matches('.').parse::<core::net::Ipv4Addr>().is_ok() {
            safe.push_str("<ip>");
        } else {
            safe.push_str(word);
        }
        safe.push_str(end);
    }
    hide_ipv6(&safe)
}

fn hide_ipv6(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
    let mut safe = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !is_part(c)) {
        let word = piece.trim_end_matches(|c: char| !is_part(c));
        let end = piece.get(word.len()..).unwrap_or_default();
        let address = word.trim_end_matches([':', '.']);
        let known = [word, address]
            .iter()
            .any(|word| word.parse::<core::net::Ipv6Addr>().is_ok());
        safe.push_str(if known && word.len() > 2 { "<ip>" } else { word });
        safe.push_str(end);
    }
    safe
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '%' | '.')
}

/// Whether a query's key names something secret.
fn is_secret_name(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [
        "token", "key", "secret", "sig", "sign", "password", "auth", "code",
    ]
    .iter()
    .any(|name| key.ends_with(name))
}

fn looks_like_a_token(word: &str, at_least: usize) -> bool {
    word.len() >= at_least
        && word.chars().any(|c| c.is_ascii_digit())
        && word.chars().any(|c| c.is_ascii_alphabetic())
        && !word.contains('.')
}
