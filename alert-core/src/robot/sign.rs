//! HMAC-SHA256, as robots sign with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// HMAC-SHA256 of a message.
pub(super) fn mac(key: &[u8], message: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message)
}

/// HMAC-SHA256 of a message, in standard base64 with padding.
pub(super) fn mac_base64(key: &[u8], message: &[u8]) -> String {
    STANDARD.encode(mac(key, message))
}

/// HMAC-SHA256 of a message, in lower-case hexadecimal.
pub(super) fn mac_hex(key: &[u8], message: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    mac(key, message)
        .as_ref()
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The bytes of a standard base64 text with padding.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Standard base64 inside a query: percent-encoded, once.
pub(super) fn query_encoded(base64: &str) -> String {
    base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}
