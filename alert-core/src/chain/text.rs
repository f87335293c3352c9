//! The text of a description: in a buffer while it is written, in place where it is short and kept.

/// Bytes kept in place: most chains are no longer. A text that travels in its event needs no allocation, and none that
/// is made on one thread and freed on another, which is the slowest kind.
const IN_PLACE: usize = 96;

#[derive(Clone)]
pub(super) struct Text {
    grown: String,
    short: [u8; IN_PLACE],
    /// Zero where the text is in the buffer.
    short_bytes: u8,
}

impl Default for Text {
    fn default() -> Self {
        Self::within(String::new())
    }
}

impl Text {
    /// Whatever a buffer holds.
    pub(super) const fn within(grown: String) -> Self {
        Self {
            grown,
            short: [0; IN_PLACE],
            short_bytes: 0,
        }
    }

    /// A copy that takes no more than it needs.
    pub(super) fn to_keep(&self) -> Self {
        let text = self.as_str();
        let mut kept = Self::default();
        match (kept.short.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(bytes)) => {
                place.copy_from_slice(text.as_bytes());
                kept.short_bytes = bytes;
            }
            _ => kept.grown.push_str(text),
        }
        kept
    }

    pub(super) fn as_str(&self) -> &str {
        if self.short_bytes == 0 {
            return &self.grown;
        }
        let short = self.short.get(..usize::from(self.short_bytes));
        core::str::from_utf8(short.unwrap_or_default()).unwrap_or_default()
    }

    /// The buffer, to write more.
    #[inline]
    pub(super) fn grow(&mut self) -> &mut String {
        if self.short_bytes > 0 {
            self.move_to_buffer();
        }
        &mut self.grown
    }

    #[cold]
    fn move_to_buffer(&mut self) {
        self.grown = self.as_str().to_owned();
        self.short_bytes = 0;
    }

    pub(super) fn into_buffer(mut self) -> String {
        core::mem::take(self.grow())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_wherever_it_is_kept() {
        for length in [0, 1, IN_PLACE - 1, IN_PLACE, IN_PLACE + 1, 5_000] {
            let written = Text::within("号".repeat(length / 3) + &"x".repeat(length % 3));
            let mut kept = written.to_keep();
            assert_eq!(kept.as_str(), written.as_str());
            assert_eq!(kept.grown.capacity() == 0, length <= IN_PLACE, "{length}");
            kept.grow().push_str(" and more");
            assert_eq!(kept.as_str(), format!("{} and more", written.as_str()));
            assert_eq!(kept.into_buffer(), format!("{} and more", written.as_str()));
        }
    }
}
