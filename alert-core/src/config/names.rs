//! Variables that are set and will not be read: of another encoding, or with a name that is nearly right.

use std::ffi::OsString;

use crate::error::ConfigError;

/// Every variable that is read, in the order of the manual.
pub(super) const VARIABLES: [&str; 20] = [
    "ALERT_SERVICE",
    "ALERT_ROBOTS",
    "ALERT_ROBOTS_FILE",
    "ALERT_ENV",
    "ALERT_RELEASE",
    "ALERT_HOST",
    "ALERT_COMMIT",
    "ALERT_TRACE_URL",
    "ALERT_SOURCE_URL",
    "ALERT_LANGUAGE",
    "ALERT_MUTE_SYMPTOMS",
    "ALERT_REPORT_ALL_PANICS",
    "ALERT_VERIFY",
    "ALERT_GROUP_BY",
    "ALERT_RAW_MESSAGES",
    "ALERT_CHANNEL_CAPACITY",
    "ALERT_TIMEOUT",
    "ALERT_CONNECT_TIMEOUT",
    "ALERT_SPOOL",
    "ALERT_DISABLE",
];

/// Words that others use for what we call by another.
const OTHER_WORDS: [(&str, &str); 4] = [
    ("ALERT_ENVIRONMENT", "ALERT_ENV"),
    ("ALERT_HOSTNAME", "ALERT_HOST"),
    ("ALERT_SERVICE_NAME", "ALERT_SERVICE"),
    ("ALERT_VERSION", "ALERT_RELEASE"),
];

/// Notes what is wrong with the names and the encoding of these variables. Most that begin with `ALERT_` may belong to
/// another program; one that nearly is ours, while ours is not set, does not.
pub(super) fn check(variables: impl Iterator<Item = (OsString, OsString)>, problems: &mut ConfigError) {
    let set: Vec<(String, OsString)> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, value)| {
            name.get(..6)
                .is_some_and(|start| start.eq_ignore_ascii_case("ALERT_"))
                && !value.is_empty()
        })
        .collect();
    let is_set = |wanted: &str| set.iter().any(|(name, _)| name == wanted);
    for (name, value) in &set {
        if VARIABLES.contains(&name.as_str()) {
            if value.to_str().is_none() {
                problems.add(name.as_str(), "is not UTF-8; give it in that encoding");
            }
        } else if let Some(meant) = meant_by(name).filter(|meant| !is_set(meant)) {
            problems.add(name.as_str(), format!("is no setting; the name is `{meant}`"));
        }
    }
}

/// The variable that somebody meant who wrote this name.
fn meant_by(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_uppercase();
    let by_word = OTHER_WORDS.iter().find(|(other, _)| *other == name);
    if let Some((_, ours)) = by_word {
        return Some(ours);
    }
    let near = VARIABLES
        .iter()
        .map(|ours| (distance(&name, ours), *ours))
        .min()?;
    // A short word has many neighbours.
    let most = if near.1.len() > "ALERT_HOST".len() { 2 } else { 1 };
    (near.0 <= most).then_some(near.1)
}

/// How many letters have to be put in, taken out or changed.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut before = at;
        let mut left = at.saturating_add(1);
        for (known, cell) in other.bytes().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            let change = before.saturating_add(usize::from(letter != known));
            left = change.min(above.saturating_add(1)).min(left.saturating_add(1));
            (before, *cell) = (above, left);
        }
        if let Some(first) = row.first_mut() {
            *first = at.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(0)
}
