//! From settings to a checked configuration; every mistake is reported at once.

mod check;
mod env;
mod policy;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

pub(crate) use env::is_disabled;
pub use policy::Policy;
pub(crate) use policy::PolicyKind;

use crate::channel::DEFAULT_CAPACITY;
use crate::digest::Language;
use crate::error::{ConfigError, Error};
use crate::robot::Robot;
use crate::transport::Transport;

/// What [`init`](crate::init) needs to know.
///
/// ```
/// use alert_core::{Config, Policy, Robot};
///
/// let config = Config::new("checkout")
///     .environment("prod")
///     .release("1.4.2")
///     .policy(Policy::threshold())
///     .robot(Robot::webhook("https://alerts.example.com/in").secret("not shown"));
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) service: String,
    pub(crate) environment: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) language: Language,
    pub(crate) robots: Vec<Robot>,
    pub(crate) policy: Policy,
    pub(crate) capacity: usize,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) on_error: Option<Hook>,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    /// Mistakes found while it was put together; `init` reports them with its own.
    pub(crate) problems: ConfigError,
}

/// Called on the dispatcher's thread for each failure of ours.
pub(crate) type Hook = Arc<dyn Fn(&Error) + Send + Sync>;

impl Config {
    /// A configuration for the service of this name. It needs at least one robot.
    #[must_use]
    pub fn new(service: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            environment: None,
            release: None,
            host: None,
            language: Language::default(),
            robots: Vec::new(),
            policy: Policy::default(),
            capacity: DEFAULT_CAPACITY,
            timeout: Duration::from_secs(4),
            connect_timeout: Duration::from_secs(2),
            on_error: None,
            transport: None,
            problems: ConfigError::default(),
        }
    }

    /// Where it runs, such as `prod`.
    #[must_use]
    pub fn environment(self, environment: impl Into<String>) -> Self {
        Self {
            environment: Some(environment.into()),
            ..self
        }
    }

    /// Which version of it runs, such as `1.4.2`.
    #[must_use]
    pub fn release(self, release: impl Into<String>) -> Self {
        Self {
            release: Some(release.into()),
            ..self
        }
    }

    /// The machine's name. Found out unless set: `HOSTNAME`, then what the system says.
    #[must_use]
    pub fn host(self, host: impl Into<String>) -> Self {
        Self {
            host: Some(host.into()),
            ..self
        }
    }

    /// The language of the messages. English unless set.
    #[must_use]
    pub fn language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Adds a robot. Each gets every alert.
    #[must_use]
    pub fn robot(mut self, robot: Robot) -> Self {
        self.robots.push(robot);
        self
    }

    /// When a group of failures speaks. [`Policy::first_then_summary`] unless set.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Failures the channel holds with all detail. 100 unless set; from 1 to 100,000. A full channel loses
    /// detail, never count. The first `init` of a process decides.
    #[must_use]
    pub fn channel_capacity(self, events: usize) -> Self {
        Self {
            capacity: events,
            ..self
        }
    }

    /// How long one request may take in all. 4 s unless set; up to a minute.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// How long connecting may take. 2 s unless set; up to the whole [`timeout`](Self::timeout).
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        Self {
            connect_timeout: timeout,
            ..self
        }
    }

    /// Called for each failure on the way to a robot, on the dispatcher's thread. If it panics, the panic
    /// is contained. Whatever it reports through annotated functions is counted, never alerted.
    #[must_use]
    pub fn on_error(self, hook: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        Self {
            on_error: Some(Arc::new(hook)),
            ..self
        }
    }

    /// Takes messages where you want them, in place of the HTTP sender.
    #[must_use]
    pub fn transport(self, transport: impl Transport) -> Self {
        Self {
            transport: Some(Arc::new(transport)),
            ..self
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("service", &self.service)
            .field("environment", &self.environment)
            .field("release", &self.release)
            .field("robots", &self.robots)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
