//! Slack incoming webhook: blocks with a fallback text, or text alone.
//!
//! Facts from the official pages on incoming webhooks, blocks and formatting, read 2026-11-23, unless a
//! line says otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;

use super::fit::{by_urgency, fit};
use super::mistakes::{no_mobile, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind};
use crate::Digest;

/// The second host is the government cloud's; several independent clients know it.
pub(super) static KIND: RobotKind =
    RobotKind::new("slack", &["hooks.slack.com", "hooks.slack-gov.com"], &Slack);

#[derive(Debug)]
struct Slack;

impl Formatter for Slack {
    /// One message a second for one channel, with short bursts; reported by users, not by the page.
    fn pace(&self) -> Pace {
        Pace::new(60, Duration::from_secs(60)).per_second(1)
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
        let path = path(robot, "/services/T../B../..", |path, _| {
            path.strip_prefix("/services/")
                .is_some_and(|rest| rest.split('/').filter(|part| !part.is_empty()).count() == 3)
        });
        let mobile = no_mobile(robot, "the member id: `Mention::user(\"U..\")`");
        path.into_iter().chain(mobile).collect()
    }
}
