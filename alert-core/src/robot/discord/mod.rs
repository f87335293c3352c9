//! Discord webhook: an embed, or content alone.
//!
//! Facts from the official pages on webhooks, messages and rate limits, read 2026-11-23, unless a line says
//! otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;

use super::fit::{by_urgency, fit};
use super::mistakes::{no_all, no_mobile, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind};
use crate::Digest;
use crate::secret::Secret;

pub(super) static KIND: RobotKind = RobotKind::new("discord", &["discord.com", "discordapp.com"], &Discord);

/// Messages a minute for one channel: about 30 were observed, no page says so. The headers tell less: 5 in
/// 2 s for one webhook, as Discord's staff said.
const MESSAGES_PER_MINUTE: u32 = 30;

#[derive(Debug)]
struct Discord;

impl Formatter for Discord {
    fn pace(&self) -> Pace {
        Pace::new(MESSAGES_PER_MINUTE, Duration::from_secs(60)).per_second(2)
    }

    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        form: Form,
        _: SystemTime,
    ) -> Result<Request, FormatError> {
        let body = fit(by_urgency(digest).len(), |cut| {
            body::body(digest, robot, form, cut)
        })?;
        Ok(Request::post_json(waiting(robot.url()), body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        // Also seen with a version in between, `/api/v10/webhooks/`.
        let path = path(robot, "/api/webhooks/../..", |path, _| {
            path.starts_with("/api/")
                && path
                    .split_once("/webhooks/")
                    .is_some_and(|(_, rest)| rest.split('/').filter(|part| !part.is_empty()).count() == 2)
        });
        let mobile = no_mobile(robot, "the user id, a number: `Mention::user(\"1234..\")`");
        path.into_iter().chain(mobile).chain(no_all(robot)).collect()
    }
}

/// The URL with `wait=true`: without it Discord answers before it has saved the message, and tells nobody
/// when it cannot.
fn waiting(url: &Secret) -> Secret {
    let url = url.expose().split('#').next().unwrap_or_default();
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let mut query: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("wait="))
        .collect();
    query.push("wait=true");
    Secret::new(format!("{address}?{}", query.join("&")))
}
