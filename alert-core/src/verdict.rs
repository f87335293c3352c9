//! What a robot said to a test message.

use core::fmt;

use crate::robot::{Delivery, Problem, Robot};

/// What one robot said to its test message. See [`verify`](crate::verify).
#[derive(Clone, Debug)]
pub struct Verdict {
    robot: String,
    kind: &'static str,
    is_fallback: bool,
    delivery: Delivery,
}

impl Verdict {
    pub(crate) fn new(robot: &Robot, is_fallback: bool, delivery: Delivery) -> Self {
        Self {
            robot: robot.label().to_owned(),
            kind: robot.kind(),
            is_fallback,
            delivery,
        }
    }

    /// The robot's name.
    #[must_use]
    pub fn robot(&self) -> &str {
        &self.robot
    }

    /// The name of its kind, such as `dingtalk`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Whether it is told only while another robot cannot be.
    #[must_use]
    pub fn is_fallback(&self) -> bool {
        self.is_fallback
    }

    /// Whether it took the message, in its rich form or in plain text.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self.delivery, Delivery::Accepted)
    }

    /// What its answer means.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// The vendor's code, or the HTTP status, or a word such as `timeout`. `None` when it took the message.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.delivery.problem().map(Problem::code)
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.delivery.problem().and_then(Problem::advice)
    }
}

/// One line: the robot, and its answer with the hint.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "robot `{}` ({}): ", self.robot, self.kind)?;
        match self.delivery.problem() {
            None => f.write_str("accepted"),
            Some(problem) => write!(f, "{problem}"),
        }
    }
}
