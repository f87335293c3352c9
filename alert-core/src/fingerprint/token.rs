//! A word that holds a digit, an `@` or a URL: which of the shapes below it is made of (N5 to N12).

use super::normalize::{Scanner, Signs, after};
use super::{address, mixed, time, words};

/// Where in the text a run of pieces lies, for the rules that depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Running text.
    Text,
    /// The path of a URL or its host.
    Url,
}

impl Scanner<'_> {
    /// Reads the word `at..to`; a URL may reach past `to`, up to `end`.
    pub(super) fn token(&mut self, at: usize, to: usize, end: usize, signs: Signs) -> usize {
        if !self.rules.keep_words.is_empty() {
            let word = self.str(at, to);
            if self.rules.keeps(word) || self.rules.keeps(bare(word)) {
                return self.keep(at, to);
            }
        }
        if let Some(colon) = signs.scheme {
            let in_scheme = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-');
            let length = self.slice(at, colon).iter().rev().take_while(in_scheme).count();
            if length > 0 {
                let start = colon.saturating_sub(length);
                self.pieces(at, start, Place::Text);
                return self.url(start, end);
            }
        }
        if self.slice(at, to).starts_with(b"eyJ")
            && let Some(length) = address::jwt(self.str(at, to))
        {
            self.mark("<id>");
            return self.pieces(at.wrapping_add(length), to, Place::Text);
        }
        if signs.at {
            let bare = bare(self.str(at, to));
            if address::is_email(bare) {
                self.mark("<email>");
                return at.wrapping_add(bare.len());
            }
        }
        if signs.colon
            && time::date_or_time(self.slice(at, to), 0).is_none()
            && let Some(host) = address::host_with_port(self.str(at, to))
        {
            let colon = at.wrapping_add(host);
            self.pieces(at, colon, Place::Text);
            let next = self.port(colon, to);
            return self.pieces(next, to, Place::Text);
        }
        self.pieces(at, to, Place::Text)
    }

    /// Reads what separators split (N12). Gives where reading goes on.
    pub(super) fn pieces(&mut self, at: usize, to: usize, place: Place) -> usize {
        let mut next = at;
        let mut protocol = false;
        while next < to && !self.full {
            let byte = self.byte(next);
            if byte == b':'
                && !is_identifier_byte(self.byte_before(next))
                && let Some(length) = address::ipv6(self.slice(next, to))
            {
                self.mark("<ip>");
                next = next.wrapping_add(length);
                continue;
            }
            if byte == b':' && self.is_bare_port(next, to) {
                next = self.port(next, to);
                continue;
            }
            if !is_identifier_byte(byte) {
                let sign = matches!(byte, b'-' | b'+')
                    && self.byte(after(next)).is_ascii_digit()
                    && !matches!(self.byte_before(next), b')' | b']' | b'>' | b'_')
                    && !self.byte_before(next).is_ascii_alphanumeric()
                    && !self.is_code(after(next), to);
                next = if sign {
                    after(next)
                } else {
                    self.keep(next, after(next))
                };
                continue;
            }
            let (end, is_protocol) = self.piece(next, to, place, protocol);
            protocol = is_protocol;
            next = end.max(after(next));
        }
        next
    }

    /// Reads one piece. Gives where it ends, and whether numbers joined to it belong to a protocol's name.
    fn piece(&mut self, at: usize, to: usize, place: Place, protocol: bool) -> (usize, bool) {
        let rest = self.slice(at, to);
        let run = rest.iter().take_while(|byte| is_identifier_byte(**byte)).count();
        let end = at.wrapping_add(run);
        let piece = self.slice(at, end);
        if piece.iter().all(|byte| !byte.is_ascii_digit()) && !address::may_start(rest) {
            self.keep(at, end);
            // Neither the name of a file in a path leads a code, nor that of a host: `mysql-01`.
            let leads_code = self.byte_before(at) != b'/'
                && (piece.first().is_some_and(u8::is_ascii_uppercase)
                    || address::count(self.slice(after(end), to), u8::is_ascii_digit) > 2);
            let joins = match self.byte(end) {
                b'-' if leads_code => words::PROTOCOL | words::CODE_PREFIX,
                b'-' => words::PROTOCOL,
                b'/' if place == Place::Text => words::PROTOCOL,
                _ => 0,
            };
            return (end, joins != 0 && words::class(piece) & joins != 0);
        }
        // Every shape but a named date goes on behind a separator; most numbers end here.
        let ends = end == to && run < 6 && !self.byte(after(end)).is_ascii_uppercase();
        if !ends && let Some((placeholder, length)) = self.shape(rest, at) {
            if placeholder == "<ip>" {
                self.drop_ip_family();
            }
            self.mark(placeholder);
            let next = at.wrapping_add(length);
            return (
                if placeholder == "<ip>" {
                    self.port(next, to)
                } else {
                    next
                },
                false,
            );
        }
        if piece.first().is_some_and(u8::is_ascii_digit)
            && let Some(next) = self.number(at, to, protocol)
        {
            return (next, protocol);
        }
        let is_code = mixed::is_short_code(piece) && self.is_code(at, end);
        if is_code || self.is_openssl_code(at, piece) {
            return (self.keep(at, end), false);
        }
        (self.mixed(at, end), false)
    }

    /// The shapes that reach across separators, and ids. Gives the placeholder and the bytes it stands for.
    fn shape(&self, rest: &[u8], at: usize) -> Option<(&'static str, usize)> {
        let before = self.byte_before(at);
        if let Some(length) = address::uuid(rest) {
            return Some(("<uuid>", length));
        }
        if before != b'.'
            && let Some(length) = address::ipv4(rest)
        {
            return Some(("<ip>", length));
        }
        // The middle of a colon-separated list was looked at from its start.
        let middle = before == b':' && self.byte_before(at.saturating_sub(1)).is_ascii_hexdigit();
        if !middle && let Some(length) = address::ipv6(rest) {
            return Some(("<ip>", length));
        }
        if rest.first().is_some_and(u8::is_ascii_digit)
            && let Some(length) = time::named_date(self.slice(at, self.bytes.len().min(at.wrapping_add(40))))
        {
            return Some(("<time>", length));
        }
        if let Some(length) = time::date_or_time(rest, before) {
            return Some(("<time>", self.with_clock(at, length)));
        }
        if let Some(length) = address::mac(rest) {
            return Some(("<mac>", length));
        }
        if before == b'-'
            && let Some(length) = address::pod_suffix(rest)
        {
            return Some(("<pod>", length));
        }
        None
    }

    /// `<time> UTC` is one time.
    fn with_clock(&self, at: usize, length: usize) -> usize {
        let end = at.wrapping_add(length);
        match self.slice(end, end.wrapping_add(4)) {
            b" UTC" | b" GMT" => length.wrapping_add(4),
            _ => length,
        }
    }

    /// librdkafka writes `ipv4#10.1.2.3:9092`; the family is no part of the failure.
    fn drop_ip_family(&mut self) {
        if self.key.ends_with("ipv4#") || self.key.ends_with("ipv6#") {
            self.key.truncate(self.key.len().saturating_sub(5));
        }
    }
}

/// A word without the punctuation of the sentence behind it.
fn bare(word: &str) -> &str {
    word.trim_end_matches([':', '.', '!', '?'])
}

const fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
