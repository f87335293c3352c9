//! Settings from a file of the application: TOML, YAML, JSON, whatever serde reads.

mod robots;
mod table;

use std::env;
use std::ffi::OsString;

use serde_core::{Deserialize, Deserializer};
use serde_json::Value;

use self::table::Table;
use super::plain::Values as _;
use super::{Config, Matcher, Policy, QuietHours, Route};
use crate::Severity;
use crate::error::ConfigError;
use crate::silence::Silence;

/// Where variables and files are read from, so that tests need neither.
struct Source<'a> {
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    file: &'a dyn Fn(&str) -> Result<String, std::io::Error>,
}

/// Settings in a file have the names of the builder's methods. Mistakes are kept and reported by
/// [`init`](crate::init), all at once, each with its place; a key nobody knows is one. See
/// [the tuning manual](crate::manual::tuning) for an example with every setting.
///
/// A secret never stands in the file: `secret_env` names a variable, `secret_file` a file. The same holds for
/// the URL of a chat robot, which is a password; the URL of a `webhook`, or of a host on this machine, may
/// stand there as `url`.
///
/// ```no_run
/// use alert_core::{Config, Guard};
///
/// fn start(settings: &str) -> Result<Guard, Box<dyn std::error::Error>> {
///     let alerts: Config = toml::from_str(settings)?;
///     Ok(alert_core::init(alerts.on_error(|error| eprintln!("failed to {error}")))?)
/// }
///
/// let _alerts = start("service = 'checkout'\n[[robot]]\nkind = 'webhook'\nurl = 'http://127.0.0.1:8025/webhook'");
/// ```
impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let settings = Value::deserialize(deserializer)?;
        let source = Source {
            variable: &|name| env::var_os(name),
            file: &|path| std::fs::read_to_string(path),
        };
        Ok(Self::from_settings(settings, &source))
    }
}

impl Config {
    fn from_settings(settings: Value, source: &Source<'_>) -> Self {
        let mut problems = ConfigError::default();
        let config = Self::read_settings(settings, source, &mut problems);
        Self { problems, ..config }
    }

    fn read_settings(settings: Value, source: &Source<'_>, problems: &mut ConfigError) -> Self {
        let Some(mut table) = Table::new(String::new(), settings, problems) else {
            return Self::new("");
        };
        let mut config = Self::read_plain(&mut table, problems);
        config = config
            .keep_words(table.texts("keep_words", problems))
            .mask(table.texts("mask", problems));
        if let Some(own) = table.table("policy", problems) {
            config = config.policy(policy(own, problems));
        }
        if let Some(mut of_severities) = table.table("policy_for", problems) {
            for severity in Severity::ALL {
                if let Some(own) = of_severities.table(severity.as_str(), problems) {
                    config = config.policy_for(severity, policy(own, problems));
                }
            }
            of_severities.end(problems);
        }
        if let Some(hours) = table.table("quiet_hours", problems) {
            config.quiet_hours = quiet_hours(hours, problems);
        }
        for robot in table.tables("robot", problems) {
            config.robots.extend(robots::robot(robot, source, problems));
        }
        for own in table.tables("route", problems) {
            config.routes.push(route(own, problems));
        }
        for mut own in table.tables("raw_messages_of", problems) {
            config.raw.push(matcher(&mut own, problems));
            own.end(problems);
        }
        for own in table.tables("silence", problems) {
            config.silences.extend(silence(own, problems));
        }
        table.end(problems);
        config
    }
}

fn policy(mut table: Table, problems: &mut ConfigError) -> Policy {
    let kinds = [
        ("first_then_summary", Policy::first_then_summary()),
        ("threshold", Policy::threshold()),
        ("each", Policy::each()),
        ("digest_only", Policy::digest_only()),
    ];
    let mut policy = table.word("kind", &kinds, problems).unwrap_or_default();
    if let Some(window) = table.duration("window", problems) {
        policy = policy.window(window);
    }
    if let Some(threshold) = table.number("more_than", problems) {
        policy = policy.more_than(threshold);
    }
    if let Some(wait) = table.duration("first_wait", problems) {
        policy = policy.first_wait(wait);
    }
    if let Some(steps) = table.durations("back_off", problems) {
        policy = policy.back_off(steps);
    }
    if let Some(factor) = table.number("growth", problems) {
        policy = policy.growth(u64::try_from(factor).unwrap_or(u64::MAX));
    }
    if let Some(quiet) = table.duration("quiet", problems) {
        policy = policy.quiet(quiet);
    }
    table.end(problems);
    policy
}

fn quiet_hours(mut table: Table, problems: &mut ConfigError) -> Option<QuietHours> {
    let from = table.time_of_day("from", problems);
    let to = table.time_of_day("to", problems);
    let offset = table.offset("utc_offset_minutes", problems).unwrap_or(0);
    table.end(problems);
    Some(QuietHours::new(from?, to?).utc_offset_minutes(offset))
}

/// The conditions of a route or a silence stand in its own table.
fn matcher(table: &mut Table, problems: &mut ConfigError) -> Matcher {
    let mut matcher = Matcher::all();
    if let Some(severity) = table.severity("severity", problems) {
        matcher = matcher.severity(severity);
    }
    if let Some(glob) = table.text("module", problems) {
        matcher = matcher.module(glob);
    }
    if let Some(glob) = table.text("function", problems) {
        matcher = matcher.function(glob);
    }
    if let Some(owner) = table.text("owner", problems) {
        matcher = matcher.owner(owner);
    }
    if let Some(route) = table.text("route", problems) {
        matcher = matcher.route(route);
    }
    if let Some(text) = table.text("says", problems) {
        matcher = matcher.says(text);
    }
    if let Some(fields) = table.table("field", problems) {
        for (name, value) in fields.pairs(problems) {
            matcher = matcher.field(name, value);
        }
    }
    matcher
}

fn route(mut table: Table, problems: &mut ConfigError) -> Route {
    let mut route = Route::new(matcher(&mut table, problems));
    for name in table.texts("to", problems) {
        route = route.to(name);
    }
    if let Some(own) = table.table("policy", problems) {
        route = route.policy(policy(own, problems));
    }
    if table.flag("and_more", problems) {
        route = route.and_more();
    }
    table.end(problems);
    route
}

fn silence(mut table: Table, problems: &mut ConfigError) -> Option<Silence> {
    let matcher = matcher(&mut table, problems);
    let length = table.duration("lasts", problems);
    if length.is_none() {
        problems.add(
            table.place("lasts"),
            "is missing; say for how long, as in `\"2h\"`",
        );
    }
    let by = table.text("by", problems).unwrap_or_default();
    let because = table.text("because", problems).unwrap_or_default();
    table.end(problems);
    Some(Silence::new(matcher, length?).by(by).because(because))
}

#[cfg(test)]
mod tests;
