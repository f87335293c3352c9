//! Quoted text (N13): prose and identifiers stay, what a user or the data said goes.

use super::context::quote_gap;
use super::normalize::{Scanner, after};
use super::words;

/// How each kind of quote opens and closes. A `\"` inside a quoted text closes by another `\"`.
const QUOTES: [(&str, &str); KINDS] = [
    ("\"", "\""),
    ("'", "'"),
    ("`", "`"),
    ("\\\"", "\\\""),
    ("\\'", "\\'"),
    ("“", "”"),
    ("‘", "’"),
    ("「", "」"),
    ("『", "』"),
    ("【", "】"),
    ("《", "》"),
];
pub(super) const KINDS: usize = 11;
/// The first kind that shows what it holds rather than quotes it: a label, a title.
const FIRST_LABEL: usize = 9;
/// Quotes inside quotes are read to this depth, deeper ones are plain characters.
const MAX_DEPTH: u8 = 2;
/// A value cut off before its quote closed is at least this long.
const CUT_OFF: usize = 64;

/// A quoted text: what it holds is `from..to`, and reading goes on at `next`.
#[derive(Clone, Copy)]
pub(super) struct Quoted {
    kind: usize,
    from: usize,
    to: usize,
    pub(super) next: usize,
}

impl Scanner<'_> {
    /// Reads a quoted text, or the character alone if it opens none.
    pub(super) fn quote(&mut self, at: usize, end: usize, depth: u8) -> usize {
        let plain = at.wrapping_add(self.str(at, end).chars().next().map_or(1, char::len_utf8));
        let Some(kind) = self.opens(at).filter(|_| depth < MAX_DEPTH) else {
            return self.keep(at, plain);
        };
        let value_before = self.speaks_of_a_value(at);
        let Some(quoted) = self.close(at, kind, end) else {
            // Cut off by the bound on reading: the rest is the value.
            if value_before && end.saturating_sub(plain) >= CUT_OFF {
                self.mark("<str>");
                return end;
            }
            return self.keep(at, plain);
        };
        if self.is_value(at, quoted, value_before) {
            self.mark("<str>");
        } else {
            self.keep(at, quoted.from);
            if self.rules.keeps(self.str(quoted.from, quoted.to)) {
                self.keep(quoted.from, quoted.to);
            } else {
                self.run(quoted.from, quoted.to, depth.saturating_add(1));
            }
            self.keep(quoted.to, quoted.next);
        }
        quoted.next
    }

    /// The quoted text that starts at `at`, if one does.
    pub(super) fn quoted(&mut self, at: usize, end: usize) -> Option<Quoted> {
        let kind = self.opens(at)?;
        self.close(at, kind, end)
    }

    /// Which kind of quote opens here. An apostrophe after a letter or digit opens none.
    fn opens(&self, at: usize) -> Option<usize> {
        let first = self.byte(at);
        let rest = self.slice(at, self.bytes.len());
        // The first byte rules most of them out, which is all that many quotes in a row leave to do.
        let opens = |open: &str| open.as_bytes().first() == Some(&first) && rest.starts_with(open.as_bytes());
        let kind = QUOTES.iter().position(|(open, _)| opens(open))?;
        (first != b'\'' || !self.byte_before(at).is_ascii_alphanumeric()).then_some(kind)
    }

    /// Finds where the quote closes. What was searched in vain is not searched again, so that a text of nothing
    /// but opening quotes is read once.
    fn close(&mut self, at: usize, kind: usize, end: usize) -> Option<Quoted> {
        let (open, close) = QUOTES.get(kind)?;
        let from = at.wrapping_add(open.len());
        let searched = self.unclosed.get(kind).copied().unwrap_or(0);
        let mut to = from.max(searched);
        while to < end {
            let next = to.wrapping_add(close.len());
            if self.slice(to, end).starts_with(close.as_bytes())
                && !(close.ends_with(['\'', '’']) && self.byte(next).is_ascii_alphanumeric())
            {
                return Some(Quoted { kind, from, to, next });
            }
            to = if self.byte(to) == b'\\' && open.len() == 1 {
                after(after(to))
            } else {
                after(to)
            };
        }
        self.unclosed
            .get_mut(kind)
            .into_iter()
            .for_each(|known| *known = end);
        None
    }

    /// Whether what stands before the quote says that it holds a value.
    fn speaks_of_a_value(&self, at: usize) -> bool {
        // MySQL's 'user'@'host'.
        self.byte_before(at) == b'@' || self.class_before(at, quote_gap) & words::VALUE != 0
    }

    /// Whether the quoted text came from outside. The order of the questions is that of N13.
    fn is_value(&self, at: usize, quoted: Quoted, value_before: bool) -> bool {
        let content = self.str(quoted.from, quoted.to);
        if self.rules.keeps(content) || self.is_key(at, quoted, content, value_before) {
            return false;
        }
        if value_before {
            return true;
        }
        if self.byte_before(at) == b' ' && self.is_sent_for_an_enum(at) {
            return true;
        }
        let prose = content.bytes().any(|byte| byte == b' ' || byte >= 0x80);
        let labelled = quoted.kind >= FIRST_LABEL || self.byte(at) == b'`';
        let before = self.class_before(at, quote_gap);
        !(prose
            || labelled
            || before & (words::NOUN | words::LEAD | words::CODE) != 0
            || self.class_after(quoted.next) & words::NOUN != 0
            || is_program_text(content))
    }

    /// ``unknown variant `x` ``, as serde says it, or `for enum state: "x"`, as `PostgreSQL` does.
    fn is_sent_for_an_enum(&self, at: usize) -> bool {
        let gap = self.slice(at.saturating_sub(2), at);
        let word_end = if gap == b": " {
            at.saturating_sub(2)
        } else {
            at.saturating_sub(1)
        };
        let word = self.word_before(word_end, |_| false);
        let before = self.word_before(word_end.saturating_sub(word.len()), |byte| byte == b' ');
        match before {
            b"unknown" => word == b"variant",
            b"enum" => gap == b": ",
            _ => false,
        }
    }

    /// `{"user": ..`: the key of a JSON object, or an identifier that a colon follows.
    fn is_key(&self, at: usize, quoted: Quoted, content: &str, value_before: bool) -> bool {
        let colon = if self.byte(quoted.next) == b' ' {
            after(quoted.next)
        } else {
            quoted.next
        };
        if self.byte(colon) != b':' || content.is_empty() {
            return false;
        }
        let name = content
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let gap = self.byte_before(at) == b' ';
        let before = self.byte_before(if gap { at.saturating_sub(1) } else { at });
        name && (matches!(before, b'{' | b',') || !value_before)
    }
}

/// Whether a text looks like nothing a user would type: a path of a program, a call, a URL, an option, a constant.
fn is_program_text(content: &str) -> bool {
    let bytes = content.as_bytes();
    let constant = bytes.contains(&b'_')
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        && bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < 4;
    let dotted = content.split('.').count() >= 3
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_'));
    constant
        || dotted
        || content.contains("::")
        || content.contains("://")
        || content.ends_with("()")
        || content.starts_with("--")
}
