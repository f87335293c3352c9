//! What is written to Telegram.

use serde_json::{Map, Value, json};

use super::Chat;
use crate::Digest;
use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::unlinked;
use crate::robot::{Form, Robot, Who, keyword, plain};

/// Characters of a text, after its markup is read. We count UTF-16 units of the text with its markup, which
/// are never fewer.
pub(super) const TEXT: usize = 4_096;

/// The body, or `None` when its text is too long.
pub(super) fn body(digest: &Digest, robot: &Robot, chat: &Chat, form: Form, cut: Cut) -> Option<Vec<u8>> {
    let sheet = sheet(digest, robot, cut);
    let mut lines = match form {
        Form::Rich => html(&sheet, robot),
        Form::Plain => {
            let mut lines = vec![keyword::titled(&nameless(&sheet.title), robot)];
            lines.extend(plain::lines(&sheet, nameless));
            lines
        }
    };
    lines.extend(names(digest, robot));
    let text = lines.join("\n");
    if text.encode_utf16().count() > TEXT {
        return None;
    }
    let mut message = Map::new();
    message.insert("chat_id".to_owned(), Value::from(chat.id.as_str()));
    message.insert("text".to_owned(), Value::from(text));
    message.insert("link_preview_options".to_owned(), json!({ "is_disabled": true }));
    if form == Form::Rich {
        message.insert("parse_mode".to_owned(), Value::from("HTML"));
    }
    if let Some(thread) = chat.thread {
        message.insert("message_thread_id".to_owned(), Value::from(thread));
    }
    Some(Value::Object(message).to_string().into_bytes())
}

/// `@user @other`, or nothing. There is no name for all, and no mobile number.
fn names(digest: &Digest, robot: &Robot) -> Option<String> {
    let names: Vec<String> = robot
        .mentioned(digest.severity())
        .filter_map(|who| match who {
            Who::User(name) => {
                let name: String = name
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                (!name.is_empty()).then(|| format!("@{name}"))
            }
            Who::Mobile(_) | Who::All => None,
        })
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}

fn html(sheet: &Sheet, robot: &Robot) -> Vec<String> {
    let colon = sheet.words.colon;
    let mut lines = vec![format!(
        "<b>{}</b>",
        escape(&keyword::titled(&sheet.title, robot))
    )];
    for block in &sheet.blocks {
        match block {
            Block::Lead(text) => lines.extend(text.lines().map(escape)),
            Block::Fact(label, value) => lines.push(format!("<b>{label}</b>{colon}{}", escape(value))),
            // Of the few characters a plain URL is made of, only `&` is markup.
            Block::Link(label, url) => {
                lines.push(format!("<b>{label}</b>{colon}{}", url.replace('&', "&amp;")));
            }
            Block::List(label, values) | Block::Code(label, values) => {
                lines.push(format!("<b>{label}</b>"));
                lines.extend(values.iter().map(|value| format!("• {}", escape(value))));
            }
            Block::Item(item) => lines.push(format!(
                "{} <b>{}</b> {}{colon}{} ({})",
                item.mark,
                escape(&item.function),
                item.count,
                escape(&item.message),
                escape(&item.place),
            )),
            Block::Note(text) => lines.push(escape(text)),
        }
    }
    lines
}

/// Without links and without names: `@someone` in a text notifies, in every form.
fn nameless(text: &str) -> String {
    unlinked(text).replace('@', "@\u{200B}")
}

/// The three escapes of its HTML.
pub(super) fn escape(text: &str) -> String {
    nameless(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
