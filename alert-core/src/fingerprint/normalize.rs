//! One pass over a text that keeps what names the failure and replaces what varies (N3, N4, N12, N15).
//!
//! The scanner holds no state between tokens: whether a number is a code or a quoted text is a user's value is
//! read off the text itself, looking a bounded way back. So a rule is a function, and the order of the rules is
//! the order of the calls in [`Scanner::run`] and [`Scanner::token`](super::token).

use super::fold::{MASKED, floor, fold};
use super::rules::Rules;
use super::{time, words};

/// Bytes read of a chain, and of a single text.
const MAX_READ: usize = 512;
/// Bytes of a link that are looked at, whatever is read of them.
const MAX_LINK: usize = 4096;
/// Bytes of a key.
const MAX_KEY: usize = 256;
/// Links looked at: the outermost ones and the root, which says most.
const MAX_LINKS: usize = 8;
/// Bytes to read and to write that are kept free for each link still to come, at most for so many links. So a
/// long outer text does not push out the cause.
const READ_RESERVE: usize = 64;
const KEY_RESERVE: usize = 32;
const RESERVES: usize = 4;

/// The buffers of normalisation, used again for every text.
#[derive(Debug, Default)]
pub(crate) struct Normalizer {
    folded: String,
    key: String,
}

impl Normalizer {
    /// The grouping text of a chain, outermost link first. A link equal to the previous one kept, or to its end,
    /// says nothing new (N1).
    pub(crate) fn chain<'a>(&mut self, links: impl Iterator<Item = &'a str>, rules: &Rules) -> &str {
        let mut kept = [""; MAX_LINKS];
        let mut count = 0_usize;
        let mut previous = "";
        for link in links {
            let link = link.get(..floor(link, MAX_LINK)).unwrap_or_default().trim();
            if previous.ends_with(link) {
                continue;
            }
            previous = link;
            let slot = count.min(MAX_LINKS.saturating_sub(1));
            kept.get_mut(slot).into_iter().for_each(|kept| *kept = link);
            count = slot.saturating_add(1);
        }
        self.key.clear();
        let mut read = 0_usize;
        for (at, link) in kept.iter().take(count).enumerate() {
            let to_come = count.saturating_sub(at).saturating_sub(1).min(RESERVES);
            let limit = |max: usize, reserve: usize| max.saturating_sub(to_come.saturating_mul(reserve));
            fold(
                link,
                limit(MAX_READ, READ_RESERVE).saturating_sub(read),
                rules,
                &mut self.folded,
            );
            read = read.saturating_add(self.folded.len());
            Scanner::link(&self.folded, &mut self.key, limit(MAX_KEY, KEY_RESERVE), rules);
        }
        &self.key
    }
}

/// The position behind `at`.
pub(super) const fn after(at: usize) -> usize {
    at.wrapping_add(1)
}

/// The ASCII characters that end a word: one bit each.
const DELIMITERS: u128 = {
    let mut bits = (1 << 0x21) - 1;
    let mut rest: &[u8] = b"\"'`()[]{}<>,;|=\\\x7f";
    while let [delimiter, tail @ ..] = rest {
        bits |= 1 << *delimiter;
        rest = tail;
    }
    bits
};

/// Whether a byte is part of a word (N4).
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii() && (DELIMITERS >> byte) & 1 == 0
}

/// What a word holds that more than letters may mean.
#[derive(Clone, Copy, Default)]
pub(super) struct Signs {
    pub(super) digit: bool,
    pub(super) at: bool,
    pub(super) colon: bool,
    /// Where the colon of the first `://` is.
    pub(super) scheme: Option<usize>,
}

/// Reads one folded link and appends its key.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) rules: &'a Rules,
    pub(super) key: &'a mut String,
    /// Where the key may end at most.
    limit: usize,
    /// Where this link's part of the key starts.
    start: usize,
    /// The key is full: nothing more is read.
    pub(super) full: bool,
    /// For each kind of quote, up to where it is known that none closes: see `quotes`.
    pub(super) unclosed: [usize; super::quotes::KINDS],
}

impl<'a> Scanner<'a> {
    /// Appends the key of one folded link, behind `: ` if it is not the first.
    fn link(text: &'a str, key: &'a mut String, limit: usize, rules: &'a Rules) {
        if text.is_empty() || key.len() >= limit {
            return;
        }
        if !key.is_empty() {
            key.push_str(": ");
        }
        let start = key.len();
        let mut scanner = Scanner {
            text,
            bytes: text.as_bytes(),
            rules,
            key,
            limit,
            start,
            full: false,
            unclosed: [0; super::quotes::KINDS],
        };
        if rules.raw {
            scanner.keep(0, text.len());
        } else {
            scanner.run(0, text.len(), 0);
        }
        scanner.strip_end();
    }

    /// Reads `at..end`; `depth` is how many quotes are open around it.
    pub(super) fn run(&mut self, mut at: usize, end: usize, depth: u8) {
        while at < end && !self.full {
            let next = match self.byte(at) {
                b'"' | b'\'' | b'`' | b'\\' => self.quote(at, end, depth),
                b'=' => self.assignment(at, end),
                b'[' => self.bracket(at, end),
                0x80.. => self.wide(at, end, depth),
                byte if byte == MASKED as u8 => {
                    self.mark("<v>");
                    after(at)
                }
                byte if is_word(byte) => self.word(at, end),
                _ => self.keep(at, after(at)),
            };
            at = next.max(after(at));
        }
    }

    /// The byte at a position; 0 past the end, which is no byte of a folded text.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The byte before a position; 0 at the start.
    pub(super) fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.byte(before))
    }

    /// The bytes of a range, none if it is not one.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a [u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The text of a range, none if it is not one.
    pub(super) fn str(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// A word (N4): without digit, `@` or `://` it stays as it is.
    fn word(&mut self, at: usize, end: usize) -> usize {
        let mut to = at;
        let mut signs = Signs::default();
        while to < end {
            match self.byte(to) {
                b'0'..=b'9' => signs.digit = true,
                b'@' => signs.at = true,
                b':' => signs.colon = true,
                b'/' if signs.scheme.is_none() && self.slice(at, to).ends_with(b":/") => {
                    signs.scheme = Some(to.saturating_sub(2));
                }
                // An apostrophe after a letter is no quote: can't, the users' table.
                b'\'' if to > at && self.byte_before(to).is_ascii_alphabetic() => {}
                byte if is_word(byte) => {}
                _ => break,
            }
            to = after(to);
        }
        if signs.digit || signs.at || signs.scheme.is_some() {
            return self.token(at, to, end, signs);
        }
        if self.key.ends_with("<n> ") {
            return self.counted(at, to);
        }
        // `Mon` or `Nov` may start a date.
        if (3..=4).contains(&to.saturating_sub(at))
            && self.byte(at).is_ascii_uppercase()
            && let Some(length) = time::named_date(self.slice(at, end))
        {
            self.mark("<time>");
            return at.wrapping_add(length);
        }
        self.keep(at, to)
    }

    /// A word behind a number: a unit joins it, and a plural says no more than a singular.
    fn counted(&mut self, at: usize, to: usize) -> usize {
        let letters = self
            .slice(at, to)
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let stem = at.wrapping_add(letters);
        let word = self.slice(at, stem);
        let class = if letters > 1 || word == b"s" {
            words::class(word)
        } else {
            0
        };
        let unit = match class {
            class if class & words::TIME_UNIT != 0 => Some("<dur>"),
            class if class & words::SIZE_UNIT != 0 => Some("<size>"),
            _ => None,
        };
        if let Some(unit) = unit {
            self.key.truncate(self.key.len().saturating_sub("<n> ".len()));
            self.mark(unit);
            return stem;
        }
        let singular = match word {
            [.., b'u' | b's' | b'i', b's'] => stem,
            [_, _, .., b's'] => stem.saturating_sub(1),
            _ => stem,
        };
        self.keep(at, singular);
        self.keep(stem, to)
    }

    /// `用户[张三]`, `user [bob]`: brackets behind a value word quote a value; `[::1]:80` is an address.
    fn bracket(&mut self, at: usize, end: usize) -> usize {
        if let Some(next) = self.bracketed_ip(at, end) {
            return next;
        }
        let open = after(at);
        self.keep(at, open);
        let close = self.find(open, end.min(open.wrapping_add(64)), |byte| {
            matches!(byte, b']' | b'[')
        });
        let value_before = self.class_before(at, |byte| byte == b' ') & words::VALUE != 0;
        if value_before && self.byte(close) == b']' && close > open {
            self.mark("<str>");
            return close;
        }
        open
    }

    /// The first position in `from..end` whose byte is wanted, else `end`.
    pub(super) fn find(&self, from: usize, end: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let found = self.slice(from, end).iter().position(|byte| wanted(*byte));
        found.map_or(end, |offset| from.wrapping_add(offset))
    }

    /// Copies a range in lower case. Gives where it ended.
    pub(super) fn keep(&mut self, from: usize, to: usize) -> usize {
        // A blank, a quote: every second step of an ordinary text.
        if let [byte @ 0..0x80] = self.slice(from, to) {
            self.full |= self.key.len() >= self.limit;
            if !self.full {
                self.key.push(char::from(byte.to_ascii_lowercase()));
            }
            return to;
        }
        let part = self.str(from, to);
        let room = self.limit.saturating_sub(self.key.len());
        let fits = floor(part, room);
        self.full |= fits < part.len();
        let start = self.key.len();
        self.key.push_str(part.get(..fits).unwrap_or_default());
        if let Some(kept) = self.key.get_mut(start..) {
            kept.make_ascii_lowercase();
        }
        to
    }

    /// Writes a placeholder. One that follows its equal behind blanks or commas alone adds nothing (N15).
    pub(super) fn mark(&mut self, placeholder: &str) {
        let own = self.key.as_bytes().get(self.start..).unwrap_or_default();
        let gap = own.iter().rev().take_while(|byte| matches!(byte, b' ' | b','));
        let before = own.len().saturating_sub(gap.count());
        if own
            .get(..before)
            .is_some_and(|own| own.ends_with(placeholder.as_bytes()))
        {
            self.key.truncate(self.start.wrapping_add(before));
            return;
        }
        if self.key.len().saturating_add(placeholder.len()) > self.limit {
            self.full = true;
            return;
        }
        self.key.push_str(placeholder);
    }

    /// A full stop or blank at the end says nothing (N3).
    fn strip_end(&mut self) {
        let own = self.key.get(self.start..).unwrap_or_default();
        let kept = own.trim_end_matches([' ', '.', ',', ';', ':', '!', '。']).len();
        self.key.truncate(self.start.wrapping_add(kept));
    }
}
