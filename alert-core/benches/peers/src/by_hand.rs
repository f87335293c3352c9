//! What services have today: the error goes to a channel, in each function.

use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::*;

static CHANNEL: OnceLock<SyncSender<String>> = OnceLock::new();

/// The receiving end, for whoever wants the errors.
pub fn open() -> Option<Receiver<String>> {
    let (send, receive) = sync_channel(100);
    CHANNEL.set(send).ok().map(|()| receive)
}

#[inline]
fn tell<T>(function: &'static str, result: Result<T, Failed>) -> Result<T, Failed> {
    if let Err(error) = &result {
        send(function, error);
    }
    result
}

#[cold]
#[inline(never)]
fn send(function: &'static str, error: &Failed) {
    if let Some(channel) = CHANNEL.get() {
        let _ = channel.try_send(format!("{function}: {error}"));
    }
}

async fn ready(n: u64) -> Result<u64, Failed> {
    tell("ready", async move { check(n) }.await)
}
async fn one_await(n: u64) -> Result<u64, Failed> {
    tell(
        "one_await",
        async move {
            Pauses(1).await;
            check(n)
        }
        .await,
    )
}
async fn ten_polls(n: u64) -> Result<u64, Failed> {
    tell(
        "ten_polls",
        async move {
            Pauses(9).await;
            check(n)
        }
        .await,
    )
}
async fn level_1(n: u64) -> Result<u64, Failed> {
    tell("level_1", async move { check(n) }.await)
}
async fn level_2(n: u64) -> Result<u64, Failed> {
    tell("level_2", async move { Ok(level_1(n).await? + 1) }.await)
}
async fn level_3(n: u64) -> Result<u64, Failed> {
    tell("level_3", async move { Ok(level_2(n).await? + 1) }.await)
}
async fn level_4(n: u64) -> Result<u64, Failed> {
    tell("level_4", async move { Ok(level_3(n).await? + 1) }.await)
}
async fn level_5(n: u64) -> Result<u64, Failed> {
    tell("level_5", async move { Ok(level_4(n).await? + 1) }.await)
}
async fn wide(bytes: [u8; 256], n: u64) -> Result<u64, Failed> {
    tell("wide", async move { check(n ^ u64::from(bytes[7])) }.await)
}
#[inline(never)]
fn sync(n: u64) -> Result<u64, Failed> {
    tell("sync", check(n))
}

crate::measured!();
