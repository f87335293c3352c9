//! Feishu and Lark custom bot: card 2.0 or post, signed inside the body.
//!
//! Facts from the official pages on custom bots and cards, read 2026-11-23, unless a line says otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::fit::{by_urgency, fit};
use super::mistakes::{no_mobile, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind, sign};
use crate::Digest;

pub(super) static KIND: RobotKind =
    RobotKind::new("feishu", &["open.feishu.cn", "open.larksuite.com"], &Feishu);

/// Bytes of the whole encoded body. The official page says 20 KB and does not define the unit.
const MAX_BODY: usize = 20_000;

/// Messages a minute, and a second, for one bot of one tenant. Official page.
const MESSAGES_PER_MINUTE: u32 = 100;
const MESSAGES_PER_SECOND: u32 = 5;

#[derive(Debug)]
struct Feishu;

impl Formatter for Feishu {
    fn pace(&self) -> Pace {
        Pace::new(MESSAGES_PER_MINUTE, Duration::from_secs(60)).per_second(MESSAGES_PER_SECOND)
    }

    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        form: Form,
        now: SystemTime,
    ) -> Result<Request, FormatError> {
        let signature = match robot.signing_secret() {
            Some(secret) => Some(signature(secret.expose(), now)?),
            None => None,
        };
        let body = fit(by_urgency(digest).len(), |cut| {
            let mut message = body::message(digest, robot, form, cut)?;
            if let (Some((timestamp, sign)), Value::Object(message)) = (&signature, &mut message) {
                message.insert("timestamp".to_owned(), Value::from(timestamp.as_str()));
                message.insert("sign".to_owned(), Value::from(sign.as_str()));
            }
            let body = message.to_string().into_bytes();
            Ok((body.len() <= MAX_BODY).then_some(body))
        })?;
        Ok(Request::post_json(robot.url().clone(), body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        let path = path(robot, "/open-apis/bot/v2/hook/..", |path, _| {
            path.strip_prefix("/open-apis/bot/v2/hook/")
                .is_some_and(|id| !id.is_empty())
        });
        let mobile = no_mobile(robot, "its `open_id`: `Mention::user(\"ou_..\")`");
        path.into_iter().chain(mobile).collect()
    }
}

/// The time in seconds and the signature of it. The robot takes it for an hour.
fn signature(secret: &str, now: SystemTime) -> Result<(String, String), FormatError> {
    if secret.is_empty() {
        return Err(FormatError::new("the secret is empty"));
    }
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Ok((seconds.to_string(), sign(secret, seconds)))
}

/// HMAC-SHA256 of nothing, with the time, a line feed and the secret as key: DingTalk's turned inside out.
fn sign(secret: &str, seconds: u64) -> String {
    sign::mac_base64(format!("{seconds}\n{secret}").as_bytes(), b"")
}
