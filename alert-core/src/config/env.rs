//! Settings from the environment.

use std::env;

use serde_json::Value;

use super::plain::Values;
use super::{Config, names};
use crate::error::ConfigError;
use crate::robot::Robot;

impl Config {
    /// A configuration from the environment. Mistakes are kept and reported by [`init`](crate::init),
    /// together with all others.
    ///
    /// Every setting that is one value has a variable: `ALERT_` and its name in capitals. A variable that is empty or
    /// blank counts as not set; one that is nearly called like one of these, while that is not set, is a mistake. What is a list or a table, such as routes, is said in code or in a file.
    ///
    /// | variable | setting |
    /// | --- | --- |
    /// | `ALERT_SERVICE` | the service's name, as for [`new`](Self::new); required |
    /// | `ALERT_ROBOTS` | robots, separated by blanks; each as [`Robot::from_url`] takes it; required |
    /// | `ALERT_ROBOTS_FILE` | a file that holds them, in place of `ALERT_ROBOTS` |
    /// | `ALERT_ENV` | [`environment`](Self::environment) |
    /// | `ALERT_RELEASE` | [`release`](Self::release) |
    /// | `ALERT_HOST` | [`host`](Self::host) |
    /// | `ALERT_COMMIT` | [`commit`](Self::commit) (also where the rest is said in code) |
    /// | `ALERT_TRACE_URL` | [`trace_url`](Self::trace_url) |
    /// | `ALERT_SOURCE_URL` | [`source_url`](Self::source_url) |
    /// | `ALERT_LANGUAGE` | [`language`](Self::language): `en` or `zh` |
    /// | `ALERT_MUTE_SYMPTOMS` | [`mute_symptoms`](Self::mute_symptoms): `1` or `0`, `true` or `false` |
    /// | `ALERT_REPORT_ALL_PANICS` | [`report_all_panics`](Self::report_all_panics), likewise |
    /// | `ALERT_VERIFY` | [`verify`](Self::verify), likewise |
    /// | `ALERT_GROUP_BY` | [`group_by`](Self::group_by): `message`, `type` or `site` |
    /// | `ALERT_RAW_MESSAGES` | [`raw_messages`](Self::raw_messages): `1` or `0`, `true` or `false` |
    /// | `ALERT_CHANNEL_CAPACITY` | [`channel_capacity`](Self::channel_capacity): a number |
    /// | `ALERT_TIMEOUT` | [`timeout`](Self::timeout): `5s`, `1500ms`, or a number of seconds |
    /// | `ALERT_CONNECT_TIMEOUT` | [`connect_timeout`](Self::connect_timeout), likewise |
    /// | `ALERT_SPOOL` | the directory of the spool (feature `spool`) |
    /// | `ALERT_DISABLE` | `1` switches everything off, `0` does not, anything else is a mistake (read by `init`, however it is configured) |
    #[must_use]
    pub fn from_env() -> Self {
        // What is not UTF-8 is told as such, not as missing.
        let variable = |name: &str| Some(env::var_os(name)?.to_string_lossy().into_owned());
        let mut config = Self::from_variables(&variable, &|path| std::fs::read_to_string(path));
        names::check(env::vars_os(), &mut config.problems);
        config
    }

    /// The same, from elsewhere, so that tests need no environment.
    pub(super) fn from_variables(
        variable: &dyn Fn(&str) -> Option<String>,
        file: &dyn Fn(&str) -> std::io::Result<String>,
    ) -> Self {
        let mut problems = ConfigError::default();
        let mut variables = Variables(variable);
        let mut config = Self::read_plain(&mut variables, &mut problems);
        for url in robots(&variables, file, &mut problems).split_whitespace() {
            match Robot::from_url(url) {
                Ok(robot) => config.robots.push(robot),
                Err(unknown) => problems.add("ALERT_ROBOTS", unknown.to_string()),
            }
        }
        Self { problems, ..config }
    }
}

/// The robots' URLs as one text.
fn robots(
    variables: &Variables<'_>,
    file: &dyn Fn(&str) -> std::io::Result<String>,
    problems: &mut ConfigError,
) -> String {
    match (variables.get("ALERT_ROBOTS"), variables.get("ALERT_ROBOTS_FILE")) {
        (Some(urls), None) => return urls,
        (None, Some(path)) => match file(&path) {
            Ok(urls) if !urls.trim().is_empty() => return urls,
            Ok(_) => problems.add("ALERT_ROBOTS_FILE", format!("names `{path}`, which is empty")),
            Err(error) => problems.add(
                "ALERT_ROBOTS_FILE",
                format!("names `{path}`, which cannot be read: {error}"),
            ),
        },
        (Some(_), Some(_)) => problems.add(
            "ALERT_ROBOTS_FILE",
            "is given beside `ALERT_ROBOTS`; give one of them",
        ),
        (None, None) => problems.add("ALERT_ROBOTS", "is not set; give at least one robot's URL"),
    }
    String::new()
}

/// The environment.
struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.trim().is_empty())
    }
}

impl Values for Variables<'_> {
    fn place(&self, key: &str) -> String {
        match key {
            // Nobody writes it out.
            "environment" => "ALERT_ENV".to_owned(),
            key => format!("ALERT_{}", key.to_ascii_uppercase()),
        }
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        problems: &mut ConfigError,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let text = self.get(&self.place(key))?.trim().to_owned();
        // A variable is always text; here it is taken for what the setting asks for.
        let switch = switch(&text).map(Value::Bool);
        let number = text.parse::<u64>().ok().map(Value::from);
        let found = [Some(Value::String(text)), number, switch]
            .iter()
            .flatten()
            .find_map(read);
        if found.is_none() {
            problems.add(self.place(key), format!("is not {expected}"));
        }
        found
    }
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Whether `ALERT_DISABLE` switches everything off.
///
/// # Errors
/// When it says neither: whoever set it believes that it does something.
pub(crate) fn is_disabled() -> Result<bool, ConfigError> {
    let value = env::var_os("ALERT_DISABLE").unwrap_or_default();
    let word = value.to_string_lossy();
    match word.trim() {
        "" => Ok(false),
        word => switch(word).ok_or_else(|| {
            ConfigError::one(
                "ALERT_DISABLE",
                "is neither `1` nor `0`; give `1` to switch everything off",
            )
        }),
    }
}
