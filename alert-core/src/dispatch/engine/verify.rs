//! A test message of each robot: part of its budget and of the count of messages, apart from every failure.

use core::time::Duration;
use std::time::Instant;

use super::Engine;
use crate::ErrorKind;
use crate::digest::Digest;
use crate::error::Error;
use crate::robot::{Delivery, Robot};

impl Engine {
    /// A test message for a robot by its number and its place in the chain of fallbacks, and how long it has
    /// to wait until it may go. Noted as sent if that is no longer than `patience`.
    pub(crate) fn test(
        &mut self,
        robot: usize,
        link: usize,
        now: Instant,
        patience: Duration,
    ) -> (Digest, Duration) {
        let wait = match self.outboxes.get_mut(robot) {
            Some(outbox) => outbox.links.test(link, now, patience),
            None => Duration::ZERO,
        };
        (self.composer.test(now), wait)
    }

    /// The answer to a test message. Gives the error to report, if it is one.
    pub(crate) fn tested(
        &mut self,
        robot: usize,
        link: usize,
        delivery: &Delivery,
        now: Instant,
    ) -> Option<Error> {
        if let Some(outbox) = self.outboxes.get_mut(robot) {
            outbox.links.tested(link, delivery, now);
        }
        let kind = match delivery {
            Delivery::Accepted => {
                self.books.sent_message();
                return None;
            }
            Delivery::Throttled { .. } => ErrorKind::Throttled,
            Delivery::Refused { .. } => ErrorKind::Refused,
            Delivery::Failed { .. } => ErrorKind::Unreachable,
        };
        self.books.failed_message();
        let label = self.robot(robot, link).map_or("", Robot::label);
        Some(Error::new(
            kind,
            label,
            delivery.problem().cloned().unwrap_or_default(),
            0,
        ))
    }
}
