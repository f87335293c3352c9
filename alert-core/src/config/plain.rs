//! Settings that are one value each. The environment and a file are read by the same code, so that a setting has the
//! same name, the same forms and the same mistakes in both.

use core::time::Duration;

use serde_json::Value;

use super::{Config, GroupBy};
use crate::digest::Language;
use crate::error::ConfigError;

/// Where values come from: the environment, or a table of a file.
pub(super) trait Values {
    /// What the place of a setting is called in an error.
    fn place(&self, key: &str) -> String;

    /// What `read` makes of the value given for a setting. A value it makes nothing of is a mistake: `is not`
    /// what is expected. No value is ever shown, since one that stands in the wrong place may be a secret.
    fn take<T>(
        &mut self,
        key: &'static str,
        problems: &mut ConfigError,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T>;

    fn text(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<String> {
        self.take(key, problems, "a text", |value| value.as_str().map(str::to_owned))
    }

    fn flag(&mut self, key: &'static str, problems: &mut ConfigError) -> bool {
        self.take(key, problems, "`true` or `false`", Value::as_bool)
            .unwrap_or(false)
    }

    fn number(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<usize> {
        self.take(key, problems, "a whole number from 0", |value| {
            usize::try_from(value.as_u64()?).ok()
        })
    }

    fn duration(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<Duration> {
        self.take(key, problems, DURATION, duration)
    }

    /// One of some words.
    fn word<T: Clone>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
        problems: &mut ConfigError,
    ) -> Option<T> {
        let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        self.take(key, problems, &format!("one of {}", known.join(", ")), |value| {
            let given = value.as_str()?;
            let found = words.iter().find(|(word, _)| *word == given);
            found.map(|(_, meaning)| meaning.clone())
        })
    }
}

const DURATION: &str = "a time such as `\"90s\"`, `\"5m\"` or `\"2h\"`, or a whole number of seconds";

/// A whole number with `ms`, `s`, `m`, `h` or `d` behind it, or a bare number of seconds.
pub(super) fn duration(value: &Value) -> Option<Duration> {
    if let Some(seconds) = value.as_u64() {
        return Some(Duration::from_secs(seconds));
    }
    let text = value.as_str()?;
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let number: u64 = number.parse().ok()?;
    let seconds = |each: u64| number.checked_mul(each).map(Duration::from_secs);
    match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3_600),
        "d" => seconds(86_400),
        _ => None,
    }
}

impl Config {
    /// A configuration with all that is one value.
    pub(super) fn read_plain(values: &mut impl Values, problems: &mut ConfigError) -> Self {
        let mut config = Self::new(values.text("service", problems).unwrap_or_default());
        if config.service.trim().is_empty() {
            problems.add(values.place("service"), "is missing; give the service's name");
        }
        config.environment = values.text("environment", problems);
        config.release = values.text("release", problems);
        config.host = values.text("host", problems);
        config.commit = values.text("commit", problems);
        config.trace_url = values.text("trace_url", problems);
        config.source_url = values.text("source_url", problems);
        let languages = [("en", Language::English), ("zh", Language::Chinese)];
        config.language = values.word("language", &languages, problems).unwrap_or_default();
        config.mutes_symptoms = values.flag("mute_symptoms", problems);
        config.all_panics = values.flag("report_all_panics", problems);
        config.verifies = values.flag("verify", problems);
        let groupings = [
            ("message", GroupBy::Message),
            ("type", GroupBy::Type),
            ("site", GroupBy::Site),
        ];
        config.group_by = values.word("group_by", &groupings, problems).unwrap_or_default();
        config.rules.raw = values.flag("raw_messages", problems);
        if let Some(capacity) = values.number("channel_capacity", problems) {
            config.capacity = capacity;
        }
        if let Some(limit) = values.duration("timeout", problems) {
            config.timeout = limit;
        }
        if let Some(limit) = values.duration("connect_timeout", problems) {
            config.connect_timeout = limit;
        }
        config.spool = values.text("spool", problems).map(Into::into);
        if config.spool.is_some() && !cfg!(feature = "spool") {
            problems.add(values.place("spool"), "needs the feature `spool` of alert-core");
        }
        config
    }
}
