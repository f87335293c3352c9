//! `DingTalk`'s message bodies: which fields each type needs, and what the group sees of it.
//!
//! Source of every field unless said otherwise: the vendor's robot documents, read 2026-11-23.

use serde_json::Value;

use super::dingtalk::Refusal;
use super::inline::{Dialect, Tags};
use super::markdown;
use super::shown::{self, Block, Inline, Shown};

/// Headings, quotes, bold, italic, links, images, flat lists; a single line end does not break a line.
const MARKDOWN: Dialect = Dialect {
    headings: true,
    quotes: true,
    lists: true,
    tables: false,
    rules: false,
    code_blocks: false,
    indented_code: false,
    inline_code: false,
    italic: true,
    strike: false,
    images: true,
    escapes: false,
    newline_breaks: false,
    tags: Tags::None,
};
pub(super) fn read(body: &Value) -> Result<Shown, Refusal> {
    let kind = body.get("msgtype").and_then(Value::as_str).unwrap_or("");
    let Some(number) = ["text", "link", "markdown", "actionCard", "feedCard"]
        .iter()
        .position(|k| *k == kind)
    else {
        let why = format!("`msgtype` is `{kind}`; it must be text, link, markdown, actionCard or feedCard");
        return Err(Refusal::new(400_105, "不支持的消息类型", why));
    };
    let part = Part {
        kind,
        number,
        object: body.get(kind),
    };
    if !part.object.is_some_and(Value::is_object) {
        return Err(part.missing(0, ""));
    }
    let mut shown = match kind {
        "text" => {
            let text = part.string(1, "content")?;
            Shown {
                preview: text.clone(),
                ..Shown::of_text(&text)
            }
        }
        "markdown" => {
            let title = part.string(1, "title")?;
            let blocks = markdown::blocks(&part.string(2, "text")?, &MARKDOWN);
            Shown {
                preview: title,
                blocks,
                ..Shown::default()
            }
        }
        "link" => {
            let (title, text) = (part.string(1, "title")?, part.string(2, "text")?);
            let open = shown::buttons([("打开链接".to_owned(), part.string(3, "messageUrl")?)]);
            let blocks = vec![shown::plain(&text), open];
            Shown {
                preview: title.clone(),
                title,
                blocks,
                ..Shown::default()
            }
        }
        "actionCard" => action_card(&part)?,
        _ => feed_card(&part)?,
    };
    if matches!(kind, "text" | "markdown") {
        ping(&mut shown, body.get("at"));
    }
    Ok(shown)
}

/// The object of a message type, for the numbering of missing fields: 400, the type from 2 on, the field from
/// 01 on (text, markdown and feedCard's links were seen, the pattern beyond them is inferred: confidence C).
struct Part<'b> {
    kind: &'b str,
    number: usize,
    object: Option<&'b Value>,
}

impl Part<'_> {
    fn string(&self, field: usize, name: &str) -> Result<String, Refusal> {
        let found = self
            .object
            .and_then(|object| object.get(name))
            .and_then(Value::as_str);
        found
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| self.missing(field, name))
    }

    fn missing(&self, field: usize, name: &str) -> Refusal {
        let of_type = self.number.saturating_add(2).saturating_mul(100);
        let code = of_type.saturating_add(field).saturating_add(400_001);
        let path = if name.is_empty() {
            self.kind.to_owned()
        } else {
            format!("{}->{name}", self.kind)
        };
        let why = format!("`{path}` is missing, empty or of the wrong type; names are case-sensitive");
        Refusal::new(
            u32::try_from(code).unwrap_or(u32::MAX),
            format!("miss param : {path}"),
            why,
        )
    }
}

fn action_card(part: &Part<'_>) -> Result<Shown, Refusal> {
    let (title, text) = (part.string(1, "title")?, part.string(2, "text")?);
    let object = part.object.unwrap_or(&Value::Null);
    let mut links = Vec::new();
    if object.get("singleTitle").is_some() || object.get("singleURL").is_some() {
        links.push((part.string(3, "singleTitle")?, part.string(4, "singleURL")?));
    } else {
        let all = object
            .get("btns")
            .and_then(Value::as_array)
            .filter(|all| !all.is_empty());
        for button in all.ok_or_else(|| part.missing(5, "btns"))? {
            let field = |name: &str| button.get(name).and_then(Value::as_str).filter(|s| !s.is_empty());
            let (Some(title), Some(url)) = (field("title"), field("actionURL")) else {
                return Err(part.missing(5, "btns"));
            };
            links.push((title.to_owned(), url.to_owned()));
        }
    }
    let mut blocks = markdown::blocks(&text, &MARKDOWN);
    blocks.push(shown::buttons(links));
    Ok(Shown {
        preview: title,
        blocks,
        ..Shown::default()
    })
}

fn feed_card(part: &Part<'_>) -> Result<Shown, Refusal> {
    let links = part
        .object
        .and_then(|object| object.get("links"))
        .and_then(Value::as_array);
    let links = links
        .filter(|links| !links.is_empty())
        .ok_or_else(|| part.missing(1, "links"))?;
    let mut rows = Vec::new();
    for link in links {
        let field = |name: &str| link.get(name).and_then(Value::as_str).filter(|s| !s.is_empty());
        let (Some(title), Some(url), Some(_)) = (field("title"), field("messageURL"), field("picURL")) else {
            return Err(part.missing(1, "links"));
        };
        rows.push(Block::Paragraph(shown::link(
            vec![Inline::Text(title.to_owned())],
            url,
        )));
    }
    Ok(Shown {
        blocks: rows,
        ..Shown::default()
    })
}

/// Turns `@` and a name listed in `at` into a mention. A listed name that is not in the text pings nobody;
/// `isAtAll` pings everybody with or without a text.
fn ping(shown: &mut Shown, at: Option<&Value>) {
    let Some(at) = at else { return };
    if at.get("isAtAll").and_then(Value::as_bool) == Some(true) {
        shown.pings.push("all".to_owned());
    }
    let mut names: Vec<&str> = Vec::new();
    for list in ["atMobiles", "atUserIds"] {
        let list = at.get(list).and_then(Value::as_array);
        names.extend(
            list.into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .filter(|name| !name.is_empty()),
        );
    }
    shown.mark_mentions(&names);
}
