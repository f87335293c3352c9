//! What is written to DingTalk.

use serde_json::{Value, json};

use crate::Digest;
use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::{tame_markdown, unlinked};
use crate::robot::{Form, FormatError, Robot, Who, keyword, plain};

/// People in one message. One source, not the official page, so it is a bound of ours.
const MENTIONS: usize = 50;

pub(super) fn body(digest: &Digest, robot: &Robot, form: Form, cut: Cut) -> Result<Vec<u8>, FormatError> {
    let sheet = sheet(digest, robot, cut);
    let at = At::of(digest, robot);
    let title = keyword::titled(&sheet.title, robot);
    let message = match form {
        Form::Rich => json!({
            "msgtype": "markdown",
            "markdown": { "title": keyword::titled(&sheet.banner, robot), "text": markdown(&sheet, robot, &at) },
            "at": at.value(),
            "msgUuid": digest.id(),
        }),
        Form::Plain => json!({
            "msgtype": "text",
            "text": { "content": text(&sheet, &title, &at) },
            "at": at.value(),
            // Not the rich form's: that one was refused, and must not count as this one sent.
            "msgUuid": format!("{}-text", digest.id()),
        }),
    };
    keyword::check(&message, robot)?;
    Ok(message.to_string().into_bytes())
}

/// Whom the message notifies. The list alone notifies; the text must name them too, or nothing lights up.
struct At {
    mobiles: Vec<String>,
    users: Vec<String>,
    all: bool,
}

impl At {
    fn of(digest: &Digest, robot: &Robot) -> Self {
        let mut at = At {
            mobiles: Vec::new(),
            users: Vec::new(),
            all: false,
        };
        for who in robot.mentioned(digest.severity()).take(MENTIONS) {
            match who {
                Who::Mobile(number) => at.mobiles.push(number.clone()),
                Who::User(id) => at.users.push(id.clone()),
                Who::All => at.all = true,
            }
        }
        at
    }

    fn value(&self) -> Value {
        json!({ "atMobiles": self.mobiles, "atUserIds": self.users, "isAtAll": self.all })
    }

    /// ` @13800000000 @user`, or nothing.
    fn named(&self) -> Option<String> {
        let names: Vec<String> = self
            .mobiles
            .iter()
            .chain(&self.users)
            .map(|n| format!("@{n}"))
            .collect();
        (!names.is_empty()).then(|| names.join(" "))
    }
}

fn text(sheet: &Sheet, title: &str, at: &At) -> String {
    let mut lines = vec![unlinked(title)];
    lines.extend(plain::lines(sheet, unlinked));
    lines.extend(at.named());
    lines.join("\n")
}

/// Headings, quotes, bold, links and flat lists: all that the official page lists. A line break is two
/// spaces and a line feed, or a blank line.
fn markdown(sheet: &Sheet, robot: &Robot, at: &At) -> String {
    let colon = sheet.words.colon;
    // The keyword stays as it is; what follows it is escaped.
    let title = tame_markdown(&sheet.title);
    let mut text = format!("#### {}", keyword::titled(&title, robot));
    let mut after_fact = false;
    for block in &sheet.blocks {
        let (part, is_fact) = match block {
            Block::Lead(lead) => (quote(lead.lines()), false),
            Block::Fact(label, value) => (format!("**{label}**{colon}{}", tame_markdown(value)), true),
            Block::Link(label, url) => (format!("[{label}]({url})"), true),
            Block::List(label, values) => (format!("**{label}**\n\n{}", list(values)), false),
            Block::Code(label, values) => (
                format!("**{label}**\n\n{}", quote(values.iter().map(String::as_str))),
                false,
            ),
            Block::Item(item) => (
                format!(
                    "- {} **{}** {}{colon}{} ({})",
                    item.mark,
                    tame_markdown(&item.function),
                    item.count,
                    tame_markdown(&item.message),
                    tame_markdown(&item.place),
                ),
                false,
            ),
            Block::Note(note) => (tame_markdown(note), true),
        };
        let is_item = matches!(block, Block::Item(_)) && text.contains("\n\n- ");
        text.push_str(match (is_item, after_fact && is_fact) {
            (true, _) => "\n",
            (false, true) => "  \n",
            (false, false) => "\n\n",
        });
        text.push_str(&part);
        after_fact = is_fact;
    }
    if let Some(named) = at.named() {
        text.push_str("\n\n");
        text.push_str(&named);
    }
    text
}

/// Inside a quote each line needs its own mark.
fn quote<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("> {}", tame_markdown(line))).collect();
    lines.join("  \n")
}

fn list(values: &[String]) -> String {
    let lines: Vec<String> = values
        .iter()
        .map(|value| format!("- {}", tame_markdown(value)))
        .collect();
    lines.join("\n")
}
