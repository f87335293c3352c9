//! Which robots hear of which failures.

use super::{Matcher, Policy};

/// Leads the failures a [`Matcher`] tells to some robots, and may give them a policy of their own.
///
/// The first route that matches decides, unless it says [`and_more`](Self::and_more). Failures that no route
/// matches go to every robot. Each failure is led on its own, also one of a known kind.
///
/// ```
/// use alert_core::{Config, Matcher, Policy, Robot, Route, Severity};
///
/// let config = Config::new("shop")
///     .robot(Robot::webhook("https://alerts.example.com/night").name("on-call"))
///     .robot(Robot::webhook("https://alerts.example.com/day").name("team"))
///     .route(Route::new(Matcher::all().severity(Severity::Critical)).to("on-call").and_more())
///     .route(Route::new(Matcher::all()).to("team").policy(Policy::digest_only()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub(crate) matcher: Matcher,
    pub(crate) to: Vec<String>,
    pub(crate) policy: Option<Policy>,
    pub(crate) more: bool,
}

impl Route {
    /// A route for these failures. Without [`to`](Self::to) it leads to every robot.
    #[must_use]
    pub fn new(matcher: Matcher) -> Self {
        Self {
            matcher,
            to: Vec::new(),
            policy: None,
            more: false,
        }
    }

    /// To the one robot of this [name](crate::Robot::name), which is no fallback: those hear of what their robot does.
    /// May be said several times.
    #[must_use]
    pub fn to(mut self, robot: impl Into<String>) -> Self {
        self.to.push(robot.into());
        self
    }

    /// With this policy. The configuration's unless set.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self {
            policy: Some(policy),
            ..self
        }
    }

    /// Routes after this one may add robots. Off unless set: the first route that matches is the last. The policy
    /// is that of the first that matched.
    #[must_use]
    pub fn and_more(self) -> Self {
        Self { more: true, ..self }
    }
}
