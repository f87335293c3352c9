//! Telegram bot: `sendMessage` with HTML, or without any markup.
//!
//! Facts from the official page of the bot API, read 2026-11-23, unless a line says otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;

use super::fit::{by_urgency, fit};
use super::mistakes::{has, no_all, no_mobile, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind};
use crate::Digest;
use crate::secret::Secret;

pub(super) static KIND: RobotKind = RobotKind::new("telegram", &["api.telegram.org"], &Telegram);

/// Messages a minute for one group, and a second for one chat. As the constants of a client have it.
const MESSAGES_PER_MINUTE: u32 = 20;

#[derive(Debug)]
struct Telegram;

impl Formatter for Telegram {
    fn pace(&self) -> Pace {
        Pace::new(MESSAGES_PER_MINUTE, Duration::from_secs(60)).per_second(1)
    }

    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        form: Form,
        _: SystemTime,
    ) -> Result<Request, FormatError> {
        let chat = Chat::of(robot)?;
        let body = fit(by_urgency(digest).len(), |cut| {
            Ok(body::body(digest, robot, &chat, form, cut))
        })?;
        Ok(Request::post_json(chat.url, body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        let path = path(robot, "/bot../sendMessage?chat_id=..", |path, query| {
            path.starts_with("/bot") && path.ends_with("/sendMessage") && has(query, "chat_id")
        });
        let mobile = no_mobile(robot, "the user name: `Mention::user(\"name\")`");
        path.into_iter().chain(mobile).chain(no_all(robot)).collect()
    }
}

/// Where a message goes: told in the URL's query, sent in the body, so that it stays out of access logs.
struct Chat {
    url: Secret,
    id: String,
    thread: Option<u64>,
}

impl Chat {
    fn of(robot: &Robot) -> Result<Self, FormatError> {
        let url = robot.url().expose().split('#').next().unwrap_or_default();
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let value = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let id = value("chat_id").filter(|id| !id.is_empty()).ok_or_else(|| {
            FormatError::new("the URL names no chat: add `?chat_id=..` behind `/sendMessage`")
        })?;
        Ok(Self {
            url: Secret::new(address),
            // The `@` of a channel's name may come percent-encoded.
            id: id.replace("%40", "@"),
            thread: value("message_thread_id").and_then(|thread| thread.parse().ok()),
        })
    }
}
