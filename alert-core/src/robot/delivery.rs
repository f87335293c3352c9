//! What became of one request.

use core::fmt;
use core::time::Duration;
use std::borrow::Cow;

use super::answers::summary;
use super::scrub::Scrub;
use super::text::prefix;
use super::{Reply, Robot};

/// What an answer means for the message it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// The robot took it.
    Accepted,
    /// The robot says "later": nothing is sent to it for this long, or for its kind's own cool-down.
    Throttled {
        /// How long, when the robot said so.
        retry_after: Option<Duration>,
        /// Its words.
        problem: Problem,
    },
    /// Refused for good: sending the same again cannot help.
    Refused {
        /// Its words, and what to do.
        problem: Problem,
        /// Whether the plain form may pass where this one did not.
        try_plain: bool,
    },
    /// Worth another try.
    Failed {
        /// What happened.
        problem: Problem,
    },
}

/// What a robot, or the way to it, says went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Problem {
    code: String,
    text: String,
    hint: Option<Cow<'static, str>>,
}

impl Problem {
    /// A code (the vendor's, or the HTTP status) and the text that came with it. The text is cut to 300
    /// bytes and loses control characters; the caller sees to it that no token is in it.
    #[must_use]
    pub fn new(code: impl Into<String>, text: &str) -> Self {
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let text = prefix(&text, 300).trim().to_owned();
        Self {
            code: code.into(),
            text,
            hint: None,
        }
    }

    /// With what the user can do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The vendor's code, or the HTTP status, or a word such as `timeout`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The words that came with it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the user can do about it.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if !self.text.is_empty() {
            write!(f, ": {}", self.text)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl Delivery {
    /// What the HTTP status alone means: 2xx accepted; 429 throttled; 408, 425 and 5xx worth another try;
    /// 3xx and the rest refused. Most robots also have something to say in the body.
    #[must_use]
    pub fn by_status(reply: &Reply) -> Self {
        let problem = || Problem::new(reply.status().to_string(), &summary(reply.body()));
        match reply.status() {
            200..=299 => Delivery::Accepted,
            429 => Delivery::Throttled {
                retry_after: reply.retry_after(),
                problem: problem(),
            },
            408 | 425 | 500..=599 => Delivery::Failed { problem: problem() },
            300..=399 => Delivery::Refused {
                problem: problem().hint("the URL redirects; give the address it redirects to"),
                try_plain: false,
            },
            _ => Delivery::Refused {
                problem: problem(),
                try_plain: false,
            },
        }
    }

    /// Without what only this robot knows: a server may say back whatever it was sent.
    pub(crate) fn without_secrets(mut self, robot: &Robot) -> Self {
        let problem = match &mut self {
            Delivery::Accepted => return self,
            Delivery::Throttled { problem, .. }
            | Delivery::Refused { problem, .. }
            | Delivery::Failed { problem } => problem,
        };
        let scrub = Scrub::of(robot);
        problem.code = scrub.text(&problem.code);
        problem.text = scrub.text(&problem.text);
        self
    }

    /// The problem, if there is one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Delivery::Accepted => None,
            Delivery::Throttled { problem, .. }
            | Delivery::Refused { problem, .. }
            | Delivery::Failed { problem } => Some(problem),
        }
    }
}
