//! HMAC-SHA256 as the vendors use it; every comparison takes the same time wherever the texts differ.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// Whether `given` is the standard base64 (with padding) of the MAC.
pub(super) fn base64_matches(key: &[u8], message: &[u8], given: &str) -> bool {
    STANDARD
        .decode(given)
        .is_ok_and(|tag| matches(key, message, &tag))
}

/// Whether `given` is the lower-case hex of the MAC.
pub(super) fn hex_matches(key: &[u8], message: &[u8], given: &str) -> bool {
    hex(given).is_some_and(|tag| matches(key, message, &tag))
}

/// The bytes of a standard base64 text, as webhook secrets are written.
pub(super) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

fn matches(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), message, tag).is_ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
