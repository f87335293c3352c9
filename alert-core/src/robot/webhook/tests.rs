use std::time::UNIX_EPOCH;

use serde_json::{Map, Value, json};

use crate::robot::samples::{self, NOW};
use crate::robot::{Delivery, Form, Reply, Robot};
use crate::{DigestKind, Language};

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/webhook.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The few words of JSON Schema our schema is written in; any other word is an error.
fn validate(root: &Value, schema: &Map<String, Value>, value: &Value, path: &str) -> Result<(), String> {
    for (word, rule) in schema {
        let holds = match word.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                validate(root, root["$defs"][name].as_object().unwrap(), value, path)?;
                true
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                types.iter().any(|kind| match kind.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_u64() || value.is_i64(),
                    "null" => value.is_null(),
                    kind => panic!("type {kind}"),
                })
            }
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_u64() >= rule.as_u64(),
            "pattern" => match rule.as_str().unwrap() {
                "^01[0-9a-f]{16}$" => {
                    let text = value.as_str().unwrap();
                    text.len() == 18 && text.starts_with("01") && text.chars().all(|c| c.is_ascii_hexdigit())
                }
                pattern => panic!("pattern {pattern}"),
            },
            "format" => {
                assert_eq!(rule, "date-time");
                let text = value.as_str().unwrap();
                text.len() == 24 && text.ends_with('Z') && text.as_bytes()[10] == b'T'
            }
            "required" => rule
                .as_array()
                .unwrap()
                .iter()
                .all(|key| value.get(key.as_str().unwrap()).is_some()),
            "properties" => {
                for (key, value) in value.as_object().unwrap() {
                    if let Some(schema) = rule.get(key) {
                        validate(root, schema.as_object().unwrap(), value, &format!("{path}.{key}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema
                    .get("properties")
                    .and_then(Value::as_object)
                    .cloned()
                    .unwrap_or_default();
                for (key, value) in value
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(key, _)| !known.contains_key(*key))
                {
                    match rule {
                        Value::Bool(false) => return Err(format!("{path}.{key} is not in the schema")),
                        rule => validate(root, rule.as_object().unwrap(), value, &format!("{path}.{key}"))?,
                    }
                }
                true
            }
            "items" => {
                for (at, value) in value.as_array().unwrap().iter().enumerate() {
                    validate(root, rule.as_object().unwrap(), value, &format!("{path}[{at}]"))?;
                }
                true
            }
            word => panic!("the schema uses `{word}`, which this test cannot check"),
        };
        if !holds {
            return Err(format!("{path}: {word} {rule} does not hold for {value}"));
        }
    }
    Ok(())
}

fn check(value: &Value) -> Result<(), String> {
    let schema = schema();
    validate(&schema, schema.as_object().unwrap(), value, "$")
}

#[test]
fn every_body_is_as_the_schema_says() {
    let robot = Robot::webhook("http://127.0.0.1:9/hook");
    for (name, digest) in samples::pictured(Language::English) {
        let body = samples::body(&robot, &digest, Form::Rich);
        assert_eq!(check(&body), Ok(()), "{name}");
    }
    let mut bare = samples::digest(DigestKind::First, Language::English, vec![samples::group("x")]);
    (bare.environment, bare.release) = (None, None);
    bare.groups[0].samples = vec!["x".to_owned(), "y".to_owned()];
    let body = samples::body(&robot, &bare, Form::Rich);
    assert_eq!(body["groups"][0]["samples"], json!(["x", "y"]));
    assert_eq!(check(&body), Ok(()));
}

#[test]
fn the_schema_refuses_other_bodies() {
    let robot = Robot::webhook("http://127.0.0.1:9/hook");
    let body = samples::body(&robot, &samples::one_error(Language::English), Form::Rich);
    let broken = |change: fn(&mut Value)| {
        let mut body = body.clone();
        change(&mut body);
        check(&body)
    };
    assert!(broken(|body| body["schema"] = json!(2)).is_err());
    assert!(broken(|body| body["kind"] = json!("other")).is_err());
    assert!(broken(|body| body["extra"] = json!(1)).is_err());
    assert!(broken(|body| body["groups"][0]["delta"] = json!("37")).is_err());
    assert!(broken(|body| body["groups"][0]["site"]["line"] = json!(-1)).is_err());
    assert!(broken(|body| drop(body["groups"][0].as_object_mut().unwrap().remove("stack"))).is_err());
    assert!(broken(|body| body["sent_at"] = json!("yesterday")).is_err());
}

#[test]
fn says_exactly_this() {
    samples::compare_pictures(&Robot::webhook("http://127.0.0.1:9/hook"), &[Form::Rich]);
}

#[test]
fn lists_all_groups_until_they_are_too_big() {
    let robot = Robot::webhook("http://127.0.0.1:9/hook");
    let many = |groups: usize, bytes: usize| {
        let groups = (0..groups)
            .map(|_| {
                let mut group = samples::group(&"x".repeat(bytes));
                group.delta = 2;
                group
            })
            .collect();
        let digest = samples::digest(DigestKind::Storm, Language::English, groups);
        samples::body(&robot, &digest, Form::Rich)
    };
    let all = many(300, 20);
    assert_eq!(all["groups"].as_array().unwrap().len(), 300);
    assert_eq!(all["unlisted"], json!({ "groups": 0, "delta": 0 }));
    let cut = many(300, 2_000);
    let listed = cut["groups"].as_array().unwrap().len() as u64;
    assert!(cut.to_string().len() <= super::MAX_BODY && (100..300).contains(&listed));
    assert_eq!(
        cut["unlisted"],
        json!({ "groups": 300 - listed, "delta": 2 * (300 - listed) })
    );
    assert_eq!(
        cut["groups"][0]["message"].as_str().unwrap().len(),
        2_000,
        "texts stay whole"
    );
    let huge = many(1, 700_000);
    assert!(huge.to_string().len() <= super::MAX_BODY);
    assert_eq!(huge["groups"].as_array().unwrap().len(), 1);
}

#[cfg(feature = "sign")]
#[test]
fn signs_as_other_programs_do() {
    let file = samples::json_file("vectors.json");
    let hub = &file["generic_webhook"]["github_style"]["vectors"][0];
    let mac = crate::robot::sign::mac_hex(
        hub["secret"].as_str().unwrap().as_bytes(),
        hub["body"].as_str().unwrap().as_bytes(),
    );
    assert_eq!(format!("sha256={mac}"), hub["value"].as_str().unwrap());
    let standard = &file["generic_webhook"]["standard_webhooks"]["vectors"][0];
    let secret = standard["secret"]
        .as_str()
        .unwrap()
        .strip_prefix("whsec_")
        .unwrap();
    let signature = super::standard_signature(
        &crate::robot::sign::from_base64(secret).unwrap(),
        standard["id"].as_str().unwrap(),
        standard["timestamp"].as_str().unwrap(),
        standard["body"].as_str().unwrap().as_bytes(),
    );
    assert_eq!(signature, standard["value"].as_str().unwrap());
}

#[cfg(feature = "sign")]
#[test]
fn a_secret_decides_which_headers_are_sent() {
    let names = |secret: Option<&str>| {
        let robot = Robot::webhook("http://127.0.0.1:9/hook");
        let robot = match secret {
            Some(secret) => robot.secret(secret),
            None => robot,
        };
        let digest = samples::quiet(Language::English);
        let formatter = robot.robot_kind().formatter();
        formatter
            .format(&digest, &robot, Form::Rich, UNIX_EPOCH + NOW)
            .map(|request| {
                request
                    .headers()
                    .iter()
                    .map(|(name, _)| *name)
                    .collect::<Vec<_>>()
            })
    };
    let json = "content-type";
    assert_eq!(names(None).unwrap(), [json]);
    assert_eq!(names(Some("s3cret")).unwrap(), [json, "x-hub-signature-256"]);
    assert_eq!(
        names(Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).unwrap(),
        [
            json,
            "x-hub-signature-256",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature"
        ]
    );
    assert!(names(Some("whsec_not base64")).is_err());
    assert!(names(Some("")).is_err());
}

#[cfg(not(feature = "sign"))]
#[test]
fn a_secret_that_cannot_be_used_is_an_error() {
    let robot = Robot::webhook("http://127.0.0.1:9/hook").secret("s3cret");
    let digest = samples::quiet(Language::English);
    let formatter = robot.robot_kind().formatter();
    let why = formatter
        .format(&digest, &robot, Form::Rich, UNIX_EPOCH + NOW)
        .unwrap_err();
    assert!(why.to_string().contains("feature"), "{why}");
}

#[test]
fn the_status_decides() {
    let read = |status| super::KIND.formatter().read(&Reply::new(status, "whatever"));
    for status in [200, 201, 202, 204] {
        assert_eq!(read(status), Delivery::Accepted);
    }
    for status in [408, 425, 500, 503] {
        assert!(matches!(read(status), Delivery::Failed { .. }), "{status}");
    }
    assert!(matches!(read(429), Delivery::Throttled { .. }));
    for status in [301, 307, 400, 401, 404, 413] {
        assert!(
            matches!(read(status), Delivery::Refused { try_plain: false, .. }),
            "{status}"
        );
    }
}
