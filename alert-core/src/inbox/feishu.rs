//! Feishu's and Lark's custom bot (飞书自定义机器人).
//!
//! Source unless said otherwise: the vendor's documents, read 2026-11-23. That the token is checked first was
//! observed; the order of the other checks is inferred (confidence C).

use std::time::Duration;

use serde_json::{Value, json};

use super::chat::{Replies, Settings};
use super::clock::Millis;
use super::deliver::Desk;
use super::feishu_card;
use super::inline;
use super::rate::Limit;
use super::request::Received;
use super::shown::{self, Block, Inline, Shown};
use super::sign;
use super::verdict::{Answer, Judgement};

/// 5 messages a second and 100 a minute, per tenant and bot.
pub(super) fn limits() -> Vec<Limit> {
    vec![
        Limit::new(5, Duration::from_secs(1)),
        Limit::new(100, Duration::from_secs(60)),
    ]
}

/// "20 KB" of the request body, in the document; the unit is not defined, so the smaller reading.
const MAX_BYTES: usize = 20_000;
/// A signature is good for 3600 s on either side of the vendor's clock.
const SIGN_WINDOW_S: i64 = 3_600;

pub(super) fn judge(received: &Received, desk: Option<&mut Desk<'_>>) -> Judgement {
    let replies = desk
        .as_ref()
        .map(|desk| desk.settings.replies)
        .unwrap_or_default();
    let refuse = |refusal: &Refusal| refusal.judgement(replies);
    let Some(desk) = desk else {
        let why = "no chat of this inbox has that address; copy it again";
        let text = "param invalid: incoming webhook access token invalid";
        return refuse(&Refusal::new(19001, text, why));
    };
    if received.method != "POST" {
        return refuse(&bad_request("the request is no POST"));
    }
    let Some(body) = received.json().filter(Value::is_object) else {
        return refuse(&bad_request("the body is empty or no JSON object"));
    };
    if let Err(refusal) = security(&body, desk) {
        return refuse(&refusal);
    }
    if let Err(full) = desk.rate.check(desk.now) {
        let a_second = full.limit.window() <= Duration::from_secs(1);
        let why = format!(
            "more than {} messages in {:?}",
            full.limit.messages(),
            full.limit.window()
        );
        return throttled(desk.settings, a_second, &why);
    }
    if received.body.len() > MAX_BYTES {
        let why = format!(
            "the body has {} bytes, {MAX_BYTES} are allowed",
            received.body.len()
        );
        return refuse(&bad_request(why));
    }
    match read(&body) {
        Ok(shown) => accepted(replies, shown),
        Err(refusal) => refuse(&refusal),
    }
}

/// The answers to a message too many: 11232 inside HTTP 200, or, as logged by users, 9499 with HTTP 400 and a
/// `StatusCode` of 0 (confidence B). Which limit gives which is not documented; a second gives 9499 here.
pub(super) fn throttled(settings: &Settings, a_second: bool, why: &str) -> Judgement {
    if a_second || settings.replies == Replies::Odd {
        let body = json!({"StatusCode": 0, "StatusMessage": "", "code": 9499, "msg": "too many request"});
        return Judgement::refused("9499", "too many request", why, Answer::json(400, &body));
    }
    let text = "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]";
    Refusal::new(11232, text, why).judgement(settings.replies)
}

fn accepted(replies: Replies, shown: Shown) -> Judgement {
    let body = match replies {
        Replies::Old => json!({"Extra": null, "StatusCode": 0, "StatusMessage": "success"}),
        Replies::Current | Replies::Odd => json!({
            "StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success",
        }),
    };
    Judgement::accepted("0", "success", Answer::json(200, &body), shown)
}

/// A refusal: the vendor's code and words, what it means.
pub(super) struct Refusal {
    code: u32,
    text: String,
    why: String,
}

impl Refusal {
    pub(super) fn new(code: u32, text: impl Into<String>, why: impl Into<String>) -> Refusal {
        Refusal {
            code,
            text: text.into(),
            why: why.into(),
        }
    }

    fn judgement(&self, replies: Replies) -> Judgement {
        let Refusal { code, text, why } = self;
        let answer = if replies == Replies::Odd {
            // A failure that a reader of `StatusCode` alone takes for success; seen in reports (confidence B).
            let body = json!({"StatusCode": 0, "StatusMessage": "", "code": code, "msg": text});
            Answer::json(400, &body)
        } else {
            Answer::json(200, &json!({"code": code, "data": {}, "msg": text}))
        };
        Judgement::refused(&code.to_string(), text, why.as_str(), answer)
    }
}

/// The refusal of a body that has the wrong shape.
pub(super) fn bad_request(why: impl Into<String>) -> Refusal {
    Refusal::new(9499, "Bad Request", why)
}

fn security(body: &Value, desk: &Desk<'_>) -> Result<(), Refusal> {
    if desk.settings.foreign {
        return Err(Refusal::new(
            19022,
            "Ip Not Allowed",
            "the sender's address is not on the bot's list",
        ));
    }
    if let Some(secret) = &desk.settings.secret {
        check_sign(body, secret, desk.now).map_err(|why| {
            let text = "sign match fail or timestamp is not within one hour from current time";
            Refusal::new(19021, text, why)
        })?;
    }
    let keywords = &desk.settings.keywords;
    if keywords.is_empty() {
        return Ok(());
    }
    let mut searched = Vec::new();
    collect(body, false, &mut searched);
    if keywords
        .iter()
        .any(|keyword| searched.iter().any(|text| text.contains(keyword.as_str())))
    {
        return Ok(());
    }
    let why = format!(
        "none of the bot's keywords stands in a `text` or `title`: {}",
        keywords.join(", ")
    );
    Err(Refusal::new(19024, "Key Words Not Found", why))
}

fn check_sign(body: &Value, secret: &str, now: Millis) -> Result<(), String> {
    let (Some(timestamp), Some(given)) = (body.get("timestamp"), body.get("sign")) else {
        return Err("the bot has a secret; the body lacks `timestamp` or `sign` at its top level".to_owned());
    };
    let (Some(timestamp), Some(given)) = (timestamp.as_str(), given.as_str()) else {
        return Err("`timestamp` and `sign` must be strings".to_owned());
    };
    let now = now.div_euclid(1_000);
    let age = timestamp.parse::<i64>().ok().map(|at| now.saturating_sub(at));
    if age.is_none_or(|age| age.saturating_abs() > SIGN_WINDOW_S) {
        let unit = if timestamp.len() == 13 {
            "; it is in milliseconds and must be in seconds"
        } else {
            ""
        };
        return Err(format!(
            "the timestamp is more than an hour away from the vendor's clock{unit}"
        ));
    }
    let key = format!("{timestamp}\n{secret}");
    if sign::base64_matches(key.as_bytes(), b"", given) {
        return Ok(());
    }
    // The rest only finds better words for the refusal.
    Err(
        if sign::base64_matches(secret.as_bytes(), key.as_bytes(), given) {
            "the sign was made by DingTalk's rule; Feishu's key is timestamp and secret, its text is empty"
                .to_owned()
        } else if given.contains('%') {
            "the sign is percent-encoded; inside JSON it stays as it is".to_owned()
        } else {
            "the sign does not fit: another secret, or another text was signed".to_owned()
        },
    )
}

/// Keywords are looked for in the values of `text` and `title` fields and in what lies under them, not in `href`.
fn collect<'b>(value: &'b Value, inside: bool, found: &mut Vec<&'b str>) {
    match value {
        Value::String(text) if inside => found.push(text),
        Value::Array(all) => all.iter().for_each(|value| collect(value, inside, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let inside = match name.as_str() {
                    "text" | "title" => true,
                    "href" | "tag" => false,
                    _ => inside,
                };
                collect(value, inside, found);
            }
        }
        _ => {}
    }
}

fn read(body: &Value) -> Result<Shown, Refusal> {
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
