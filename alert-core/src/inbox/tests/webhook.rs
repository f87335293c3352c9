use serde_json::{Value, json};

use super::{inbox, post, send, target};

fn body(id: &str, delta: u64) -> Value {
    json!({
        "schema": 1, "id": id, "kind": "burst", "service": "checkout", "environment": "prod", "release": null,
        "host": "web-1", "sent_at": "2026-11-23T06:00:00.123Z",
        "groups": [{
            "fingerprint": "1:ab", "severity": "critical",
            "site": {"function": "charge", "file": "src/pay.rs", "line": 7, "column": 9, "module": "shop::pay"},
            "error_type": "PayError", "message": "refused", "chain": ["refused", "connection refused"],
            "delta": delta, "total": 40, "first_at": "2026-11-23T05:59:59Z", "last_at": "2026-11-23T07:00:00+08:00",
            "trace_ids": ["4bf9"], "fields": {"order": "7", "vip": "true"}, "path": ["charge"], "stack": [],
            "hosts": ["web-1"],
        }],
        "not_shown": {"window": 3}, "unlisted": {"groups": 1, "delta": 5},
    })
}

#[tokio::test]
async fn deltas_add_up_and_a_repeat_adds_nothing() {
    let inbox = inbox().await;
    let (chat, other) = (inbox.webhook(), inbox.webhook());
    for (id, delta) in [("a", 6), ("b", 10), ("a", 6)] {
        let reply = post(&inbox, &chat, &body(id, delta)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    assert_eq!(post(&inbox, &other, &body("a", 1)).await.status, 200);
    assert_eq!(chat.delta(), (6 + 5) + (10 + 5));
    assert_eq!(inbox.delta(), chat.delta() + 6);
    let first = &chat.accepted()[0];
    assert_eq!((first.delta(), first.severity()), (11, Some("critical")));
    assert!(
        first.text().contains("caused by: connection refused"),
        "{}",
        first.text()
    );
    assert_eq!(chat.wait_delta(26, super::PATIENCE).await.unwrap(), 26);
    let short = inbox
        .wait_delta(33, std::time::Duration::from_millis(20))
        .await
        .expect_err("32 is all");
    assert!(
        short
            .to_string()
            .starts_with("32 of 33 failures came within 20ms"),
        "{short}"
    );
    inbox.clear();
    assert_eq!((inbox.delta(), inbox.messages().len()), (0, 0));
}

#[tokio::test]
async fn every_field_is_checked() {
    /// Changes the value at a path; `None` removes it.
    fn with(path: &[&str], value: Option<Value>) -> Value {
        let mut all = body("x", 1);
        let (last, way) = path.split_last().unwrap();
        let mut place = &mut all;
        for step in way {
            place = match step.parse::<usize>() {
                Ok(n) => place.get_mut(n).unwrap(),
                Err(_) => place.get_mut(*step).unwrap(),
            };
        }
        let object = place.as_object_mut().unwrap();
        match value {
            Some(value) => object.insert((*last).to_owned(), value),
            None => object.remove(*last),
        };
        all
    }
    let inbox = inbox().await;
    let chat = inbox.webhook();
    let group = ["groups", "0"];
    let site = ["groups", "0", "site"];
    let cases: Vec<(Vec<&str>, Option<Value>, &str)> = vec![
        (vec!["schema"], Some(json!(2)), "`schema`"),
        (vec!["id"], Some(json!("")), "`id`"),
        (vec!["kind"], Some(json!("alert")), "`kind`"),
        (vec!["service"], None, "`service`"),
        (vec!["release"], None, "`release`"),
        (vec!["host"], Some(Value::Null), "`host`"),
        (vec!["sent_at"], Some(json!(1_700_000_000)), "`sent_at`"),
        (vec!["sent_at"], Some(json!("2026-13-23T06:00:00Z")), "`sent_at`"),
        (vec!["groups"], Some(json!({})), "`groups`"),
        (vec!["not_shown"], Some(json!({"x": -1})), "`not_shown`"),
        (vec!["unlisted"], Some(json!({"groups": 1})), "`unlisted.delta`"),
        (vec!["sevice"], Some(json!("x")), "`sevice` is no field"),
        (
            [&group[..], &["severity"]].concat(),
            Some(json!("fatal")),
            "`groups[0].severity`",
        ),
        (
            [&group[..], &["delta"]].concat(),
            Some(json!("1")),
            "`groups[0].delta`",
        ),
        (
            [&group[..], &["delta"]].concat(),
            Some(json!(41)),
            "`groups[0].total`",
        ),
        (
            [&group[..], &["chain"]].concat(),
            Some(json!([1])),
            "`groups[0].chain`",
        ),
        (
            [&group[..], &["fields"]].concat(),
            Some(json!({"a": 1})),
            "`groups[0].fields`",
        ),
        (
            [&site[..], &["line"]].concat(),
            Some(json!(1.5)),
            "`groups[0].site.line`",
        ),
        (
            [&site[..], &["function"]].concat(),
            None,
            "`groups[0].site.function`",
        ),
    ];
    for (path, value, named) in cases {
        let reply = post(&inbox, &chat, &with(&path, value)).await;
        assert_eq!(reply.status, 400, "{path:?}");
        let why = reply.json()["why"].as_str().unwrap().to_owned();
        assert!(why.starts_with(named), "{path:?}: {why}");
    }
    assert_eq!(
        post(&inbox, &chat, &with(&["environment"], Some(Value::Null)))
            .await
            .status,
        200
    );
    let samples = |value| with(&["groups", "0", "samples"], Some(value));
    assert_eq!(post(&inbox, &chat, &samples(json!(["a", "b"]))).await.status, 200);
    assert_eq!(post(&inbox, &chat, &samples(json!("a"))).await.status, 400);
}

#[tokio::test]
async fn method_and_type() {
    let inbox = inbox().await;
    let chat = inbox.webhook();
    let path = target(&inbox, &chat);
    for (head, status) in [
        (
            format!("GET {path} HTTP/1.1\r\ncontent-type: application/json"),
            405,
        ),
        (format!("POST {path} HTTP/1.1\r\ncontent-type: text/plain"), 415),
        (
            format!("POST {path}x HTTP/1.1\r\ncontent-type: application/json"),
            404,
        ),
    ] {
        assert_eq!(send(&inbox, &head, b"{}").await.unwrap().status, status, "{head}");
    }
    let signed = inbox.webhook().secret("s");
    assert_eq!(post(&inbox, &signed, &body("a", 1)).await.status, 401);
}
