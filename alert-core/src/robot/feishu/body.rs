//! What is written to Feishu.

use serde_json::{Value, json};

use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::{BREAK, starts_a_block, unlinked};
use crate::robot::{Form, FormatError, Robot, Who, keyword, plain};
use crate::{Digest, DigestKind, Language, Severity};

pub(super) fn message(digest: &Digest, robot: &Robot, form: Form, cut: Cut) -> Result<Value, FormatError> {
    let sheet = sheet(digest, robot, cut);
    let title = keyword::titled(&sheet.title, robot);
    let at = mentioned(digest, robot);
    let message = match form {
        Form::Rich => json!({
            "msg_type": "interactive",
            "card": {
                "schema": "2.0",
                "header": {
                    "title": { "tag": "plain_text", "content": title },
                    "template": colour(digest),
                },
                "body": { "elements": elements(&sheet, &at) },
            },
        }),
        Form::Plain => {
            let language = match digest.language() {
                Language::English => "en_us",
                Language::Chinese => "zh_cn",
            };
            // Whether a title is parsed for `<at ..>` too is not said.
            let title = keyword::titled(&inert(&sheet.title), robot);
            json!({
                "msg_type": "post",
                "content": { "post": { language: { "title": title, "content": paragraphs(&sheet, &at) } } },
            })
        }
    };
    keyword::check(&message, robot)?;
    Ok(message)
}

/// Ids to notify: `all`, or an `open_id` or `user_id`. Feishu knows nobody by mobile number.
fn mentioned(digest: &Digest, robot: &Robot) -> Vec<String> {
    robot
        .mentioned(digest.severity())
        .filter_map(|who| match who {
            Who::All => Some("all".to_owned()),
            Who::User(id) => {
                let id: String = id
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
                    .collect();
                (!id.is_empty()).then_some(id)
            }
            Who::Mobile(_) => None,
        })
        .collect()
}

/// A header's colour.
fn colour(digest: &Digest) -> &'static str {
    match (digest.kind(), digest.severity()) {
        (DigestKind::Quiet, _) => "green",
        (DigestKind::Test, _) => "grey",
        (_, Severity::Info) => "blue",
        (_, Severity::Warning) => "yellow",
        (_, Severity::Error) => "orange",
        (_, Severity::Critical) => "red",
    }
}

/// One markdown element a part; facts that follow each other share one.
fn elements(sheet: &Sheet, at: &[String]) -> Vec<Value> {
    let colon = sheet.words.colon;
    let mut parts: Vec<String> = Vec::new();
    let mut gathering = false;
    for block in &sheet.blocks {
        let (part, gathers) = match block {
            Block::Lead(text) => (
                breaks(text.lines().map(|line| format!("**{}**", escape(line)))),
                false,
            ),
            Block::Fact(label, value) => (format!("**{label}**{colon}{}", escape(value)), true),
            Block::Link(label, url) => (format!("[{label}]({url})"), true),
            Block::List(label, values) => {
                let numbered = values
                    .iter()
                    .enumerate()
                    .map(|(at, value)| format!("{}) {}", at.saturating_add(1), escape(value)));
                (format!("**{label}**<br>{}", breaks(numbered)), false)
            }
            Block::Code(label, values) => {
                let lines = breaks(values.iter().map(|value| escape(value)));
                (format!("**{label}**<br>{lines}"), false)
            }
            Block::Item(item) => (
                format!(
                    "{} **{}** {}{colon}{} ({})",
                    item.mark,
                    escape(&item.function),
                    item.count,
                    escape(&item.message),
                    escape(&item.place),
                ),
                true,
            ),
            Block::Note(text) => (escape(text), true),
        };
        match parts.last_mut() {
            Some(last) if gathering && gathers => {
                last.push_str("<br>");
                last.push_str(&part);
            }
            _ => parts.push(part),
        }
        gathering = gathers;
    }
    if !at.is_empty() {
        parts.push(
            at.iter()
                .map(|id| format!("<at id={id}></at>"))
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    parts
        .into_iter()
        .map(|part| json!({ "tag": "markdown", "content": part }))
        .collect()
}

fn breaks(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("<br>")
}

/// Text inside a card's markdown: the entities of the official table, so that no character acts, and `&`
/// before all of them.
pub(super) fn escape(line: &str) -> String {
    let line = line.trim();
    let mut safe = String::with_capacity(line.len().saturating_mul(2));
    if starts_a_block(line) {
        safe.push(BREAK);
    }
    for c in line.chars() {
        safe.push_str(match c {
            '&' => "&#38;",
            '>' => "&#62;",
            '<' => "&#60;",
            '~' => "&sim;",
            '-' => "&#45;",
            '!' => "&#33;",
            '*' => "&#42;",
            '/' => "&#47;",
            '\\' => "&#92;",
            '[' => "&#91;",
            ']' => "&#93;",
            '(' => "&#40;",
            ')' => "&#41;",
            '#' => "&#35;",
            ':' => "&#58;",
            '+' => "&#43;",
            '"' => "&#34;",
            '\'' => "&#39;",
            '`' => "&#96;",
            '$' => "&#36;",
            '_' => "&#95;",
            '\n' => "<br>",
            c => {
                safe.push(c);
                continue;
            }
        });
    }
    safe
}

/// A post: paragraphs of one text node each, then the mentions. No links: a URL the robot dislikes would
/// lose the whole message.
fn paragraphs(sheet: &Sheet, at: &[String]) -> Vec<Value> {
    let mut paragraphs: Vec<Value> = plain::lines(sheet, inert)
        .into_iter()
        .map(|line| json!([{ "tag": "text", "text": line }]))
        .collect();
    if !at.is_empty() {
        let nodes: Vec<Value> = at
            .iter()
            .map(|id| json!({ "tag": "at", "user_id": id }))
            .collect();
        paragraphs.push(Value::from(nodes));
    }
    paragraphs
}

/// Text that may be parsed for `<at ..>`, for which no escape is documented: broken behind each `<`.
fn inert(text: &str) -> String {
    unlinked(text).replace('<', "<\u{200B}")
}
