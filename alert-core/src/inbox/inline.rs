//! The markdown of the vendors inside a line: emphasis, code, links, the few tags each of them has.

use super::shown::{self, Inline};

/// Emphasis nests no deeper than this; what lies deeper is shown as it was written.
const MAX_DEPTH: usize = 8;

/// Which tags a vendor's markdown knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tags {
    None,
    Feishu,
    Wecom,
}

/// What a vendor's markdown has.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of what a vendor documents, one row a feature"
)]
pub(super) struct Dialect {
    pub(super) headings: bool,
    pub(super) quotes: bool,
    pub(super) lists: bool,
    pub(super) tables: bool,
    pub(super) rules: bool,
    pub(super) code_blocks: bool,
    pub(super) indented_code: bool,
    pub(super) inline_code: bool,
    pub(super) italic: bool,
    pub(super) strike: bool,
    pub(super) images: bool,
    /// Character references and backslash escapes.
    pub(super) escapes: bool,
    /// Whether one line end is a line break.
    pub(super) newline_breaks: bool,
    pub(super) tags: Tags,
}

/// Reads a line (or the lines of a paragraph).
pub(super) fn line(text: &str, dialect: &Dialect) -> Vec<Inline> {
    within(text, dialect, 0)
}

fn within(text: &str, dialect: &Dialect, depth: usize) -> Vec<Inline> {
    let mut out = Line::default();
    if depth > MAX_DEPTH {
        out.text.push_str(text);
        return out.finish();
    }
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((parts, after)) = token(rest, first, dialect, depth) {
            out.extend(parts);
            rest = after;
        } else {
            out.text.push(first);
            rest = rest.strip_prefix(first).unwrap_or("");
        }
    }
    out.finish()
}

#[derive(Default)]
struct Line {
    parts: Vec<Inline>,
    text: String,
}

impl Line {
    fn extend(&mut self, parts: Vec<Inline>) {
        for part in parts {
            if let Inline::Text(text) = part {
                self.text.push_str(&text);
            } else {
                self.flush();
                self.parts.push(part);
            }
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Inline::Text(core::mem::take(&mut self.text)));
        }
    }

    fn finish(mut self) -> Vec<Inline> {
        self.flush();
        self.parts
    }
}

type Token<'t> = Option<(Vec<Inline>, &'t str)>;

fn token<'t>(rest: &'t str, first: char, dialect: &Dialect, depth: usize) -> Token<'t> {
    let deeper = depth.saturating_add(1);
    match first {
        '\n' => Some((newline(dialect), rest.strip_prefix('\n')?)),
        ' ' if rest.starts_with("  \n") => Some((vec![Inline::Break], rest.strip_prefix("  \n")?)),
        '\\' if dialect.escapes => escape(rest),
        '&' if dialect.escapes => reference(rest),
        '`' if dialect.inline_code => code(rest),
        '*' => {
            let bold = |inner: &str| Inline::Bold(within(inner, dialect, deeper));
            let italic = |inner: &str| Inline::Italic(within(inner, dialect, deeper));
            span(rest, "**", bold).or_else(|| span(rest, "*", italic).filter(|_| dialect.italic))
        }
        '~' if dialect.strike => span(rest, "~~", |inner| Inline::Strike(within(inner, dialect, deeper))),
        '!' if dialect.images => {
            let (alt, _, after) = bracket(rest.strip_prefix('!')?)?;
            Some((vec![Inline::Image(alt.to_owned())], after))
        }
        '[' => {
            let (text, href, after) = bracket(rest)?;
            Some((shown::link(within(text, dialect, deeper), href), after))
        }
        '<' => match dialect.tags {
            Tags::None => None,
            Tags::Feishu => feishu_tag(rest, dialect, deeper),
            Tags::Wecom => wecom_tag(rest, dialect, deeper),
        },
        _ => None,
    }
}

fn newline(dialect: &Dialect) -> Vec<Inline> {
    vec![if dialect.newline_breaks {
        Inline::Break
    } else {
        Inline::Text(" ".to_owned())
    }]
}

fn span<'t>(rest: &'t str, mark: &str, build: impl Fn(&str) -> Inline) -> Token<'t> {
    let inside = rest.strip_prefix(mark)?;
    let (inner, after) = inside.split_once(mark)?;
    let tight = !inner.is_empty() && !inner.starts_with(char::is_whitespace) && !inner.contains("\n\n");
    tight.then(|| (vec![build(inner)], after))
}

fn code(rest: &str) -> Token<'_> {
    let ticks: String = rest.chars().take_while(|&c| c == '`').collect();
    let (inner, after) = rest.strip_prefix(ticks.as_str())?.split_once(ticks.as_str())?;
    (!inner.is_empty()).then(|| (vec![Inline::Code(inner.trim().to_owned())], after))
}

/// `[text](address)`: the text, the address (parentheses in it pair up) and what follows.
fn bracket(rest: &str) -> Option<(&str, &str, &str)> {
    let inside = rest.strip_prefix('[')?;
    let (text, after) = inside.split_once("](")?;
    let mut open: u32 = 0;
    let end = after.find(|c| match c {
        '(' => {
            open = open.saturating_add(1);
            false
        }
        ')' if open == 0 => true,
        ')' => {
            open = open.saturating_sub(1);
            false
        }
        _ => c == '\n',
    })?;
    let (href, after) = after.split_at_checked(end)?;
    (!text.contains('\n')).then_some((text, href, after.strip_prefix(')')?))
}

fn escape(rest: &str) -> Token<'_> {
    let after = rest.strip_prefix('\\')?;
    let escaped = after.chars().next().filter(char::is_ascii_punctuation)?;
    Some((
        vec![Inline::Text(escaped.to_string())],
        after.strip_prefix(escaped)?,
    ))
}

fn reference(rest: &str) -> Token<'_> {
    let (name, after) = rest.strip_prefix('&')?.split_once(';')?;
    let shown = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "sim" => '~',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((vec![Inline::Text(shown.to_string())], after))
}

/// An opening tag: its name, its attributes as written, what follows.
pub(super) fn open_tag(rest: &str) -> Option<(&str, &str, &str)> {
    let (tag, after) = rest.strip_prefix('<')?.split_once('>')?;
    let tag = tag.trim_end_matches('/').trim();
    let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    (named && tag.len() < 200).then_some((name, attributes, after))
}

/// The value of an attribute, with or without quotes.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    for (at, _) in attributes.match_indices(name) {
        let (before, found) = attributes.split_at_checked(at)?;
        let Some(value) = found
            .strip_prefix(name)
            .and_then(|v| v.trim_start().strip_prefix('='))
        else {
            continue;
        };
        if !before.is_empty() && !before.ends_with(char::is_whitespace) {
            continue;
        }
        let value = value.trim_start();
        return match value.chars().next()? {
            quote @ ('"' | '\'') => value.strip_prefix(quote)?.split(quote).next(),
            _ => value.split_whitespace().next(),
        };
    }
    None
}

fn feishu_tag<'t>(rest: &'t str, dialect: &Dialect, deeper: usize) -> Token<'t> {
    let (name, attributes, after) = open_tag(rest)?;
    match name {
        "br" => return Some((vec![Inline::Break], after)),
        "at" | "person" => {
            let id = attribute(attributes, "id").or_else(|| attribute(attributes, "user_id"))?;
            let after = after
                .split_once("</at>")
                .filter(|_| name == "at")
                .map_or(after, |(_, after)| after);
            return Some((vec![Inline::Mention(id.to_owned())], after));
        }
        _ => {}
    }
    let (inner, after) = after.split_once(format!("</{name}>").as_str())?;
    let colour = attribute(attributes, "color").unwrap_or("").to_owned();
    let part = match name {
        "font" => Inline::Colour(colour, within(inner, dialect, deeper)),
        "text_tag" | "number_tag" => Inline::Tag(shown::inline_text(&within(inner, dialect, deeper)), colour),
        "link" => {
            let href = attribute(attributes, "url")
                .or_else(|| attribute(attributes, "href"))
                .unwrap_or("");
            return Some((shown::link(within(inner, dialect, deeper), href), after));
        }
        "local_datetime" => Inline::Text(inner.to_owned()),
        _ => return None,
    };
    Some((vec![part], after))
}

fn wecom_tag<'t>(rest: &'t str, dialect: &Dialect, deeper: usize) -> Token<'t> {
    if let Some(inside) = rest.strip_prefix("<@") {
        let (id, after) = inside.split_once('>')?;
        let plausible = !id.is_empty() && id.len() <= 64 && !id.contains(char::is_whitespace);
        return plausible.then(|| (vec![Inline::Mention(id.to_owned())], after));
    }
    let (name, attributes, after) = open_tag(rest)?;
    let colour = attribute(attributes, "color").filter(|_| name == "font")?;
    let (inner, after) = after.split_once("</font>")?;
    Some((
        vec![Inline::Colour(colour.to_owned(), within(inner, dialect, deeper))],
        after,
    ))
}
