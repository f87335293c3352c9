//! Each fault over a real socket: what the sender sees, and what the group sees.

use std::io::ErrorKind;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::{Chat, Fault, Inbox, Kind};
use super::{PATIENCE, inbox, post, post_to, send, target};

fn body(kind: Kind) -> Value {
    match kind {
        Kind::Dingtalk | Kind::Wecom => json!({"msgtype": "text", "text": {"content": "x"}}),
        Kind::Feishu => json!({"msg_type": "text", "content": {"text": "x"}}),
        _ => json!({"text": "x"}),
    }
}

fn open(inbox: &Inbox, kind: Kind) -> Chat {
    let chat = inbox.chat(kind).no_limit();
    if kind == Kind::Webhook {
        chat.any_json()
    } else {
        chat
    }
}

/// Shows the fault once and says what came back; then the chat must work again.
async fn once(kind: Kind, fault: Fault, accepted: bool) -> std::io::Result<super::Reply> {
    let inbox = inbox().await;
    let chat = open(&inbox, kind);
    chat.fault_next(1, fault.clone());
    let reply = post_to(&inbox, &target(&inbox, &chat), body(kind).to_string().as_bytes()).await;
    let message = chat.messages().pop().unwrap();
    assert_eq!(message.accepted(), accepted, "{kind} {fault:?}");
    post(&inbox, &chat, &body(kind)).await;
    assert!(
        chat.messages().pop().unwrap().accepted(),
        "{kind} works again after {fault:?}"
    );
    reply
}

#[tokio::test]
async fn resets() {
    for kind in Kind::ALL {
        for (fault, accepted) in [(Fault::ResetBefore, false), (Fault::ResetAfter, true)] {
            let error = once(kind, fault, accepted).await.err().expect("no answer");
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{kind}");
        }
    }
}

#[tokio::test]
async fn throttles_carry_the_vendors_code() {
    for (kind, status, text) in [
        (Kind::Dingtalk, 200, "\"errcode\":130101"),
        (Kind::Feishu, 200, "\"code\":11232"),
        (Kind::Wecom, 200, "\"errcode\":45009"),
        (Kind::Slack, 429, "rate_limited"),
        (Kind::Webhook, 429, "too many requests"),
    ] {
        let reply = once(kind, Fault::Throttle, false).await.unwrap();
        assert_eq!(reply.status, status);
        assert!(reply.body.contains(text), "{}", reply.body);
    }
}

#[tokio::test]
async fn strange_answers() {
    for kind in Kind::ALL {
        let html = once(kind, Fault::Html, false).await.unwrap();
        assert_eq!(
            (html.status, html.body.starts_with("<!doctype html>")),
            (200, true)
        );
        let error = once(kind, Fault::ServerError, false).await.unwrap();
        assert_eq!(error.status, 500);
        let shield = once(kind, Fault::Shield, false).await.unwrap();
        assert_eq!(
            (shield.status, shield.json()["source"].as_str()),
            (200, Some("x5"))
        );
        assert_eq!(shield.json().get("errcode"), None);
        let own = Fault::Answer {
            status: 503,
            body: "{\"errcode\":-1}".to_owned(),
        };
        let own = once(kind, own, false).await.unwrap();
        assert_eq!((own.status, own.json()["errcode"].as_i64()), (503, Some(-1)));
    }
    let cut = once(Kind::Dingtalk, Fault::Truncated, true).await.unwrap();
    assert_eq!(cut.status, 200);
    assert!(
        cut.body.starts_with('{') && !cut.body.ends_with('}'),
        "{}",
        cut.body
    );
}

#[tokio::test]
async fn a_followed_redirect_is_noted() {
    for status in [307, 302] {
        let inbox = inbox().await;
        let chat = inbox.dingtalk();
        chat.fault(Fault::Redirect(status));
        let reply = post(&inbox, &chat, &body(Kind::Dingtalk)).await;
        assert_eq!(reply.status, status);
        let location = reply
            .head
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
            .unwrap();
        let path = location.strip_prefix(inbox.url().trim_end_matches('/')).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nreferer: {}", chat.url());
        send(&inbox, &head, b"").await.unwrap();
        let noted = chat.refused().pop().unwrap();
        assert_eq!(noted.verdict().code(), "followed");
        assert!(noted.verdict().why().contains("Referer"));
    }
}

#[tokio::test]
async fn slow_is_accepted_at_once_and_answered_late() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    let wait = Duration::from_millis(300);
    chat.fault_next(1, Fault::Slow(wait));
    let started = Instant::now();
    let body = body(Kind::Dingtalk);
    let (reply, seen) = tokio::join!(post(&inbox, &chat, &body), async {
        chat.wait_accepted(1, PATIENCE).await.unwrap();
        started.elapsed()
    });
    assert_eq!(reply.json()["errcode"], 0);
    assert!(started.elapsed() >= wait, "{:?}", started.elapsed());
    assert!(
        seen < started.elapsed(),
        "the group sees it before the sender knows"
    );
}

#[tokio::test]
async fn silent_never_answers_and_holds_nothing_else_up() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    chat.fault_next(1, Fault::Silent);
    let (path, body) = (target(&inbox, &chat), body(Kind::Dingtalk).to_string());
    let silent = post_to(&inbox, &path, body.as_bytes());
    tokio::pin!(silent);
    tokio::select! {
        _ = &mut silent => panic!("answered"),
        refused = chat.wait_refused(1, PATIENCE) => assert_eq!(refused.unwrap()[0].verdict().code(), "fault"),
    }
    let other = post_to(&inbox, &path, body.as_bytes());
    tokio::select! {
        _ = &mut silent => panic!("answered"),
        other = other => assert_eq!(other.unwrap().json()["errcode"], 0),
    }
}

#[tokio::test]
async fn faults_come_in_order_and_can_be_cleared() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    chat.fault_next(2, Fault::ServerError);
    chat.fault_next(1, Fault::Throttle);
    chat.fault(Fault::Html);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let reply = post(&inbox, &chat, &body(Kind::Dingtalk)).await;
        seen.push((reply.status, reply.body.starts_with('<')));
    }
    assert_eq!(
        seen,
        [(500, false), (500, false), (200, false), (200, true), (200, true)]
    );
    chat.clear_faults();
    assert_eq!(
        post(&inbox, &chat, &body(Kind::Dingtalk)).await.json()["errcode"],
        0
    );
}

#[tokio::test]
async fn faults_are_set_over_http() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    let path = "/api/chats/1/fault";
    for word in Fault::WORDS {
        let body = json!({"fault": word, "ms": 1, "times": 1}).to_string();
        let reply = post_to(&inbox, path, body.as_bytes()).await.unwrap();
        assert_eq!(reply.status, 200, "{word}: {}", reply.body);
    }
    for (body, named) in [
        (json!({"fault": "fire"}), "unknown fault `fire`"),
        (json!({"fault": "slow"}), "`ms`"),
        (json!({"fault": "html", "times": 0}), "`times`"),
        (json!({"fault": "answer", "status": 42}), "`status`"),
    ] {
        let reply = post_to(&inbox, path, body.to_string().as_bytes()).await.unwrap();
        assert_eq!(reply.status, 400);
        assert!(
            reply.json()["error"].as_str().unwrap().starts_with(named),
            "{}",
            reply.body
        );
    }
    post_to(&inbox, path, br#"{"fault":"server-error"}"#)
        .await
        .unwrap();
    assert_eq!(post(&inbox, &chat, &body(Kind::Dingtalk)).await.status, 500);
    send(&inbox, &format!("DELETE {path} HTTP/1.1"), b"")
        .await
        .unwrap();
    assert_eq!(post(&inbox, &chat, &body(Kind::Dingtalk)).await.status, 200);
    assert_eq!(
        post_to(&inbox, "/api/chats/9/fault", b"{}").await.unwrap().status,
        404
    );
}
