//! Slack's incoming webhook.
//!
//! Source unless said otherwise: the vendor's documents, read 2026-11-23; the limits agree with the table of an
//! independent client. Statuses of `no_text`, `invalid_blocks` and `too_many_attachments`: confidence B.

use std::time::Duration;

use serde_json::Value;

use super::deliver::Desk;
use super::inline::{Dialect, Tags};
use super::rate::Limit;
use super::request::{Received, form_value};
use super::shown::{self, Block, Inline, Shown};
use super::verdict::{Answer, Judgement};
use super::{markdown, slack_text};

/// One message a second for one channel. Slack lets short bursts pass, by a measure it does not publish.
pub(super) fn limits() -> Vec<Limit> {
    vec![Limit::new(1, Duration::from_secs(1))]
}

/// Characters after which a text is cut, not refused.
const MAX_TEXT: usize = 40_000;
const MAX_ATTACHMENTS: usize = 100;
const MAX_BLOCKS: usize = 50;
const MAX_HEADER: usize = 150;
const MAX_SECTION: usize = 3_000;
const MAX_FIELDS: usize = 10;
const MAX_FIELD: usize = 2_000;
const MAX_CONTEXT: usize = 10;
const MAX_MARKDOWN: usize = 12_000;
const MAX_BUTTON: usize = 75;
const MAX_URL: usize = 3_000;

/// The `markdown` block.
const MARKDOWN: Dialect = Dialect {
    headings: true,
    quotes: true,
    lists: true,
    tables: true,
    rules: true,
    code_blocks: true,
    indented_code: false,
    inline_code: true,
    italic: true,
    strike: true,
    images: false,
    escapes: true,
    newline_breaks: true,
    tags: Tags::None,
};

pub(super) fn judge(received: &Received, desk: Option<&mut Desk<'_>>) -> Judgement {
    let Some(desk) = desk else {
        return refuse(
            404,
            "no_service",
            "no chat of this inbox has that address; copy it again",
        );
    };
    if received.method != "POST" {
        return refuse(400, "invalid_payload", "the request is no POST");
    }
    let body = match received.media_type().as_str() {
        "application/x-www-form-urlencoded" => form_value(&received.text(), "payload")
            .and_then(|payload| serde_json::from_str::<Value>(&payload).ok()),
        _ => received.json(),
    };
    let Some(body) = body.filter(Value::is_object) else {
        return refuse(
            400,
            "invalid_payload",
            "the body is neither a JSON object nor a form with `payload`",
        );
    };
    if let Err(full) = desk.rate.check(desk.now) {
        return throttled(full.retry_after, "more than 1 message in a second");
    }
    match read(&body) {
        Ok(shown) => Judgement::accepted("ok", "ok", Answer::text(200, "ok"), shown),
        Err((code, why)) => refuse(400, code, &why),
    }
}

pub(super) fn throttled(wait: Duration, why: &str) -> Judgement {
    let judgement = refuse(429, "rate_limited", why);
    Judgement {
        answer: judgement.answer.clone().retry_after(wait),
        ..judgement
    }
}

fn refuse(status: u16, code: &str, why: &str) -> Judgement {
    Judgement::refused(code, code, why, Answer::text(status, code))
}

type Refusal = (&'static str, String);

fn invalid(why: impl Into<String>) -> Refusal {
    ("invalid_blocks", why.into())
}

fn field<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or("")
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn read(body: &Value) -> Result<Shown, Refusal> {
    let text = field(body, "text");
    let (own, attachments) = (list(body, "blocks"), list(body, "attachments"));
    if body
        .get("blocks")
        .is_some_and(|blocks| !blocks.is_array() && !blocks.is_null())
    {
        return Err(("invalid_blocks_format", "`blocks` is no array".to_owned()));
    }
    if text.is_empty() && own.is_empty() && attachments.is_empty() {
        return Err((
            "no_text",
            "neither `text` nor `blocks` nor `attachments`".to_owned(),
        ));
    }
    if attachments.len() > MAX_ATTACHMENTS {
        return Err((
            "too_many_attachments",
            format!("more than {MAX_ATTACHMENTS} attachments"),
        ));
    }
    let cut: String = text.chars().take(MAX_TEXT).collect();
    let mut shown = Shown {
        preview: slack_text::unescaped(&cut),
        ..Shown::default()
    };
    shown.blocks = if own.is_empty() {
        slack_text::blocks(&cut)
    } else {
        blocks(own)?
    };
    for attachment in attachments {
        let colour = field(attachment, "color").to_owned();
        let mut inside = Vec::new();
        let title = field(attachment, "title");
        if !title.is_empty() {
            let title = vec![Inline::Bold(vec![Inline::Text(slack_text::unescaped(title))])];
            inside.push(Block::Paragraph(shown::link(
                title,
                field(attachment, "title_link"),
            )));
        }
        for part in ["pretext", "text", "footer"] {
            inside.extend(slack_text::blocks(field(attachment, part)));
        }
        inside.extend(blocks(list(attachment, "blocks"))?);
        if shown.colour.is_empty() {
            shown.colour.clone_from(&colour);
        }
        shown.blocks.push(Block::Bar(colour, inside));
    }
    Ok(shown)
}

fn blocks(all: &[Value]) -> Result<Vec<Block>, Refusal> {
    if all.len() > MAX_BLOCKS {
        return Err(invalid(format!("{} blocks, {MAX_BLOCKS} are allowed", all.len())));
    }
    let in_markdown: usize = all
        .iter()
        .filter(|block| field(block, "type") == "markdown")
        .map(|block| field(block, "text").chars().count())
        .sum();
    if in_markdown > MAX_MARKDOWN {
        return Err(invalid(format!(
            "{in_markdown} characters in markdown blocks, {MAX_MARKDOWN} are allowed"
        )));
    }
    let mut out = Vec::new();
    for block in all {
        out.extend(one(block)?);
    }
    Ok(out)
}

fn one(block: &Value) -> Result<Vec<Block>, Refusal> {
    let kind = field(block, "type");
    Ok(match kind {
        "header" => {
            let text = text(block.get("text"), MAX_HEADER, "header.text", true)?;
            vec![Block::Heading(2, vec![Inline::Text(text.to_owned())])]
        }
        "section" => section(block)?,
        "context" => {
            let elements = list(block, "elements");
            if elements.is_empty() || elements.len() > MAX_CONTEXT {
                return Err(invalid(format!("a context has 1 to {MAX_CONTEXT} elements")));
            }
            let mut inside = Vec::new();
            for element in elements {
                if field(element, "type") == "image" {
                    inside.push(Block::Paragraph(vec![Inline::Image(
                        field(element, "alt_text").to_owned(),
                    )]));
                } else {
                    inside.extend(rich(element, MAX_SECTION, "context text")?);
                }
            }
            vec![Block::Note(inside)]
        }
        "divider" => vec![Block::Rule],
        "markdown" => markdown::blocks(field(block, "text"), &MARKDOWN),
        "image" => vec![Block::Paragraph(vec![Inline::Image(
            field(block, "alt_text").to_owned(),
        )])],
        "actions" => vec![shown::buttons(
            list(block, "elements")
                .iter()
                .map(button)
                .collect::<Result<Vec<_>, _>>()?,
        )],
        "rich_text" => list(block, "elements").iter().map(rich_text).collect(),
        other => return Err(invalid(format!("`{other}` is no block of an incoming webhook"))),
    })
}

fn section(block: &Value) -> Result<Vec<Block>, Refusal> {
    let fields = list(block, "fields");
    let mut out = Vec::new();
    match block.get("text") {
        Some(text) => out.extend(rich(text, MAX_SECTION, "section.text")?),
        None if fields.is_empty() => return Err(invalid("a section has neither `text` nor `fields`")),
        None => {}
    }
    if fields.len() > MAX_FIELDS {
        return Err(invalid(format!("a section has at most {MAX_FIELDS} fields")));
    }
    let columns = fields
        .iter()
        .map(|field| rich(field, MAX_FIELD, "section.fields"));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    if !columns.is_empty() {
        out.push(Block::Columns(columns));
    }
    if let Some(accessory) = block
        .get("accessory")
        .filter(|part| field(part, "type") == "button")
    {
        out.push(shown::buttons([button(accessory)?]));
    }
    Ok(out)
}

/// The text of a text object, measured in characters.
fn text<'v>(object: Option<&'v Value>, max: usize, what: &str, plain_only: bool) -> Result<&'v str, Refusal> {
    let object = object.filter(|object| object.is_object());
    let object = object.ok_or_else(|| invalid(format!("{what} is no text object")))?;
    match field(object, "type") {
        "plain_text" => {}
        "mrkdwn" if !plain_only => {}
        other => return Err(invalid(format!("{what} has the type `{other}`"))),
    }
    let text = field(object, "text");
    let length = text.chars().count();
    if length == 0 || length > max {
        return Err(invalid(format!(
            "{what} has {length} characters; 1 to {max} are allowed"
        )));
    }
    Ok(text)
}

fn rich(object: &Value, max: usize, what: &str) -> Result<Vec<Block>, Refusal> {
    let text = text(Some(object), max, what, false)?;
    let plain = field(object, "type") == "plain_text";
    Ok(if plain {
        vec![shown::plain(text)]
    } else {
        slack_text::blocks(text)
    })
}

fn button(element: &Value) -> Result<(String, String), Refusal> {
    let label = text(element.get("text"), MAX_BUTTON, "button.text", true)?;
    let url = field(element, "url");
    if url.chars().count() > MAX_URL {
        return Err(invalid(format!(
            "a button's url has more than {MAX_URL} characters"
        )));
    }
    Ok((label.to_owned(), url.to_owned()))
}

fn rich_text(element: &Value) -> Block {
    let parts = list(element, "elements");
    if field(element, "type") == "rich_text_preformatted" {
        return Block::Code(parts.iter().map(|part| field(part, "text")).collect());
    }
    let line = parts.iter().flat_map(|part| match field(part, "type") {
        "user" => vec![Inline::Mention(field(part, "user_id").to_owned())],
        "broadcast" => vec![Inline::Mention(field(part, "range").to_owned())],
        "link" => shown::link(vec![Inline::Text(link_text(part).to_owned())], field(part, "url")),
        _ => vec![Inline::Text(field(part, "text").to_owned())],
    });
    let paragraph = Block::Paragraph(line.collect());
    if field(element, "type") == "rich_text_quote" {
        Block::Quote(vec![paragraph])
    } else {
        paragraph
    }
}

fn link_text(part: &Value) -> &str {
    let text = field(part, "text");
    if text.is_empty() { field(part, "url") } else { text }
}
