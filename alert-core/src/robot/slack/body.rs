//! What is written to Slack.

use serde_json::{Value, json};

use crate::Digest;
use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::{BREAK, cut, unlinked};
use crate::robot::{Form, FormatError, Robot, Who, keyword, plain};

/// Characters of a header. Limit table of a block library generated from the official pages, 2026-11-23.
const HEADER: usize = 150;
/// Characters of a section's text. The same table. We count bytes, which are never fewer.
pub(super) const SECTION: usize = 3_000;
/// Blocks of a message. The same table.
pub(super) const BLOCKS: usize = 50;
/// Bytes of `text`: 4000 characters are recommended, 40 000 are cut. Reported by users, not by the page.
pub(super) const TEXT: usize = 4_000;

/// The body, or `None` when a part of it is too long.
pub(super) fn body(
    digest: &Digest,
    robot: &Robot,
    form: Form,
    at_most: Cut,
) -> Result<Option<Vec<u8>>, FormatError> {
    let sheet = sheet(digest, robot, at_most);
    let at = mentions(digest, robot);
    let message = match form {
        Form::Rich => {
            let blocks = blocks(&sheet, at.as_deref(), robot);
            if blocks.len() > BLOCKS || !sections_fit(&blocks) {
                return Ok(None);
            }
            json!({
                "text": keyword::titled(&escape(&sheet.banner), robot),
                "blocks": blocks,
                "unfurl_links": false,
                "unfurl_media": false,
            })
        }
        Form::Plain => {
            let mut lines = vec![keyword::titled(&escape(&sheet.title), robot)];
            lines.extend(plain::lines(&sheet, escape));
            lines.extend(at);
            let text = lines.join("\n");
            if text.len() > TEXT {
                return Ok(None);
            }
            json!({ "text": text, "unfurl_links": false, "unfurl_media": false })
        }
    };
    keyword::check(&message, robot)?;
    Ok(Some(message.to_string().into_bytes()))
}

fn sections_fit(blocks: &[Value]) -> bool {
    blocks.iter().all(|block| {
        let text = block
            .pointer("/text/text")
            .or_else(|| block.pointer("/elements/0/text"));
        text.and_then(Value::as_str)
            .is_none_or(|text| text.len() <= SECTION)
    })
}

/// `<@U123> <!channel>`, or nothing. Slack knows nobody by mobile number.
fn mentions(digest: &Digest, robot: &Robot) -> Option<String> {
    let names: Vec<String> = robot
        .mentioned(digest.severity())
        .filter_map(|who| match who {
            Who::All => Some("<!channel>".to_owned()),
            Who::User(id) => {
                let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
                (!id.is_empty()).then(|| format!("<@{id}>"))
            }
            Who::Mobile(_) => None,
        })
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// Everything that may hold a stranger's text is `plain_text`, in which nothing acts, with `emoji` off,
/// or `io::Error::` would be read as one. Links and mentions of ours have blocks of their own.
fn blocks(sheet: &Sheet, at: Option<&str>, robot: &Robot) -> Vec<Value> {
    let colon = sheet.words.colon;
    let title = keyword::titled(&sheet.title, robot);
    let mut blocks = vec![json!({ "type": "header", "text": plain(&cut(&title, HEADER)) })];
    let mut lines: Vec<String> = Vec::new();
    let flush = |lines: &mut Vec<String>, blocks: &mut Vec<Value>| {
        let mut text = String::new();
        for line in lines.drain(..) {
            if !text.is_empty() && text.len().saturating_add(line.len()) >= SECTION {
                blocks.push(section(plain(&text)));
                text.clear();
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line);
        }
        if !text.is_empty() {
            blocks.push(section(plain(&text)));
        }
    };
    for block in &sheet.blocks {
        match block {
            Block::Fact(label, value) => lines.push(format!("{label}{colon}{}", unlinked(value))),
            Block::Item(item) => lines.push(format!(
                "{} {} {}{colon}{} ({})",
                item.mark,
                unlinked(&item.function),
                item.count,
                unlinked(&item.message),
                unlinked(&item.place),
            )),
            block => {
                flush(&mut lines, &mut blocks);
                match block {
                    Block::Lead(text) => lines.push(unlinked(text)),
                    Block::List(label, values) | Block::Code(label, values) => {
                        lines.push(format!("{label}{colon}").trim_end().to_owned());
                        lines.extend(values.iter().map(|value| format!("• {}", unlinked(value))));
                    }
                    Block::Link(label, url) => {
                        let link = format!("<{}|{label}>", url.replace('&', "&amp;"));
                        blocks.push(section(json!({ "type": "mrkdwn", "text": link })));
                    }
                    Block::Note(text) => {
                        blocks.push(json!({ "type": "context", "elements": [plain(&unlinked(text))] }));
                    }
                    Block::Fact(..) | Block::Item(_) => {}
                }
                flush(&mut lines, &mut blocks);
            }
        }
    }
    flush(&mut lines, &mut blocks);
    if let Some(at) = at {
        blocks.push(section(json!({ "type": "mrkdwn", "text": at })));
    }
    blocks
}

fn section(text: Value) -> Value {
    let mut section = serde_json::Map::new();
    section.insert("type".to_owned(), Value::from("section"));
    section.insert("text".to_owned(), text);
    Value::Object(section)
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text, "emoji": false })
}

/// Text where Slack reads its markup: the three documented escapes, no link, no emoji, and look-alikes for
/// what marks bold, code and strike, for which there is no escape.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let text = unlinked(text);
    for (at, c) in text.char_indices() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '*' => safe.push('∗'),
            '`' => safe.push('‵'),
            '~' => safe.push('∼'),
            ':' => {
                safe.push(':');
                if starts_an_emoji(text.get(at.saturating_add(1)..).unwrap_or_default()) {
                    safe.push(BREAK);
                }
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Whether what follows a colon is a name and another colon.
fn starts_an_emoji(rest: &str) -> bool {
    let after = rest.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '+' | '-' | '_' | '\''));
    after.len() < rest.len() && after.starts_with(':')
}
