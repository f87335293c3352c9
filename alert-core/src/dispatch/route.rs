//! From a failure to the robots that hear of it, and the policy it follows.

use std::sync::Arc;

use crate::config::{Config, Policy};
use crate::event::Event;

/// Where one group's messages go, and when.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The numbers of its robots.
    pub(crate) robots: Vec<usize>,
    pub(crate) policy: Arc<Policy>,
}

impl Target {
    /// Goes to these robots too, and follows their policy from now on.
    pub(crate) fn join(&mut self, other: Target) {
        let more: Vec<_> = other
            .robots
            .into_iter()
            .filter(|robot| !self.robots.contains(robot))
            .collect();
        self.robots.extend(more);
        self.policy = other.policy;
    }

    /// The robots and the policy of the first route that matches, with the robots of those after it if it
    /// says so. Asked once for each new group.
    pub(crate) fn of(event: &Event, config: &Config) -> Self {
        let mut target = Target {
            robots: Vec::new(),
            policy: Arc::clone(config.policy_of(event.severity)),
        };
        let mut matched = false;
        for route in config.routes.iter().filter(|route| route.matcher.matches(event)) {
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
            if !route.more {
                break;
            }
        }
        if !matched {
            target.robots = (0..config.robots.len()).collect();
        }
        target
    }
}
