//! A robot and its fallbacks: of each its log of send times, and how long it is left alone.

use core::time::Duration;
use std::time::Instant;

use super::rate::{Share, SlidingLog};
use crate::robot::{Delivery, Form, Robot};

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
    one_subject: bool,
    resting_until: Option<Instant>,
    /// As long as the robot itself asked for; a part of the rest.
    throttled_until: Option<Instant>,
    /// Rests taken since it last accepted a message.
    pub(crate) rests: usize,
}

impl Link {
    fn new(robot: &Robot) -> Self {
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

/// The robot, then its fallbacks.
#[derive(Debug)]
pub(crate) struct Links(Vec<Link>);

impl Links {
    pub(crate) fn new(robot: &Robot) -> Self {
        Self(robot.chain().map(Link::new).collect())
    }

    pub(crate) fn get_mut(&mut self, link: usize) -> Option<&mut Link> {
        self.0.get_mut(link)
    }

    /// The first robot of the chain that does not rest, or else the one that rests the shortest; and when it
    /// may get a message.
    pub(crate) fn next(&mut self, now: Instant, share: Share) -> Option<(usize, Instant)> {
        let mut rests: Vec<Instant> = Vec::with_capacity(self.0.len());
        for link in &mut self.0 {
            rests.push(
                link.resting_until
                    .unwrap_or(now)
                    .max(now)
                    .max(link.log.budget_free_at(now, share)),
            );
        }
        let (number, rests) = rests
            .into_iter()
            .enumerate()
            .min_by_key(|(number, rests)| (*rests, *number))?;
        let free = self.0.get_mut(number)?.log.free_at(now, share);
        Some((number, rests.max(free)))
    }

    /// Until when a robot of the chain is left alone, if it was told to be.
    pub(crate) fn resting_until(&self, link: usize) -> Option<Instant> {
        self.0.get(link)?.resting_until
    }

    /// Whether a robot of the chain takes one kind of failure a message.
    pub(crate) fn is_one_subject(&self) -> bool {
        self.0.iter().any(|link| link.one_subject)
    }

    /// A test message wants to go to a robot of the chain: the wait until it may, noted as sent if that is no
    /// longer than `patience`. The rest after a refusal does not count: that the robot may work again is what
    /// is to be found out.
    pub(crate) fn test(&mut self, link: usize, now: Instant, patience: Duration) -> Duration {
        let Some(link) = self.0.get_mut(link) else {
            return Duration::ZERO;
        };
        let free = link.log.free_at(now, Share::Severe);
        let free = link.throttled_until.map_or(free, |until| free.max(until));
        let wait = free.saturating_duration_since(now);
        if wait <= patience {
            link.log.sent(now);
        }
        wait
    }

    /// The answer to a test message: a robot that took it need rest no longer.
    pub(crate) fn tested(&mut self, link: usize, delivery: &Delivery, now: Instant) {
        let Some(link) = self.0.get_mut(link) else {
            return;
        };
        link.log.answered(now);
        match delivery {
            Delivery::Accepted => {
                link.resting_until = None;
                link.rests = 0;
            }
            Delivery::Throttled { retry_after, .. } => {
                link.rest(now, retry_after.unwrap_or(link.pause), true);
            }
            _ => {}
        }
    }
}
