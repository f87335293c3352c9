//! How alerting itself is doing.

use core::fmt;
use core::time::Duration;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::config::Config;
use crate::error::Error;
use crate::robot::Robot;

/// How alerting itself is doing, at one moment. Holds no token, secret or URL.
#[derive(Clone, Debug, Default)]
pub struct Health {
    running: bool,
    robots: Vec<RobotHealth>,
}

impl Health {
    pub(crate) fn new(running: bool, robots: Vec<RobotHealth>) -> Self {
        Self { running, robots }
    }

    /// Whether alerting runs: after [`init`](crate::init), before shutdown, with its thread alive.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Whether alerting runs and somebody hears of every alert: of each robot, it or one of its fallbacks
    /// accepted the last message it got, or got none yet.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        let chains = self
            .robots
            .chunk_by(|_, next| next.is_fallback)
            .all(|chain| chain.iter().any(|robot| robot.last_error.is_none()));
        self.running && chains
    }

    /// Every robot in the order of the configuration, each followed by its fallbacks.
    #[must_use]
    pub fn robots(&self) -> &[RobotHealth] {
        &self.robots
    }
}

/// One line: whether it runs, then each robot with how long it rests and what it failed to do last.
impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.running { "running" } else { "not running" })?;
        for robot in &self.robots {
            write!(f, "; robot `{}`: ", robot.name)?;
            if let Some(rest) = robot.rests_for {
                write!(f, "rests for {} s", rest.as_secs())?;
            }
            match (&robot.last_error, robot.rests_for) {
                (Some(error), None) => write!(f, "failed to {error}")?,
                (Some(error), Some(_)) => write!(f, ": failed to {error}")?,
                (None, None) => f.write_str("ok")?,
                (None, Some(_)) => {}
            }
        }
        Ok(())
    }
}

/// How one robot is doing.
#[derive(Clone, Debug)]
pub struct RobotHealth {
    name: String,
    kind: &'static str,
    is_fallback: bool,
    rests_for: Option<Duration>,
    last_error: Option<Error>,
}

impl RobotHealth {
    /// What it is called: its [name](crate::Robot::name), or its kind.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of its kind, such as `dingtalk`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Whether it is told only while the robot before it cannot be.
    #[must_use]
    pub fn is_fallback(&self) -> bool {
        self.is_fallback
    }

    /// How long it is still left alone, because it refused, throttled or could not be reached.
    #[must_use]
    pub fn rests_for(&self) -> Option<Duration> {
        self.rests_for
    }

    /// What went wrong with the last message it got. `None` once it accepts one.
    #[must_use]
    pub fn last_error(&self) -> Option<&Error> {
        self.last_error.as_ref()
    }
}

/// What the dispatcher notes of each answer, for those who ask on other threads. Locked for moments, and never
/// while a stranger's code runs.
#[derive(Debug)]
pub(crate) struct Board(Mutex<Vec<Vec<Note>>>);

#[derive(Debug)]
struct Note {
    name: String,
    kind: &'static str,
    resting_until: Option<Instant>,
    last_error: Option<Error>,
}

impl Board {
    pub(crate) fn new(config: &Config) -> Self {
        let note = |robot: &Robot| Note {
            name: robot.label().to_owned(),
            kind: robot.kind(),
            resting_until: None,
            last_error: None,
        };
        let chains = config
            .robots
            .iter()
            .map(|robot| robot.chain().map(note).collect());
        Self(Mutex::new(chains.collect()))
    }

    /// A message to a robot was accepted, or was not and why.
    pub(crate) fn note(&self, (robot, link): (usize, usize), error: Option<&Error>, until: Option<Instant>) {
        let mut chains = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(note) = chains.get_mut(robot).and_then(|chain| chain.get_mut(link)) {
            note.last_error = error.cloned();
            note.resting_until = until;
        }
    }

    /// One line on stderr, when failures are lost and there is no hook to tell. A closed stderr is no failure.
    pub(crate) fn last_words(&self, error: &Error) {
        let mut line = format!("alert-core: failed to {error}");
        let chains = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for error in chains
            .iter()
            .flatten()
            .filter_map(|note| note.last_error.as_ref())
        {
            line.push_str("; failed to ");
            line.push_str(&error.to_string());
        }
        drop(chains);
        line.push('\n');
        let _closed = io::stderr().write_all(line.as_bytes());
    }

    pub(crate) fn read(&self, now: Instant) -> Vec<RobotHealth> {
        let chains = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let links = chains.iter().flat_map(|chain| chain.iter().enumerate());
        links
            .map(|(at, note)| RobotHealth {
                name: note.name.clone(),
                kind: note.kind,
                is_fallback: at > 0,
                rests_for: note
                    .resting_until
                    .map(|until| until.saturating_duration_since(now))
                    .filter(|left| !left.is_zero()),
                last_error: note.last_error.clone(),
            })
            .collect()
    }
}
