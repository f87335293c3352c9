//! Looking back and ahead, a bounded way, for the word that says what a value is.

use super::fold::floor;
use super::normalize::{Scanner, after};
use super::words::{self, Class};

/// Bytes of an identifier looked at.
const LONGEST_IDENTIFIER: usize = 40;
/// Bytes that may lie between a word and its value.
const LONGEST_GAP: usize = 5;

const fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What may lie between a code word and its code.
pub(super) const fn code_gap(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b':' | b'=' | b'(' | b'[' | b'#' | b'"' | b'\'' | b'\\' | b'-'
    )
}

/// What may lie between a word and the quote it speaks of.
pub(super) const fn quote_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b':' | b'=' | b'(' | b'[')
}

impl<'a> Scanner<'a> {
    /// Where the word before `at` ends, across at most a few bytes of the gap.
    fn word_end_before(&self, at: usize, gap: impl Fn(u8) -> bool) -> usize {
        let skipped = self.slice(at.saturating_sub(LONGEST_GAP), at).iter().rev();
        at.saturating_sub(skipped.take_while(|byte| gap(**byte)).count())
    }

    /// The identifier before `at`, across the gap; empty if there is none.
    pub(super) fn word_before(&self, at: usize, gap: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.word_end_before(at, gap);
        let reversed = self
            .slice(end.saturating_sub(LONGEST_IDENTIFIER), end)
            .iter()
            .rev();
        let length = reversed.take_while(|byte| is_identifier(**byte)).count();
        self.slice(end.saturating_sub(length), end)
    }

    /// What the word before `at` says, in English or Chinese. `Some(` of a `Debug` text is looked through.
    pub(super) fn class_before(&self, at: usize, gap: impl Fn(u8) -> bool + Copy) -> Class {
        let end = self.behind_json_key(self.word_end_before(at, gap));
        if self.byte_before(end) >= 0x80 {
            let start = floor(self.text, end.saturating_sub(24));
            return words::class_of_chinese(self.str(start, end));
        }
        // Every listed word ends in a letter; a number in a row of numbers asks for nothing more.
        if !self.byte_before(end).is_ascii_alphabetic() {
            return 0;
        }
        let word = self.word_before(end, |_| false);
        if word == b"Some" {
            let inner = end.saturating_sub(word.len());
            return words::class_of_identifier(self.word_before(inner, gap));
        }
        let class = words::class_of_identifier(word);
        let start = end.saturating_sub(word.len());
        if class & words::CODE != 0 && word.eq_ignore_ascii_case(b"code") && self.names_a_value(start) {
            return words::VALUE;
        }
        // `error was "refused"` tells the error; `value was "x"` tells the value.
        if word.eq_ignore_ascii_case(b"was") {
            let subject = words::class_of_identifier(self.word_before(start, |byte| byte == b' '));
            return if subject & (words::NOUN | words::CODE) == 0 {
                class
            } else {
                words::NOUN
            };
        }
        class
    }

    /// `"code":` speaks of its value as `code:` does: where its key ends.
    fn behind_json_key(&self, end: usize) -> usize {
        let quote = end.saturating_sub(1);
        if self.byte_before(end) != b'"' || self.byte(end) != b':' {
            return end;
        }
        quote.saturating_sub(usize::from(self.byte_before(quote) == b'\\'))
    }

    /// Whether the word before `code` makes it a thing that users have: verification code, zip code.
    fn names_a_value(&self, code: usize) -> bool {
        words::class(self.word_before(code, |byte| byte == b' ')) & words::NOT_A_CODE != 0
    }

    /// What the word after `at` says: `"x" column`, `“x”字段`.
    pub(super) fn class_after(&self, at: usize) -> Class {
        let from = if self.byte(at) == b' ' { after(at) } else { at };
        if self.byte(from) >= 0x80 {
            return words::class_of_chinese_start(self.str(from, self.text.len()));
        }
        let end = self.find(
            from,
            self.bytes.len().min(from.wrapping_add(LONGEST_IDENTIFIER)),
            |byte| !is_identifier(byte),
        );
        if from == at {
            0
        } else {
            words::class(self.slice(from, end))
        }
    }
}
