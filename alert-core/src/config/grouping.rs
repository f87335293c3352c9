//! Which failures are "the same".

use super::{Config, Matcher};
use crate::event::Event;
use crate::fingerprint::Rules;

/// What makes two failures of the program the same kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GroupBy {
    /// The function, the error's type, and its words but for values. What a key in the attribute replaces.
    #[default]
    Message,
    /// The function and the error's type.
    Type,
    /// The function alone.
    Site,
}

impl Config {
    /// What makes two failures the same kind. [`GroupBy::Message`] unless set.
    ///
    /// A `key = ..` in an attribute goes before it. A key that holds `{default}` adds to what is said here: with
    /// `key = "{default} of {tenant}"` the same words of two tenants are two kinds.
    #[must_use]
    pub fn group_by(self, group_by: GroupBy) -> Self {
        Self { group_by, ..self }
    }

    /// Words that tell kinds apart although they look like a value, such as `v2` or an error code. Case does not
    /// matter. None unless set; further calls add to them.
    #[must_use]
    pub fn keep_words<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.rules.keep_words.extend(words.into_iter().map(Into::into));
        self
    }

    /// Texts that are a value wherever they occur, such as a customer's name. Case does not matter. None unless set;
    /// further calls add to them.
    #[must_use]
    pub fn mask<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.rules.extra_masks.extend(texts.into_iter().map(Into::into));
        self
    }

    /// Compares messages as they are: nothing in them is taken for a value. Off unless set.
    #[must_use]
    pub fn raw_messages(mut self, raw: bool) -> Self {
        self.rules.raw = raw;
        self
    }

    /// Compares the messages of some failures as they are, such as those of one function whose numbers tell kinds apart.
    /// May be said several times.
    ///
    /// ```
    /// use alert_core::{Config, Matcher};
    ///
    /// let config = Config::new("checkout").raw_messages_of(Matcher::all().function("convert"));
    /// ```
    #[must_use]
    pub fn raw_messages_of(mut self, failures: Matcher) -> Self {
        self.raw.push(failures);
        self
    }

    /// Whether the words of this failure are taken as they are, by a word of their own.
    pub(crate) fn is_raw(&self, event: &Event) -> bool {
        self.raw.iter().any(|failures| failures.matches(event))
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }
}
