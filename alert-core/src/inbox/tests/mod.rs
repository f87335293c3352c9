//! Tests of the inbox over real sockets, with a client of a few lines so that nothing is shared with a sender.

mod browser;
mod dingtalk;
mod faults;
mod feishu;
mod handles;
mod page;
mod recorded;
mod render;
mod slack;
mod vectors;
mod webhook;
mod wecom;

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Chat, Inbox};

/// Long enough for a busy machine; no test waits this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(10);

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

async fn inbox() -> Inbox {
    Inbox::bind("127.0.0.1:0").await.unwrap()
}

/// Path and query of a chat's address.
fn target(inbox: &Inbox, chat: &Chat) -> String {
    chat.url()
        .strip_prefix(inbox.url().trim_end_matches('/'))
        .unwrap()
        .to_owned()
}

/// Sends one request and reads until the server closes.
async fn send(inbox: &Inbox, head: &str, body: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(inbox.addr()).await?;
    let host = inbox.addr();
    let length = body.len();
    let head = format!("{head}\r\nhost: {host}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut all = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("an answer in time")?;
    let all = String::from_utf8(all).unwrap();
    let Some((head, body)) = all.split_once("\r\n\r\n") else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Reply {
        status,
        head: head.to_lowercase(),
        body: body.to_owned(),
    })
}

/// Posts JSON to a path.
async fn post_to(inbox: &Inbox, path: &str, body: &[u8]) -> io::Result<Reply> {
    send(
        inbox,
        &format!("POST {path} HTTP/1.1\r\ncontent-type: application/json"),
        body,
    )
    .await
}

/// Posts JSON to a chat.
async fn post(inbox: &Inbox, chat: &Chat, body: &Value) -> Reply {
    post_to(inbox, &target(inbox, chat), body.to_string().as_bytes())
        .await
        .unwrap()
}

/// Posts to a chat and compares the code it answers with (`errcode` or `code`) and the verdict's.
async fn check(inbox: &Inbox, chat: &Chat, body: &Value, expected: u64) {
    let reply = post(inbox, chat, body).await.json();
    let code = reply.get("errcode").or_else(|| reply.get("code")).unwrap();
    assert_eq!(code, &json!(expected), "{body}\n{reply}");
    let last = chat.messages().pop().unwrap();
    assert_eq!(last.verdict().code(), expected.to_string());
    assert_eq!(last.accepted(), expected == 0);
    assert!(!last.verdict().why().is_empty());
}

fn data(name: &str) -> Value {
    let text = match name {
        "vectors" => include_str!("../../../testdata/inbox/vectors.json"),
        _ => include_str!("../../../testdata/inbox/recorded.json"),
    };
    serde_json::from_str(text).unwrap()
}

fn at_ms(ms: u64) -> std::time::SystemTime {
    std::time::UNIX_EPOCH
        .checked_add(Duration::from_millis(ms))
        .unwrap()
}
