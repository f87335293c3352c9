//! Feishu's message cards, JSON 2.0 and 1.0.
//!
//! Source unless said otherwise: the vendor's documents, read 2026-11-23.

use serde_json::Value;

use super::feishu::{Refusal, bad_request};
use super::inline::{Dialect, Tags};
use super::markdown;
use super::shown::{self, Block, Shown};

/// Markdown 2.0: `CommonMark` without HTML blocks, plus Feishu's own tags. A single line end is a soft break.
const MARKDOWN_2: Dialect = Dialect {
    headings: true,
    quotes: true,
    lists: true,
    tables: true,
    rules: true,
    code_blocks: true,
    indented_code: true,
    inline_code: true,
    italic: true,
    strike: true,
    images: true,
    escapes: true,
    newline_breaks: false,
    tags: Tags::Feishu,
};

/// Markdown 1.0 (`lark_md`) has no headings, tables, inline code or quotes; a line end is a line break.
const MARKDOWN_1: Dialect = Dialect {
    headings: false,
    quotes: false,
    lists: true,
    tables: false,
    rules: true,
    code_blocks: false,
    indented_code: false,
    inline_code: false,
    newline_breaks: true,
    ..MARKDOWN_2
};

/// Tables in one component.
const MAX_TABLES: usize = 4;
/// Columns and notes nest no deeper here.
const MAX_DEPTH: usize = 5;

/// The elements a card of each version may hold. `note` and `action` are 1.0 only (confidence B); the rest of the
/// list is what the documents name for webhook cards.
const TAGS_2: &[&str] = &[
    "markdown",
    "div",
    "hr",
    "img",
    "button",
    "column_set",
    "column",
    "plain_text",
    "collapsible_panel",
    "interactive_container",
    "table",
    "chart",
    "person",
    "person_list",
    "img_combination",
];
const TAGS_1: &[&str] = &[
    "markdown",
    "div",
    "hr",
    "img",
    "note",
    "action",
    "button",
    "column_set",
    "column",
    "plain_text",
    "lark_md",
    "table",
    "chart",
];

pub(super) fn read(card: &Value) -> Result<Shown, Refusal> {
    if card.get("type").and_then(Value::as_str) == Some("template") {
        let id = card
            .get("data")
            .and_then(|data| data.get("template_id"))
            .and_then(Value::as_str);
        let id = id.ok_or_else(|| {
            rejected(
                200_621,
                "parse card json err",
                "a template card lacks `template_id`",
            )
        })?;
        return Ok(Shown::of_text(&format!("card template {id}")));
    }
    let second = match card.get("schema").and_then(Value::as_str) {
        Some("2.0") => true,
        None | Some("1.0") => false,
        Some(other) => {
            let why = format!("`schema` is `{other}`; it must be `2.0`");
            return Err(rejected(200_621, "parse card json err", why));
        }
    };
    let version = if second { Version::SECOND } else { Version::FIRST };
    let elements = if second {
        card.get("body").and_then(|body| body.get("elements"))
    } else {
        card.get("elements")
    };
    let Some(elements) = elements.and_then(Value::as_array) else {
        let place = if second { "body.elements" } else { "elements" };
        let why = format!("the card lacks the array `{place}`");
        return Err(rejected(200_621, "parse card json err", why));
    };
    let mut shown = header(card.get("header"))?;
    for element in elements {
        shown.blocks.extend(version.element(element, 0)?);
    }
    if shown.title.is_empty() && shown.blocks.is_empty() {
        return Err(bad_request("the card is empty"));
    }
    Ok(shown)
}

/// A refused card: 11246 with the reason inside its text (literal reported by users, confidence B).
fn rejected(inner: u32, text: &str, why: impl Into<String>) -> Refusal {
    let text = format!("Failed to create card content, ext=ErrCode: {inner}; ErrMsg: {text}; ErrorValue: ;");
    Refusal::new(11246, text, why)
}

fn header(header: Option<&Value>) -> Result<Shown, Refusal> {
    let Some(header) = header.filter(|header| !header.is_null()) else {
        return Ok(Shown::default());
    };
    let colour = header
        .get("template")
        .and_then(Value::as_str)
        .unwrap_or("default")
        .to_owned();
    let tags = header.get("text_tag_list").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(|tag| {
        let colour = tag.get("color").and_then(Value::as_str).unwrap_or("");
        Some((content(tag.get("text")?).to_owned(), colour.to_owned()))
    });
    let title = header.get("title").ok_or_else(|| {
        rejected(
            200_621,
            "parse card json err",
            "the card's header lacks `title`, an object with `tag` and `content`",
        )
    })?;
    if !title.is_object() {
        return Err(rejected(
            200_621,
            "parse card json err",
            "`header.title` is no object",
        ));
    }
    Ok(Shown {
        title: content(title).to_owned(),
        subtitle: header.get("subtitle").map_or("", content).to_owned(),
        colour,
        tags: tags.collect(),
        ..Shown::default()
    })
}

fn content(text: &Value) -> &str {
    text.get("content").and_then(Value::as_str).unwrap_or("")
}

/// What differs between the two versions of cards.
struct Version {
    tags: &'static [&'static str],
    markdown: Dialect,
}

impl Version {
    const FIRST: Version = Version {
        tags: TAGS_1,
        markdown: MARKDOWN_1,
    };
    const SECOND: Version = Version {
        tags: TAGS_2,
        markdown: MARKDOWN_2,
    };

    fn element(&self, element: &Value, depth: usize) -> Result<Vec<Block>, Refusal> {
        let tag = element.get("tag").and_then(Value::as_str).unwrap_or("");
        if !self.tags.contains(&tag) || depth > MAX_DEPTH {
            let why = format!("`{tag}` is no element of this version's cards");
            return Err(rejected(11310, "unsupported type of block", why));
        }
        let children = |name: &str| element.get(name).and_then(Value::as_array).into_iter().flatten();
        let deeper = depth.saturating_add(1);
        Ok(match tag {
            "markdown" | "lark_md" => self.markdown(element.get("content"))?,
            "plain_text" => vec![shown::plain(content(element))],
            "div" => {
                let mut blocks = match element.get("text") {
                    Some(text) => self.text(text)?,
                    None => Vec::new(),
                };
                let mut columns = Vec::new();
                for field in children("fields") {
                    columns.push(self.text(field.get("text").unwrap_or(&Value::Null))?);
                }
                if !columns.is_empty() {
                    blocks.push(Block::Columns(columns));
                }
                blocks
            }
            "hr" => vec![Block::Rule],
            "img" => {
                let alt = element.get("alt").map_or("", content).to_owned();
                vec![Block::Paragraph(vec![shown::Inline::Image(alt)])]
            }
            "button" => vec![shown::buttons([button(element)])],
            "action" => vec![shown::buttons(children("actions").map(button))],
            "note" => {
                let mut inside = Vec::new();
                for part in children("elements") {
                    inside.extend(self.text(part)?);
                }
                vec![Block::Note(inside)]
            }
            "column_set" => {
                let mut columns = Vec::new();
                for column in children("columns") {
                    columns.push(self.element(column, deeper)?);
                }
                vec![Block::Columns(columns)]
            }
            "column" | "collapsible_panel" | "interactive_container" => {
                let mut inside = Vec::new();
                let title = element.get("header").and_then(|header| header.get("title"));
                if let Some(title) = title {
                    inside.extend(self.text(title)?);
                }
                for child in children("elements") {
                    inside.extend(self.element(child, deeper)?);
                }
                inside
            }
            other => vec![Block::Note(vec![shown::plain(&format!("[{other}]"))])],
        })
    }

    /// A text object: plain or markdown by its tag.
    fn text(&self, text: &Value) -> Result<Vec<Block>, Refusal> {
        match text.get("tag").and_then(Value::as_str) {
            Some("plain_text") => Ok(vec![shown::plain(content(text))]),
            Some("lark_md" | "markdown") => self.markdown(text.get("content")),
            Some("img") => Ok(Vec::new()),
            _ => Err(rejected(
                200_621,
                "parse card json err",
                "a text lacks `tag` plain_text or lark_md",
            )),
        }
    }

    fn markdown(&self, text: Option<&Value>) -> Result<Vec<Block>, Refusal> {
        let Some(text) = text.and_then(Value::as_str) else {
            return Err(rejected(
                200_621,
                "parse card json err",
                "a markdown element lacks the string `content`",
            ));
        };
        if self.markdown.tables && markdown::tables(text) > MAX_TABLES {
            let why = format!("more than {MAX_TABLES} tables in one component");
            return Err(rejected(11310, "card table number over limit", why));
        }
        Ok(markdown::blocks(text, &self.markdown))
    }
}

fn button(element: &Value) -> (String, String) {
    let text = element.get("text").map_or("", content).to_owned();
    let behaviors = element.get("behaviors").and_then(Value::as_array);
    let opens = behaviors
        .into_iter()
        .flatten()
        .find_map(|behavior| behavior.get("default_url"));
    let url = opens
        .or_else(|| element.get("url"))
        .and_then(Value::as_str)
        .unwrap_or("");
    (text, url.to_owned())
}
