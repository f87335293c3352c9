//! Every signing vector that other programs made is accepted, every negative one refused.

use serde_json::{Value, json};

use super::{at_ms, check, data, inbox, post_to, send, target};

fn each<'v>(vectors: &'v Value, vendor: &str, list: &str) -> impl Iterator<Item = &'v Value> {
    vectors[vendor][list].as_array().unwrap().iter()
}

#[tokio::test]
async fn dingtalk() {
    let vectors = data("vectors");
    let mut seen = 0;
    for vector in each(&vectors, "dingtalk", "vectors") {
        let (code, text) = sent(vector, vector["query"].as_str().unwrap()).await;
        assert_eq!((code, text.as_str()), (0, "ok"), "{vector}");
        seen += 1;
    }
    assert_eq!(seen, 8);
}

#[tokio::test]
async fn dingtalk_negative() {
    let vectors = data("vectors");
    let mut seen = 0;
    for vector in each(&vectors, "dingtalk", "negative") {
        let query = if let Some(query) = vector["query"].as_str() {
            query.replace("<any>", "2Zw0")
        } else {
            let sign = vector["sign_base64"]
                .as_str()
                .unwrap()
                .replace('+', "%2B")
                .replace('/', "%2F");
            format!(
                "timestamp={}&sign={}",
                vector["timestamp_ms"],
                sign.replace('=', "%3D")
            )
        };
        let (code, text) = sent(vector, &query).await;
        let expected = vector["expect"].as_str().unwrap();
        assert_eq!(format!("{code} {text}"), expected, "{vector}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// Sends a text with the vector's query while the vendor's clock shows the vector's time (a time in seconds is
/// a time of 2020 for the sender).
async fn sent(vector: &Value, query: &str) -> (u64, String) {
    let inbox = inbox().await;
    let chat = inbox
        .dingtalk()
        .secret(vector["secret"].as_str().unwrap())
        .replies(super::super::Replies::Old);
    let at = vector["timestamp_ms"].as_u64().unwrap();
    inbox.clock().set(at_ms(if at < 10_000_000_000 {
        at.saturating_mul(1_000)
    } else {
        at
    }));
    let path = format!("{}&{query}", target(&inbox, &chat));
    let body = json!({"msgtype": "text", "text": {"content": "x"}}).to_string();
    let reply = post_to(&inbox, &path, body.as_bytes()).await.unwrap().json();
    (
        reply["errcode"].as_u64().unwrap(),
        reply["errmsg"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn feishu() {
    let vectors = data("vectors");
    let mut seen = 0;
    for (list, expected) in [("vectors", 0), ("negative", 19021)] {
        for vector in each(&vectors, "feishu", list) {
            let inbox = inbox().await;
            let chat = inbox.feishu().secret(vector["secret"].as_str().unwrap());
            let at = vector["timestamp_s"].as_u64().unwrap();
            inbox
                .clock()
                .set(at_ms(if at > 10_000_000_000 { at } else { at * 1000 }));
            let body = json!({
                "msg_type": "text", "content": {"text": "x"},
                "timestamp": at.to_string(), "sign": vector["sign"],
            });
            check(&inbox, &chat, &body, expected).await;
            seen += 1;
        }
    }
    assert_eq!(seen, 10);
}

#[tokio::test]
async fn webhook_github_style() {
    let vectors = data("vectors");
    let vector = &vectors["generic_webhook"]["github_style"]["vectors"][0];
    let inbox = inbox().await;
    let chat = inbox
        .webhook()
        .any_json()
        .secret(vector["secret"].as_str().unwrap());
    let head = |value: &str| {
        let path = target(&inbox, &chat);
        format!("POST {path} HTTP/1.1\r\ncontent-type: application/json\r\nx-hub-signature-256: {value}")
    };
    let body = vector["body"].as_str().unwrap().as_bytes();
    // The vector's body is no JSON, so a right signature ends at the next check and a wrong one before it.
    let right = vector["value"].as_str().unwrap();
    assert_eq!(send(&inbox, &head(right), body).await.unwrap().status, 400);
    let wrong = right.replace('7', "8");
    assert_eq!(send(&inbox, &head(&wrong), body).await.unwrap().status, 401);
    assert_eq!(
        send(&inbox, &head(&right.to_uppercase()), body)
            .await
            .unwrap()
            .status,
        401
    );
}

#[tokio::test]
async fn webhook_standard() {
    let vectors = data("vectors");
    let vector = &vectors["generic_webhook"]["standard_webhooks"]["vectors"][0];
    let inbox = inbox().await;
    let chat = inbox
        .webhook()
        .any_json()
        .secret(vector["secret"].as_str().unwrap());
    let timestamp = vector["timestamp"].as_str().unwrap();
    let signed = |id: &str| {
        format!(
            "POST {} HTTP/1.1\r\ncontent-type: application/json\r\nwebhook-id: {id}\r\n\
             webhook-timestamp: {timestamp}\r\nwebhook-signature: {}",
            target(&inbox, &chat),
            vector["value"].as_str().unwrap()
        )
    };
    let (id, body) = (
        vector["id"].as_str().unwrap(),
        vector["body"].as_str().unwrap().as_bytes(),
    );
    assert_eq!(
        send(&inbox, &signed(id), body).await.unwrap().status,
        401,
        "years old"
    );
    inbox.clock().set(at_ms(timestamp.parse::<u64>().unwrap() * 1000));
    assert_eq!(send(&inbox, &signed(id), body).await.unwrap().status, 200);
    assert_eq!(
        send(&inbox, &signed("msg_other"), body).await.unwrap().status,
        401
    );
}
