//! Feishu's message bodies: which fields each type needs, and what the group sees of it.
//!
//! Source unless said otherwise: the vendor's documents, read 2026-11-23.

use serde_json::Value;

use super::feishu::{Refusal, bad_request};
use super::feishu_card;
use super::inline;
use super::shown::{self, Block, Inline, Shown};

pub(super) fn read(body: &Value) -> Result<Shown, Refusal> {
    let Some(kind) = body
        .get("msg_type")
        .and_then(Value::as_str)
        .filter(|kind| !kind.is_empty())
    else {
        let why = "`msg_type` is missing; a DingTalk body (`msgtype`) ends here too";
        return Err(Refusal::new(19002, "params error, msg_type need", why));
    };
    let content = body.get("content");
    let field = |name: &str| {
        let text = content
            .and_then(|content| content.get(name))
            .and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| bad_request(format!("`content.{name}` is missing, empty or no string")))
    };
    match kind {
        "text" => Ok(text(field("text")?)),
        "post" => post(content.and_then(|content| content.get("post"))),
        "image" => {
            let image = Inline::Image(field("image_key")?.to_owned());
            Ok(Shown {
                blocks: vec![Block::Paragraph(vec![image])],
                ..Shown::default()
            })
        }
        "share_chat" => Ok(Shown::of_text(&format!("share_chat {}", field("share_chat_id")?))),
        "interactive" => match body.get("card") {
            Some(card @ Value::Object(_)) => feishu_card::read(card),
            Some(_) => Err(bad_request("`card` is no object")),
            None => Err(bad_request(
                "`card` is missing at the top level; it does not belong under `content`",
            )),
        },
        other => {
            let why =
                format!("`msg_type` is `{other}`; it must be text, post, image, share_chat or interactive");
            Err(bad_request(why))
        }
    }
}

/// A text message: only `at` tags are markup in it.
fn text(text: &str) -> Shown {
    let mut parts = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            parts.push(Inline::Break);
        }
        let mut rest = line;
        while let Some((before, tag)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
            parts.push(Inline::Text(before.to_owned()));
            let mention = inline::open_tag(tag).filter(|(name, ..)| *name == "at");
            let id = mention.and_then(|(_, attributes, _)| inline::attribute(attributes, "user_id"));
            if let (Some((.., after)), Some(id)) = (mention, id) {
                parts.push(Inline::Mention(id.to_owned()));
                rest = after.split_once("</at>").map_or(after, |(_, after)| after);
            } else {
                parts.push(Inline::Text("<".to_owned()));
                rest = tag.strip_prefix('<').unwrap_or("");
            }
        }
        parts.push(Inline::Text(rest.to_owned()));
    }
    Shown {
        blocks: vec![Block::Paragraph(parts)],
        ..Shown::default()
    }
}

/// `post.<language>.{title?, content: [[node, ..], ..]}`, every level an object or an array, never a string.
fn post(post: Option<&Value>) -> Result<Shown, Refusal> {
    let Some(languages) = post.and_then(Value::as_object).filter(|all| !all.is_empty()) else {
        return Err(bad_request(
            "`content.post` is no object with a language such as `zh_cn`",
        ));
    };
    let mut first = None;
    for (language, message) in languages {
        if !matches!(language.as_str(), "zh_cn" | "en_us" | "ja_jp") {
            return Err(bad_request(format!(
                "`content.post.{language}` is no known language"
            )));
        }
        let Some(lines) = message.get("content").and_then(Value::as_array) else {
            return Err(bad_request(format!(
                "`content.post.{language}.content` is no array"
            )));
        };
        let mut blocks = Vec::new();
        for line in lines {
            let nodes = line.as_array().ok_or_else(|| {
                bad_request(format!(
                    "`content.post.{language}.content` must be two levels of arrays"
                ))
            })?;
            let mut parts = Vec::new();
            for node in nodes {
                parts.extend(post_node(node)?);
            }
            blocks.push(Block::Paragraph(parts));
        }
        let title = message
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned();
        first.get_or_insert_with(|| Shown {
            title,
            blocks,
            ..Shown::default()
        });
    }
    Ok(first.unwrap_or_default())
}

/// The four nodes documented for custom bots. Others belong to the app interface and are refused here.
fn post_node(node: &Value) -> Result<Vec<Inline>, Refusal> {
    let field = |name: &str| node.get(name).and_then(Value::as_str);
    let tag = field("tag").unwrap_or("");
    let need = |name: &str| {
        field(name).ok_or_else(|| bad_request(format!("a `{tag}` node of the post lacks `{name}`")))
    };
    match tag {
        "text" => Ok(lines(need("text")?)),
        "a" => {
            let href = need("href")?;
            if !shown::is_safe(href) {
                return Err(bad_request(
                    "an `href` of the post is no address; it fails the whole message",
                ));
            }
            Ok(shown::link(vec![Inline::Text(need("text")?.to_owned())], href))
        }
        "at" => Ok(vec![Inline::Mention(need("user_id")?.to_owned())]),
        "img" => Ok(vec![Inline::Image(need("image_key")?.to_owned())]),
        other => Err(bad_request(format!(
            "`{other}` is no node of a custom bot's post"
        ))),
    }
}

fn lines(text: &str) -> Vec<Inline> {
    match shown::plain(text) {
        Block::Paragraph(parts) => parts,
        _ => Vec::new(),
    }
}
