//! One robot of a chain of fallbacks: its log of send times, and how long it is left alone.

use core::time::Duration;
use std::time::Instant;

use super::rate::SlidingLog;
use crate::robot::{Form, Robot};

/// How long a robot is left alone after a message failed for good, step by step; the last repeats.
pub(crate) const REST_AFTER_FAILURE: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];
/// The same after it refused one: that takes a person to mend.
pub(crate) const REST_AFTER_REFUSAL: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
    Duration::from_secs(3600),
];
/// The longest a robot can make us wait.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// One robot of a chain.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) log: SlidingLog,
    pub(crate) pause: Duration,
    pub(crate) form: Form,
    pub(crate) one_subject: bool,
    pub(crate) resting_until: Option<Instant>,
    /// As long as the robot itself asked for; a part of the rest.
    pub(crate) throttled_until: Option<Instant>,
    /// Rests taken since it last accepted a message.
    pub(crate) rests: usize,
}

impl Link {
    pub(crate) fn new(robot: &Robot) -> Self {
        let pace = robot.own_pace();
        Self {
            log: SlidingLog::new(pace, robot.budget()),
            pause: pace.pause(),
            form: robot.form(),
            one_subject: pace.is_one_subject(),
            resting_until: None,
            throttled_until: None,
            rests: 0,
        }
    }

    pub(crate) fn rest(&mut self, now: Instant, rest: Duration, throttled: bool) {
        let until = Some(now + rest.min(LONGEST_REST));
        self.resting_until = until;
        if throttled {
            self.throttled_until = until;
        }
    }

    pub(crate) fn next_rest(&mut self, steps: &[Duration]) -> Duration {
        let rest = steps
            .get(self.rests)
            .or_else(|| steps.last())
            .copied()
            .unwrap_or(LONGEST_REST);
        self.rests = self.rests.saturating_add(1);
        rest
    }
}
