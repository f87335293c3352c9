//! Reports of `anyhow` and `eyre` bring the stack they were made on, where the program asks for such stacks.

use alert_core::inbox::{Chat, Inbox};
use alert_tests::run;
use serde_json::Value;

/// The groups of all messages, and the chat that got them.
async fn told(settings: &[(&str, &str)]) -> Vec<Value> {
    let inbox = Inbox::bind("127.0.0.1:0").await.unwrap();
    let chat: Chat = inbox.webhook();
    let ended = run(env!("CARGO_BIN_EXE_reports"), &[&chat.url()], settings).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let bodies = chat
        .accepted()
        .into_iter()
        .map(|message| message.json()["groups"].as_array().unwrap().clone());
    bodies.flatten().collect()
}

fn of<'a>(groups: &'a [Value], function: &str) -> &'a Value {
    let found = groups.iter().find(|group| group["site"]["function"] == function);
    found.unwrap_or_else(|| panic!("no {function}: {groups:#?}"))
}

/// The functions of a stack, innermost first, without their places.
fn functions(group: &Value) -> Vec<&str> {
    let frames = group["stack"].as_array().unwrap().iter();
    frames
        .map(|frame| {
            let (function, place) = frame.as_str().unwrap().split_once(" at ").unwrap();
            assert!(place.contains("src/bin/reports.rs:"), "{frame}");
            function
        })
        .collect()
}

#[tokio::test]
async fn the_stack_of_a_report_is_that_of_its_origin() {
    let groups = told(&[("RUST_BACKTRACE", "0"), ("RUST_LIB_BACKTRACE", "1")]).await;
    let book = of(&groups, "book");
    assert_eq!(
        book["chain"],
        serde_json::json!([
            "the day stays open",
            "cannot read the ledger",
            "the ledger is locked"
        ])
    );
    assert_eq!(
        functions(book),
        [
            "reports::read_ledger",
            "reports::book",
            "reports::close_the_day",
            "reports::main"
        ]
    );
    assert_eq!(
        functions(of(&groups, "count")),
        ["reports::read_stock", "reports::count", "reports::main"]
    );
    assert_eq!(of(&groups, "plain")["stack"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_report_without_a_stack_brings_none() {
    let groups = told(&[("RUST_BACKTRACE", "0"), ("RUST_LIB_BACKTRACE", "0")]).await;
    for function in ["book", "count", "plain"] {
        assert_eq!(of(&groups, function)["stack"], Value::Array(Vec::new()));
    }
}
