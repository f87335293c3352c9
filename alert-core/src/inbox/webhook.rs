//! The receiver of this project's generic webhook: schema 1, and two public ways to sign.

use serde_json::{Value, json};

use super::clock::Millis;
use super::deliver::Desk;
use super::request::Received;
use super::shown::Shown;
use super::verdict::{Answer, Judgement};
use super::{schema, sign};

/// Standard Webhooks leaves the tolerance to the receiver; its reference libraries take five minutes.
const TOLERANCE_S: i64 = 300;
/// The prefix of a secret whose rest is base64. Source: the Standard Webhooks document, read 2026-11-23.
const SECRET_PREFIX: &str = "whsec_";

pub(super) fn judge(received: &Received, desk: Option<&mut Desk<'_>>) -> Judgement {
    let Some(desk) = desk else {
        return refuse(
            404,
            "no such webhook",
            "no chat of this inbox has that address; copy it again",
        );
    };
    if received.method != "POST" {
        return refuse(405, "method not allowed", "the request is no POST");
    }
    if received.media_type() != "application/json" {
        return refuse(
            415,
            "unsupported media type",
            "the Content-Type is not application/json",
        );
    }
    if let Some(secret) = &desk.settings.secret
        && let Err(why) = check_signature(received, secret, desk.now)
    {
        return refuse(401, "bad signature", &why);
    }
    if desk.rate.check(desk.now).is_err() {
        return throttled("above the limit that the test has set");
    }
    let Some(body) = received.json().filter(Value::is_object) else {
        return refuse(400, "not a JSON object", "the body is empty or no JSON object");
    };
    if desk.settings.any_json {
        let text = serde_json::to_string_pretty(&body).unwrap_or_default();
        return accepted(Shown::of_text(&text));
    }
    match schema::read(&body) {
        Ok(digest) => Judgement {
            delta: digest.delta,
            key: Some(digest.id),
            severity: digest.severity,
            ..accepted(digest.shown)
        },
        Err(why) => refuse(400, "does not fit schema 1", &why),
    }
}

pub(super) fn throttled(why: &str) -> Judgement {
    let mut judgement = refuse(429, "too many requests", why);
    judgement.answer.headers.push(("retry-after", "1".to_owned()));
    judgement
}

fn accepted(shown: Shown) -> Judgement {
    Judgement::accepted(
        "200",
        "accepted",
        Answer::json(200, &json!({"accepted": true})),
        shown,
    )
}

fn refuse(status: u16, text: &str, why: &str) -> Judgement {
    let answer = Answer::json(status, &json!({"accepted": false, "error": text, "why": why}));
    Judgement::refused(&status.to_string(), text, why, answer)
}

/// Either style will do: the sender chooses, and the exact bytes of the body count.
fn check_signature(received: &Received, secret: &str, now: Millis) -> Result<(), String> {
    let key = match secret.strip_prefix(SECRET_PREFIX) {
        Some(rest) => sign::base64_bytes(rest).unwrap_or_else(|| secret.as_bytes().to_vec()),
        None => secret.as_bytes().to_vec(),
    };
    if let Some(signatures) = received.header("webhook-signature") {
        return standard(received, &key, signatures, now);
    }
    let Some(given) = received.header("x-hub-signature-256") else {
        return Err("neither X-Hub-Signature-256 nor webhook-signature is there".to_owned());
    };
    let given = given
        .strip_prefix("sha256=")
        .ok_or("X-Hub-Signature-256 does not start with sha256=")?;
    if sign::hex_matches(secret.as_bytes(), &received.body, given) {
        return Ok(());
    }
    Err("X-Hub-Signature-256 does not fit the body; it is the lower-case hex of its exact bytes".to_owned())
}

fn standard(received: &Received, key: &[u8], signatures: &str, now: Millis) -> Result<(), String> {
    let header = |name: &str| {
        received
            .header(name)
            .ok_or_else(|| format!("the header {name} is missing"))
    };
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    let at = timestamp
        .parse::<i64>()
        .map_err(|_| "webhook-timestamp is no number of seconds")?;
    if now.div_euclid(1_000).saturating_sub(at).saturating_abs() > TOLERANCE_S {
        return Err("webhook-timestamp is more than five minutes away from the receiver's clock".to_owned());
    }
    let mut signed = format!("{id}.{timestamp}.").into_bytes();
    signed.extend_from_slice(&received.body);
    let mut given = signatures
        .split(' ')
        .filter_map(|signature| signature.strip_prefix("v1,"));
    if given.any(|signature| sign::base64_matches(key, &signed, signature)) {
        return Ok(());
    }
    Err("no v1 entry of webhook-signature fits id, timestamp and body".to_owned())
}
