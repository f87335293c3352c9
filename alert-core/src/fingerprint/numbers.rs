//! Numbers, durations, sizes and codes (N9, N10).

use super::address::{FIRST_EPHEMERAL_PORT, count, number};
use super::context::code_gap;
use super::mixed::is_hex;
use super::normalize::{Scanner, after};
use super::words::{self, Class};

/// Digits of the longest code: a longer number behind a code word is an id.
pub(super) const LONGEST_CODE: usize = 6;

impl Scanner<'_> {
    /// Reads a number with its sign dropped, its fraction, exponent or unit. `None` if it is a mixed token.
    pub(super) fn number(&mut self, at: usize, to: usize, protocol: bool) -> Option<usize> {
        let rest = self.slice(at, to);
        let digits = count(rest, u8::is_ascii_digit);
        // `7852e922` is as much of a hash as of a number, and the shorter numbers are the likelier ones.
        if matches!(rest.get(digits), Some(b'e' | b'E'))
            && is_hex(rest.get(..count(rest, u8::is_ascii_alphanumeric))?)
        {
            return None;
        }
        // A part of a version has no fraction of its own.
        let part = self.byte_before(at) == b'.' && self.byte_before(at.saturating_sub(1)).is_ascii_digit();
        let length = if part {
            digits
        } else {
            digits.wrapping_add(fraction(rest.get(digits..)?))
        };
        let end = at.wrapping_add(length);
        if rest
            .get(length)
            .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_')
        {
            let (placeholder, unit) = with_unit(rest, length)?;
            self.mark(placeholder);
            return Some(at.wrapping_add(unit));
        }
        if protocol {
            return Some(self.keep(at, end));
        }
        if self.is_code_of_its_own(at, end) {
            return Some(self.keep(at, end));
        }
        if let Some(state) = self.mysql_state(at, digits) {
            return Some(self.keep(at, state));
        }
        if self.stays(at, end, to) {
            return Some(self.keep(at, end));
        }
        self.mark("<n>");
        Some(end)
    }

    /// Whether the number `at..end` is a code, a status or a port.
    fn stays(&self, at: usize, end: usize, to: usize) -> bool {
        let digits = self.slice(at, end);
        if digits.len() > LONGEST_CODE {
            return false;
        }
        let class = self.class_before(at, code_gap);
        if class & words::PROTOCOL != 0 && self.byte_before(at) == b' ' && digits.len() <= 4 {
            return matches!(self.word_before(at, code_gap), [_, _, _, ..]);
        }
        if !is_digits(digits) {
            return false;
        }
        let value = number(digits).unwrap_or(0);
        let status = digits.len() == 3 && (100..600).contains(&value);
        if class & words::CODE != 0 {
            return status || !self.counts_errors(at, end);
        }
        if class & words::PORT != 0 {
            return value < FIRST_EPHEMERAL_PORT;
        }
        if status && class & words::RESULT != 0 {
            return !self.counts_things(end);
        }
        status && (self.is_behind_http(at) || value >= 400 && end == to && self.reason_follows(end))
    }

    /// `HTTP/1.1 500`: a status behind the version of the protocol.
    fn is_behind_http(&self, at: usize) -> bool {
        let before = self.slice(at.saturating_sub("HTTP/1.1 ".len()), at);
        let mut parts = before.windows(5);
        self.byte_before(at) == b' ' && parts.any(|part| part.eq_ignore_ascii_case(b"http/"))
    }

    /// `BILL-4012:` where a text begins, or `curl: (7) Failed`: no listed word, but the place says that it is a code.
    fn is_code_of_its_own(&self, at: usize, end: usize) -> bool {
        if !(1..=LONGEST_CODE).contains(&end.saturating_sub(at)) {
            return false;
        }
        if self.byte(end) == b':' {
            return matches!(self.slice(0, at), [prefix @ .., b'-']
                if prefix.len() > 1 && prefix.iter().all(u8::is_ascii_uppercase));
        }
        let next = self.slice(end, end.saturating_add(3));
        self.slice(at.saturating_sub(3), at) == b": ("
            && matches!(next, [b')', b' ', b'A'..=b'Z' | b'a'..=b'z'])
    }

    /// `error:0A000086`, as OpenSSL packs its codes.
    pub(super) fn is_openssl_code(&self, at: usize, piece: &[u8]) -> bool {
        let shaped = piece.len() == 8
            && piece
                .iter()
                .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte));
        shaped
            && self
                .slice(at.saturating_sub(6), at)
                .eq_ignore_ascii_case(b"error:")
    }

    /// Whether this number, or token, stands behind a code word.
    pub(super) fn is_code(&self, at: usize, end: usize) -> bool {
        at < end && self.class_before(at, code_gap) & words::CODE != 0
    }

    /// `validation error: 3 fields are invalid` counts; `error: 3` does not.
    fn counts_errors(&self, at: usize, end: usize) -> bool {
        let word = self.word_before(at, code_gap);
        word.eq_ignore_ascii_case(b"error")
            && self.byte_before(at) == b' '
            && self.counts_things(end)
            && self.byte_before(at.saturating_sub(1)) == b':'
    }

    /// Whether a thing that is counted follows: a word in lower case that does not go on with the sentence.
    fn counts_things(&self, end: usize) -> bool {
        let word = after(end);
        let letters = count(self.slice(word, self.bytes.len()), u8::is_ascii_alphabetic);
        let name = self.slice(word, word.wrapping_add(letters));
        self.byte(end) == b' '
            && name.first().is_some_and(u8::is_ascii_lowercase)
            && words::class(name) & words::LINK_WORD == 0
    }

    /// `404 Not Found`: a status with its reason, wherever it stands.
    fn reason_follows(&self, end: usize) -> bool {
        const REASONS: [&[u8]; 14] = [
            b"Bad",
            b"Unauthorized",
            b"Forbidden",
            b"Not",
            b"Method",
            b"Request",
            b"Conflict",
            b"Gone",
            b"Too",
            b"Internal",
            b"Service",
            b"Gateway",
            b"Unprocessable",
            b"Payload",
        ];
        let rest = self.slice(after(end), self.bytes.len());
        self.byte(end) == b' ' && REASONS.iter().any(|reason| rest.starts_with(reason))
    }

    /// `1062 (23000):`, how `MySQL` names an error: where it ends.
    fn mysql_state(&self, at: usize, digits: usize) -> Option<usize> {
        let open = at.wrapping_add(digits);
        let [b' ', b'(', state @ .., b')', b':'] = self.slice(open, open.wrapping_add(9)) else {
            return None;
        };
        let shaped = (3..=5).contains(&digits)
            && state
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        shaped.then(|| open.wrapping_add(8))
    }
}

pub(super) fn is_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

/// The bytes of `.5` and `e-9` behind an integer. In `1.2.3` each part is a number of its own.
fn fraction(tail: &[u8]) -> usize {
    let mut length = 0;
    if let [b'.', decimals @ ..] = tail {
        let digits = count(decimals, u8::is_ascii_digit);
        let version = matches!(decimals.get(digits..), Some([b'.', next, ..]) if next.is_ascii_digit());
        length = if digits == 0 || version { 0 } else { after(digits) };
    }
    let exponent = match tail.get(length..) {
        Some([b'e' | b'E', b'-' | b'+', digits @ ..]) => (2, count(digits, u8::is_ascii_digit)),
        Some([b'e' | b'E', digits @ ..]) => (1, count(digits, u8::is_ascii_digit)),
        _ => (0, 0),
    };
    let end = length.wrapping_add(exponent.0).wrapping_add(exponent.1);
    let whole = !tail
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if exponent.1 > 0 && exponent.1 <= 3 && whole {
        end
    } else {
        length
    }
}

/// A number with a unit glued to it: the placeholder and the bytes of all of it. `2m10s` is one duration.
fn with_unit(rest: &[u8], number: usize) -> Option<(&'static str, usize)> {
    let mut end = number;
    let mut placeholder = None;
    loop {
        let letters = count(rest.get(end..)?, u8::is_ascii_alphabetic);
        let unit = rest.get(end..end.wrapping_add(letters))?;
        let this = unit_of(unit, words::class(unit))?;
        if placeholder.is_some_and(|first| first != this) {
            return None;
        }
        placeholder = Some(this);
        end = end.wrapping_add(letters);
        let tail = rest.get(end..)?;
        let digits = count(tail, u8::is_ascii_digit);
        if digits == 0 {
            let whole = !matches!(tail, [b'_', ..]);
            return placeholder
                .filter(|_| whole)
                .map(|placeholder| (placeholder, end));
        }
        end = end
            .wrapping_add(digits)
            .wrapping_add(fraction(tail.get(digits..)?));
    }
}

/// `M` and `G` alone are sizes, `m` is minutes.
fn unit_of(unit: &[u8], class: Class) -> Option<&'static str> {
    match unit {
        b"M" | b"B" => Some("<size>"),
        b"st" | b"nd" | b"rd" | b"th" => Some("<n>"),
        _ if class & words::TIME_UNIT != 0 => Some("<dur>"),
        _ if class & words::SIZE_UNIT != 0 => Some("<size>"),
        _ => None,
    }
}
