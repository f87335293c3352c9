//! Settings from the environment.

use std::env;

use super::Config;
use crate::digest::Language;
use crate::robot::Robot;

impl Config {
    /// A configuration from the environment. Mistakes are kept and reported by [`init`](crate::init),
    /// together with all others.
    ///
    /// | variable | setting |
    /// | --- | --- |
    /// | `ALERT_SERVICE` | the service's name |
    /// | `ALERT_ROBOTS` | robots, separated by blanks; each as [`Robot::from_url`] takes it |
    /// | `ALERT_ENV` | [`environment`](Self::environment) |
    /// | `ALERT_RELEASE` | [`release`](Self::release) |
    /// | `ALERT_HOST` | [`host`](Self::host) |
    /// | `ALERT_LANGUAGE` | `en` or `zh` |
    /// | `ALERT_DISABLE` | `1` switches everything off (read by `init`, however it is configured) |
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_lookup(|name| env::var(name).ok())
    }

    pub(super) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        let mut config = Self::new(read("ALERT_SERVICE").unwrap_or_default());
        if config.service.is_empty() {
            config
                .problems
                .add("ALERT_SERVICE", "is not set; give the service's name");
        }
        config.environment = read("ALERT_ENV");
        config.release = read("ALERT_RELEASE");
        config.host = read("ALERT_HOST");
        match read("ALERT_LANGUAGE").as_deref() {
            None | Some("en") => {}
            Some("zh") => config.language = Language::Chinese,
            Some(other) => {
                config.problems.add(
                    "ALERT_LANGUAGE",
                    format!("unknown language `{other}`; give `en` or `zh`"),
                );
            }
        }
        for url in read("ALERT_ROBOTS").unwrap_or_default().split_whitespace() {
            match Robot::from_url(url) {
                Ok(robot) => config.robots.push(robot),
                Err(unknown) => config.problems.add("ALERT_ROBOTS", unknown.to_string()),
            }
        }
        if config.robots.is_empty() && read("ALERT_ROBOTS").is_none() {
            config
                .problems
                .add("ALERT_ROBOTS", "is not set; give at least one robot's URL");
        }
        config
    }
}

/// Whether `ALERT_DISABLE` switches everything off.
pub(crate) fn is_disabled() -> bool {
    env::var("ALERT_DISABLE").is_ok_and(|value| matches!(value.trim(), "1" | "true" | "yes" | "on"))
}
