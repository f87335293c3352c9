//! A message before any vendor's markup: its parts from top to bottom.

use super::wording::Words;

/// A message in words, without markup. Everything in it may hold text of strangers, so a vendor's file
/// escapes all of it.
#[derive(Debug)]
pub(super) struct Sheet {
    /// One line for the top and for the phone's banner.
    pub(super) title: String,
    /// The title with the failure's own words, for banners that show nothing else.
    pub(super) banner: String,
    pub(super) blocks: Vec<Block>,
    pub(super) words: &'static Words,
}

/// One part of a message, from top to bottom.
#[derive(Debug)]
pub(super) enum Block {
    /// The failure's own words; may have several lines.
    Lead(String),
    /// A label and one line.
    Fact(&'static str, String),
    /// A label and a URL that is safe to make a link of.
    Link(&'static str, String),
    /// A label and a numbered list.
    List(&'static str, Vec<String>),
    /// A label and lines of code.
    Code(&'static str, Vec<String>),
    /// One group of several.
    Item(Item),
    /// Small print.
    Note(String),
}

/// One group in one line.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) mark: &'static str,
    pub(super) function: String,
    pub(super) count: String,
    pub(super) message: String,
    pub(super) place: String,
}

/// Whether a URL may become a link: `http` or `https`, and nothing that could end a link's markup.
pub(super) fn is_plain_url(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~:/?#@!$&=+,;%".contains(c))
        && !url.contains('@')
        && !url.contains('!')
}
