//! WeCom group robot: `markdown_v2` or text. No signature: the key in the URL is the only secret.
//!
//! Facts from the official page on group robots, as of 2025-08, read 2026-11-23, unless a line says
//! otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;

use super::fit::{by_urgency, fit};
use super::mistakes::{has, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind};
use crate::Digest;

pub(super) static KIND: RobotKind = RobotKind::new("wecom", &["qyapi.weixin.qq.com"], &WeCom);

/// Messages a minute for one robot. Official page.
const MESSAGES_PER_MINUTE: u32 = 20;

#[derive(Debug)]
struct WeCom;

impl Formatter for WeCom {
    fn pace(&self) -> Pace {
        Pace::new(MESSAGES_PER_MINUTE, Duration::from_secs(60))
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
        Ok(Request::post_json(robot.url().clone(), body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        let path = path(robot, "/cgi-bin/webhook/send?key=..", |path, query| {
            path == "/cgi-bin/webhook/send" && has(query, "key")
        });
        path.into_iter().collect()
    }
}
