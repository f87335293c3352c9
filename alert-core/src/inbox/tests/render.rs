//! Markdown as each vendor reads it.

use serde_json::{Value, json};

use super::super::shown::Shown;
use super::super::{Chat, Inbox, Kind};
use super::{inbox, post};

async fn blocks(inbox: &Inbox, chat: &Chat, body: &Value) -> Value {
    post(inbox, chat, body).await;
    let message = chat.accepted().pop().expect("accepted");
    message.0.shown.to_json()["blocks"].clone()
}

fn text(text: &str) -> Value {
    json!({"is": "text", "text": text})
}

fn paragraph(parts: &[Value]) -> Value {
    json!({"is": "p", "in": parts})
}

#[tokio::test]
async fn dingtalk_markdown() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk().no_limit();
    for (markdown, expected) in [
        (
            "### T\na\nb",
            json!([{"is": "h", "level": 3, "in": [text("T")]}, paragraph(&[text("a b")])]),
        ),
        (
            "a  \nb",
            json!([paragraph(&[text("a"), json!({"is": "br"}), text("b")])]),
        ),
        (
            "a\n\nb",
            json!([paragraph(&[text("a")]), paragraph(&[text("b")])]),
        ),
        (
            "> q\n> r",
            json!([{"is": "quote", "in": [paragraph(&[text("q r")])]}]),
        ),
        (
            "- x\n- **y**",
            json!([{"is": "list", "ordered": false, "items": [
            [text("x")], [{"is": "b", "in": [text("y")]}]]}]),
        ),
        (
            "1. x",
            json!([{"is": "list", "ordered": true, "items": [[text("x")]]}]),
        ),
        ("#no", json!([paragraph(&[text("#no")])])),
        ("`code` ~~s~~", json!([paragraph(&[text("`code` ~~s~~")])])),
        (
            "[a](https://x.example/)",
            json!([paragraph(&[
                json!({"is": "a", "href": "https://x.example/", "in": [text("a")]})
            ])]),
        ),
        (
            "[x](javascript:alert(1)) [b](https://x.example/a_(b))",
            json!([paragraph(&[
                text("x "),
                json!({"is": "a", "href": "https://x.example/a_(b)", "in": [text("b")]})
            ])]),
        ),
        (
            "![alt](https://x.example/p.png)",
            json!([paragraph(&[json!({"is": "img", "alt": "alt"})])]),
        ),
        ("2 * 3 * 4", json!([paragraph(&[text("2 * 3 * 4")])])),
        ("&lt;", json!([paragraph(&[text("&lt;")])])),
    ] {
        let body = json!({"msgtype": "markdown", "markdown": {"title": "t", "text": markdown}});
        assert_eq!(blocks(&inbox, &chat, &body).await, expected, "{markdown}");
    }
}

#[tokio::test]
async fn feishu_markdown() {
    let inbox = inbox().await;
    let chat = inbox.feishu().no_limit();
    for (markdown, expected) in [
        (
            "```rust\nlet a = 1;\n```",
            json!([{"is": "pre", "text": "let a = 1;"}]),
        ),
        ("    indented", json!([{"is": "pre", "text": "indented"}])),
        (
            "&#60;b&#62; &#38; \\*x\\*",
            json!([paragraph(&[text("<b> & *x*")])]),
        ),
        (
            "<font color='red'>r</font>",
            json!([paragraph(&[
                json!({"is": "colour", "colour": "red", "in": [text("r")]})
            ])]),
        ),
        (
            "<text_tag color='blue'>t</text_tag>",
            json!([paragraph(&[json!({"is": "tag", "text": "t", "colour": "blue"})])]),
        ),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            json!([{"is": "table", "rows": [
            [[text("a")], [text("b")]], [[text("1")], [text("2")]]]}]),
        ),
        (
            "<script>x</script>",
            json!([paragraph(&[text("<script>x</script>")])]),
        ),
        (
            "`a*b*`",
            json!([paragraph(&[json!({"is": "code", "text": "a*b*"})])]),
        ),
    ] {
        let body = json!({"msg_type": "interactive", "card": {"schema": "2.0", "body": {"elements": [
            {"tag": "markdown", "content": markdown}]}}});
        assert_eq!(blocks(&inbox, &chat, &body).await, expected, "{markdown}");
    }
}

#[tokio::test]
async fn a_deep_nest_is_shown_and_not_followed() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk().no_limit();
    for deep in [
        "> ".repeat(3_000),
        "**a ".repeat(3_000),
        "[".repeat(9_000),
        "![](".repeat(3_000),
    ] {
        let body = json!({"msgtype": "markdown", "markdown": {"title": "t", "text": format!("x\n\n{deep}")}});
        post(&inbox, &chat, &body).await;
        assert!(chat.accepted().pop().unwrap().text().contains('x'));
    }
}

#[test]
fn severity_is_a_word_of_its_own() {
    let severity = |title: &str| {
        super::super::tone::severity(&Shown {
            title: title.to_owned(),
            ..Shown::default()
        })
    };
    assert_eq!(severity("CRITICAL: charge"), Some("critical"));
    assert_eq!(severity("严重 charge"), Some("critical"));
    assert_eq!(severity("ParseError in charge"), None);
    assert_eq!(severity("warning"), Some("warning"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Whatever the text: no vendor's reading panics, makes an unsafe address, or loses a plain word.
    #[test]
    fn any_text_is_read(text in "([a-z*_~`>#|<!&;:@\\[\\]()\\\\ \n-]|\\]\\(javascript:|<at id=|\\*\\*|```){0,60}") {
        let text = format!("word\n\n{text}\n\nword");
        let bodies = [
            (Kind::Dingtalk, json!({"msgtype": "markdown", "markdown": {"title": "t", "text": text}})),
            (Kind::Wecom, json!({"msgtype": "markdown_v2", "markdown_v2": {"content": text}})),
            (Kind::Feishu, json!({"msg_type": "interactive", "card": {"schema": "2.0", "body": {"elements": [
                {"tag": "markdown", "content": text}]}}})),
            (Kind::Feishu, json!({"msg_type": "text", "content": {"text": text}})),
            (Kind::Slack, json!({"text": text})),
        ];
        for (kind, body) in bodies {
            let judgement = judged(kind, &body);
            proptest::prop_assert!(judgement.verdict.accepted(), "{:?}", judgement.verdict);
            let shown = judgement.shown.to_json().to_string();
            proptest::prop_assert!(!shown.contains("\"href\":\"javascript"), "{shown}");
            proptest::prop_assert!(judgement.shown.text().contains("word"), "{shown}");
        }
    }
}

/// The verdict without a server in between.
fn judged(kind: Kind, body: &Value) -> super::super::verdict::Judgement {
    let received = super::super::request::Received {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: "access_token=t".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_string().into(),
        from: ([127, 0, 0, 1], 1).into(),
    };
    let mut desk = super::super::deliver::Desk {
        settings: &super::super::chat::Settings::default(),
        rate: &mut super::super::rate::Rate::default(),
        keys: &std::collections::VecDeque::new(),
        now: 0,
    };
    super::super::deliver::judge(kind, &received, Some(&mut desk))
}
