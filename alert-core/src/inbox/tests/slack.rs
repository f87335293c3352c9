use serde_json::{Value, json};

use super::{inbox, post, send, target};

#[tokio::test]
async fn limits_and_answers() {
    let inbox = inbox().await;
    let chat = inbox.slack().no_limit();
    let section = |text: &str| json!({"type": "section", "text": {"type": "mrkdwn", "text": text}});
    let header = |text: &str| json!({"type": "header", "text": {"type": "plain_text", "text": text}});
    let fields =
        |n: usize| json!({"type": "section", "fields": vec![json!({"type": "mrkdwn", "text": "x"}); n]});
    let blocks = |blocks: Vec<Value>| json!({"text": "fallback", "blocks": blocks});
    for (body, status, answer) in [
        (json!({"text": "x"}), 200, "ok"),
        (json!({}), 400, "no_text"),
        (json!({"text": ""}), 400, "no_text"),
        (json!({"text": "x", "blocks": {}}), 400, "invalid_blocks_format"),
        (
            json!({"attachments": vec![json!({"text": "x"}); 101]}),
            400,
            "too_many_attachments",
        ),
        (blocks(vec![header(&"x".repeat(150))]), 200, "ok"),
        (blocks(vec![header(&"x".repeat(151))]), 400, "invalid_blocks"),
        (blocks(vec![section(&"字".repeat(3_000))]), 200, "ok"),
        (blocks(vec![section(&"x".repeat(3_001))]), 400, "invalid_blocks"),
        (blocks(vec![fields(10)]), 200, "ok"),
        (blocks(vec![fields(11)]), 400, "invalid_blocks"),
        (blocks(vec![json!({"type": "divider"}); 50]), 200, "ok"),
        (
            blocks(vec![json!({"type": "divider"}); 51]),
            400,
            "invalid_blocks",
        ),
        (blocks(vec![json!({"type": "marquee"})]), 400, "invalid_blocks"),
    ] {
        let reply = post(&inbox, &chat, &body).await;
        assert_eq!((reply.status, reply.body.as_str()), (status, answer), "{body}");
    }
    let reply = super::post_to(&inbox, &target(&inbox, &chat), b"nothing")
        .await
        .unwrap();
    assert_eq!((reply.status, reply.body.as_str()), (400, "invalid_payload"));
    let reply = super::post_to(&inbox, "/services/T0/B0/none", b"{}")
        .await
        .unwrap();
    assert_eq!((reply.status, reply.body.as_str()), (404, "no_service"));
}

#[tokio::test]
async fn a_form_with_payload() {
    let inbox = inbox().await;
    let chat = inbox.slack();
    let path = target(&inbox, &chat);
    let head = format!("POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded");
    let reply = send(&inbox, &head, b"payload=%7B%22text%22%3A%22a+b%22%7D")
        .await
        .unwrap();
    assert_eq!(reply.body, "ok");
    assert_eq!(chat.accepted()[0].text(), "a b");
}

#[tokio::test]
async fn one_a_second() {
    let inbox = inbox().await;
    inbox.clock().pause();
    let chat = inbox.slack();
    assert_eq!(post(&inbox, &chat, &json!({"text": "1"})).await.status, 200);
    let reply = post(&inbox, &chat, &json!({"text": "2"})).await;
    assert_eq!((reply.status, reply.body.as_str()), (429, "rate_limited"));
    assert!(reply.head.contains("retry-after: 1"), "{}", reply.head);
    inbox.clock().advance(std::time::Duration::from_millis(999));
    assert_eq!(post(&inbox, &chat, &json!({"text": "3"})).await.status, 429);
    inbox.clock().advance(std::time::Duration::from_millis(1));
    assert_eq!(post(&inbox, &chat, &json!({"text": "3"})).await.status, 200);
}

#[tokio::test]
async fn what_acts_and_what_is_text() {
    let inbox = inbox().await;
    let chat = inbox.slack().no_limit();
    for (text, mentions, shown) in [
        ("<!channel> *b*", vec!["channel"], "@channel b"),
        ("&lt;!channel&gt; &amp;lt;", vec![], "<!channel> &lt;"),
        ("<@U1> <https://a.example|safe>", vec!["U1"], "@U1 safe"),
        ("<javascript:alert(1)|x>", vec![], "<javascript:alert(1)|x>"),
    ] {
        assert_eq!(post(&inbox, &chat, &json!({"text": text})).await.body, "ok");
        let message = chat.accepted().pop().unwrap();
        assert_eq!(message.mentions(), mentions, "{text}");
        assert_eq!(message.text(), shown);
    }
}
