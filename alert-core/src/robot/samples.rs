//! Digests to write, and ways to look at what was written. For tests.

#![expect(clippy::arithmetic_side_effects, reason = "small numbers of tests")]

use core::fmt::Write as _;
use core::time::Duration;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{Form, Robot};
use crate::{Digest, DigestKind, Fingerprint, Group, Language, NotShown, Place, Severity, Unlisted};

/// 2026-11-23 00:00:00 UTC, the time of the recorded requests.
pub(crate) const NOW: Duration = Duration::from_secs(1_795_392_000);

/// So many seconds before [`NOW`].
pub(crate) fn ago(seconds: u64) -> SystemTime {
    UNIX_EPOCH + NOW - Duration::from_secs(seconds)
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

/// A failure that happened once, with nothing but a message.
pub(crate) fn group(message: &str) -> Group {
    Group {
        fingerprint: Fingerprint::from_raw(0x3f2a_91c0_55aa_0001),
        kind: DigestKind::First,
        severity: Severity::Error,
        place: Place {
            function: "charge".into(),
            module: "shop::payment".into(),
            file: "src/payment.rs".into(),
            line: 42,
            column: 17,
        },
        error_type: "shop::PayError".into(),
        message: message.into(),
        chain: vec![message.into()],
        delta: 1,
        total: 1,
        without_detail: 0,
        first_at: ago(2),
        last_at: ago(2),
        trace_ids: Vec::new(),
        fields: Vec::new(),
        path: Vec::new(),
        stack: Vec::new(),
        hosts: strings(&["web-1"]),
        is_panic: false,
        owner: None,
        runbook: None,
        trace_url: None,
        source_url: None,
        samples: Vec::new(),
        lost_connection: false,
    }
}

/// A message with these groups.
pub(crate) fn digest(kind: DigestKind, language: Language, groups: Vec<Group>) -> Digest {
    Digest {
        id: "0193a5f0c2d47b31".into(),
        kind,
        language,
        service: "checkout".into(),
        environment: Some("prod".into()),
        release: Some("1.4.2".into()),
        host: "web-1".into(),
        sent_at: ago(0),
        groups,
        not_shown: Vec::new(),
        unlisted: Unlisted::default(),
        over: None,
    }
}

/// One error with four causes, all a group can hold, and something that was not shown.
pub(crate) fn one_error(language: Language) -> Digest {
    let mut group = group("cannot charge order 7341");
    group.severity = Severity::Critical;
    group.chain = strings(&[
        "cannot charge order 7341",
        "cannot reach the bank",
        "error sending request",
        "client error (Connect)",
        "tcp connect error: Connection refused (os error 111)",
    ]);
    group.delta = 37;
    group.total = 1_204;
    group.without_detail = 12;
    group.first_at = ago(3_900);
    group.trace_ids = strings(&["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"]);
    group.fields = vec![
        ("order_id".into(), "7341".into()),
        ("amount".into(), "12.50 EUR".into()),
    ];
    group.path = strings(&["db::connect", "charge", "checkout_handler"]);
    group.hosts = strings(&["web-1", "web-2"]);
    group.owner = Some("payments team".into());
    group.trace_url = Some("https://traces.example.com/4bf92f3577b34da6a3ce929d0e0e4736".into());
    group.source_url = Some("https://git.example.com/shop/blob/8a1f/src/payment.rs#L42".into());
    for (name, url) in [("trace", &group.trace_url), ("source", &group.source_url)] {
        group.fields.extend(url.clone().map(|url| (name.to_owned(), url)));
    }
    group.runbook = Some("https://wiki.example.com/runbooks/bank?x=1".into());
    let mut digest = digest(DigestKind::Summary, language, vec![group]);
    digest.not_shown = vec![(NotShown::QueueFull, 12), (NotShown::Refused, 1)];
    digest
}

/// A panic with a stack of five frames.
pub(crate) fn a_panic(language: Language) -> Digest {
    let mut group = group("index out of bounds: the len is 3 but the index is 7");
    group.severity = Severity::Critical;
    group.is_panic = true;
    group.error_type = String::new();
    group.stack = strings(&[
        "shop::cart::total at src/cart.rs:88:21",
        "shop::payment::charge at src/payment.rs:42:17",
        "shop::http::checkout_handler at src/http.rs:120:9",
        "axum::handler::call at axum/src/handler/mod.rs:200:5",
        "tokio::runtime::task::poll at tokio/src/runtime/task/core.rs:331:17",
    ]);
    digest(DigestKind::First, language, vec![group])
}

/// Thirty kinds of failure at once, listed in no order, and more that are not listed.
pub(crate) fn storm(language: Language) -> Digest {
    let groups = (0..30_u32)
        .map(|at| {
            let mut group = group(&format!("upstream {at} answered 503 Service Unavailable"));
            group.fingerprint = Fingerprint::from_raw(u64::from(at));
            group.severity = Severity::ALL[(at % 4) as usize];
            group.place.function = format!("call_upstream_{at}");
            group.place.line = 100 + at;
            group.delta = u64::from(at * 7 + 1);
            group.total = group.delta;
            group
        })
        .collect();
    let mut digest = digest(DigestKind::Storm, language, groups);
    digest.unlisted = Unlisted {
        groups: 12,
        delta: 345,
    };
    digest
}

/// A burst that is over.
pub(crate) fn quiet(language: Language) -> Digest {
    let mut group = group("cannot reach the bank");
    group.delta = 0;
    group.total = 18_204;
    group.first_at = ago(90_000);
    group.last_at = ago(300);
    digest(DigestKind::Quiet, language, vec![group])
}

/// The messages of which each robot has a picture in `testdata/snapshots`.
pub(crate) fn pictured(language: Language) -> [(&'static str, Digest); 5] {
    [
        ("one-error", one_error(language)),
        ("panic", a_panic(language)),
        ("storm", storm(language)),
        ("quiet", quiet(language)),
        ("test", digest(DigestKind::Test, language, Vec::new())),
    ]
}

/// The body a robot would get.
pub(crate) fn body(robot: &Robot, digest: &Digest, form: Form) -> Value {
    let request = robot
        .robot_kind()
        .formatter()
        .format(digest, robot, form, UNIX_EPOCH + NOW)
        .unwrap();
    serde_json::from_slice(request.body()).unwrap()
}

/// Every text of a body, by its path, on lines of their own.
pub(crate) fn leaves(value: &Value) -> String {
    fn walk(path: &str, value: &Value, out: &mut String) {
        let join = |key: &str| {
            if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            }
        };
        match value {
            Value::Object(all) if !all.is_empty() => {
                for (key, value) in all {
                    walk(&join(key), value, out);
                }
            }
            Value::Array(all) if !all.is_empty() => {
                for (at, value) in all.iter().enumerate() {
                    walk(&join(&at.to_string()), value, out);
                }
            }
            Value::String(text) if text.contains('\n') => {
                writeln!(out, "{path}:").unwrap();
                for line in text.split('\n') {
                    writeln!(out, "    |{line}").unwrap();
                }
            }
            Value::String(text) => writeln!(out, "{path}: {text}").unwrap(),
            value => writeln!(out, "{path}: {value}").unwrap(),
        }
    }
    let mut out = String::new();
    walk("", value, &mut out);
    out
}

/// A file under `testdata`.
pub(crate) fn testdata(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(path)
}

/// A JSON file under `testdata`.
pub(crate) fn json_file(path: &str) -> Value {
    let path = testdata(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// Compares the pictures of one robot, in both forms and languages. `BLESS=1` writes them anew.
pub(crate) fn compare_pictures(robot: &Robot, forms: &[Form]) {
    let mut wrong = Vec::new();
    for language in [Language::English, Language::Chinese] {
        for (name, digest) in pictured(language) {
            for &form in forms {
                let tongue = match language {
                    Language::English => "en",
                    Language::Chinese => "zh",
                };
                let style = match form {
                    Form::Rich => "rich",
                    Form::Plain => "plain",
                };
                let path = testdata(&format!("snapshots/{}/{name}.{style}.{tongue}.txt", robot.kind()));
                // Zero-width breaks are shown, or nobody would see them go missing.
                let seen = leaves(&body(robot, &digest, form)).replace('\u{200b}', "⟨ZW⟩");
                if std::env::var_os("BLESS").is_some() {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(&path, &seen).unwrap();
                } else if std::fs::read_to_string(&path).ok().as_deref() != Some(seen.as_str()) {
                    wrong.push(format!("{}\n{seen}", path.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "differ (BLESS=1 writes them anew):\n{}",
        wrong.join("\n")
    );
}

/// The same keys, nesting and types as a recorded request. `free` are paths where ours may have keys of
/// its own, or lacks optional ones.
pub(crate) fn assert_shape(ours: &Value, golden: &Value, free: &[&str]) {
    fn walk(path: &str, ours: &Value, golden: &Value, free: &[&str]) {
        match (ours, golden) {
            (Value::Object(ours), Value::Object(golden)) => {
                for key in ours.keys().chain(golden.keys()) {
                    let at = format!("{path}.{key}");
                    match (ours.get(key), golden.get(key)) {
                        (Some(ours), Some(golden)) => walk(&at, ours, golden, free),
                        _ => assert!(free.contains(&at.as_str()), "{at} is in one of both only"),
                    }
                }
            }
            (Value::Array(ours), Value::Array(golden)) => {
                let at = format!("{path}[]");
                for element in ours {
                    // An element of ours is like one of theirs with the same tag, or like their first.
                    let tag = |value: &Value| {
                        value
                            .get("tag")
                            .or_else(|| value.get("type"))
                            .cloned()
                            .unwrap_or_default()
                    };
                    let alike = golden.iter().find(|theirs| tag(theirs) == tag(element));
                    if let Some(theirs) = alike {
                        walk(&at, element, theirs, free);
                    } else {
                        assert!(golden.is_empty(), "{at}: no element like {element}");
                    }
                }
            }
            (ours, golden) => assert_eq!(
                core::mem::discriminant(ours),
                core::mem::discriminant(golden),
                "{path} is of another type"
            ),
        }
    }
    walk("", ours, golden, free);
}

/// The body of a recorded request.
pub(crate) fn golden(name: &str) -> Value {
    let file = json_file(&format!("golden/{name}.json"));
    assert_eq!(
        file["_conformant"], true,
        "{name} is an example of what to reject"
    );
    file["body"].clone()
}

/// Every code is in this part of the manual.
pub(crate) fn assert_in_manual(heading: &str, codes: &[&str]) {
    let manual = include_str!("../../docs/robots.md");
    let start = manual
        .find(heading)
        .unwrap_or_else(|| panic!("no part `{heading}`"));
    let part = manual.split_at(start + heading.len()).1;
    let part = part.split("\n## ").next().unwrap();
    for code in codes {
        assert!(part.contains(code), "{code} is not in the part `{heading}`");
    }
}

/// A delivery in one word of the manual's.
pub(crate) fn class(delivery: &super::Delivery) -> &'static str {
    use super::Delivery;
    match delivery {
        Delivery::Accepted => "accepted",
        Delivery::Throttled { .. } => "later",
        Delivery::Failed { .. } => "again",
        Delivery::Refused { try_plain: true, .. } => "plain",
        Delivery::Refused { .. } => "never",
    }
}
