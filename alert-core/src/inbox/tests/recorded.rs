//! Requests recorded from independent clients: the conformant ones are accepted, the others refused with the
//! documented code.

use serde_json::Value;

use super::super::{Chat, Inbox, Kind};
use super::{at_ms, data, inbox, send};

#[tokio::test]
async fn every_recorded_request_gets_its_verdict() {
    let all = data("recorded");
    let mut verdicts = (0, 0);
    for request in all.as_array().unwrap() {
        let inbox = inbox().await;
        let chat = chat_for(&inbox, request);
        let mut path = request["path"].as_str().unwrap().to_owned();
        if chat.kind() == Kind::Webhook {
            path = "/webhook/hook".to_owned();
        } else if !request["query"].as_str().unwrap().is_empty() {
            path = format!("{path}?{}", request["query"].as_str().unwrap());
        }
        let content_type = request["content_type"].as_str().unwrap();
        let head = format!(
            "{} {path} HTTP/1.1\r\ncontent-type: {content_type}",
            request["method"].as_str().unwrap()
        );
        send(&inbox, &head, request["body"].as_str().unwrap().as_bytes())
            .await
            .unwrap();
        let message = chat
            .messages()
            .pop()
            .unwrap_or_else(|| panic!("no chat met {request}"));
        if let Some(code) = request["expect"].as_str() {
            assert_eq!(message.verdict().code(), code, "{request}");
            assert!(!message.accepted(), "{request}");
            verdicts.1 += 1;
        } else {
            assert!(message.accepted(), "{}: {:?}", request["name"], message.verdict());
            assert!(!message.text().is_empty(), "{request}");
            verdicts.0 += 1;
        }
    }
    assert_eq!(verdicts, (49, 12));
}

/// A chat with the recorded token and secret, at the recorded time.
fn chat_for(inbox: &Inbox, request: &Value) -> Chat {
    let path = request["path"].as_str().unwrap();
    let body: Value = serde_json::from_str(request["body"].as_str().unwrap()).unwrap();
    let query = request["query"].as_str().unwrap();
    let parameter = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name))
            .unwrap_or("")
    };
    let mut at = body["timestamp"]
        .as_str()
        .and_then(|s| s.parse::<u64>().ok())
        .map(|s| s.saturating_mul(1_000));
    let chat = match request["kind"].as_str().unwrap() {
        "dingtalk" => {
            at = parameter("timestamp=").parse().ok();
            inbox.dingtalk().token(parameter("access_token="))
        }
        "feishu" => inbox.feishu().token("11111111-2222-3333-4444-555555555555"),
        "wecom" => inbox.wecom().token(parameter("key=")),
        "slack" => inbox.slack().token(path.strip_prefix("/services/").unwrap()),
        _ => inbox.webhook().any_json().token("hook"),
    };
    if let Some(at) = at {
        inbox.clock().set(at_ms(at));
    }
    match request["secret"].as_str() {
        Some(secret) => chat.secret(secret),
        None => chat,
    }
}
