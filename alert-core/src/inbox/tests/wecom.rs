use std::time::Duration;

use serde_json::{Value, json};

use super::{check, inbox, post};

fn of(kind: &str, content: &str) -> Value {
    json!({"msgtype": kind, kind: {"content": content}})
}

#[tokio::test]
async fn limits_are_bytes_by_type() {
    let inbox = inbox().await;
    let chat = inbox.wecom().no_limit();
    for (kind, max) in [("text", 2_048), ("markdown", 4_096), ("markdown_v2", 4_096)] {
        check(&inbox, &chat, &of(kind, &"x".repeat(max)), 0).await;
        check(&inbox, &chat, &of(kind, &"x".repeat(max + 1)), 40058).await;
        check(&inbox, &chat, &of(kind, &"字".repeat(max / 3 + 1)), 40058).await;
        check(&inbox, &chat, &of(kind, ""), 44004).await;
    }
    check(&inbox, &chat, &of("post", "x"), 40008).await;
    check(
        &inbox,
        &chat,
        &json!({"msgtype": "news", "news": {"articles": []}}),
        40058,
    )
    .await;
    let card = json!({"msgtype": "template_card", "template_card": {
        "card_type": "text_notice", "main_title": {"title": "t"}}});
    check(&inbox, &chat, &card, 40058).await;
}

#[tokio::test]
async fn twenty_a_minute() {
    let inbox = inbox().await;
    inbox.clock().pause();
    let chat = inbox.wecom();
    for _ in 0..20 {
        check(&inbox, &chat, &of("text", "x"), 0).await;
    }
    check(&inbox, &chat, &of("text", "x"), 45009).await;
    inbox.clock().advance(Duration::from_secs(61));
    check(&inbox, &chat, &of("text", "x"), 0).await;
}

#[tokio::test]
async fn a_wrong_key_names_the_callers_address() {
    let inbox = inbox().await;
    let chat = inbox.wecom();
    let wrong = inbox.wecom();
    drop(chat);
    let reply = super::post_to(&inbox, "/cgi-bin/webhook/send?key=none", b"{}")
        .await
        .unwrap()
        .json();
    assert_eq!(reply["errcode"], 93000);
    assert!(
        reply["errmsg"]
            .as_str()
            .unwrap()
            .contains("from ip: 127.0.0.1, more info at")
    );
    assert!(wrong.messages().is_empty());
}

#[tokio::test]
async fn mentions() {
    let inbox = inbox().await;
    let chat = inbox.wecom().no_limit();
    let body = json!({"msgtype": "text", "text": {"content": "a <@zhang> b", "mentioned_list": ["@all"]}});
    check(&inbox, &chat, &body, 0).await;
    assert_eq!(chat.accepted()[0].mentions(), ["all", "zhang"]);
    check(&inbox, &chat, &of("markdown", "<@zhang>"), 0).await;
    assert_eq!(chat.accepted()[1].mentions(), ["zhang"]);
    check(&inbox, &chat, &of("markdown_v2", "<@zhang>"), 0).await;
    assert!(
        chat.accepted()[2].mentions().is_empty(),
        "version 2 has no mentions"
    );
    assert_eq!(post(&inbox, &chat, &of("text", "x")).await.status, 200);
}
