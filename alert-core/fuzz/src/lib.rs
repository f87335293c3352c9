//! What must hold of everything that is made from bytes of strangers.

#![forbid(unsafe_code)]

use alert_core::testing::{fuzz, normalize as normalized};
use serde_json::{Value, json};

const KINDS: [&str; 9] = [
    "dingtalk",
    "feishu",
    "wecom",
    "slack",
    "discord",
    "telegram",
    "teams",
    "pagerduty",
    "webhook",
];

/// The texts in the bytes: parted by 0xFF, which is in no UTF-8.
fn texts(data: &[u8]) -> Vec<String> {
    let parts = data.split(|byte| *byte == 0xFF).take(96);
    parts
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .collect()
}

fn strings<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(all) => all.iter().for_each(|value| strings(value, out)),
        Value::Object(all) => all.values().for_each(|value| strings(value, out)),
        _ => {}
    }
}

/// A message of one kind of robot.
///
/// # Panics
/// When it is no JSON, over the vendor's limit, or something in it acts.
pub fn message(kind: &str, data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let written = fuzz::message(kind, *choice, &texts(rest)).expect("every text can be written");
    let body: Value = serde_json::from_slice(&written).expect("JSON");
    let mut all = Vec::new();
    strings(&body, &mut all);
    for text in &all {
        let hidden = |c: char| {
            c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(hidden), "{text:?}");
        let ours = *text == "http://adaptivecards.io/schemas/adaptive-card.json";
        assert!(
            kind == "webhook" || ours || !text.contains("://"),
            "a link in {text}"
        );
    }
    let has = |words: &str| all.iter().any(|text| text.contains(words));
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let limit = match kind {
        "pagerduty" => 512_000,
        "webhook" => 512 * 1024,
        "dingtalk" | "feishu" | "teams" => 20_000,
        // Of these the texts are limited, not the body.
        _ => usize::MAX,
    };
    assert!(written.len() <= limit, "{} bytes", written.len());
    match kind {
        "dingtalk" => {
            let nobody = json!({ "atMobiles": [], "atUserIds": [], "isAtAll": false });
            assert_eq!(body["at"], nobody);
            assert!(!text("/markdown/text").contains("]("), "{body}");
        }
        "feishu" => {
            // A `plain_text` shows whatever it holds: nothing acts there. A post parses `<at>` alone.
            assert!(!body["card"]["body"].to_string().contains("]("), "{body}");
            let mut parsed = Vec::new();
            strings(&body["card"]["body"], &mut parsed);
            strings(&body["content"], &mut parsed);
            for text in parsed {
                assert!(!text.contains("<at"), "{text}");
            }
        }
        "wecom" => {
            assert!(text("/markdown_v2/content").len() <= 4_096 && text("/text/content").len() <= 2_048);
            // In `markdown_v2` nobody can be mentioned.
            assert!(!text("/text/content").contains("<@"), "{body}");
        }
        "slack" => {
            assert!(
                !text("/text").contains(['<', '>']) && text("/text").len() <= 4_000,
                "{body}"
            );
            let blocks = body["blocks"].as_array().cloned().unwrap_or_default();
            for block in &blocks {
                let shown = block.get("text").unwrap_or(&block["elements"][0]);
                assert_eq!(shown["type"], "plain_text", "{block}");
            }
            assert!(blocks.len() <= 50);
        }
        "discord" => {
            assert_eq!(body["allowed_mentions"], json!({ "parse": [], "users": [] }));
            assert!(!has("@everyone") && !has("@here") && !has("<@"), "{body}");
            assert!(text("/content").chars().count() <= 2_000);
            assert!(text("/embeds/0/description").chars().count() <= 4_096);
        }
        "telegram" => {
            let text = text("/text");
            assert!(text.chars().count() <= 4_096);
            for (at, _) in text.match_indices('@') {
                let rest = text.get(at..).unwrap_or_default();
                assert!(rest.starts_with("@\u{200b}"), "a mention in {text}");
            }
            if body.get("parse_mode").is_some() {
                let bare = text.replace("<b>", "").replace("</b>", "");
                assert!(!bare.contains(['<', '>']), "a tag in {text}");
            }
        }
        "teams" => {
            assert!(!has("<at>"), "{body}");
            let card = &body["attachments"][0]["content"];
            assert_eq!(card["msteams"]["entities"], json!([]));
            assert!(card.get("actions").is_none());
        }
        "pagerduty" => {
            assert!((1..=255).contains(&text("/dedup_key").chars().count()));
            assert!(text("/payload/summary").chars().count() <= 1_024);
        }
        _ => {}
    }
}

/// An answer, of any status, to every kind of robot.
///
/// # Panics
/// When what is told of it holds a control character or has no end.
pub fn reply(data: &[u8]) {
    let Some(([high, low], body)) = data.split_first_chunk() else {
        return;
    };
    let status = 100 + u16::from_be_bytes([*high, *low]) % 500;
    for kind in KINDS {
        let told = fuzz::reply(kind, status, body).expect("a kind that is known");
        assert!(told.len() < 4_000, "{kind}: {told}");
        assert!(!told.contains(char::is_control), "{kind}: {told:?}");
    }
}

/// A text, cut to a length that its first bytes choose.
///
/// # Panics
/// When the cut is longer than that, or a link is left.
pub fn truncate(data: &[u8]) {
    let Some(([high, low], rest)) = data.split_first_chunk() else {
        return;
    };
    let max = usize::from(u16::from_be_bytes([*high, *low]) % 4_096);
    let text = String::from_utf8_lossy(rest);
    let (clean, cut, tame) = fuzz::texts(&text, max);
    assert!(cut.len() <= max && clean.len() <= text.len());
    assert!(
        !tame.contains("](") && !tame.contains("://") && !tame.contains('`'),
        "{tame}"
    );
    let again = fuzz::texts(&clean, max).0;
    assert_eq!(again, clean, "cleaned twice is cleaned once");
}

/// A text, normalised.
///
/// # Panics
/// When the same text gives two.
pub fn normalize(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    assert_eq!(normalized(&text), normalized(&text));
}
