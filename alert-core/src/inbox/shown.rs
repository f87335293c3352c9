//! A message as the group sees it: a small tree that the page draws without ever parsing markup itself.
//!
//! Untrusted text ends up in text leaves only. The page creates each node by its kind and sets text as text,
//! so nothing in a message can become script, style or markup that the vendor does not have.

use serde_json::{Value, json};

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    Text(String),
    Bold(Vec<Inline>),
    Italic(Vec<Inline>),
    Strike(Vec<Inline>),
    Code(String),
    Colour(String, Vec<Inline>),
    /// A label in a box, Feishu's `text_tag`.
    Tag(String, String),
    /// Only ever built by [`link`], which lets safe schemes through.
    Link(Vec<Inline>, String),
    /// Shown as a placeholder: the page loads nothing from outside.
    Image(String),
    /// Somebody's telephone rings: the one thing an untrusted text must never cause.
    Mention(String),
    Break,
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Heading(u8, Vec<Inline>),
    Paragraph(Vec<Inline>),
    Quote(Vec<Block>),
    List(bool, Vec<Vec<Inline>>),
    Code(String),
    Rule,
    /// Rows of cells; the first row is the head.
    Table(Vec<Vec<Vec<Inline>>>),
    Columns(Vec<Vec<Block>>),
    Note(Vec<Block>),
    /// Text and address; only ever built by [`buttons`].
    Buttons(Vec<(String, String)>),
    /// A boxed part with a colour of its own at the side, Slack's attachment.
    Bar(String, Vec<Block>),
}

/// A whole message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Drawn above the blocks, on the card's colour if there is one.
    pub(super) title: String,
    pub(super) subtitle: String,
    /// The vendor's name of a card colour, or `#rrggbb`; empty for none.
    pub(super) colour: String,
    pub(super) tags: Vec<(String, String)>,
    pub(super) blocks: Vec<Block>,
    /// What the telephone shows before the chat is opened.
    pub(super) preview: String,
    /// Who is pinged without being named in the text.
    pub(super) pings: Vec<String>,
}

impl Shown {
    pub(super) fn of_text(text: &str) -> Shown {
        Shown {
            blocks: vec![plain(text)],
            ..Shown::default()
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "title": self.title,
            "subtitle": self.subtitle,
            "colour": self.colour,
            "tags": self.tags.iter().map(|(text, colour)| json!([text, colour])).collect::<Vec<_>>(),
            "preview": self.preview,
            "pings": self.pings,
            "blocks": self.blocks.iter().map(block_json).collect::<Vec<_>>(),
        })
    }

    /// Title, subtitle and blocks as text, a line each.
    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        for part in [&self.title, &self.subtitle] {
            if !part.is_empty() {
                lines.push(part.clone());
            }
        }
        lines.extend(self.tags.iter().map(|(text, _)| text.clone()));
        blocks_text(&self.blocks, &mut lines);
        lines.join("\n")
    }

    /// Everybody who is pinged, in the order of the text.
    pub(super) fn mentions(&self) -> Vec<String> {
        let mut names = self.pings.clone();
        for block in &self.blocks {
            block_mentions(block, &mut names);
        }
        names
    }
}

/// A paragraph that shows `text` with its line breaks and without any markup.
pub(super) fn plain(text: &str) -> Block {
    let mut parts = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            parts.push(Inline::Break);
        }
        parts.push(Inline::Text(line.to_owned()));
    }
    Block::Paragraph(parts)
}

/// A link if the address has a scheme that a chat program opens, else its text alone.
pub(super) fn link(inner: Vec<Inline>, href: &str) -> Vec<Inline> {
    if is_safe(href) {
        vec![Inline::Link(inner, href.trim().to_owned())]
    } else {
        inner
    }
}

/// Buttons; one with an address that must not be opened keeps its text and loses the address.
pub(super) fn buttons(all: impl IntoIterator<Item = (String, String)>) -> Block {
    Block::Buttons(
        all.into_iter()
            .map(|(text, href)| (text, if is_safe(&href) { href } else { String::new() }))
            .collect(),
    )
}

/// Whether an address may become a link of the page: `http`, `https`, and the scheme `DingTalk` clients open.
pub(super) fn is_safe(href: &str) -> bool {
    let href = href.trim();
    let scheme = href.split(':').next().unwrap_or("").to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https" | "dingtalk")
        && href.contains("://")
        && !href.chars().any(|c| c.is_control() || c.is_whitespace())
}

fn blocks_text(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Heading(_, inner) | Block::Paragraph(inner) => lines.push(inline_text(inner)),
            Block::Quote(inner) | Block::Note(inner) | Block::Bar(_, inner) => blocks_text(inner, lines),
            Block::List(_, items) => lines.extend(items.iter().map(|item| inline_text(item))),
            Block::Code(text) => lines.push(text.clone()),
            Block::Rule => {}
            Block::Table(rows) => {
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| inline_text(cell)).collect();
                    lines.push(cells.join(" | "));
                }
            }
            Block::Columns(columns) => columns.iter().for_each(|column| blocks_text(column, lines)),
            Block::Buttons(all) => lines.extend(all.iter().map(|(text, _)| text.clone())),
        }
    }
}

/// The text of a line as it is read, without markup.
pub(super) fn inline_text(parts: &[Inline]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Tag(text, _) => out.push_str(text),
            Inline::Bold(inner)
            | Inline::Italic(inner)
            | Inline::Strike(inner)
            | Inline::Colour(_, inner)
            | Inline::Link(inner, _) => out.push_str(&inline_text(inner)),
            Inline::Image(alt) => {
                out.push_str("[image ");
                out.push_str(alt);
                out.push(']');
            }
            Inline::Mention(name) => {
                out.push('@');
                out.push_str(name);
            }
            Inline::Break => out.push('\n'),
        }
    }
    out
}

fn block_mentions(block: &Block, names: &mut Vec<String>) {
    match block {
        Block::Heading(_, inner) | Block::Paragraph(inner) => inline_mentions(inner, names),
        Block::Quote(inner) | Block::Note(inner) | Block::Bar(_, inner) => {
            for block in inner {
                block_mentions(block, names);
            }
        }
        Block::List(_, items) => items.iter().for_each(|item| inline_mentions(item, names)),
        Block::Table(rows) => rows
            .iter()
            .flatten()
            .for_each(|cell| inline_mentions(cell, names)),
        Block::Columns(columns) => columns
            .iter()
            .flatten()
            .for_each(|block| block_mentions(block, names)),
        Block::Code(_) | Block::Rule | Block::Buttons(_) => {}
    }
}

fn inline_mentions(parts: &[Inline], names: &mut Vec<String>) {
    for part in parts {
        match part {
            Inline::Mention(name) => names.push(name.clone()),
            Inline::Bold(inner)
            | Inline::Italic(inner)
            | Inline::Strike(inner)
            | Inline::Colour(_, inner)
            | Inline::Link(inner, _) => inline_mentions(inner, names),
            Inline::Text(_) | Inline::Code(_) | Inline::Tag(..) | Inline::Image(_) | Inline::Break => {}
        }
    }
}

fn block_json(block: &Block) -> Value {
    match block {
        Block::Heading(level, inner) => json!({"is": "h", "level": level, "in": line_json(inner)}),
        Block::Paragraph(inner) => json!({"is": "p", "in": line_json(inner)}),
        Block::Quote(inner) => json!({"is": "quote", "in": all_json(inner)}),
        Block::Note(inner) => json!({"is": "note", "in": all_json(inner)}),
        Block::Bar(colour, inner) => json!({"is": "bar", "colour": colour, "in": all_json(inner)}),
        Block::List(ordered, items) => {
            let items: Vec<Value> = items.iter().map(|item| line_json(item)).collect();
            json!({"is": "list", "ordered": ordered, "items": items})
        }
        Block::Code(text) => json!({"is": "pre", "text": text}),
        Block::Rule => json!({"is": "hr"}),
        Block::Table(rows) => {
            let rows: Vec<Value> = rows
                .iter()
                .map(|row| row.iter().map(|cell| line_json(cell)).collect())
                .collect();
            json!({"is": "table", "rows": rows})
        }
        Block::Columns(columns) => {
            let columns: Vec<Value> = columns.iter().map(|column| all_json(column)).collect();
            json!({"is": "columns", "columns": columns})
        }
        Block::Buttons(all) => {
            let all: Vec<Value> = all.iter().map(|(text, href)| json!([text, href])).collect();
            json!({"is": "buttons", "all": all})
        }
    }
}

fn all_json(blocks: &[Block]) -> Value {
    blocks.iter().map(block_json).collect()
}

fn line_json(parts: &[Inline]) -> Value {
    parts.iter().map(inline_json).collect()
}

fn inline_json(part: &Inline) -> Value {
    match part {
        Inline::Text(text) => json!({"is": "text", "text": text}),
        Inline::Bold(inner) => json!({"is": "b", "in": line_json(inner)}),
        Inline::Italic(inner) => json!({"is": "i", "in": line_json(inner)}),
        Inline::Strike(inner) => json!({"is": "s", "in": line_json(inner)}),
        Inline::Code(text) => json!({"is": "code", "text": text}),
        Inline::Colour(colour, inner) => json!({"is": "colour", "colour": colour, "in": line_json(inner)}),
        Inline::Tag(text, colour) => json!({"is": "tag", "text": text, "colour": colour}),
        Inline::Link(inner, href) => json!({"is": "a", "href": href, "in": line_json(inner)}),
        Inline::Image(alt) => json!({"is": "img", "alt": alt}),
        Inline::Mention(name) => json!({"is": "at", "text": name}),
        Inline::Break => json!({"is": "br"}),
    }
}

impl Shown {
    /// Turns each `@name` of the text into a mention, for the names a vendor was told to ping.
    pub(super) fn mark_mentions(&mut self, names: &[&str]) {
        if !names.is_empty() {
            self.blocks.iter_mut().for_each(|block| mark_block(block, names));
        }
    }
}

fn mark_block(block: &mut Block, names: &[&str]) {
    match block {
        Block::Heading(_, inner) | Block::Paragraph(inner) => mark_line(inner, names),
        Block::Quote(inner) | Block::Note(inner) | Block::Bar(_, inner) => {
            for block in inner {
                mark_block(block, names);
            }
        }
        Block::List(_, items) => items.iter_mut().for_each(|item| mark_line(item, names)),
        Block::Table(_) | Block::Columns(_) | Block::Code(_) | Block::Rule | Block::Buttons(_) => {}
    }
}

fn mark_line(line: &mut Vec<Inline>, names: &[&str]) {
    let parts = core::mem::take(line);
    for mut part in parts {
        match &mut part {
            Inline::Text(text) => {
                mark_text(text, names, line);
                continue;
            }
            Inline::Bold(inner)
            | Inline::Italic(inner)
            | Inline::Strike(inner)
            | Inline::Colour(_, inner)
            | Inline::Link(inner, _) => mark_line(inner, names),
            Inline::Code(_) | Inline::Tag(..) | Inline::Image(_) | Inline::Mention(_) | Inline::Break => {}
        }
        line.push(part);
    }
}

fn mark_text(text: &str, names: &[&str], line: &mut Vec<Inline>) {
    let mut rest = text;
    let mut before = String::new();
    while let Some((head, tail)) = rest.split_once('@') {
        before.push_str(head);
        if let Some((name, after)) = names
            .iter()
            .find_map(|&name| Some((name, tail.strip_prefix(name)?)))
        {
            line.push(Inline::Text(core::mem::take(&mut before)));
            line.push(Inline::Mention(name.to_owned()));
            rest = after;
        } else {
            before.push('@');
            rest = tail;
        }
    }
    before.push_str(rest);
    line.push(Inline::Text(before));
}
