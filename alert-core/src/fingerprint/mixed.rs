//! Tokens that mix letters with digits: hashes, ids, identifiers (N8, N11).

use super::address::count;
use super::normalize::{Scanner, after};
use super::numbers::{LONGEST_CODE, is_digits};
use super::words;

/// Digit runs of this length inside a token are padding, dates or ids.
const LONG_RUN: usize = 4;

impl Scanner<'_> {
    /// A token of letters and digits: a hash or an id goes, an identifier stays but for its long digit runs.
    pub(super) fn mixed(&mut self, at: usize, end: usize) -> usize {
        let token = self.slice(at, end);
        let letters = count(token, u8::is_ascii_alphabetic);
        let lead = words::class(token.get(..letters).unwrap_or_default());
        let digits = token.iter().filter(|byte| byte.is_ascii_digit()).count();
        let known = lead & words::PROTOCOL != 0
            && letters > 1
            && digits <= LONGEST_CODE
            && token.len() <= 2 * words::LONGEST;
        // Behind its letters, or behind `ERR_`. One without a colon stands where a text or a bracket begins.
        let tail = token.get(letters..).unwrap_or_default();
        let number = tail.strip_prefix(b"_").unwrap_or(tail);
        let placed = number.len() < tail.len()
            || self.byte(end) == b':'
            || matches!(self.byte_before(at), 0 | b'[') && matches!(self.byte(end), b' ' | b']');
        let code = lead & words::CODE_PREFIX != 0
            && token.first().is_some_and(u8::is_ascii_uppercase)
            && (2..=LONGEST_CODE).contains(&number.len())
            && is_digits(number)
            && placed;
        if known || code {
            return self.keep(at, end);
        }
        if is_hex(token) {
            self.mark("<hex>");
            return end;
        }
        if self
            .word_before(at, |byte| byte == b' ')
            .eq_ignore_ascii_case(b"id")
        {
            self.mark("<id>");
            return end;
        }
        let mut from = at;
        let mut masked = false;
        while from < end {
            let to = self.find(from, end, |byte| byte == b'_');
            if is_id(self.slice(from, to)) {
                self.mark("<id>");
            } else {
                masked = self.long_runs(from, to, masked);
            }
            from = if to < end { self.keep(to, after(to)) } else { to };
        }
        end
    }

    /// Copies a part of an identifier, long digit runs masked, and so is a short part of digits behind one: a
    /// dated partition. Gives whether one was masked.
    fn long_runs(&mut self, mut from: usize, to: usize, mut masked: bool) -> bool {
        while from < to {
            let letters = self.find(from, to, |byte| byte.is_ascii_digit());
            self.keep(from, letters);
            let digits = self.find(letters, to, |byte| !byte.is_ascii_digit());
            let run = digits.saturating_sub(letters);
            if run >= LONG_RUN || (masked && run > 0 && letters == from) {
                self.mark("<n>");
                masked = true;
            } else {
                self.keep(letters, digits);
            }
            from = digits;
        }
        masked
    }
}

/// Whether a mixed token is short enough to be a code: `57P01`, `E0433`, `0x80070005`.
pub(super) fn is_short_code(token: &[u8]) -> bool {
    token.len() <= LONGEST_CODE || (token.starts_with(b"0x") && token.len() <= 10)
}

/// `0x1f`, or at least eight hex digits of one case with a letter and a digit among them.
pub(super) fn is_hex(token: &[u8]) -> bool {
    if let [b'0', b'x' | b'X', digits @ ..] = token {
        return !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    }
    let upper = token.iter().any(u8::is_ascii_uppercase);
    let lower = token.iter().any(u8::is_ascii_lowercase);
    token.len() >= 8
        && upper != lower
        && token.iter().any(u8::is_ascii_digit)
        && token.iter().all(u8::is_ascii_hexdigit)
}

/// Whether a token changes between kinds of characters as only generated ids do.
fn is_id(token: &[u8]) -> bool {
    let length = token.len();
    if length < 6 || !token.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let pairs = || token.iter().zip(token.iter().skip(1));
    let changes = pairs()
        .filter(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit())
        .count();
    let flips = pairs().filter(|(a, b)| kind(**a) != kind(**b)).count();
    let ulid = length == 26 && matches!(token, [b'0'..=b'7', ..]) && changes > 0 && one_case(token);
    ulid || (length >= 8 && changes >= 3)
        || changes >= 4
        // Capitals all over, as in base 62: a camel-case name has about one in four.
        || (length >= 8 && flips.saturating_mul(5) >= length.saturating_mul(2) && changes >= 2)
        || (length >= 20 && flips.saturating_mul(5) >= length.saturating_mul(2))
}

fn one_case(token: &[u8]) -> bool {
    !token.iter().any(u8::is_ascii_lowercase) || !token.iter().any(u8::is_ascii_uppercase)
}

fn kind(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    }
}
