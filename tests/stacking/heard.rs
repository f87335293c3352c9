//! What the team hears of what fails meanwhile.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use alert_core::Config;
use alert_core::testing::Recorder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// There is one dispatcher in the process.
static TURN: Mutex<()> = Mutex::new(());

/// Function, message and count of each group that is told while this runs, sorted.
pub(crate) fn heard(fail: impl FnOnce()) -> Vec<(String, String, u64)> {
    let _alone = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let recorder = Recorder::new();
    let guard = alert_core::init(Config::new("stacking").recorder(&recorder)).unwrap();
    fail();
    runtime().block_on(guard.shutdown(Duration::from_secs(60)));
    let messages = recorder.messages();
    let groups = messages
        .iter()
        .flat_map(|message| message["groups"].as_array().unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut heard: Vec<_> = groups
        .map(|group| {
            let function = text(&group["site"]["function"]);
            (
                function,
                text(&group["message"]),
                group["delta"].as_u64().unwrap(),
            )
        })
        .collect();
    heard.sort();
    heard
}

/// What [`heard`] gives if each of these failed once, with this message.
pub(crate) fn once_each<const N: usize>(functions: [&str; N], message: &str) -> Vec<(String, String, u64)> {
    let mut wanted = functions.map(|function| (function.to_owned(), message.to_owned(), 1));
    wanted.sort();
    wanted.into()
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// The answer of a server on this port: its status, and what follows.
pub(crate) async fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.trim_start_matches("HTTP/1.1 ").to_owned()
}
