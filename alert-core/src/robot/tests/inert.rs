//! Whether anything in a message acts, by the rules of each vendor.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "a test may fail by a panic; one match holds the rules of every vendor"
)]

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;

use crate::Digest;
use crate::robot::scrub::Scrub;
use crate::robot::text::prefix;
use crate::robot::{Form, Robot, samples};

/// Everything a chat might read, without what none of them documents.
fn options() -> Options {
    Options::all() - Options::ENABLE_SUPERSCRIPT - Options::ENABLE_SUBSCRIPT
}

/// Reads markdown as its most generous reader would, and names what acts. Line breaks of ours are `<br>`,
/// and a message may hold so many headings and fenced blocks of code.
fn acting(markdown: &str, (headings, fences): (usize, usize), options: Options) -> Vec<String> {
    let (mut seen, mut fenced) = (0, 0);
    let mut acting = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match &event {
            Event::Start(Tag::Heading { .. }) => seen += 1,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => fenced += 1,
            Event::InlineHtml(tag) if &**tag == "<br>" => {}
            Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(CodeBlockKind::Indented)
                | Tag::Table(_)
                | Tag::FootnoteDefinition(_)
                | Tag::HtmlBlock
                | Tag::Strikethrough
                | Tag::Emphasis
                | Tag::DefinitionList
                | Tag::MetadataBlock(_)
                | Tag::Subscript
                | Tag::Superscript,
            )
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::Code(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {
                acting.push(format!("{event:?}"));
            }
            _ => {}
        }
    }
    if seen != headings || fenced > fences {
        acting.push(format!("{seen} headings, {fenced} fences"));
    }
    acting
}

/// The letters and digits a reader sees.
fn visible(markdown: &str) -> String {
    Parser::new_ext(markdown, options() - Options::ENABLE_MATH)
        .filter_map(|event| match event {
            Event::Text(text) => Some(text.chars().filter(|c| c.is_alphanumeric()).collect::<String>()),
            _ => None,
        })
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

/// Fails when a `<` is not followed by a break.
fn assert_no_tag(what: &str, text: &str) {
    for (at, _) in text.match_indices('<') {
        assert!(text[at + 1..].starts_with('\u{200b}'), "{what}: a tag in {text}");
    }
}

/// The limits and rules of one vendor, for a message that is allowed to mention nobody and link nothing.
pub(super) fn assert_inert(robot: &Robot, digest: &Digest, form: Form) {
    let body = samples::body(robot, digest, form);
    let what = format!("{} {form:?}", robot.kind());
    let mut all = Vec::new();
    strings(&body, &mut all);
    for text in &all {
        assert!(
            !text.contains(|c: char| (c.is_control() && c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
            "{what}: {text:?}"
        );
    }
    if robot.kind() != "webhook" {
        for text in &all {
            let is_ours = *text == "http://adaptivecards.io/schemas/adaptive-card.json";
            assert!(is_ours || !text.contains("://"), "{what}: a link in {text}");
        }
    }
    // Only Feishu documents a meaning of `$`.
    let no_math = options() - Options::ENABLE_MATH;
    let shown: Option<String> = match (robot.kind(), form) {
        ("dingtalk", _) => {
            assert!(body.to_string().len() <= 20_000);
            assert_eq!(
                body["at"],
                serde_json::json!({ "atMobiles": [], "atUserIds": [], "isAtAll": false })
            );
            body["markdown"]["text"].as_str().map(|text| {
                assert_eq!(
                    acting(text, (1, 0), no_math),
                    Vec::<String>::new(),
                    "{what}: {text}"
                );
                visible(text)
            })
        }
        ("feishu", Form::Rich) => {
            assert!(body.to_string().len() <= 20_000);
            let elements = body["card"]["body"]["elements"].as_array().unwrap();
            let texts: Vec<&str> = elements
                .iter()
                .map(|one| one["content"].as_str().unwrap())
                .collect();
            for text in &texts {
                assert_eq!(
                    acting(text, (0, 0), options()),
                    Vec::<String>::new(),
                    "{what}: {text}"
                );
                assert!(!text.contains("<at"), "{what}: {text}");
            }
            Some(texts.iter().map(|text| visible(text)).collect())
        }
        ("feishu", Form::Plain) => {
            assert!(body.to_string().len() <= 20_000);
            let post = &body["content"]["post"];
            let lines = post.as_object().unwrap().values().next().unwrap()["content"]
                .as_array()
                .unwrap();
            for node in lines.iter().flat_map(|line| line.as_array().unwrap()) {
                assert_eq!(node["tag"], "text", "{what}");
                assert_no_tag(&what, node["text"].as_str().unwrap());
            }
            None
        }
        ("wecom", Form::Rich) => {
            let text = body["markdown_v2"]["content"].as_str().unwrap();
            assert!(text.len() <= 4_096);
            assert_eq!(
                acting(text, (1, 1), no_math),
                Vec::<String>::new(),
                "{what}: {text}"
            );
            Some(visible(text))
        }
        ("wecom", Form::Plain) => {
            let text = body["text"]["content"].as_str().unwrap();
            assert!(text.len() <= 2_048);
            assert_no_tag(&what, text);
            assert_eq!(body["text"]["mentioned_list"], serde_json::json!([]));
            assert_eq!(body["text"]["mentioned_mobile_list"], serde_json::json!([]));
            None
        }
        ("slack", _) => {
            let text = body["text"].as_str().unwrap();
            assert!(text.len() <= 4_000);
            assert!(!text.contains(['<', '>']), "{what}: {text}");
            for (at, _) in text.match_indices('&') {
                assert!(
                    ["&amp;", "&lt;", "&gt;"]
                        .iter()
                        .any(|escape| text[at..].starts_with(escape)),
                    "{text}"
                );
            }
            let blocks = body["blocks"].as_array().cloned().unwrap_or_default();
            assert!(blocks.len() <= 50);
            for block in &blocks {
                let text = block.get("text").unwrap_or_else(|| &block["elements"][0]);
                assert_eq!(text["type"], "plain_text", "{what}: {block}");
                assert_eq!(text["emoji"], false);
                let limit = if block["type"] == "header" { 150 } else { 3_000 };
                let length = text["text"].as_str().unwrap().chars().count();
                assert!((1..=limit).contains(&length), "{what}: {block}");
            }
            None
        }
        ("discord", _) => {
            assert_eq!(
                body["allowed_mentions"],
                serde_json::json!({ "parse": [], "users": [] })
            );
            let content = body["content"].as_str().unwrap();
            assert!(content.chars().count() <= 2_000);
            let embed = &body["embeds"][0];
            let text = embed["description"].as_str().unwrap_or(content);
            assert!(text.chars().count() <= 4_096);
            assert!(embed["title"].as_str().unwrap_or_default().chars().count() <= 256);
            assert_no_tag(&what, text);
            assert_eq!(
                acting(text, (0, 0), no_math),
                Vec::<String>::new(),
                "{what}: {text}"
            );
            for (at, _) in text.match_indices('@') {
                assert!(
                    text[at + 1..].starts_with('\u{200b}'),
                    "{what}: a mention in {text}"
                );
            }
            Some(visible(text))
        }
        ("telegram", _) => {
            let text = body["text"].as_str().unwrap();
            assert!(text.chars().count() <= 4_096);
            for (at, _) in text.match_indices('@') {
                assert!(
                    text[at + 1..].starts_with('\u{200b}'),
                    "{what}: a mention in {text}"
                );
            }
            if form == Form::Rich {
                let bare = text.replace("<b>", "").replace("</b>", "");
                assert!(!bare.contains(['<', '>']), "{what}: a tag in {text}");
                assert_eq!(text.matches("<b>").count(), text.matches("</b>").count());
                for (at, _) in text.match_indices('&') {
                    let rest = &text[at..];
                    assert!(
                        ["&amp;", "&lt;", "&gt;"].iter().any(|e| rest.starts_with(e)),
                        "{text}"
                    );
                }
            }
            None
        }
        ("teams", _) => {
            assert!(body.to_string().len() <= 20_000);
            let card = &body["attachments"][0]["content"];
            assert_eq!(
                card["msteams"],
                serde_json::json!({ "width": "Full", "entities": [] })
            );
            assert!(card.get("actions").is_none(), "{what}: {card}");
            let mut texts = Vec::new();
            strings(&card["body"], &mut texts);
            for text in &texts {
                assert_eq!(
                    acting(text, (0, 0), no_math),
                    Vec::<String>::new(),
                    "{what}: {text}"
                );
                assert_no_tag(&what, text);
            }
            Some(texts.iter().map(|text| visible(text)).collect())
        }
        // Its page escapes all markup: size and fields are what counts.
        ("pagerduty", _) => {
            assert!(body.to_string().len() <= 512_000);
            assert!((1..=255).contains(&body["dedup_key"].as_str().unwrap().chars().count()));
            assert!(body.get("links").is_none(), "{what}: {body}");
            if let Some(payload) = body.get("payload") {
                assert!((1..=1_024).contains(&payload["summary"].as_str().unwrap().chars().count()));
                assert!(!payload["source"].as_str().unwrap().is_empty());
            }
            None
        }
        ("webhook", _) => {
            assert!(body.to_string().len() <= 512 * 1024);
            None
        }
        (kind, _) => panic!("no rules for {kind}"),
    };
    if let (Some(shown), [group]) = (shown, digest.groups()) {
        let scrubbed = Scrub::of(robot).text(group.message());
        let mut lines = scrubbed.lines().filter(|line| !line.trim().is_empty());
        let line = lines.next().unwrap_or_default();
        // Other long texts, shown over and over, may leave room for its start alone.
        let others: usize = group.chain().iter().map(String::len).sum();
        let most = if others < 200 { 200 } else { 16 };
        let first: String = prefix(line.trim(), most)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect();
        if scrubbed.len() < 200 {
            assert!(shown.contains(&first), "{what}: {first:?} is hidden in {shown:?}");
        }
    }
}
