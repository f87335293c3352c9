//! Binding, waiting and reading.

use std::io::ErrorKind;
use std::time::Duration;

use serde_json::json;

use super::super::Inbox;
use super::{PATIENCE, inbox, post, target};

#[tokio::test]
async fn only_loopback_addresses() {
    for addr in ["0.0.0.0:0", "192.0.2.1:0", "nonsense"] {
        let error = Inbox::bind(addr).await.expect_err(addr);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(addr));
    }
}

#[tokio::test]
async fn a_dropped_inbox_frees_its_port() {
    let first = inbox().await;
    let addr = first.addr().to_string();
    assert_eq!(
        Inbox::bind(&addr).await.expect_err("taken").kind(),
        ErrorKind::AddrInUse
    );
    drop(first);
    Inbox::bind(&addr).await.unwrap();
}

#[tokio::test]
async fn waiting_ends_with_what_came_or_says_what_is_missing() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk().keyword("alert");
    let body = |text: &str| json!({"msgtype": "text", "text": {"content": text}});
    let first = body("alert 1");
    let (seen, _) = tokio::join!(chat.wait_accepted(1, PATIENCE), post(&inbox, &chat, &first));
    assert_eq!(seen.unwrap()[0].text(), "alert 1");
    post(&inbox, &chat, &body("2")).await;
    let error = chat
        .wait_accepted(2, Duration::from_millis(20))
        .await
        .expect_err("only one");
    assert_eq!(error.found(), 1);
    let text = error.to_string();
    assert!(
        text.starts_with("1 of 2 messages came within 20ms; the last one was refused: 310000"),
        "{text}"
    );
    assert_eq!(chat.wait_accepted_blocking(1, PATIENCE).unwrap().len(), 1);
    assert_eq!(inbox.wait_accepted(1, PATIENCE).await.unwrap().len(), 1);
}

/// A test's paused clock jumps to the next timer as soon as nothing runs; the wait must not end by that.
#[tokio::test(start_paused = true)]
async fn waiting_takes_real_time_under_a_paused_clock() {
    let inbox = inbox().await;
    let chat = inbox.dingtalk();
    let url = target(&inbox, &chat);
    let addr = inbox.addr();
    let sender = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let body = r#"{"msgtype":"text","text":{"content":"x"}}"#;
        let mut stream = std::net::TcpStream::connect(addr).unwrap();
        let head = format!("POST {url} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        let head = format!(
            "{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    });
    assert_eq!(chat.wait_accepted(1, PATIENCE).await.unwrap().len(), 1);
    sender.join().unwrap();
}

#[test]
fn a_waiting_thread_is_woken() {
    let inbox = Inbox::bind_blocking("127.0.0.1:0").unwrap();
    let chat = inbox.slack();
    let waiting = {
        let chat = chat.clone();
        std::thread::spawn(move || chat.wait_accepted_blocking(1, PATIENCE))
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(post(&inbox, &chat, &json!({"text": "x"})));
    assert_eq!(waiting.join().unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn no_token_in_what_is_shown_of_a_request() {
    let inbox = inbox().await;
    for chat in super::super::Kind::ALL.map(|kind| inbox.chat(kind).token("t0ken").secret("s3cret")) {
        let path = target(&inbox, &chat);
        super::post_to(
            &inbox,
            &format!("{path}{}sign=abc", if path.contains('?') { '&' } else { '?' }),
            b"{}",
        )
        .await
        .unwrap();
        let message = chat.messages().pop().unwrap();
        let path = message.request().path();
        assert!(
            path.contains("***") && !path.contains("t0ken") && !path.contains("abc"),
            "{path}"
        );
        assert!(!format!("{chat:?}{inbox:?}{message:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn a_handle_that_outlives_its_inbox_ends_its_wait() {
    let chat = inbox().await.slack();
    assert_eq!(
        chat.wait_accepted(1, PATIENCE)
            .await
            .expect_err("nothing can come")
            .found(),
        0
    );
    assert!(chat.messages().is_empty());
}

#[tokio::test]
async fn replies_carry_the_vendors_time() {
    let inbox = inbox().await;
    inbox.clock().pause();
    let chat = inbox.slack().no_limit();
    for (seconds, date) in [
        (784_111_777, "sun, 06 nov 1994 08:49:37 gmt"),
        (951_782_400, "tue, 29 feb 2000 00:00:00 gmt"),
        (1_798_761_599, "thu, 31 dec 2026 23:59:59 gmt"),
    ] {
        inbox.clock().set(super::at_ms(seconds * 1_000));
        let reply = post(&inbox, &chat, &json!({"text": "x"})).await;
        assert!(
            reply.head.contains(&format!("date: {date}")),
            "{date} in {}",
            reply.head
        );
        assert_eq!(reply.head.matches("date: ").count(), 1);
    }
}
