//! What is written to Discord.

use serde_json::json;

use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::{BREAK, cut, starts_a_block, unlinked};
use crate::robot::{Form, FormatError, Robot, Who, keyword, plain};
use crate::{Digest, DigestKind, Severity};

/// Characters of `content`, of an embed's title and of its description. We count UTF-16 units, which are
/// never fewer. All embeds together hold 6000, which one title and one description never reach.
pub(super) const CONTENT: usize = 2_000;
const TITLE: usize = 256;
pub(super) const DESCRIPTION: usize = 4_096;

/// The body, or `None` when a part of it is too long.
pub(super) fn body(
    digest: &Digest,
    robot: &Robot,
    form: Form,
    at_most: Cut,
) -> Result<Option<Vec<u8>>, FormatError> {
    let sheet = sheet(digest, robot, at_most);
    let title = keyword::titled(&escape(&sheet.title), robot);
    let users = users(digest, robot);
    let named: Vec<String> = users.iter().map(|id| format!("<@{id}>")).collect();
    // An empty list of kinds: whatever the text says, nobody but these users is notified.
    let allowed = json!({ "parse": [], "users": users });
    let (message, length, limit) = match form {
        Form::Rich => {
            let description = description(&sheet);
            let length = units(&description);
            let message = json!({
                "content": named.join(" "),
                "embeds": [{ "title": cut(&title, TITLE), "description": description, "color": colour(digest) }],
                "allowed_mentions": allowed,
            });
            (message, length, DESCRIPTION)
        }
        Form::Plain => {
            let mut lines = vec![title];
            lines.extend(plain::lines(&sheet, escape));
            if !named.is_empty() {
                lines.push(named.join(" "));
            }
            let content = lines.join("\n");
            let length = units(&content);
            (
                json!({ "content": content, "allowed_mentions": allowed }),
                length,
                CONTENT,
            )
        }
    };
    keyword::check(&message, robot)?;
    Ok((length <= limit).then(|| message.to_string().into_bytes()))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Ids of users, which are numbers. All at once and mobile numbers are not among what we send.
fn users(digest: &Digest, robot: &Robot) -> Vec<String> {
    robot
        .mentioned(digest.severity())
        .filter_map(|who| match who {
            Who::User(id) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => Some(id.clone()),
            Who::User(_) | Who::Mobile(_) | Who::All => None,
        })
        .collect()
}

/// The bar beside an embed.
fn colour(digest: &Digest) -> u32 {
    match (digest.kind(), digest.severity()) {
        (DigestKind::Quiet, _) => 0x002e_a043,
        (DigestKind::Test, _) => 0x0080_8080,
        (_, Severity::Info) => 0x001f_6feb,
        (_, Severity::Warning) => 0x00d2_9922,
        (_, Severity::Error) => 0x00e3_7400,
        (_, Severity::Critical) => 0x00d3_2f2f,
    }
}

fn description(sheet: &Sheet) -> String {
    let colon = sheet.words.colon;
    let mut lines: Vec<String> = Vec::new();
    for block in &sheet.blocks {
        match block {
            Block::Lead(text) => lines.extend(text.lines().map(escape)),
            Block::Fact(label, value) => lines.push(format!("**{label}**{colon}{}", escape(value))),
            Block::Link(label, url) => lines.push(format!("[{label}]({url})")),
            Block::List(label, values) | Block::Code(label, values) => {
                lines.push(format!("**{label}**"));
                lines.extend(values.iter().map(|value| format!("• {}", escape(value))));
            }
            Block::Item(item) => lines.push(format!(
                "{} **{}** {}{colon}{} ({})",
                item.mark,
                escape(&item.function),
                item.count,
                escape(&item.message),
                escape(&item.place),
            )),
            Block::Note(text) => lines.push(escape(text)),
        }
    }
    lines.join("\n")
}

/// A backslash before what marks text up; a zero-width break behind what starts a mention, a time or an
/// emoji, for which backslashes do not help.
pub(super) fn escape(line: &str) -> String {
    let line = unlinked(line.trim());
    let mut safe = String::with_capacity(line.len().saturating_mul(2));
    if starts_a_block(&line) {
        safe.push(BREAK);
    }
    for c in line.chars() {
        if "\\*_~`|>#-[]()".contains(c) {
            safe.push('\\');
        }
        safe.push(c);
        if matches!(c, '<' | '@' | '&') {
            safe.push(BREAK);
        }
    }
    safe
}
