//! `WeCom`'s group robot (企业微信消息推送).
//!
//! Source unless said otherwise: the vendor's document of 2025-08, read 2026-11-23; codes as reported by users
//! (confidence B).

use std::time::Duration;

use serde_json::{Value, json};

use super::deliver::Desk;
use super::inline::{Dialect, Tags};
use super::markdown;
use super::rate::Limit;
use super::request::Received;
use super::shown::{self, Block, Inline, Shown};
use super::verdict::{Answer, Judgement};

/// 20 messages a minute for one robot.
pub(super) fn limits() -> Vec<Limit> {
    vec![Limit::new(20, Duration::from_secs(60))]
}

/// Bytes of UTF-8 in a text. Whether the vendor refuses or cuts a longer one is not established; refused here.
const MAX_TEXT: usize = 2_048;
/// Bytes of UTF-8 in a markdown of either version.
const MAX_MARKDOWN: usize = 4_096;
/// Bytes of an article's title and description; longer ones are cut in silence.
const MAX_TITLE: usize = 128;
const MAX_DESCRIPTION: usize = 512;

/// Headings, bold, links, one-line code, quotes, three font colours; a line end is a line break.
const MARKDOWN: Dialect = Dialect {
    headings: true,
    quotes: true,
    lists: false,
    tables: false,
    rules: false,
    code_blocks: false,
    indented_code: false,
    inline_code: true,
    italic: false,
    strike: false,
    images: false,
    escapes: false,
    newline_breaks: true,
    tags: Tags::Wecom,
};

/// Version 2 adds italic, lists, nested quotes, images, rules, code blocks and tables, and takes away colours and
/// mentions.
const MARKDOWN_V2: Dialect = Dialect {
    lists: true,
    tables: true,
    rules: true,
    code_blocks: true,
    italic: true,
    images: true,
    tags: Tags::None,
    ..MARKDOWN
};

pub(super) fn judge(received: &Received, desk: Option<&mut Desk<'_>>) -> Judgement {
    let ip = received.from.ip().to_string();
    let refuse = |code: u32, text: &str, why: &str| refusal(code, text, why, &ip);
    let Some(desk) = desk else {
        let why = "no chat of this inbox has that key; copy the address again";
        return refuse(93000, "invalid webhook url", why);
    };
    if received.method != "POST" {
        return refuse(43002, "require POST method", "the request is no POST");
    }
    let Some(body) = received.json().filter(Value::is_object) else {
        return refuse(
            40058,
            "invalid Request Parameter",
            "the body is empty or no JSON object",
        );
    };
    if desk.rate.check(desk.now).is_err() {
        return throttled("more than 20 messages in a minute", &ip);
    }
    match read(&body) {
        Ok(shown) => {
            let answer = Answer::json(200, &json!({"errcode": 0, "errmsg": "ok"}));
            Judgement::accepted("0", "ok", answer, shown)
        }
        Err(Refusal { code, text, why }) => refuse(code, &text, &why),
    }
}

pub(super) fn throttled(why: &str, ip: &str) -> Judgement {
    refusal(45009, "api freq out of limit", why, ip)
}

/// Failures come with HTTP 200, and name the caller's address.
fn refusal(code: u32, text: &str, why: &str, ip: &str) -> Judgement {
    let text = format!(
        "{text}, hint: [1700000000123456789], from ip: {ip}, \
         more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
    );
    let answer = Answer::json(200, &json!({"errcode": code, "errmsg": text}));
    Judgement::refused(&code.to_string(), &text, why, answer)
}

struct Refusal {
    code: u32,
    text: String,
    why: String,
}

impl Refusal {
    fn new(code: u32, text: impl Into<String>, why: impl Into<String>) -> Refusal {
        Refusal {
            code,
            text: text.into(),
            why: why.into(),
        }
    }

    fn parameter(why: impl Into<String>) -> Refusal {
        Refusal::new(40058, "invalid Request Parameter", why)
    }
}

fn read(body: &Value) -> Result<Shown, Refusal> {
    let kind = body.get("msgtype").and_then(Value::as_str).unwrap_or("");
    let object = body.get(kind).unwrap_or(&Value::Null);
    match kind {
        "text" => text(object),
        "markdown" => Ok(Shown {
            blocks: markdown::blocks(limited(object, kind, MAX_MARKDOWN)?, &MARKDOWN),
            ..Shown::default()
        }),
        "markdown_v2" => {
            let blocks = markdown::blocks(limited(object, kind, MAX_MARKDOWN)?, &MARKDOWN_V2);
            Ok(Shown {
                blocks,
                ..Shown::default()
            })
        }
        "news" => news(object),
        "image" if field(object, "base64").is_some() && field(object, "md5").is_some() => {
            Ok(attached("image"))
        }
        "file" | "voice" if field(object, "media_id").is_some() => Ok(attached(kind)),
        "image" | "file" | "voice" => Err(Refusal::parameter(format!("`{kind}` lacks a required field"))),
        "template_card" => template_card(object),
        other => Err(Refusal::new(
            40008,
            "invalid message type",
            format!("`msgtype` is `{other}`"),
        )),
    }
}

fn field<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

fn limited<'v>(object: &'v Value, kind: &str, max: usize) -> Result<&'v str, Refusal> {
    let Some(content) = field(object, "content") else {
        let why = format!("`{kind}.content` is missing, empty or no string");
        return Err(Refusal::new(44004, "text content is empty", why));
    };
    if content.len() <= max {
        return Ok(content);
    }
    let text = format!("{kind}.content exceed max length {max}. invalid Request Parameter");
    Err(Refusal::new(
        40058,
        text,
        format!("`{kind}.content` has {} bytes, {max} are allowed", content.len()),
    ))
}

fn text(object: &Value) -> Result<Shown, Refusal> {
    let mut shown = Shown::default();
    let content = limited(object, "text", MAX_TEXT)?;
    for (n, line) in content.lines().enumerate() {
        if n > 0 {
            shown.blocks.push(Block::Paragraph(Vec::new()));
        }
        shown.blocks.push(Block::Paragraph(mentions(line)));
    }
    for list in ["mentioned_list", "mentioned_mobile_list"] {
        for name in object.get(list).and_then(Value::as_array).into_iter().flatten() {
            let name = name.as_str().unwrap_or("").trim_start_matches('@');
            if !name.is_empty() && !shown.pings.iter().any(|known| known == name) {
                shown.pings.push(name.to_owned());
            }
        }
    }
    Ok(shown)
}

/// `<@userid>` pings in a text as well; nothing else in it is markup.
fn mentions(line: &str) -> Vec<Inline> {
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some((before, found)) = rest.split_once("<@") {
        parts.push(Inline::Text(before.to_owned()));
        let Some((name, after)) = found.split_once('>').filter(|(name, _)| !name.contains(' ')) else {
            parts.push(Inline::Text("<@".to_owned()));
            rest = found;
            continue;
        };
        parts.push(Inline::Mention(name.to_owned()));
        rest = after;
    }
    parts.push(Inline::Text(rest.to_owned()));
    parts
}

fn attached(kind: &str) -> Shown {
    Shown {
        blocks: vec![Block::Paragraph(vec![Inline::Image(kind.to_owned())])],
        ..Shown::default()
    }
}

fn news(object: &Value) -> Result<Shown, Refusal> {
    let articles = object
        .get("articles")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if articles.is_empty() || articles.len() > 8 {
        return Err(Refusal::parameter("`news.articles` holds 1 to 8 articles"));
    }
    let mut blocks = Vec::new();
    for article in articles {
        let (Some(title), Some(url)) = (field(article, "title"), field(article, "url")) else {
            return Err(Refusal::parameter("an article lacks `title` or `url`"));
        };
        let title = vec![Inline::Bold(vec![Inline::Text(cut(title, MAX_TITLE))])];
        blocks.push(Block::Paragraph(shown::link(title, url)));
        if let Some(description) = field(article, "description") {
            blocks.push(shown::plain(&cut(description, MAX_DESCRIPTION)));
        }
    }
    Ok(Shown {
        blocks,
        ..Shown::default()
    })
}

/// The longest head of at most `max` bytes that ends between characters.
fn cut(text: &str, max: usize) -> String {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or(text).to_owned()
}

fn template_card(card: &Value) -> Result<Shown, Refusal> {
    let kind = field(card, "card_type").unwrap_or("");
    if !matches!(kind, "text_notice" | "news_notice") {
        return Err(Refusal::parameter(
            "`template_card.card_type` is neither text_notice nor news_notice",
        ));
    }
    let main = card.get("main_title").unwrap_or(&Value::Null);
    let (title, below) = (field(main, "title"), field(card, "sub_title_text"));
    if title.is_none() && below.is_none() {
        return Err(Refusal::parameter(
            "the card has neither `main_title.title` nor `sub_title_text`",
        ));
    }
    if kind == "news_notice" && card.get("card_image").is_none() && card.get("image_text_area").is_none() {
        return Err(Refusal::parameter(
            "a news_notice needs `card_image` or `image_text_area`",
        ));
    }
    let action = card.get("card_action").unwrap_or(&Value::Null);
    let url = field(action, "url");
    if action.get("type").and_then(Value::as_u64) != Some(1) || url.is_none() {
        return Err(Refusal::parameter("`card_action` needs `type` 1 and `url`"));
    }
    let facts = card
        .get("horizontal_content_list")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let jumps = card
        .get("jump_list")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    if facts.len() > 6 || jumps > 3 {
        return Err(Refusal::parameter(
            "at most 6 entries in `horizontal_content_list` and 3 in `jump_list`",
        ));
    }
    let mut blocks = Vec::new();
    blocks.extend(field(main, "desc").map(shown::plain));
    blocks.extend(below.map(shown::plain));
    for fact in facts {
        let Some(key) = field(fact, "keyname") else {
            return Err(Refusal::parameter(
                "an entry of `horizontal_content_list` lacks `keyname`",
            ));
        };
        blocks.push(shown::plain(&format!(
            "{key}: {}",
            field(fact, "value").unwrap_or("")
        )));
    }
    blocks.push(shown::buttons([(
        "详情".to_owned(),
        url.unwrap_or("").to_owned(),
    )]));
    Ok(Shown {
        title: title.unwrap_or("").to_owned(),
        blocks,
        ..Shown::default()
    })
}
