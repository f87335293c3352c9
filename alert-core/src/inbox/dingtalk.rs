//! `DingTalk`'s custom robot (钉钉自定义机器人).
//!
//! Source of every constant unless said otherwise: the vendor's robot documents, read 2026-11-23. The order of
//! the checks is not documented; this one goes from the outside in.

use std::time::Duration;

use serde_json::{Value, json};

use super::chat::{Replies, Settings};
use super::clock::Millis;
use super::deliver::Desk;
use super::dingtalk_body::read;
use super::rate::{Full, Limit};
use super::request::{Received, decoded};
use super::shown::Shown;
use super::sign;
use super::verdict::{Answer, Judgement};

/// 20 messages a minute for one robot; one more closes it for 10 minutes.
pub(super) fn limits() -> Vec<Limit> {
    vec![Limit::new(20, Duration::from_secs(60)).freeze(Duration::from_secs(600))]
}

/// Bytes of the encoded body. What the vendor measures is not documented; two literal replies name the number.
const MAX_BYTES: usize = 20_000;
/// A signature is good for an hour on either side of the vendor's clock.
const SIGN_WINDOW_MS: Millis = 3_600_000;

pub(super) fn judge(received: &Received, desk: Option<&mut Desk<'_>>) -> Judgement {
    let settings = desk
        .as_ref()
        .map(|desk| desk.settings.clone())
        .unwrap_or_default();
    let refuse = |refusal: Refusal| refusal.judgement(&settings);
    if received.method != "POST" {
        return refuse(Refusal::new(43002, "需要POST请求", "the request is no POST"));
    }
    if received.media_type() != "application/json" {
        let why = "the Content-Type is not application/json";
        return refuse(Refusal::new(43004, "无效的HTTP HEADER Content-Type", why));
    }
    if received
        .parameter("access_token")
        .is_none_or(|token| token.is_empty())
    {
        return refuse(Refusal::new(
            40035,
            "缺少参数 access_token",
            "the address has no access_token",
        ));
    }
    let Some(desk) = desk else {
        let why = "no chat of this inbox has that access_token; copy the address again";
        return refuse(Refusal::new(300_005, "token is not exist", why));
    };
    let Some(body) = received.json().filter(Value::is_object) else {
        return refuse(Refusal::new(
            40035,
            "缺少参数 json",
            "the body is empty or no JSON object",
        ));
    };
    if let Err(refusal) = security(received, &body, desk) {
        return refuse(refusal);
    }
    if let Some(uuid) = body.get("msgUuid").and_then(Value::as_str)
        && desk.keys.iter().any(|key| key == uuid)
    {
        let mut repeat = accepted(desk.settings, Shown::default(), None);
        repeat.verdict.accepted = false;
        "a repeat of an accepted msgUuid: answered ok, shown once".clone_into(&mut repeat.verdict.why);
        return repeat;
    }
    if let Err(full) = desk.rate.check(desk.now) {
        return throttled(desk.settings, &too_fast(full));
    }
    if received.body.len() > MAX_BYTES {
        let why = format!(
            "the body has {} bytes, {MAX_BYTES} are allowed",
            received.body.len()
        );
        return refuse(Refusal::new(460_101, "message too long, exceed 20000 bytes", why));
    }
    match read(&body) {
        Ok(shown) => {
            let key = body.get("msgUuid").and_then(Value::as_str).map(str::to_owned);
            accepted(desk.settings, shown, key)
        }
        Err(refusal) => refuse(refusal),
    }
}

/// The answer to a message too many. The literal was reported with a screenshot (confidence B).
pub(super) fn throttled(settings: &Settings, why: &str) -> Judgement {
    Refusal::new(130_101, "send too fast, exceed 20 times per minute", why).judgement(settings)
}

fn too_fast(full: Full) -> String {
    let Full { limit, retry_after } = full;
    format!(
        "more than {} messages in {:?}; closed for another {} s",
        limit.messages(),
        limit.window(),
        retry_after.as_secs()
    )
}

fn accepted(settings: &Settings, shown: Shown, key: Option<String>) -> Judgement {
    let code = if settings.replies == Replies::Odd {
        json!("0")
    } else {
        json!(0)
    };
    let answer = Answer::json(200, &json!({"errcode": code, "errmsg": "ok"}));
    Judgement {
        key,
        ..Judgement::accepted("0", "ok", answer, shown)
    }
}

/// A refusal: the vendor's code, its words in Chinese and in the English of earlier years, what it means.
pub(super) struct Refusal {
    code: u32,
    current: String,
    old: &'static str,
    why: String,
}

impl Refusal {
    pub(super) fn new(code: u32, text: impl Into<String>, why: impl Into<String>) -> Refusal {
        Refusal {
            code,
            current: text.into(),
            old: "",
            why: why.into(),
        }
    }

    fn old(self, old: &'static str) -> Refusal {
        Refusal { old, ..self }
    }

    /// Failures come with HTTP 200.
    fn judgement(&self, settings: &Settings) -> Judgement {
        let text = match settings.replies {
            Replies::Old if !self.old.is_empty() => self.old,
            _ => &self.current,
        };
        let answer = Answer::json(200, &json!({"errcode": self.code, "errmsg": text}));
        Judgement::refused(&self.code.to_string(), text, self.why.as_str(), answer)
    }
}

fn security(received: &Received, body: &Value, desk: &Desk<'_>) -> Result<(), Refusal> {
    if desk.settings.foreign {
        let text = format!("ip {} not in whitelist", received.from.ip());
        return Err(Refusal::new(
            310_000,
            text,
            "the sender's address is not on the robot's list",
        ));
    }
    if let Some(secret) = &desk.settings.secret {
        check_sign(received, secret, desk.now)?;
    }
    let keywords = &desk.settings.keywords;
    let found = keywords.is_empty() || {
        let text = searched(body);
        keywords.iter().any(|keyword| text.contains(keyword.as_str()))
    };
    if found {
        return Ok(());
    }
    let why = format!(
        "none of the robot's keywords stands in title or text: {}",
        keywords.join(", ")
    );
    let text = "错误描述:关键词不匹配;解决方案:请在消息内容中包含机器人安全设置里的关键词;";
    Err(Refusal::new(310_000, text, why).old("keywords not in content"))
}

fn check_sign(received: &Received, secret: &str, now: Millis) -> Result<(), Refusal> {
    let mismatch = |why: &str| {
        let text = "错误描述:机器人发送签名不匹配;解决方案:请检查密钥与签名算法;";
        Refusal::new(310_000, text, why).old("sign not match")
    };
    let (Some(timestamp), Some(given)) = (received.parameter("timestamp"), received.parameter("sign")) else {
        return Err(mismatch(
            "the robot has a secret; the address lacks timestamp or sign",
        ));
    };
    let age = timestamp.parse::<Millis>().ok().map(|at| now.saturating_sub(at));
    if age.is_none_or(|age| age.saturating_abs() > SIGN_WINDOW_MS) {
        let why = if timestamp.len() == 10 {
            "the timestamp is in seconds; it must be in milliseconds"
        } else {
            "the timestamp is more than an hour away from the vendor's clock"
        };
        return Err(Refusal::new(310_000, "invalid timestamp", why));
    }
    let text = format!("{timestamp}\n{secret}");
    let matches = |given: &str| sign::base64_matches(secret.as_bytes(), text.as_bytes(), given);
    if matches(&given) {
        return Ok(());
    }
    // The rest only finds better words for the refusal.
    Err(mismatch(if matches(&decoded(&given)) {
        "the sign is percent-encoded twice; hand the plain value to the query builder"
    } else if matches(&given.replace(' ', "+")) {
        "the sign is not percent-encoded: its + arrived as a space"
    } else if sign::base64_matches(text.as_bytes(), b"", &given) {
        "the sign was made by Feishu's rule; DingTalk's key is the secret alone"
    } else {
        "the sign does not fit: another secret, or another text was signed"
    }))
}

/// What a keyword may stand in: titles and texts, decoded.
fn searched(body: &Value) -> String {
    let mut found = Vec::new();
    for part in ["text", "markdown", "link", "actionCard"] {
        for field in ["content", "title", "text"] {
            found.extend(
                body.get(part)
                    .and_then(|object| object.get(field))
                    .and_then(Value::as_str),
            );
        }
    }
    let links = body
        .get("feedCard")
        .and_then(|card| card.get("links"))
        .and_then(Value::as_array);
    for link in links.into_iter().flatten() {
        found.extend(link.get("title").and_then(Value::as_str));
    }
    found.join("\n")
}
