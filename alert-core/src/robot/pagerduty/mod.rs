//! PagerDuty Events API v2: an event for each kind of failure, resolved when the failure is quiet again.
//!
//! Facts from the official pages on the Events API, read 2026-11-23, unless a line says otherwise.

mod answers;
mod body;
#[cfg(test)]
mod tests;

use core::time::Duration;
use std::time::SystemTime;

use super::fit::{by_urgency, fit};
use super::mistakes::{no_all, no_mobile, no_user, path};
use super::{Delivery, Form, FormatError, Formatter, Pace, Reply, Request, Robot, RobotKind};
use crate::{Digest, Secret};

pub(super) static KIND: RobotKind = RobotKind::new(
    "pagerduty",
    &["events.pagerduty.com", "events.eu.pagerduty.com"],
    &PagerDuty,
);

/// Bytes of the whole encoded body.
const MAX_BODY: usize = 512_000;

/// Events a minute for one integration key, as the vendor's staff said; a listing says 480.
const EVENTS_PER_MINUTE: u32 = 120;

/// Characters of a routing key.
const KEY: usize = 32;

#[derive(Debug)]
struct PagerDuty;

impl Formatter for PagerDuty {
    fn pace(&self) -> Pace {
        Pace::new(EVENTS_PER_MINUTE, Duration::from_secs(60)).one_subject()
    }

    fn format(&self, digest: &Digest, robot: &Robot, _: Form, _: SystemTime) -> Result<Request, FormatError> {
        let key = robot.signing_secret().map_or("", Secret::expose);
        if key.is_empty() {
            return Err(FormatError::new(
                "it has no routing key: give the integration's to `Robot::secret`",
            ));
        }
        let body = fit(by_urgency(digest).len(), |cut| {
            let body = body::body(digest, robot, key, cut)?;
            Ok((body.len() <= MAX_BODY).then_some(body))
        })?;
        Ok(Request::post_json(robot.url().clone(), body))
    }

    fn read(&self, reply: &Reply) -> Delivery {
        answers::read(reply)
    }

    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        let path = path(robot, "/v2/enqueue", |path, _| path == "/v2/enqueue");
        let length = robot.signing_secret().map(|key| key.expose().chars().count());
        let key = length
            .filter(|length| *length != KEY)
            .map(|length| format!("its secret is no routing key: that has {KEY} characters, not {length}"));
        let names = no_mobile(robot, "nobody, and leave `mention` out")
            .or_else(|| {
                no_all(robot).map(|_| "pagerduty pages whoever is on call; leave `mention` out".to_owned())
            })
            .or_else(|| no_user(robot));
        path.into_iter().chain(key).chain(names).collect()
    }
}
