//! What is written to PagerDuty.

use serde_json::{Map, Value, json};

use crate::robot::fit::{Cut, by_urgency};
use crate::robot::layout::sheet;
use crate::robot::sheet::{Block, Sheet};
use crate::robot::text::{cut as cut_bytes, rfc3339, unlinked};
use crate::robot::{FormatError, Robot, keyword};
use crate::{Digest, DigestKind, Severity};

/// Characters of a summary. We count bytes, which are never fewer.
pub(super) const SUMMARY: usize = 1_024;
/// Characters of what tells incidents apart.
pub(super) const DEDUP_KEY: usize = 255;

pub(super) fn body(digest: &Digest, robot: &Robot, key: &str, cut: Cut) -> Result<Vec<u8>, FormatError> {
    let subject = dedup_key(digest);
    // What is over needs no words: the incident has them.
    if digest.kind() == DigestKind::Quiet {
        let event = json!({ "routing_key": key, "event_action": "resolve", "dedup_key": subject });
        return Ok(event.to_string().into_bytes());
    }
    let sheet = sheet(digest, robot, cut);
    let summary = cut_bytes(&keyword::titled(&sheet.banner, robot), SUMMARY);
    let mut event = json!({
        "routing_key": key,
        "event_action": "trigger",
        "dedup_key": subject,
        "payload": {
            "summary": summary,
            "source": source(&sheet, digest),
            "severity": severity(digest),
            "timestamp": rfc3339(digest.sent_at()),
            "custom_details": details(&sheet),
        },
    });
    let links = links(&sheet);
    if let (false, Some(event)) = (links.is_empty(), event.as_object_mut()) {
        event.insert("links".to_owned(), Value::from(links));
    }
    if let Some(keyword) = robot.required_keyword() {
        let has_it = summary.contains(keyword);
        if !has_it {
            return Err(FormatError::new(format!(
                "the keyword `{keyword}` found no place in it"
            )));
        }
    }
    Ok(event.to_string().into_bytes())
}

/// The fingerprint: the same in every process, so that one kind of failure is one incident whoever reports
/// it, and the message that it is quiet again closes that incident. In a storm, the most urgent kind's.
fn dedup_key(digest: &Digest) -> String {
    match by_urgency(digest).first() {
        Some(group) => group.fingerprint().to_string(),
        None => cut_bytes(&format!("test of {}", digest.service()), DEDUP_KEY),
    }
}

/// The vendor's words are ours.
fn severity(digest: &Digest) -> &'static str {
    match digest.severity() {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Critical => "critical",
    }
}

/// Required, so never empty: the machine, cleaned as all else is.
fn source(sheet: &Sheet, digest: &Digest) -> String {
    let service = sheet.words.service;
    let told = sheet.blocks.iter().rev().find_map(|block| match block {
        Block::Fact(label, value) if *label == service => Some(value.as_str()),
        _ => None,
    });
    match told {
        Some(told) if !told.is_empty() => unlinked(told),
        _ => format!("alert of {}", severity(digest)),
    }
}

/// Every fact by its label, lists as lists. The keys are our own words. The page escapes all of it; that no
/// address of a stranger's becomes something to tap is up to us.
fn details(sheet: &Sheet) -> Map<String, Value> {
    let mut details = Map::new();
    let mut items = Vec::new();
    let mut notes = Vec::new();
    for block in &sheet.blocks {
        match block {
            Block::Lead(text) => {
                details.insert(sheet.words.error.to_owned(), Value::from(unlinked(text)));
            }
            Block::Fact(label, value) => {
                details.insert((*label).to_owned(), Value::from(unlinked(value)));
            }
            Block::List(label, values) | Block::Code(label, values) => {
                let values: Vec<String> = values.iter().map(|value| unlinked(value)).collect();
                details.insert((*label).to_owned(), Value::from(values));
            }
            // Links have a place of their own.
            Block::Link(..) => {}
            Block::Item(item) => items.push(unlinked(&format!(
                "{} {} {}{}{} ({})",
                item.mark, item.function, item.count, sheet.words.colon, item.message, item.place
            ))),
            Block::Note(text) => notes.push(unlinked(text)),
        }
    }
    if !items.is_empty() {
        details.insert(sheet.words.kinds.to_owned(), Value::from(items));
    }
    details.insert(sheet.words.notes.to_owned(), Value::from(notes.join(" · ")));
    details
}

fn links(sheet: &Sheet) -> Vec<Value> {
    let links = sheet.blocks.iter().filter_map(|block| match block {
        Block::Link(label, url) => Some(json!({ "href": url, "text": label })),
        _ => None,
    });
    links.collect()
}
