//! One table of settings: gives out typed values, notes what is wrong with the rest.

use core::time::Duration;

use serde_json::{Map, Value};

use crate::Severity;
use crate::config::plain::{Values, duration};
use crate::error::ConfigError;

/// A table that is read once; each key given out is taken from it. No value is ever shown, since one that
/// stands in the wrong place may be a secret.
pub(super) struct Table {
    /// Where it stands, such as `robot[0]`; empty for the outermost.
    at: String,
    left: Map<String, Value>,
    asked: Vec<&'static str>,
}

impl Table {
    pub(super) fn new(at: String, value: Value, problems: &mut ConfigError) -> Option<Self> {
        if let Value::Object(left) = value {
            let asked = Vec::new();
            return Some(Self { at, left, asked });
        }
        let at = if at.is_empty() { "config".to_owned() } else { at };
        problems.add(at, "is no table of settings");
        None
    }

    pub(super) fn count(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<u32> {
        self.take(key, problems, "a whole number from 0", |value| {
            u32::try_from(value.as_u64()?).ok()
        })
    }

    pub(super) fn offset(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<i32> {
        self.take(key, problems, "a number of minutes", |value| {
            i32::try_from(value.as_i64()?).ok()
        })
    }

    pub(super) fn durations(
        &mut self,
        key: &'static str,
        problems: &mut ConfigError,
    ) -> Option<Vec<Duration>> {
        self.take(
            key,
            problems,
            "a list of times such as `[\"1m\", \"5m\"]`",
            |value| value.as_array()?.iter().map(duration).collect(),
        )
    }

    pub(super) fn time_of_day(
        &mut self,
        key: &'static str,
        problems: &mut ConfigError,
    ) -> Option<(u32, u32)> {
        if !self.left.contains_key(key) {
            problems.add(
                self.place(key),
                "is missing; give a time of day such as `\"22:00\"`",
            );
        }
        self.take(key, problems, "a time of day such as `\"22:00\"`", |value| {
            let (hour, minute) = value.as_str()?.split_once(':')?;
            Some((hour.parse().ok()?, minute.parse().ok()?))
        })
    }

    pub(super) fn severity(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<Severity> {
        let words = Severity::ALL.map(|severity| (severity.as_str(), severity));
        self.word(key, &words, problems)
    }

    pub(super) fn texts(&mut self, key: &'static str, problems: &mut ConfigError) -> Vec<String> {
        let read = self.take(key, problems, "a list of texts", |value| {
            let texts = value.as_array()?.iter();
            texts.map(|text| text.as_str().map(str::to_owned)).collect()
        });
        read.unwrap_or_default()
    }

    pub(super) fn table(&mut self, key: &'static str, problems: &mut ConfigError) -> Option<Table> {
        self.asked.push(key);
        let value = self.left.remove(key)?;
        Table::new(self.place(key), value, problems)
    }

    pub(super) fn tables(&mut self, key: &'static str, problems: &mut ConfigError) -> Vec<Table> {
        let list = self.take(key, problems, "a list of tables", |value| {
            value.as_array().cloned()
        });
        let place = self.place(key);
        let tables = list.unwrap_or_default().into_iter().enumerate();
        tables
            .filter_map(|(at, value)| Table::new(format!("{place}[{at}]"), value, problems))
            .collect()
    }

    /// Names that the program does not know beforehand, each with a text.
    pub(super) fn pairs(self, problems: &mut ConfigError) -> Vec<(String, String)> {
        let at = self.at;
        let pairs = self.left.into_iter().filter_map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            if text.is_none() {
                problems.add(format!("{at}.{name}"), "is not a text");
            }
            Some((name, text?))
        });
        pairs.collect()
    }

    /// The end of the table: what was not asked for is a mistake.
    pub(super) fn end(self, problems: &mut ConfigError) {
        for key in self.left.keys() {
            let known = self.asked.join(", ");
            problems.add(self.place(key), format!("is no setting; known are {known}"));
        }
    }
}

impl Values for Table {
    fn place(&self, key: &str) -> String {
        if self.at.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.at)
        }
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        problems: &mut ConfigError,
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(key);
        let value = self.left.remove(key)?;
        let read = read(&value);
        if read.is_none() {
            problems.add(self.place(key), format!("is not {expected}"));
        }
        read
    }
}
