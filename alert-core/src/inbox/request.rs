//! A request as it came in, before any vendor has judged it.

use std::net::SocketAddr;

use bytes::Bytes;
use serde_json::Value;

/// A request, read whole.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) method: String,
    pub(super) path: String,
    /// As sent, still encoded; empty without a question mark.
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) from: SocketAddr,
}

impl Received {
    /// The first header of that name, whatever its case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The media type without its parameters, in lower case.
    pub(super) fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or("");
        value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }

    /// The first query parameter of that name, decoded exactly once; `+` is a space.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        form_value(&self.query, name)
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Path and query with everything that works as a password replaced by `***`.
    pub(super) fn masked_path(&self) -> String {
        let mut path = masked_segments(&self.path);
        if self.query.is_empty() {
            return path;
        }
        let query: Vec<String> = self.query.split('&').map(masked_pair).collect();
        path.push('?');
        path.push_str(&query.join("&"));
        path
    }
}

/// The first of these headers that has that name, whatever its case.
pub(super) fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// The value of `name` in a form-encoded text, decoded once.
pub(super) fn form_value(form: &str, name: &str) -> Option<String> {
    form.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key) == name).then(|| decoded(value))
    })
}

/// Undoes one layer of form encoding; a `%` that starts no escape stays as it is.
pub(super) fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(nibble), ahead.next().and_then(nibble)) {
                    (Some(high), Some(low)) => {
                        out.push(high << 4 | low);
                        rest = ahead;
                    }
                    _ => out.push(b'%'),
                }
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn nibble(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

fn masked_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((key @ ("access_token" | "key" | "sign"), _)) => format!("{key}=***"),
        _ => pair.to_owned(),
    }
}

/// Hides what stands behind the known prefixes of the vendors that carry the token in the path.
fn masked_segments(path: &str) -> String {
    for prefix in ["/open-apis/bot/v2/hook/", "/services/", "/webhook/"] {
        if path.starts_with(prefix) {
            return format!("{prefix}***");
        }
    }
    path.to_owned()
}
