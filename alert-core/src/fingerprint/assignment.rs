//! `key=value`: what a value is that has a name (N14).

use super::normalize::{Scanner, after, is_word};
use super::words;

impl Scanner<'_> {
    /// `key=value`: the value of a key that names an id goes, `true` and `false` are one (N14).
    pub(super) fn assignment(&mut self, at: usize, end: usize) -> usize {
        let value = after(at);
        let operator = matches!(self.byte_before(at), b'=' | b'!' | b'<' | b'>' | b'~' | 0 | b' ')
            || matches!(self.byte(value), b'=' | b'>' | b'~' | b' ' | 0);
        let key = self.word_before(at, |_| false);
        self.keep(at, value);
        if operator || key.is_empty() {
            // The detail of PostgreSQL: `Key (email)=(a@b.c) already exists`.
            if self.byte_before(at) == b')' && self.byte(value) == b'(' {
                let close = self.find(value, end, |byte| byte == b')');
                self.mark("<v>");
                return after(close);
            }
            return value;
        }
        let to = self.find(value, end, |byte| !is_word(byte) || byte == b'&');
        if words::class_of_identifier(key) & words::ID_KEY != 0 && !self.rules.keeps(self.str(value, to)) {
            return self.id_value(value, to, end);
        }
        match self.slice(value, to) {
            word if word.eq_ignore_ascii_case(b"true") || word.eq_ignore_ascii_case(b"false") => {
                self.mark("<bool>");
                to
            }
            _ => value,
        }
    }

    /// Replaces the value of an id key: a quoted text, a Chinese name, or up to the next blank.
    fn id_value(&mut self, value: usize, to: usize, end: usize) -> usize {
        if let Some(quoted) = self.quoted(value, end) {
            self.mark("<v>");
            return quoted.next;
        }
        let wide = self.find(value, end, |byte| {
            byte <= b' ' || matches!(byte, b',' | b';' | b')' | b']' | b'}')
        });
        let to = if self.byte(value) >= 0x80 {
            self.chinese_end(value, wide)
        } else {
            to
        };
        if to == value || self.str(value, to).contains("://") {
            return value;
        }
        self.mark("<v>");
        to
    }
}
