//! Schema 1 of the generic webhook, field by field. A field that the schema does not know is refused too: under
//! a version number nothing may be added in silence. Every field must be there, but for `samples`; only
//! `environment` and `release` may be null.

use serde_json::{Map, Value};

use super::shown::{self, Block, Inline, Shown};

/// What a body that fits tells.
pub(super) struct Digest {
    pub(super) id: String,
    pub(super) delta: u64,
    pub(super) severity: Option<String>,
    pub(super) shown: Shown,
}

/// Worst first.
const SEVERITIES: [&str; 4] = ["critical", "error", "warning", "info"];

const KINDS: [&str; 6] = ["first", "burst", "summary", "storm", "quiet", "test"];

/// What a field must be.
#[derive(Clone, Copy)]
enum Is {
    Text,
    /// A string that is not empty.
    Name,
    TextOrNull,
    Number,
    /// RFC 3339, such as `2026-11-23T06:00:00.000Z`.
    Time,
    Word(&'static [&'static str]),
    Texts,
    /// The same, or nothing at all.
    TextsOrAbsent,
    /// An object whose values are strings.
    Fields,
    /// An object whose values are whole numbers.
    Counts,
    Object(&'static [(&'static str, Is)]),
    Objects(&'static [(&'static str, Is)]),
}

const BODY: &[(&str, Is)] = &[
    ("schema", Is::Number),
    ("id", Is::Name),
    ("kind", Is::Word(&KINDS)),
    ("service", Is::Text),
    ("environment", Is::TextOrNull),
    ("release", Is::TextOrNull),
    ("host", Is::Text),
    ("sent_at", Is::Time),
    ("groups", Is::Objects(GROUP)),
    ("not_shown", Is::Counts),
    (
        "unlisted",
        Is::Object(&[("groups", Is::Number), ("delta", Is::Number)]),
    ),
];

const GROUP: &[(&str, Is)] = &[
    ("fingerprint", Is::Name),
    ("severity", Is::Word(&SEVERITIES)),
    ("site", Is::Object(SITE)),
    ("error_type", Is::Text),
    ("message", Is::Text),
    ("chain", Is::Texts),
    ("delta", Is::Number),
    ("total", Is::Number),
    ("first_at", Is::Time),
    ("last_at", Is::Time),
    ("trace_ids", Is::Texts),
    ("fields", Is::Fields),
    ("path", Is::Texts),
    ("stack", Is::Texts),
    ("hosts", Is::Texts),
    // Only of a group that stands for more texts than are kept apart.
    ("samples", Is::TextsOrAbsent),
];

const SITE: &[(&str, Is)] = &[
    ("function", Is::Name),
    ("file", Is::Name),
    ("line", Is::Number),
    ("column", Is::Number),
    ("module", Is::Text),
];

/// Reads a body.
///
/// # Errors
/// The first field that does not fit, by its path, and what it must be.
pub(super) fn read(body: &Value) -> Result<Digest, String> {
    if body.get("schema").and_then(Value::as_u64) != Some(1) {
        return Err("`schema` must be 1".to_owned());
    }
    check_object(body, BODY, "")?;
    let groups = body
        .get("groups")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut delta = number(body.get("unlisted").unwrap_or(&Value::Null), "delta");
    for (n, group) in groups.iter().enumerate() {
        if number(group, "total") < number(group, "delta") {
            return Err(format!(
                "`groups[{n}].total` is smaller than its `delta`; totals only grow"
            ));
        }
        delta = delta.saturating_add(number(group, "delta"));
    }
    let severity = SEVERITIES
        .iter()
        .find(|word| groups.iter().any(|group| text(group, "severity") == **word));
    Ok(Digest {
        id: text(body, "id").to_owned(),
        delta,
        severity: severity.map(ToString::to_string),
        shown: show(body, groups),
    })
}

fn check_object(value: &Value, fields: &[(&str, Is)], path: &str) -> Result<(), String> {
    let within = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let Some(object) = value.as_object() else {
        return Err(format!("`{path}` must be an object"));
    };
    if let Some(name) = object
        .keys()
        .find(|name| !fields.iter().any(|(known, _)| known == name))
    {
        return Err(format!("`{}` is no field of schema 1", within(name)));
    }
    fields
        .iter()
        .try_for_each(|(name, is)| check(object.get(*name), *is, &within(name)))
}

fn check(value: Option<&Value>, is: Is, path: &str) -> Result<(), String> {
    let absent = value.is_none();
    let value = value.unwrap_or(&Value::Null);
    let (fits, what) = match is {
        Is::Text => (value.is_string(), "a string"),
        Is::Name => (
            value.as_str().is_some_and(|s| !s.is_empty()),
            "a string that is not empty",
        ),
        Is::TextOrNull => (
            value.is_string() || (value.is_null() && !absent),
            "a string or null",
        ),
        Is::Number => (value.is_u64(), "a whole number"),
        Is::Time => (
            value.as_str().is_some_and(is_time),
            "a time such as `2026-11-23T06:00:00.000Z`",
        ),
        Is::Word(words) => {
            let fits = value.as_str().is_some_and(|word| words.contains(&word));
            return if fits {
                Ok(())
            } else {
                Err(format!("`{path}` must be one of {}", words.join(", ")))
            };
        }
        Is::TextsOrAbsent if absent => (true, ""),
        Is::Texts | Is::TextsOrAbsent => (
            value
                .as_array()
                .is_some_and(|all| all.iter().all(Value::is_string)),
            "an array of strings",
        ),
        Is::Fields => (
            values(value).is_some_and(|all| all.values().all(Value::is_string)),
            "an object of strings",
        ),
        Is::Counts => (
            values(value).is_some_and(|all| all.values().all(Value::is_u64)),
            "an object of whole numbers",
        ),
        Is::Object(fields) => return check_object(value, fields, path),
        Is::Objects(fields) => {
            let Some(all) = value.as_array() else {
                return Err(format!("`{path}` must be an array"));
            };
            let mut all = all.iter().enumerate();
            return all.try_for_each(|(n, item)| check_object(item, fields, &format!("{path}[{n}]")));
        }
    };
    if fits {
        Ok(())
    } else {
        Err(format!("`{path}` must be {what}"))
    }
}

fn values(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}

/// RFC 3339: a date, `T`, a time with optional fraction, `Z` or an offset.
fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let Some((clock, zone)) = time
        .find(['Z', '+', '-'])
        .and_then(|at| time.split_at_checked(at))
    else {
        return false;
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let in_range = |text: &str, separator: char, ranges: &[(usize, u32, u32)]| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts.len() == ranges.len()
            && parts.iter().zip(ranges).all(|(part, &(len, low, high))| {
                part.len() == len && part.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n))
            })
    };
    let zone_fits = zone == "Z"
        || zone
            .strip_prefix(['+', '-'])
            .is_some_and(|zone| in_range(zone, ':', &[(2, 0, 23), (2, 0, 59)]));
    in_range(date, '-', &[(4, 1970, 9999), (2, 1, 12), (2, 1, 31)])
        && in_range(clock, ':', &[(2, 0, 23), (2, 0, 59), (2, 0, 60)])
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && zone_fits
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or(0)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or("")
}

fn texts<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// A digest as a person would list it.
fn show(body: &Value, groups: &[Value]) -> Shown {
    let environment = text(body, "environment");
    let place = if environment.is_empty() {
        String::new()
    } else {
        format!(" · {environment}")
    };
    let title = format!("{} · {}{place}", text(body, "kind"), text(body, "service"));
    let mut blocks: Vec<Block> = groups.iter().map(group).collect();
    let unlisted = body.get("unlisted").unwrap_or(&Value::Null);
    if number(unlisted, "groups") > 0 {
        let (groups, delta) = (number(unlisted, "groups"), number(unlisted, "delta"));
        blocks.push(shown::plain(&format!(
            "{groups} more groups with {delta} failures"
        )));
    }
    let not_shown: Vec<String> = body
        .get("not_shown")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(reason, n)| n.as_u64().filter(|&n| n > 0).map(|n| format!("{reason} {n}")))
        .collect();
    if !not_shown.is_empty() {
        let line = format!("not shown: {}", not_shown.join(", "));
        blocks.push(Block::Note(vec![shown::plain(&line)]));
    }
    Shown {
        title,
        blocks,
        ..Shown::default()
    }
}

fn group(group: &Value) -> Block {
    let site = group.get("site").unwrap_or(&Value::Null);
    let severity = text(group, "severity");
    let head = vec![
        Inline::Tag(severity.to_owned(), severity.to_owned()),
        Inline::Text(" ".to_owned()),
        Inline::Bold(vec![Inline::Text(text(site, "function").to_owned())]),
        Inline::Text(format!(
            "  +{} (total {})",
            number(group, "delta"),
            number(group, "total")
        )),
    ];
    let mut inside = vec![Block::Paragraph(head), shown::plain(text(group, "message"))];
    let chain: Vec<&str> = texts(group, "chain")
        .filter(|line| *line != text(group, "message"))
        .collect();
    if !chain.is_empty() {
        inside.push(Block::Paragraph(vec![Inline::Text(format!(
            "caused by: {}",
            chain.join(" ← ")
        ))]));
    }
    let samples: Vec<&str> = texts(group, "samples").collect();
    if !samples.is_empty() {
        inside.push(shown::plain(&format!("many variants: {}", samples.join(" | "))));
    }
    let place = format!("{}:{}", text(site, "file"), number(site, "line"));
    inside.push(Block::Paragraph(vec![Inline::Code(place)]));
    let stack: Vec<&str> = texts(group, "stack").collect();
    if !stack.is_empty() {
        inside.push(Block::Code(stack.join("\n")));
    }
    let traces: Vec<&str> = texts(group, "trace_ids").collect();
    if !traces.is_empty() {
        inside.push(Block::Paragraph(vec![Inline::Text(format!(
            "trace {}",
            traces.join(", ")
        ))]));
    }
    Block::Bar(severity.to_owned(), inside)
}
