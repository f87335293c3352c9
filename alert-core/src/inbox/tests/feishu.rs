use std::time::Duration;

use serde_json::{Value, json};

use super::super::Replies;
use super::{check, inbox, post, post_to, target};

fn text(content: &str) -> Value {
    json!({"msg_type": "text", "content": {"text": content}})
}

fn card(elements: &Value) -> Value {
    json!({"msg_type": "interactive", "card": {
        "schema": "2.0",
        "header": {"title": {"tag": "plain_text", "content": "t"}, "template": "red"},
        "body": {"elements": elements},
    }})
}

#[tokio::test]
async fn the_token_comes_before_the_sign_and_the_sign_before_the_keyword() {
    let inbox = inbox().await;
    let unknown = b"no json at all";
    let reply = post_to(&inbox, "/open-apis/bot/v2/hook/none", unknown)
        .await
        .unwrap()
        .json();
    assert_eq!(reply["code"], 19001);
    let chat = inbox.feishu().secret("demo").keyword("alert");
    check(&inbox, &chat, &json!({"content": 1}), 19021).await;
    inbox.clock().set(super::at_ms(1_599_360_473_000));
    let sign = "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=";
    check(
        &inbox,
        &chat,
        &json!({"timestamp": "1599360473", "sign": sign}),
        19024,
    )
    .await;
    let body = json!({"timestamp": "1599360473", "sign": sign, "content": {"text": "alert"}});
    check(&inbox, &chat, &body, 19002).await;
    let number = json!({"timestamp": 1_599_360_473, "sign": sign, "content": {"text": "alert"}});
    check(&inbox, &chat, &number, 19021).await;
    let nested = json!({"content": {"timestamp": "1599360473", "sign": sign, "text": "alert"}});
    check(&inbox, &chat, &nested, 19021).await;
    inbox.clock().advance(Duration::from_secs(3_602));
    check(&inbox, &chat, &body, 19021).await;
}

#[tokio::test]
async fn keywords_are_searched_in_text_and_title_alone() {
    let inbox = inbox().await;
    let chat = inbox.feishu().keyword("alert").no_limit();
    let post =
        |nodes: Value| json!({"msg_type": "post", "content": {"post": {"zh_cn": {"content": [nodes]}}}});
    check(&inbox, &chat, &text("an alert"), 0).await;
    check(
        &inbox,
        &chat,
        &post(json!([{"tag": "a", "text": "x", "href": "https://alert.example"}])),
        19024,
    )
    .await;
    check(&inbox, &chat, &post(json!([{"tag": "text", "text": "alert"}])), 0).await;
    check(
        &inbox,
        &chat,
        &card(&json!([{"tag": "markdown", "content": "alert"}])),
        19024,
    )
    .await;
    let mut titled = card(&json!([{"tag": "hr"}]));
    titled["card"]["header"]["title"]["content"] = json!("alert");
    check(&inbox, &chat, &titled, 0).await;
}

#[tokio::test]
async fn bodies() {
    let inbox = inbox().await;
    let chat = inbox.feishu().no_limit();
    let post = |post: Value| json!({"msg_type": "post", "content": {"post": post}});
    let node = json!({"tag": "text", "text": "x"});
    let tables = "| a |\n| - |\n| 1 |\n\n".repeat(5);
    for (body, code) in [
        (json!([]), 9499),
        (json!({"msgtype": "text", "text": {"content": "x"}}), 19002),
        (json!({"msg_type": "markdown"}), 9499),
        (json!({"msg_type": "text", "text": {"content": "x"}}), 9499),
        (json!({"msg_type": "text", "content": {"text": ""}}), 9499),
        (post(json!({"zh_cn": {"title": "t", "content": [[node]]}})), 0),
        (post(json!({"zh_cn": {"title": "t", "content": [node]}})), 9499),
        (post(json!({"content": [[node]]})), 9499),
        (post(json!("{}")), 9499),
        (
            post(json!({"zh_cn": {"content": [[{"tag": "a", "text": "x", "href": "nowhere"}]]}})),
            9499,
        ),
        (
            post(json!({"zh_cn": {"content": [[{"tag": "md", "text": "x"}]]}})),
            9499,
        ),
        (json!({"msg_type": "interactive", "content": {"card": {}}}), 9499),
        (json!({"msg_type": "interactive", "card": "{}"}), 9499),
        (
            json!({"msg_type": "interactive", "card": {"schema": "2.0", "elements": []}}),
            11246,
        ),
        (
            card(&json!([{"tag": "markdown", "content": "x"}, {"tag": "hr"}])),
            0,
        ),
        (card(&json!([{"tag": "divider"}])), 11246),
        (card(&json!([{"tag": "note", "elements": []}])), 11246),
        (card(&json!([{"tag": "markdown"}])), 11246),
        (card(&json!([{"tag": "markdown", "content": tables}])), 11246),
        (
            json!({"msg_type": "interactive", "card": {"elements": [{"tag": "note", "elements": [
            {"tag": "plain_text", "content": "x"}]}]}}),
            0,
        ),
        (
            json!({"msg_type": "share_chat", "content": {"share_chat_id": "oc_1"}}),
            0,
        ),
        (json!({"msg_type": "image", "content": {}}), 9499),
    ] {
        check(&inbox, &chat, &body, code).await;
    }
}

#[tokio::test]
async fn escapes_count_in_the_size() {
    let inbox = inbox().await;
    let chat = inbox.feishu();
    check(&inbox, &chat, &text(&"字".repeat(4_000)), 0).await;
    let escaped = format!(
        r#"{{"msg_type":"text","content":{{"text":"{}"}}}}"#,
        r"\u5b57".repeat(4_000)
    );
    let reply = post_to(&inbox, &target(&inbox, &chat), escaped.as_bytes())
        .await
        .unwrap();
    assert_eq!(reply.json()["code"], 9499);
}

#[tokio::test]
async fn five_a_second_and_a_hundred_a_minute() {
    let inbox = inbox().await;
    inbox.clock().pause();
    let chat = inbox.feishu();
    for second in 0..20 {
        inbox
            .clock()
            .set(super::at_ms(1_700_000_000_000 + second * 2_000));
        for _ in 0..5 {
            check(&inbox, &chat, &text("x"), 0).await;
        }
    }
    inbox.clock().advance(Duration::from_secs(2));
    check(&inbox, &chat, &text("x"), 11232).await;
    let quick = inbox
        .feishu()
        .limit(super::super::Limit::new(1, Duration::from_secs(1)));
    inbox.clock().advance(Duration::from_secs(60));
    check(&inbox, &quick, &text("x"), 0).await;
    let reply = post(&inbox, &quick, &text("x")).await;
    assert_eq!((reply.status, reply.json()["code"].as_u64()), (400, Some(9499)));
    assert_eq!(
        reply.json()["StatusCode"],
        0,
        "a failure that looks like success to a reader of StatusCode"
    );
}

#[tokio::test]
async fn forms_of_replies() {
    let inbox = inbox().await;
    let chat = inbox.feishu();
    assert_eq!(post(&inbox, &chat, &text("x")).await.json()["code"], 0);
    let chat = chat.replies(Replies::Old);
    let reply = post(&inbox, &chat, &text("x")).await.json();
    assert_eq!((reply.get("code"), &reply["StatusCode"]), (None, &json!(0)));
    let chat = chat.replies(Replies::Odd).foreign_address();
    let reply = post(&inbox, &chat, &text("x")).await;
    assert_eq!((reply.status, reply.json()["code"].as_u64()), (400, Some(19022)));
}

#[tokio::test]
async fn mentions() {
    let inbox = inbox().await;
    let chat = inbox.feishu().no_limit();
    check(&inbox, &chat, &text("a <at user_id=\"all\">所有人</at> b < c"), 0).await;
    assert_eq!(chat.accepted()[0].mentions(), ["all"]);
    assert_eq!(chat.accepted()[0].text(), "a @all b < c");
    check(&inbox, &chat, &text("<\u{200b}at user_id=\"all\"></at>"), 0).await;
    assert!(chat.accepted()[1].mentions().is_empty());
    check(
        &inbox,
        &chat,
        &card(&json!([{"tag": "markdown", "content": "<at id=all></at> &#60;at id=all&#62;"}])),
        0,
    )
    .await;
    assert_eq!(chat.accepted()[2].mentions(), ["all"], "the escaped one is text");
    assert_eq!(chat.accepted()[2].severity(), Some("critical"), "a red card");
}
