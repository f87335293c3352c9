//! What is written to a Teams workflow.

use serde_json::{Value, json};

use crate::robot::fit::Cut;
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::tame_markdown;
use crate::robot::{Form, FormatError, Robot, Who, keyword, plain};
use crate::{Digest, DigestKind, Severity};

pub(super) fn body(digest: &Digest, robot: &Robot, form: Form, cut: Cut) -> Result<Vec<u8>, FormatError> {
    let sheet = sheet(digest, robot, cut);
    // The keyword stays as it is; what follows it is escaped.
    let title = keyword::titled(&tame_markdown(&sheet.title), robot);
    let (style, colour) = look(digest);
    let mut elements = match form {
        Form::Rich => vec![json!({
            "type": "Container",
            "style": style,
            "bleed": true,
            "items": [{
                "type": "TextBlock", "text": title, "wrap": true,
                "weight": "Bolder", "size": "Large", "style": "heading", "color": colour,
            }],
        })],
        Form::Plain => vec![text(&title)],
    };
    let mut actions = Vec::new();
    match form {
        Form::Rich => rich(&sheet, &mut elements, &mut actions),
        Form::Plain => elements.extend(plain::lines(&sheet, tame_markdown).iter().map(|line| text(line))),
    }
    let ids = people(digest, robot);
    if !ids.is_empty() {
        let names: Vec<String> = ids.iter().map(|id| format!("<at>{id}</at>")).collect();
        elements.push(text(&names.join(" ")));
    }
    let mentions: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({
                "type": "mention",
                "text": format!("<at>{id}</at>"),
                "mentioned": { "id": id, "name": id },
            })
        })
        .collect();
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": elements,
        "msteams": { "width": "Full", "entities": mentions },
    });
    if let (false, Some(card)) = (actions.is_empty(), card.as_object_mut()) {
        card.insert("actions".to_owned(), Value::from(actions));
    }
    let message = json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    });
    keyword::check(&message, robot)?;
    Ok(message.to_string().into_bytes())
}

fn text(text: &str) -> Value {
    json!({ "type": "TextBlock", "text": text, "wrap": true })
}

fn strong(text: &str) -> Value {
    json!({ "type": "TextBlock", "text": text, "wrap": true, "weight": "Bolder" })
}

/// The container's style and the text's colour.
fn look(digest: &Digest) -> (&'static str, &'static str) {
    match (digest.kind(), digest.severity()) {
        (DigestKind::Quiet, _) => ("good", "Good"),
        (DigestKind::Test, _) | (_, Severity::Info) => ("accent", "Accent"),
        (_, Severity::Warning) => ("warning", "Warning"),
        (_, Severity::Error | Severity::Critical) => ("attention", "Attention"),
    }
}

/// Ids of users: Entra ids or addresses. Everybody at once and mobile numbers are not among what is known.
fn people(digest: &Digest, robot: &Robot) -> Vec<String> {
    robot
        .mentioned(digest.severity())
        .filter_map(|who| match who {
            Who::User(id) => {
                let id: String = id
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || "@._-:".contains(*c))
                    .collect();
                (!id.is_empty()).then_some(id)
            }
            Who::Mobile(_) | Who::All => None,
        })
        .collect()
}

/// Facts that follow each other share one set.
fn rich(sheet: &Sheet, elements: &mut Vec<Value>, actions: &mut Vec<Value>) {
    let colon = sheet.words.colon;
    let mut facts: Vec<Value> = Vec::new();
    for block in &sheet.blocks {
        if let Block::Fact(label, value) = block {
            facts.push(json!({ "title": label, "value": tame_markdown(value) }));
            continue;
        }
        // A link is a button below the card, so it does not part the facts.
        if let Block::Link(label, url) = block {
            actions.push(json!({ "type": "Action.OpenUrl", "title": label, "url": url }));
            continue;
        }
        end_facts(&mut facts, elements);
        match block {
            Block::Lead(lead) => elements.extend(lead.lines().map(|line| strong(&tame_markdown(line)))),
            Block::List(label, values) | Block::Code(label, values) => {
                elements.push(strong(label));
                elements.extend(
                    values
                        .iter()
                        .map(|value| text(&format!("• {}", tame_markdown(value)))),
                );
            }
            Block::Item(item) => elements.push(text(&format!(
                "{} **{}** {}{colon}{} ({})",
                item.mark,
                tame_markdown(&item.function),
                item.count,
                tame_markdown(&item.message),
                tame_markdown(&item.place),
            ))),
            Block::Note(note) => elements.push(json!({
                "type": "TextBlock", "text": tame_markdown(note), "wrap": true, "size": "Small",
            })),
            Block::Fact(..) | Block::Link(..) => {}
        }
    }
    end_facts(&mut facts, elements);
}

fn end_facts(facts: &mut Vec<Value>, elements: &mut Vec<Value>) {
    if !facts.is_empty() {
        elements.push(json!({ "type": "FactSet", "facts": core::mem::take(facts) }));
    }
}
