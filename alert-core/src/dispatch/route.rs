//! From a failure to the robots that hear of it, and the policy it follows.

use std::sync::Arc;

use crate::Severity;
use crate::config::{Config, Policy, Route};
use crate::event::Event;

/// Where one group's messages go, and when.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The numbers of its robots.
    pub(crate) robots: Vec<usize>,
    pub(crate) policy: Arc<Policy>,
}

/// Which routes took a failure, as a number. Zero if none did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Way(u64);

/// The multiplier by which the numbers of routes become one: a prime above the number of routes anybody writes.
const SPREAD: u64 = 1_000_003;

impl Way {
    /// Asked for each failure: two of one kind may go to different robots.
    pub(crate) fn of(event: &Event, config: &Config) -> Self {
        taken(event, event.severity, config).fold(Self::default(), |way, (number, _)| {
            Self(way.0.wrapping_mul(SPREAD).wrapping_add(number))
        })
    }
}

/// The routes that take a failure, each with its number from 1: the first that matches, and those after it if
/// it says so.
fn taken<'a>(
    event: &'a Event,
    severity: Severity,
    config: &'a Config,
) -> impl Iterator<Item = (u64, &'a Route)> {
    let mut is_last = false;
    (1..)
        .zip(&config.routes)
        .filter(move |(_, route)| route.matcher.matches_as(event, severity))
        .take_while(move |(_, route)| !core::mem::replace(&mut is_last, !route.more))
}

impl Target {
    /// Goes to these robots too, and follows their policy from now on. Gives the robots that are new to it.
    pub(crate) fn join(&mut self, other: Target) -> Vec<usize> {
        let more: Vec<_> = other
            .robots
            .into_iter()
            .filter(|robot| !self.robots.contains(robot))
            .collect();
        self.robots.extend(&more);
        self.policy = other.policy;
        more
    }

    /// The robots and the policy of the routes that take a failure. Asked once for each new group.
    pub(crate) fn of(event: &Event, config: &Config) -> Self {
        Self::of_as(event, event.severity, config)
    }

    /// The same for a failure that turned out to be of this severity.
    pub(crate) fn of_as(event: &Event, severity: Severity, config: &Config) -> Self {
        let mut target = Target {
            robots: Vec::new(),
            policy: Arc::clone(config.policy_of(severity)),
        };
        let mut matched = false;
        for (_, route) in taken(event, severity, config) {
            if let (false, Some(policy)) = (matched, &route.policy) {
                target.policy = Arc::new(policy.clone());
            }
            matched = true;
            for (number, robot) in config.robots.iter().enumerate() {
                let named = route.to.is_empty() || route.to.iter().any(|name| name == robot.label());
                if named && !target.robots.contains(&number) {
                    target.robots.push(number);
                }
            }
        }
        if !matched {
            target.robots = (0..config.robots.len()).collect();
        }
        target
    }
}
