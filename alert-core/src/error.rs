//! What goes wrong on the way to a robot, and what is wrong with a configuration.

use core::fmt;

use crate::robot::Problem;

/// Something of ours failed. Handed to the `on_error` hook; never reaches an annotated function.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    robot: String,
    problem: Problem,
    failures: u64,
}

/// What kind of thing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The robot said "later": it is left alone for a while.
    Throttled,
    /// The robot refused the message for good.
    Refused,
    /// No answer, a broken one, or one that promises nothing; twice.
    Unreachable,
    /// The message could not be written: the formatter said so or panicked, in the rich form and in the plain one.
    Unwritable,
    /// A hook, formatter or transport panicked and was contained.
    Panicked,
    /// The spool could not be read or written.
    Spool,
    /// A panic reached an annotated function without passing our panic hook: the program replaced the hook after
    /// `init`, or resumed an unwind by hand. It is counted and told, without its message. Told once.
    HookBypassed,
    /// Failures were still undelivered when the time to shut down was over.
    Undelivered,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, robot: impl Into<String>, problem: Problem, failures: u64) -> Self {
        Self(Box::new(Inner {
            kind,
            robot: robot.into(),
            problem,
            failures,
        }))
    }

    pub(crate) fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// What kind of thing failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The robot's name; empty when it is not about one.
    #[must_use]
    pub fn robot(&self) -> &str {
        &self.0.robot
    }

    /// The vendor's code, or the HTTP status, or a word such as `timeout`.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.problem.code()
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.problem.advice()
    }

    /// How many failures the message told about. They stay pending, and the next message tells them.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.0.failures
    }

    /// Whether the robot asked to be left alone.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// Whether the same message may pass later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), ErrorKind::Throttled | ErrorKind::Unreachable)
    }
}

/// Reads on after "failed to".
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Undelivered => write!(f, "deliver {} failures before shutdown", self.failures()),
            ErrorKind::Spool => write!(f, "use the spool: {}", self.0.problem),
            ErrorKind::HookBypassed => f.write_str(
                "see a panic in the panic hook: the program replaced it after `init`, or resumed an unwind by hand",
            ),
            ErrorKind::Panicked => write!(f, "run {}", self.0.problem),
            ErrorKind::Unwritable => write!(f, "write for robot `{}`: {}", self.robot(), self.0.problem),
            _ => write!(f, "deliver to robot `{}`: {}", self.robot(), self.0.problem),
        }
    }
}

impl core::error::Error for Error {}

/// Everything that is wrong with a configuration, each with the setting it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<(String, String)>,
}

impl ConfigError {
    pub(crate) fn add(&mut self, setting: impl Into<String>, problem: impl Into<String>) {
        self.problems.push((setting.into(), problem.into()));
    }

    pub(crate) fn one(setting: impl Into<String>, problem: impl Into<String>) -> Self {
        let mut error = Self::default();
        error.add(setting, problem);
        error
    }

    pub(crate) fn or(self, value: ()) -> Result<(), Self> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// Each setting with what is wrong with it and what to do.
    pub fn problems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.problems
            .iter()
            .map(|(setting, problem)| (setting.as_str(), problem.as_str()))
    }
}

/// Reads on after "failed to".
impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("start alerting")?;
        for (at, (setting, problem)) in self.problems().enumerate() {
            write!(f, "{} `{setting}`: {problem}", if at == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl core::error::Error for ConfigError {}
