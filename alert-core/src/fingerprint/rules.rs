//! What a user may change about normalisation (N18).

/// Exceptions to the rules of [`normalize`](super::normalize), as the config holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Words that stay as they are although they look like a value. Case does not matter.
    pub(crate) keep_words: Vec<String>,
    /// Literals that are a value wherever they occur. Case does not matter; an empty one is ignored.
    pub(crate) extra_masks: Vec<String>,
    /// The text is its own key: nothing is replaced, nothing is cut before it is hashed.
    pub(crate) raw: bool,
}

impl Rules {
    /// Whether this word was asked to stay.
    pub(super) fn keeps(&self, word: &str) -> bool {
        self.keep_words.iter().any(|keep| keep.eq_ignore_ascii_case(word))
    }

    /// How many bytes at the start of `text` a literal covers; the longest wins.
    pub(super) fn masked(&self, text: &str) -> Option<usize> {
        self.extra_masks
            .iter()
            .map(String::len)
            .zip(&self.extra_masks)
            .filter(|(len, mask)| {
                *len > 0
                    && text
                        .get(..*len)
                        .is_some_and(|head| head.eq_ignore_ascii_case(mask))
            })
            .map(|(len, _)| len)
            .max()
    }
}
