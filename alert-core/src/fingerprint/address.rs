//! URLs, hosts, IP addresses, ports, e-mail addresses, and the ids that hold separators (N5 to N8).

use core::net::Ipv6Addr;

use super::normalize::{Scanner, after};
use super::token::Place;
use super::words;

/// Ports from here on are ephemeral: they name a connection, not a service.
pub(super) const FIRST_EPHEMERAL_PORT: u32 = 32_768;
/// Segments kept of a URL's path.
const MAX_SEGMENTS: usize = 6;
/// The longest text of an IPv6 address.
const LONGEST_IPV6: usize = 45;

impl Scanner<'_> {
    /// `:6379` behind a host: kept if it names a service.
    pub(super) fn port(&mut self, at: usize, to: usize) -> usize {
        let digits = count(self.slice(after(at), to), u8::is_ascii_digit);
        let end = after(at).wrapping_add(digits);
        if self.byte(at) != b':' || digits == 0 || self.byte(end).is_ascii_alphabetic() {
            return at;
        }
        if number(self.slice(after(at), end)).is_some_and(|port| port < FIRST_EPHEMERAL_PORT) {
            self.keep(at, end);
        }
        end
    }

    /// `:8080` without a host, as in `listen tcp :8080`.
    pub(super) fn is_bare_port(&self, at: usize, to: usize) -> bool {
        let digits = count(self.slice(after(at), to), u8::is_ascii_digit);
        let end = after(at).wrapping_add(digits);
        matches!(self.byte_before(at), b' ' | 0)
            && (2..=5).contains(&digits)
            && matches!(self.byte(end), b' ' | b':' | b',' | 0)
    }

    /// `[2001:db8::1]:443`.
    pub(super) fn bracketed_ip(&mut self, at: usize, end: usize) -> Option<usize> {
        let inside = self.str(after(at), end.min(at.wrapping_add(LONGEST_IPV6 + 10)));
        let inside = inside.get(..inside.find(']')?)?;
        let address = inside.split('%').next()?;
        address.parse::<Ipv6Addr>().ok()?;
        self.mark("<ip>");
        let next = after(after(at).wrapping_add(inside.len()));
        Some(self.port(next, end))
    }

    /// A URL: host, port and path stay; who asked and for what goes.
    pub(super) fn url(&mut self, at: usize, end: usize) -> usize {
        let scheme = self.find(at, end, |byte| byte == b':');
        let authority = scheme.wrapping_add(3);
        let stop = self.url_end(authority, end);
        self.keep(at, authority);
        let path = self.find(authority, stop, |byte| matches!(byte, b'/' | b'?' | b'#'));
        let user = self.slice(authority, path).iter().rposition(|byte| *byte == b'@');
        let host = user.map_or(authority, |user| after(authority.wrapping_add(user)));
        let next = if self.byte(host) == b'[' {
            self.bracketed_ip(host, path)
        } else {
            None
        };
        let next = next.unwrap_or_else(|| {
            let colon = self.find(host, path, |byte| byte == b':');
            self.pieces(host, colon, Place::Url);
            self.port(colon, path)
        });
        self.pieces(next, path, Place::Url);
        self.path(path, stop);
        stop
    }

    /// The path of a URL up to query or fragment, at most a few segments of it.
    fn path(&mut self, at: usize, stop: usize) {
        let end = self.find(at, stop, |byte| matches!(byte, b'?' | b'#'));
        let mut next = at;
        for _ in 0..MAX_SEGMENTS {
            if next >= end {
                return;
            }
            let segment = self.find(after(next), end, |byte| byte == b'/');
            // In one go, so that a date in the path is seen: /2026/11/23/.
            let read = self.pieces(next, segment.max(self.date_end(next, end)), Place::Url);
            next = read.max(segment);
        }
    }

    /// Where a date written as three segments ends, else 0.
    fn date_end(&self, slash: usize, end: usize) -> usize {
        let date = super::time::date_or_time(self.slice(after(slash), end), b'/');
        date.map_or(0, |length| after(slash).wrapping_add(length))
    }

    /// Where a URL ends. Brackets around it and the punctuation behind it are not part of it.
    fn url_end(&self, from: usize, end: usize) -> usize {
        let mut stop = self.find(from, end, |byte| {
            byte <= b' '
                || byte >= 0x80
                || matches!(
                    byte,
                    b'"' | b'\'' | b'`' | b'<' | b'>' | b')' | b'}' | b'|' | b'\\'
                )
        });
        while stop > from && matches!(self.byte_before(stop), b':' | b',' | b';' | b'.' | b'!') {
            stop = stop.saturating_sub(1);
        }
        let bracketed = self.byte_before(stop) == b']' && !self.slice(from, stop).contains(&b'[');
        stop.saturating_sub(usize::from(bracketed))
    }
}

/// How many bytes at the start are wanted.
pub(super) fn count(bytes: &[u8], wanted: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| wanted(byte)).count()
}

/// The number that digits spell, if it is small enough to matter.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    core::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether what starts here without a digit may still be an id or an address: hex letters up to a separator.
pub(super) fn may_start(rest: &[u8]) -> bool {
    let hex = count(rest, u8::is_ascii_hexdigit);
    match rest.get(hex) {
        Some(b':') => hex <= 4,
        Some(b'-') => hex == 2 || hex == 8,
        _ => false,
    }
}

/// `bea691f2-2e25-4bec-a838-e0c44b03d60a`.
pub(super) fn uuid(rest: &[u8]) -> Option<usize> {
    const LENGTH: usize = 36;
    let id = rest.get(..LENGTH)?;
    let shaped = id.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (shaped && !rest.get(LENGTH).is_some_and(u8::is_ascii_alphanumeric)).then_some(LENGTH)
}

/// `1.2.3.4`, no part of a longer version.
pub(super) fn ipv4(rest: &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    for part in 0..4 {
        if part > 0 {
            length = length.wrapping_add(usize::from(rest.get(length) == Some(&b'.')));
        }
        let digits = count(rest.get(length..)?, u8::is_ascii_digit);
        let end = length.wrapping_add(digits);
        if digits > 3 || number(rest.get(length..end)?)? > 255 {
            return None;
        }
        length = end;
        if part < 3 && rest.get(length) != Some(&b'.') {
            return None;
        }
    }
    let more = rest
        .get(length)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let longer = rest.get(length) == Some(&b'.') && rest.get(after(length)).is_some_and(u8::is_ascii_digit);
    (!more && !longer).then_some(length)
}

/// An IPv6 address without brackets, its zone with it.
pub(super) fn ipv6(rest: &[u8]) -> Option<usize> {
    let bounded = rest.get(..LONGEST_IPV6.saturating_add(2)).unwrap_or(rest);
    if bounded.get(count(bounded, u8::is_ascii_hexdigit)) != Some(&b':') {
        return None;
    }
    let length = count(bounded, |byte| {
        byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
    });
    let address = rest.get(..length.min(LONGEST_IPV6.saturating_add(1)))?;
    let address = match address {
        [start @ .., b':' | b'.'] if !start.ends_with(b":") => start,
        whole => whole,
    };
    if !address.iter().any(u8::is_ascii_digit) {
        return None;
    }
    core::str::from_utf8(address).ok()?.parse::<Ipv6Addr>().ok()?;
    match rest.get(address.len()) {
        Some(b'%') => {
            let zone = rest.get(after(address.len())..)?;
            Some(after(address.len()).wrapping_add(count(zone, u8::is_ascii_alphanumeric)))
        }
        Some(byte) if byte.is_ascii_alphanumeric() => None,
        _ => Some(address.len()),
    }
}

/// `02:42:ac:11:00:02`, also with hyphens.
pub(super) fn mac(rest: &[u8]) -> Option<usize> {
    const LENGTH: usize = 17;
    let address = rest.get(..LENGTH)?;
    let separator = *address.get(2)?;
    let shaped = matches!(separator, b':' | b'-')
        && address.iter().enumerate().all(|(at, byte)| match at % 3 {
            2 => *byte == separator,
            _ => byte.is_ascii_hexdigit(),
        });
    let digit = address.iter().any(u8::is_ascii_digit);
    (shaped && digit && !rest.get(LENGTH).is_some_and(u8::is_ascii_alphanumeric)).then_some(LENGTH)
}

/// The suffix of a Kubernetes pod: `7d9f8b6c5d-x2k4q`, in the alphabet its names are drawn from, or with the minute of a
/// cron job, `28934520-x2k4q`.
pub(super) fn pod_suffix(rest: &[u8]) -> Option<usize> {
    let minute = count(rest, u8::is_ascii_digit);
    let set = minute.max(count(rest, |byte| is_pod_letter(*byte)));
    let pod = count(rest.get(after(set)..).unwrap_or_default(), |byte| {
        is_pod_letter(*byte)
    });
    let length = after(set).wrapping_add(pod);
    let shaped = (8..=10).contains(&set) && rest.get(set) == Some(&b'-') && pod == 5;
    let digit = rest
        .get(..length)
        .is_some_and(|suffix| suffix.iter().any(u8::is_ascii_digit));
    let ends = !rest
        .get(length)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (shaped && digit && ends).then_some(length)
}

/// No vowels, and no digit that looks like a letter.
fn is_pod_letter(byte: u8) -> bool {
    matches!(byte, b'2' | b'4'..=b'9') || (byte.is_ascii_lowercase() && !b"aeiouy".contains(&byte))
}

/// A JSON web token: base64 of `{"`, up to the end of its parts.
pub(super) fn jwt(word: &str) -> Option<usize> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let length = count(word.as_bytes(), part);
    (word.starts_with("eyJ") && length >= 32).then_some(length)
}

/// `name@host.tld`, the whole word.
pub(super) fn is_email(word: &str) -> bool {
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    let Some((name, host)) = word.rsplit_once('@') else {
        return false;
    };
    let top = host.rsplit_once('.').map_or("", |(_, top)| top);
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

/// Where the colon is in `redis-master.svc:6379`, if the word is a host with a port and not a place in a source.
pub(super) fn host_with_port(word: &str) -> Option<usize> {
    let (host, port) = word.split_once(':')?;
    let digits = count(port.as_bytes(), u8::is_ascii_digit);
    let name = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        && host.bytes().any(|byte| byte.is_ascii_alphabetic());
    let dotted = host.contains(['.', '-']) || host.eq_ignore_ascii_case("localhost");
    if !name || !dotted {
        return None;
    }
    let suffix = host.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    let source = words::class(suffix.as_bytes()) & words::SOURCE != 0;
    let plausible =
        (2..=5).contains(&digits) && !port.as_bytes().get(digits).is_some_and(u8::is_ascii_alphanumeric);
    (!source && plausible).then_some(host.len())
}
