//! Chinese and other text beyond ASCII: kept as it is (N3), but it may open a quote or name a unit.

use super::normalize::Scanner;
use super::words;

impl Scanner<'_> {
    /// Reads characters beyond ASCII up to the next ASCII one or the next quote.
    pub(super) fn wide(&mut self, at: usize, end: usize, depth: u8) -> usize {
        if is_open(self.str(at, end)) {
            return self.quote(at, end, depth);
        }
        let rest = self.str(at, self.chinese_end(at, end));
        let number = self.key.trim_end().strip_suffix("<n>").map(str::len);
        if let Some(number) = number
            && let Some(unit) = words::CHINESE_TIME_UNITS
                .iter()
                .find(|unit| rest.starts_with(**unit))
        {
            self.key.truncate(number);
            self.mark("<dur>");
            return at.wrapping_add(unit.len());
        }
        self.keep(at, at.wrapping_add(rest.len()))
    }

    /// Where a run of characters beyond ASCII ends: before ASCII, or before a quote.
    pub(super) fn chinese_end(&self, at: usize, end: usize) -> usize {
        let text = self.str(at, end);
        let stop = text
            .char_indices()
            .skip(1)
            .find(|(from, char)| char.is_ascii() || text.get(*from..).is_some_and(is_open));
        stop.map_or(end, |(offset, _)| at.wrapping_add(offset))
    }
}

/// Whether a quote opens at the start.
fn is_open(text: &str) -> bool {
    text.starts_with(['“', '‘', '「', '『', '【', '《'])
}
