//! An HTTP endpoint of your own: the machine-readable form of every message, schema 1.

mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;
#[cfg(feature = "sign")]
use std::time::UNIX_EPOCH;

use super::fit::{by_urgency, fit_in_steps};
#[cfg(feature = "sign")]
use super::sign;
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind};
use crate::Digest;

pub(super) static KIND: RobotKind = RobotKind::new("webhook", &[], &Webhook);

/// Bytes of the whole encoded body: what web servers commonly take without being told to.
const MAX_BODY: usize = 512 * 1024;

/// Messages a minute: ours, since the endpoint names none.
const MESSAGES_PER_MINUTE: u32 = 60;

#[derive(Debug)]
struct Webhook;

impl Formatter for Webhook {
    fn pace(&self) -> Pace {
        Pace::new(MESSAGES_PER_MINUTE, Duration::from_secs(60))
    }

    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        _: Form,
        now: SystemTime,
    ) -> Result<Request, FormatError> {
        let groups = by_urgency(digest).len();
        // Every group in full; texts are cut only when a single one is over the limit.
        let steps: &[usize] = if groups > 1 {
            &[usize::MAX]
        } else {
            &[usize::MAX, 16_000, 1_000]
        };
        let body = fit_in_steps(groups, steps, |cut| {
            let body = body::body(digest, robot, cut).to_string().into_bytes();
            Ok((body.len() <= MAX_BODY).then_some(body))
        })?;
        let request = Request::post_json(robot.url().clone(), body);
        match robot.signing_secret() {
            Some(secret) => signed(request, secret.expose(), digest.id(), now),
            None => Ok(request),
        }
    }

    fn read(&self, reply: &Reply) -> Delivery {
        Delivery::by_status(reply)
    }
}

/// Signs the exact bytes that are sent, in GitHub's way; with a secret that starts with `whsec_` in the
/// way of Standard Webhooks too.
#[cfg(feature = "sign")]
fn signed(request: Request, secret: &str, id: &str, now: SystemTime) -> Result<Request, FormatError> {
    if secret.is_empty() {
        return Err(FormatError::new("the secret is empty"));
    }
    let hub = format!("sha256={}", sign::mac_hex(secret.as_bytes(), request.body()));
    let request = request.header("x-hub-signature-256", hub);
    let Some(key) = secret.strip_prefix("whsec_") else {
        return Ok(request);
    };
    let key = sign::from_base64(key)
        .ok_or_else(|| FormatError::new("what follows `whsec_` in the secret is not base64"))?;
    let timestamp = now
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
        .to_string();
    let signature = standard_signature(&key, id, &timestamp, request.body());
    Ok(request
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature))
}

#[cfg(feature = "sign")]
fn standard_signature(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut message = format!("{id}.{timestamp}.").into_bytes();
    message.extend_from_slice(body);
    format!("v1,{}", sign::mac_base64(key, &message))
}

#[cfg(not(feature = "sign"))]
fn signed(_: Request, _: &str, _: &str, _: SystemTime) -> Result<Request, FormatError> {
    Err(FormatError::new(
        "a signed webhook needs the feature `sign` (it comes with `http`)",
    ))
}
