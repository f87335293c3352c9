//! Microsoft Teams by a workflow's webhook: an adaptive card.
//!
//! Facts from the official pages on workflows, cards and limits, read 2026-11-23, unless a line says
//! otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;

use super::fit::{by_urgency, fit};
use super::mistakes::{has, no_all, no_mobile, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind, host_of};
use crate::Digest;

/// Two families of workflow URLs, and the retired connectors', which are known so that they can be named.
pub(super) static KIND: RobotKind = RobotKind::new(
    "teams",
    &[
        ".logic.azure.com",
        ".environment.api.powerplatform.com",
        CONNECTORS,
    ],
    &Teams,
);

const CONNECTORS: &str = ".webhook.office.com";

/// Bytes of the whole encoded body. Teams counts 28 672 after it has wrapped the card: a request of 24 453
/// was reported to fail as 28 897.
const MAX_BODY: usize = 20_000;

#[derive(Debug)]
struct Teams;

impl Formatter for Teams {
    /// The limits of the retired connectors, the only ones ever published: 60 in 30 s and 100 an hour. The
    /// hour is the narrower one.
    fn pace(&self) -> Pace {
        Pace::new(100, Duration::from_secs(3_600)).per_second(4)
    }

    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        form: Form,
        _: SystemTime,
    ) -> Result<Request, FormatError> {
        let body = fit(by_urgency(digest).len(), |cut| {
            let body = body::body(digest, robot, form, cut)?;
            Ok((body.len() <= MAX_BODY).then_some(body))
        })?;
        Ok(Request::post_json(robot.url().clone(), body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        if host_of(robot.url().expose()).ends_with(CONNECTORS) {
            return vec![
                "connectors were retired in May 2026; make a workflow in the channel and give its URL"
                    .to_owned(),
            ];
        }
        let path = path(robot, "..?..&sig=..", |path, query| {
            (path.starts_with("/workflows/") || path.starts_with("/powerautomate/")) && has(query, "sig")
        });
        let mobile = no_mobile(robot, "the user's id: `Mention::user(\"name@example.com\")`");
        path.into_iter().chain(mobile).chain(no_all(robot)).collect()
    }
}
