//! The page: its policy, its events, and that a hostile text stays text.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{PATIENCE, inbox, post, post_to, send};

const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) \
                       ![y](https://evil.example/p.png) [z](data:text/html,x) <a href=\"javascript:x\">q</a>";

#[tokio::test]
async fn files_load_nothing_from_outside() {
    let inbox = inbox().await;
    for path in [
        "/",
        "/style.css",
        "/message.css",
        "/app.js",
        "/draw.js",
        "/icon.svg",
    ] {
        let reply = send(&inbox, &format!("GET {path} HTTP/1.1"), b"").await.unwrap();
        assert_eq!(reply.status, 200);
        assert!(
            reply
                .head
                .contains("content-security-policy: default-src 'none'; script-src 'self'")
        );
        assert!(reply.head.contains("x-content-type-options: nosniff"));
        let text = reply.body.replace("http://www.w3.org/2000/svg", "");
        for outside in [
            "http://",
            "https://",
            "innerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "style=",
        ] {
            assert!(!text.contains(outside), "{outside} in {path}");
        }
        assert!(!text.contains(" onclick="), "{path}");
    }
    assert_eq!(
        send(&inbox, "GET /nothing HTTP/1.1", b"").await.unwrap().status,
        404
    );
}

#[tokio::test]
async fn other_origins_are_kept_out() {
    let inbox = inbox().await;
    // `send` adds the right host after this one; the first counts.
    let reply = send(&inbox, "GET /api/messages HTTP/1.1\r\nhost: evil.example", b"")
        .await
        .unwrap();
    assert!(matches!(reply.status, 400 | 403), "{}", reply.status);
    let reply = send(
        &inbox,
        "POST /api/clear HTTP/1.1\r\ncontent-type: text/plain",
        b"",
    )
    .await
    .unwrap();
    assert_eq!(reply.status, 415);
}

/// Everything that may become an address on the page.
fn addresses(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|value| addresses(value, found)),
        Value::Object(fields) => {
            found.extend(fields.get("href").and_then(Value::as_str).map(str::to_owned));
            for button in fields.get("all").and_then(Value::as_array).into_iter().flatten() {
                found.extend(button[1].as_str().map(str::to_owned));
            }
            fields.values().for_each(|value| addresses(value, found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_hostile_text_stays_text_in_every_chat() {
    let inbox = inbox().await;
    let elements = json!([
        {"tag": "markdown", "content": HOSTILE},
        {"tag": "button", "text": {"tag": "plain_text", "content": "b"}, "behaviors": [
            {"type": "open_url", "default_url": "javascript:alert(1)"}]},
    ]);
    for (chat, body) in [
        (
            inbox.dingtalk(),
            json!({"msgtype": "markdown", "markdown": {"title": HOSTILE, "text": HOSTILE}}),
        ),
        (
            inbox.dingtalk(),
            json!({"msgtype": "link", "link": {
            "title": HOSTILE, "text": HOSTILE, "messageUrl": "javascript:alert(1)"}}),
        ),
        (
            inbox.feishu(),
            json!({"msg_type": "interactive", "card": {"schema": "2.0", "body": {"elements": elements}}}),
        ),
        (
            inbox.wecom(),
            json!({"msgtype": "markdown", "markdown": {"content": HOSTILE}}),
        ),
        (
            inbox.wecom(),
            json!({"msgtype": "markdown_v2", "markdown_v2": {"content": HOSTILE}}),
        ),
        (
            inbox.slack(),
            json!({"text": HOSTILE, "attachments": [{"title": "t", "title_link": "javascript:x"}]}),
        ),
    ] {
        post(&inbox, &chat, &body).await;
        let message = chat.accepted().pop().expect("accepted");
        let shown = super::super::api::message_json(&message);
        let mut found = Vec::new();
        addresses(&shown["shown"], &mut found);
        assert!(
            found
                .iter()
                .all(|href| href.is_empty() || href.starts_with("https://")),
            "{found:?}"
        );
        assert!(
            message.text().contains("<script>alert(1)</script>"),
            "shown as text: {}",
            message.text()
        );
        assert!(message.mentions().is_empty());
    }
}

#[tokio::test]
async fn events_tell_of_messages_and_chats() {
    let inbox = inbox().await;
    let chat = inbox.slack();
    let mut stream = tokio::net::TcpStream::connect(inbox.addr()).await.unwrap();
    let head = format!("GET /api/events HTTP/1.1\r\nhost: {}\r\n\r\n", inbox.addr());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut seen = String::new();
    let mut sent = false;
    let all = async {
        while !(seen.contains("event: message") && seen.contains("event: cleared")) {
            let mut part = [0; 4096];
            let n = stream.read(&mut part).await.unwrap();
            assert!(n > 0, "the stream ended: {seen}");
            seen.push_str(&String::from_utf8_lossy(&part[..n]));
            if seen.contains("event: resync") && !sent {
                sent = true;
                post(&inbox, &chat, &json!({"text": "hello live"})).await;
                post_to(&inbox, "/api/clear", b"{}").await.unwrap();
            }
        }
    };
    tokio::time::timeout(PATIENCE, all).await.expect("both events");
    assert!(
        seen.contains("text/event-stream") && seen.contains("hello live") && seen.contains("event: chats")
    );
}

#[tokio::test]
async fn the_lists_hold_what_was_sent() {
    let inbox = inbox().await;
    let chat = inbox.feishu().name("Ops");
    post(
        &inbox,
        &chat,
        &json!({"msg_type": "text", "content": {"text": "hello"}}),
    )
    .await;
    let chats = send(&inbox, "GET /api/chats HTTP/1.1", b"").await.unwrap().json();
    assert_eq!(chats[0]["name"], "Ops");
    assert_eq!(chats[0]["rate"][1], json!({"used": 1, "max": 100, "ms": 60_000}));
    let messages = send(&inbox, "GET /api/messages HTTP/1.1", b"")
        .await
        .unwrap()
        .json();
    assert_eq!(messages[0]["shown"]["blocks"][0]["in"][0]["text"], "hello");
    assert_eq!(messages[0]["request"]["path"], "/open-apis/bot/v2/hook/***");
}
