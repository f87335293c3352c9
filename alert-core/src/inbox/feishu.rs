//! Feishu's and Lark's custom bot (飞书自定义机器人).
//!
//! Source unless said otherwise: the vendor's documents, read 2026-11-23. That the token is checked first was
//! observed; the order of the other checks is inferred (confidence C).

use std::time::Duration;

use serde_json::{Value, json};

use super::chat::{Replies, Settings};
use super::clock::Millis;
use super::deliver::Desk;
use super::feishu_body;
use super::rate::Limit;
use super::request::Received;
use super::shown::Shown;
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
    match feishu_body::read(&body) {
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
