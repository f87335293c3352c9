//! A robot: a chat destination, how to write to it, and what its answers mean.

#![cfg_attr(
    not(all(
        feature = "dingtalk",
        feature = "feishu",
        feature = "wecom",
        feature = "slack",
        feature = "discord",
        feature = "telegram",
        feature = "teams",
        feature = "pagerduty"
    )),
    allow(
        dead_code,
        unused_imports,
        reason = "which helpers are used depends on the robots that are switched on"
    )
)]

mod address;
mod answers;
mod delivery;
#[cfg(feature = "dingtalk")]
mod dingtalk;
#[cfg(feature = "discord")]
mod discord;
mod endpoint;
#[cfg(feature = "feishu")]
mod feishu;
mod fit;
mod keyword;
mod layout;
mod mention;
mod message;
mod mistakes;
#[cfg(feature = "pagerduty")]
mod pagerduty;
mod plain;
#[cfg(test)]
mod samples;
mod scrub;
mod sheet;
#[cfg(feature = "sign")]
mod sign;
#[cfg(feature = "slack")]
mod slack;
#[cfg(feature = "teams")]
mod teams;
#[cfg(feature = "telegram")]
mod telegram;
#[cfg(test)]
mod tests;
mod text;
mod webhook;
#[cfg(feature = "wecom")]
mod wecom;
mod wording;

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

pub use address::UnknownRobot;
pub(crate) use address::host_of;
pub use delivery::{Delivery, Problem};
pub use endpoint::Robot;
pub(crate) use keyword::says;
pub use mention::Mention;
pub(crate) use mention::Who;
pub use message::{Reply, Request};
pub(crate) use scrub::{secrets_of, without};
#[cfg(feature = "spool")]
pub(crate) use text::clock;
#[cfg(any(test, feature = "testing"))]
pub(crate) use text::testing;

use crate::Digest;

/// Writes messages for one kind of robot and reads its answers.
///
/// Both are pure: no clock, no network, no state. What is known of the robot comes as [`Robot`].
///
/// A crate of its own adds a kind with one line:
///
/// ```
/// use alert_core::{Delivery, Digest, Form, Formatter, FormatError, Pace, Reply, Request, Robot, RobotKind};
/// use std::time::{Duration, SystemTime};
///
/// #[derive(Debug)]
/// struct Pager;
///
/// impl Formatter for Pager {
///     fn pace(&self) -> Pace {
///         Pace::new(60, Duration::from_secs(60))
///     }
///     fn format(&self, digest: &Digest, robot: &Robot, _: Form, _: SystemTime) -> Result<Request, FormatError> {
///         Ok(Request::post_json(robot.url().clone(), format!("{{\"failures\":{}}}", digest.delta())))
///     }
///     fn read(&self, reply: &Reply) -> Delivery {
///         Delivery::by_status(reply)
///     }
/// }
///
/// alert_core::inventory::submit! { RobotKind::new("pager", &["pager.example.com"], &Pager) }
///
/// let robot = Robot::from_url("https://pager.example.com/hook")?;
/// assert_eq!(robot.kind(), "pager");
/// # Ok::<(), alert_core::UnknownRobot>(())
/// ```
pub trait Formatter: fmt::Debug + Send + Sync + 'static {
    /// How many messages the vendor allows one robot.
    fn pace(&self) -> Pace;

    /// Writes one message: the body, signed, cut to the vendor's size.
    ///
    /// # Errors
    /// When the message cannot be written at all. The dispatcher counts and reports it.
    fn format(
        &self,
        digest: &Digest,
        robot: &Robot,
        form: Form,
        now: SystemTime,
    ) -> Result<Request, FormatError>;

    /// What an answer means.
    fn read(&self, reply: &Reply) -> Delivery;

    /// What is wrong with a robot's settings, as far as it can be told without sending anything: a URL whose
    /// path is not the vendor's, a mention the vendor cannot make. In words that read on after the robot's
    /// name; never a secret. Asked by [`init`](crate::init), which reports all of it.
    fn mistakes(&self, robot: &Robot) -> Vec<String> {
        let _ = robot;
        Vec::new()
    }
}

/// How rich a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Form {
    /// The vendor's richest safe form.
    #[default]
    Rich,
    /// Plain text: chosen by the user, or because the rich form was refused.
    Plain,
}

/// How many messages one robot may get within a window, as its vendor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    messages: u32,
    window: Duration,
    per_second: u32,
    cool_down: Duration,
    one_subject: bool,
}

impl Pace {
    /// So many messages within any window of this length: 1 to 1 000 000, and 1 s to a day.
    #[must_use]
    pub const fn new(messages: u32, window: Duration) -> Self {
        Self {
            messages,
            window,
            per_second: u32::MAX,
            cool_down: Duration::from_secs(60),
            one_subject: false,
        }
    }

    /// And no more than this within any second. No such limit unless set.
    #[must_use]
    pub const fn per_second(self, per_second: u32) -> Self {
        Self { per_second, ..self }
    }

    /// How long the robot is left alone after it said "too fast" without saying for how long. 60 s unless set; 1 s
    /// to an hour.
    #[must_use]
    pub const fn cool_down(self, cool_down: Duration) -> Self {
        Self { cool_down, ..self }
    }

    /// One kind of failure a message, for vendors that open and close something for each. Only a storm still
    /// shares one, and the last words before a shutdown.
    #[must_use]
    pub const fn one_subject(self) -> Self {
        Self {
            one_subject: true,
            ..self
        }
    }

    pub(crate) const fn is_one_subject(self) -> bool {
        self.one_subject
    }

    pub(crate) const fn messages(self) -> u32 {
        self.messages
    }

    pub(crate) const fn window(self) -> Duration {
        self.window
    }

    pub(crate) const fn limit_per_second(self) -> u32 {
        self.per_second
    }

    pub(crate) const fn pause(self) -> Duration {
        self.cool_down
    }
}

/// A message could not be written.
#[derive(Debug)]
pub struct FormatError(Box<str>);

impl FormatError {
    /// An error in words that read on after "failed to format a message:". Never put a secret in it.
    #[must_use]
    pub fn new(why: impl Into<Box<str>>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for FormatError {}

/// A kind of robot, as the registry knows it.
#[derive(Debug)]
pub struct RobotKind {
    name: &'static str,
    hosts: &'static [&'static str],
    formatter: &'static dyn Formatter,
}

inventory::collect!(RobotKind);

impl RobotKind {
    /// A kind called `name`, whose webhooks live on these hosts. A host that starts with a dot stands for
    /// every name that ends in it.
    #[must_use]
    pub const fn new(
        name: &'static str,
        hosts: &'static [&'static str],
        formatter: &'static dyn Formatter,
    ) -> Self {
        Self {
            name,
            hosts,
            formatter,
        }
    }

    /// Its name, such as `dingtalk`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The hosts its webhooks live on.
    #[must_use]
    pub const fn hosts(&self) -> &'static [&'static str] {
        self.hosts
    }

    /// How to write to it.
    #[must_use]
    pub const fn formatter(&self) -> &'static dyn Formatter {
        self.formatter
    }

    /// Whether this host is of this kind, in capitals too.
    pub(crate) fn serves(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| {
            let end = host.len().checked_sub(known.len()).and_then(|at| host.get(at..));
            let is_it = known.starts_with('.') || host.len() == known.len();
            is_it && end.is_some_and(|end| end.eq_ignore_ascii_case(known))
        })
    }
}

/// Built in, one file each. Robots of other crates come by `inventory::submit!`.
const BUILT_IN: &[&RobotKind] = &[
    #[cfg(feature = "dingtalk")]
    &dingtalk::KIND,
    #[cfg(feature = "feishu")]
    &feishu::KIND,
    #[cfg(feature = "wecom")]
    &wecom::KIND,
    #[cfg(feature = "slack")]
    &slack::KIND,
    #[cfg(feature = "discord")]
    &discord::KIND,
    #[cfg(feature = "telegram")]
    &telegram::KIND,
    #[cfg(feature = "teams")]
    &teams::KIND,
    #[cfg(feature = "pagerduty")]
    &pagerduty::KIND,
    &webhook::KIND,
];

/// Every kind: those built in, then those of other crates.
pub(crate) fn kinds() -> impl Iterator<Item = &'static RobotKind> {
    BUILT_IN.iter().copied().chain(inventory::iter::<RobotKind>)
}
