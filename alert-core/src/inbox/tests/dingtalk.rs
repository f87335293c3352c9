use std::time::Duration;

use serde_json::json;

use super::super::{Inbox, Replies};
use super::{check, inbox, post, post_to, send, target};

fn text(content: &str) -> serde_json::Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

#[tokio::test]
async fn method_type_and_token() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    let path = target(&inbox, &chat);
    let body = text("x").to_string();
    for (head, code) in [
        (
            format!("GET {path} HTTP/1.1\r\ncontent-type: application/json"),
            43002,
        ),
        (format!("POST {path} HTTP/1.1\r\ncontent-type: text/plain"), 43004),
        (format!("POST {path} HTTP/1.1"), 43004),
        (
            "POST /robot/send HTTP/1.1\r\ncontent-type: application/json".to_owned(),
            40035,
        ),
        (
            "POST /robot/send?access_token=ab HTTP/1.1\r\ncontent-type: application/json".to_owned(),
            300_005,
        ),
        (
            format!("POST {path} HTTP/1.1\r\ncontent-type: application/json; charset=utf-8"),
            0,
        ),
    ] {
        let reply = send(&inbox, &head, body.as_bytes()).await.unwrap();
        assert_eq!(reply.status, 200, "failures come with 200");
        assert_eq!(reply.json()["errcode"], code, "{head}");
    }
    assert_eq!(chat.accepted().len(), 1);
    assert_eq!(inbox.refused().len(), 5, "also what had no chat");
}

#[tokio::test]
async fn bodies() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk().no_limit();
    for (body, code) in [
        (json!([]), 40035),
        (json!({}), 400_105),
        (json!({"msgtype": "Text", "text": {"content": "x"}}), 400_105),
        (json!({"msg_type": "text", "content": {"text": "x"}}), 400_105),
        (json!({"msgtype": "text"}), 400_201),
        (json!({"msgtype": "text", "text": "x"}), 400_201),
        (json!({"msgtype": "text", "text": {"Content": "x"}}), 400_202),
        (json!({"msgtype": "text", "text": {"content": ""}}), 400_202),
        (json!({"msgtype": "markdown"}), 400_401),
        (json!({"msgtype": "markdown", "markdown": {"text": "x"}}), 400_402),
        (
            json!({"msgtype": "markdown", "markdown": {"title": "x", "content": "x"}}),
            400_403,
        ),
        (
            json!({"msgtype": "link", "link": {"title": "a", "text": "b", "messageURL": "https://x.example"}}),
            400_304,
        ),
        (
            json!({"msgtype": "link", "link": {"title": "a", "text": "b", "messageUrl": "https://x.example"}}),
            0,
        ),
        (
            json!({"msgtype": "actionCard", "actionCard": {"title": "a", "text": "b"}}),
            400_506,
        ),
        (
            json!({"msgtype": "actionCard", "actionCard": {"title": "a", "text": "b", "singleTitle": "c"}}),
            400_505,
        ),
        (json!({"msgtype": "feedCard", "feedCard": {}}), 400_602),
        (
            json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "a", "messageUrl": "b", "picURL": "c"}]}}),
            400_602,
        ),
    ] {
        check(&inbox, &chat, &body, code).await;
    }
    let reply = post_to(&inbox, &target(&inbox, &chat), b"{\"msgtype\":")
        .await
        .unwrap();
    assert_eq!(reply.json()["errcode"], 40035);
}

#[tokio::test]
async fn size_is_measured_on_the_encoded_body() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    let around = text("").to_string().len();
    check(&inbox, &chat, &text(&"x".repeat(20_000 - around)), 0).await;
    check(&inbox, &chat, &text(&"x".repeat(20_001 - around)), 460_101).await;
    check(&inbox, &chat, &text(&"字".repeat(7_000)), 460_101).await;
}

#[tokio::test]
async fn keywords_are_searched_in_decoded_text() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk().keyword("告警").keyword("alert<");
    check(&inbox, &chat, &text("nothing"), 310_000).await;
    assert!(chat.refused()[0].verdict().text().contains("关键词不匹配"));
    check(
        &inbox,
        &chat,
        &json!({"msgtype": "markdown", "markdown": {"title": "告警", "text": "x"}}),
        0,
    )
    .await;
    let escaped = br#"{"msgtype":"text","text":{"content":"\u544a\u8b66"}}"#;
    assert_eq!(
        post_to(&inbox, &target(&inbox, &chat), escaped)
            .await
            .unwrap()
            .json()["errcode"],
        0
    );
    let escaped = br#"{"msgtype":"text","text":{"content":"alert\u003c"}}"#;
    assert_eq!(
        post_to(&inbox, &target(&inbox, &chat), escaped)
            .await
            .unwrap()
            .json()["errcode"],
        0
    );
    let chat = chat.replies(Replies::Old);
    let reply = post(&inbox, &chat, &text("nothing")).await.json();
    assert_eq!(reply["errmsg"], "keywords not in content");
}

#[tokio::test]
async fn a_signature_is_good_for_an_hour() {
    let (inbox, secret) = (inbox().await, "SECabcdefg");
    inbox.clock().pause();
    let chat = inbox.dingtalk().secret(secret);
    let query = "timestamp=1577808000000&sign=2Zw0z%2BPQtajbvYtC4CHe04wyDnNuXao0o7XNXi0MpxE%3D";
    let path = format!("{}&{query}", target(&inbox, &chat));
    for (seconds, code) in [
        (0, 0),
        (3_600, 0),
        (-3_600, 0),
        (3_601, 310_000),
        (-3_601, 310_000),
    ] {
        let at = 1_577_808_000_i64
            .checked_add(seconds)
            .and_then(|s| u64::try_from(s).ok())
            .unwrap();
        inbox.clock().set(super::at_ms(at * 1000));
        let reply = post_to(&inbox, &path, text("x").to_string().as_bytes())
            .await
            .unwrap()
            .json();
        assert_eq!(reply["errcode"], code, "{seconds}");
        if code != 0 {
            assert_eq!(reply["errmsg"], "invalid timestamp");
        }
    }
    check(&inbox, &chat, &text("unsigned"), 310_000).await;
}

#[tokio::test]
async fn the_twenty_first_message_freezes_for_ten_minutes() {
    let inbox = inbox().await;
    inbox.clock().pause();
    let chat = inbox.dingtalk();
    for _ in 0..20 {
        check(&inbox, &chat, &text("x"), 0).await;
    }
    check(&inbox, &chat, &text("x"), 130_101).await;
    inbox.clock().advance(Duration::from_secs(61));
    check(&inbox, &chat, &text("x"), 130_101).await;
    inbox.clock().advance(Duration::from_secs(538));
    check(&inbox, &chat, &text("x"), 130_101).await;
    inbox.clock().advance(Duration::from_secs(1));
    check(&inbox, &chat, &text("x"), 0).await;
    assert_eq!((chat.accepted().len(), chat.refused().len()), (21, 3));
}

#[tokio::test]
async fn twenty_a_minute_slide() {
    let inbox = inbox().await;
    inbox.clock().pause();
    let chat = inbox.dingtalk();
    for _ in 0..4 {
        for _ in 0..10 {
            check(&inbox, &chat, &text("x"), 0).await;
        }
        inbox.clock().advance(Duration::from_secs(31));
    }
    assert_eq!(chat.accepted().len(), 40);
}

#[tokio::test]
async fn a_repeat_is_answered_and_shown_once() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    let body = json!({"msgtype": "text", "text": {"content": "x"}, "msgUuid": "u1"});
    for _ in 0..3 {
        assert_eq!(post(&inbox, &chat, &body).await.json()["errcode"], 0);
    }
    assert_eq!(chat.accepted().len(), 1);
}

#[tokio::test]
async fn forms_of_replies() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk().replies(Replies::Odd);
    assert_eq!(post(&inbox, &chat, &text("x")).await.json()["errcode"], "0");
    let chat = chat.foreign_address();
    let reply = post(&inbox, &chat, &text("x")).await.json();
    assert_eq!(reply["errmsg"], "ip 127.0.0.1 not in whitelist");
}

#[tokio::test]
async fn mentions_need_the_list_and_the_text() {
    async fn pinged(inbox: &Inbox, at: serde_json::Value, content: &str) -> Vec<String> {
        let chat = inbox.dingtalk();
        let body = json!({"msgtype": "text", "text": {"content": content}, "at": at});
        check(inbox, &chat, &body, 0).await;
        chat.accepted()[0].mentions()
    }
    let inbox = inbox().await;
    let mobile = json!({"atMobiles": ["13800000000"]});
    assert!(pinged(&inbox, json!({}), "@13800000000 @all").await.is_empty());
    assert!(pinged(&inbox, mobile.clone(), "nobody").await.is_empty());
    assert_eq!(pinged(&inbox, mobile, "a @13800000000 b").await, ["13800000000"]);
    assert_eq!(pinged(&inbox, json!({"isAtAll": true}), "x").await, ["all"]);
}
