//! The body of schema 1, as `docs/webhook.schema.json` describes it.

use serde_json::{Map, Value, json};

use crate::robot::Robot;
use crate::robot::fit::{Cut, beyond, by_urgency};
use crate::robot::scrub::Scrub;
use crate::robot::text::{cut, rfc3339};
use crate::{Digest, Group};

pub(super) fn body(digest: &Digest, robot: &Robot, at_most: Cut) -> Value {
    let scrub = Scrub::of(robot);
    let text = |text: &str| cut(&scrub.text(text), at_most.text);
    let groups = by_urgency(digest);
    let listed: Vec<Value> = groups
        .iter()
        .take(at_most.groups)
        .map(|g| group(g, &text))
        .collect();
    let (unlisted, delta) = beyond(digest, &groups, at_most.groups);
    let not_shown: Map<String, Value> = digest
        .not_shown()
        .iter()
        .map(|(why, n)| (why.as_str().to_owned(), Value::from(*n)))
        .collect();
    json!({
        "schema": 1,
        "id": digest.id(),
        "kind": digest.kind().as_str(),
        "service": text(digest.service()),
        "environment": digest.environment().map(text),
        "release": digest.release().map(text),
        "host": text(digest.host()),
        "sent_at": rfc3339(digest.sent_at()),
        "groups": listed,
        "not_shown": not_shown,
        "unlisted": { "groups": unlisted, "delta": delta },
    })
}

fn group(group: &Group, text: &impl Fn(&str) -> String) -> Value {
    let texts = |all: &[String]| -> Vec<String> { all.iter().map(|one| text(one)).collect() };
    let mut fields: Map<String, Value> = group
        .fields()
        .iter()
        .map(|(key, value)| (text(key), Value::from(text(value))))
        .collect();
    // What the attribute says of the function; a field of that name says it of the failure.
    for (key, value) in [("owner", group.owner()), ("runbook", group.runbook())] {
        if let Some(value) = value {
            fields.entry(key).or_insert_with(|| Value::from(text(value)));
        }
    }
    let place = group.place();
    let mut body = json!({
        "fingerprint": group.fingerprint().to_string(),
        "severity": group.severity().as_str(),
        "site": {
            "function": text(place.function()),
            "file": text(place.file()),
            "line": place.line(),
            "column": place.column(),
            "module": text(place.module()),
        },
        "error_type": text(group.error_type()),
        "message": text(group.message()),
        "chain": texts(group.chain()),
        "delta": group.delta(),
        "total": group.total(),
        "first_at": rfc3339(group.first_at()),
        "last_at": rfc3339(group.last_at()),
        "trace_ids": texts(group.trace_ids()),
        "fields": fields,
        "path": texts(group.path()),
        "stack": texts(group.stack()),
        "hosts": texts(group.hosts()),
    });
    if let (true, Some(body)) = (group.is_many_variants(), body.as_object_mut()) {
        body.insert("samples".to_owned(), Value::from(texts(group.samples())));
    }
    body
}
