//! DingTalk custom robot: markdown or text, signed in the query.
//!
//! Facts from the official pages on custom robots, read 2026-11-23, unless a line says otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use super::fit::{by_urgency, fit};
use super::mistakes::{has, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind, sign};
use crate::Digest;
use crate::secret::Secret;

pub(super) static KIND: RobotKind =
    RobotKind::new("dingtalk", &["oapi.dingtalk.com", "oapi.dingtalk.io"], &DingTalk);

/// Bytes of the whole encoded body. The robot answers `460101 message too long, exceed 20000 bytes`;
/// whether it measures the text or the body is not stated, so the larger of both stays below.
const MAX_BODY: usize = 20_000;

/// Messages a minute for one robot; past it the vendor limits the robot for 10 minutes. Official page.
const MESSAGES_PER_MINUTE: u32 = 20;

#[derive(Debug)]
struct DingTalk;

impl Formatter for DingTalk {
    fn pace(&self) -> Pace {
        Pace::new(MESSAGES_PER_MINUTE, Duration::from_secs(60)).cool_down(Duration::from_secs(60))
    }

    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        form: Form,
        now: SystemTime,
    ) -> Result<Request, FormatError> {
        let body = fit(by_urgency(digest).len(), |cut| {
            let body = body::body(digest, robot, form, cut)?;
            Ok((body.len() <= MAX_BODY).then_some(body))
        })?;
        let url = match robot.signing_secret() {
            Some(secret) => signed(robot.url(), secret, now)?,
            None => robot.url().clone(),
        };
        Ok(Request::post_json(url, body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        let path = path(robot, "/robot/send?access_token=..", |path, query| {
            path == "/robot/send" && has(query, "access_token")
        });
        path.into_iter().collect()
    }
}

/// The URL with `timestamp` (milliseconds) and `sign`. Built as a string: a query builder would encode the
/// percent-encoded signature a second time, which the robot answers with 310000.
fn signed(url: &Secret, secret: &Secret, now: SystemTime) -> Result<Secret, FormatError> {
    if secret.expose().is_empty() {
        return Err(FormatError::new("the secret is empty"));
    }
    let millis = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let url = url.expose().split('#').next().unwrap_or_default();
    let join = if url.contains('?') { '&' } else { '?' };
    Ok(Secret::new(format!(
        "{url}{join}{}",
        query(secret.expose(), millis)
    )))
}

/// HMAC-SHA256 with the secret as key, over the time, a line feed and the secret again.
fn query(secret: &str, millis: u128) -> String {
    let sign = sign::mac_base64(secret.as_bytes(), format!("{millis}\n{secret}").as_bytes());
    format!("timestamp={millis}&sign={}", sign::query_encoded(&sign))
}
