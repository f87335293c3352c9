//! What is written to WeCom.

use serde_json::json;

use crate::Digest;
use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::{tame_markdown, unlinked};
use crate::robot::{Form, FormatError, Robot, Who, keyword, plain};

/// Bytes of `markdown_v2.content`. Official page; over it the robot answers 40058 and shows nothing.
pub(super) const MAX_MARKDOWN: usize = 4_096;
/// Bytes of `text.content`. Official page.
pub(super) const MAX_TEXT: usize = 2_048;

/// The body, or `None` when its content is too long.
///
/// Only a text notifies people: `markdown_v2` knows no mentions. So a message that must notify somebody
/// is a text, whatever form was asked for.
pub(super) fn body(
    digest: &Digest,
    robot: &Robot,
    form: Form,
    cut: Cut,
) -> Result<Option<Vec<u8>>, FormatError> {
    let sheet = sheet(digest, robot, cut);
    let mut users: Vec<&str> = Vec::new();
    let mut mobiles: Vec<&str> = Vec::new();
    for who in robot.mentioned(digest.severity()) {
        match who {
            Who::User(id) => users.push(id),
            Who::Mobile(number) => mobiles.push(number),
            Who::All => users.push("@all"),
        }
    }
    let nobody = users.is_empty() && mobiles.is_empty();
    let (message, length, limit) = match form {
        Form::Rich if nobody => {
            let content = markdown(&sheet, robot);
            let length = content.len();
            let message = json!({ "msgtype": "markdown_v2", "markdown_v2": { "content": content } });
            (message, length, MAX_MARKDOWN)
        }
        Form::Rich | Form::Plain => {
            let mut lines = vec![keyword::titled(&inert(&sheet.title), robot)];
            lines.extend(plain::lines(&sheet, inert));
            let content = lines.join("\n");
            let length = content.len();
            let message = json!({
                "msgtype": "text",
                "text": { "content": content, "mentioned_list": users, "mentioned_mobile_list": mobiles },
            });
            (message, length, MAX_TEXT)
        }
    };
    keyword::check(&message, robot)?;
    Ok((length <= limit).then(|| message.to_string().into_bytes()))
}

/// `<@userid>` notifies in a text, and no escape is documented: broken behind each `<`.
fn inert(text: &str) -> String {
    unlinked(text).replace('<', "<\u{200B}")
}

/// Headings, bold, links, quotes, lists and code blocks, each documented for `markdown_v2`. Facts are a
/// list, so that each has its own line on every client.
fn markdown(sheet: &Sheet, robot: &Robot) -> String {
    let colon = sheet.words.colon;
    let mut text = format!("#### {}", keyword::titled(&tame_markdown(&sheet.title), robot));
    let mut in_list = false;
    for block in &sheet.blocks {
        let (part, lists) = match block {
            Block::Lead(lead) => {
                let lines: Vec<String> = lead
                    .lines()
                    .map(|line| format!("> {}", tame_markdown(line)))
                    .collect();
                // An empty line of the quote keeps two lines apart.
                (lines.join("\n>\n"), false)
            }
            Block::Fact(label, value) => (format!("- **{label}**{colon}{}", tame_markdown(value)), true),
            Block::Link(label, url) => (format!("- [{label}]({url})"), true),
            Block::List(label, values) => {
                // Numbered, or the facts that follow would be read as more of the same list.
                let lines: Vec<String> = values
                    .iter()
                    .enumerate()
                    .map(|(at, value)| format!("{}. {}", at.saturating_add(1), tame_markdown(value)))
                    .collect();
                (format!("**{label}**\n\n{}", lines.join("\n")), false)
            }
            Block::Code(label, values) => (format!("**{label}**\n\n```\n{}\n```", code(values)), false),
            Block::Item(item) => (
                format!(
                    "- {} **{}** {}{colon}{} ({})",
                    item.mark,
                    tame_markdown(&item.function),
                    item.count,
                    tame_markdown(&item.message),
                    tame_markdown(&item.place),
                ),
                true,
            ),
            Block::Note(note) => (tame_markdown(note), false),
        };
        text.push_str(if in_list && lists { "\n" } else { "\n\n" });
        text.push_str(&part);
        in_list = lists;
    }
    text
}

/// Lines that cannot end their block.
fn code(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| unlinked(line).replace('`', "‵").replace('~', "∼"))
        .collect();
    lines.join("\n")
}
