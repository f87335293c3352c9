//! What services have today: each function puts its error into words and tries to send them over a channel of 100.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use tokio::sync::mpsc::{Sender, channel};

use super::*;

pub(super) const PEER: Peer = Peer {
    name: "by hand",
    start,
    shapes: SHAPES,
    panics: None,
    counted: || Some(RECEIVED.load(Ordering::Relaxed)),
};

with_call!(tell, tell_fields);

/// What the task at the other end would write a message from.
#[expect(dead_code, reason = "what is measured is the way there")]
#[derive(Debug)]
pub(super) struct Alert {
    pub(super) function: &'static str,
    pub(super) at: SystemTime,
    pub(super) message: String,
    pub(super) chain: Vec<String>,
    pub(super) fields: Vec<(&'static str, String)>,
}

static CHANNEL: OnceLock<Sender<Alert>> = OnceLock::new();
static RECEIVED: AtomicU64 = AtomicU64::new(0);

/// Opens the channel, with a thread at its other end that takes what comes.
pub(super) fn start(reader: Reader, capacity: usize) -> bool {
    let (sender, mut receiver) = channel(capacity);
    CHANNEL.set(sender).expect("started once");
    if reader == Reader::Stuck {
        std::mem::forget(receiver);
        (0..2 * capacity).for_each(|_| call_chain());
        return true;
    }
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            while let Some(alert) = receiver.recv().await {
                drop(black_box(alert));
                RECEIVED.fetch_add(1, Ordering::Relaxed);
            }
        });
    });
    true
}

pub(super) fn send(alert: Alert) {
    if let Some(channel) = CHANNEL.get() {
        let _full = channel.try_send(alert);
    }
}

#[inline]
fn tell<T>(function: &'static str, result: Result<T, Link>) -> Result<T, Link> {
    if let Err(error) = &result {
        send_error(function, error, Vec::new());
    }
    result
}

#[inline]
fn tell_fields<T>(function: &'static str, n: u64, result: Result<T, Link>) -> Result<T, Link> {
    if let Err(error) = &result {
        send_error(function, error, vec![("n", n.to_string())]);
    }
    result
}

#[cold]
#[inline(never)]
fn send_error(function: &'static str, error: &Link, fields: Vec<(&'static str, String)>) {
    let mut chain = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push(cause.to_string());
        source = cause.source();
    }
    let (at, message) = (SystemTime::now(), error.to_string());
    send(Alert { function, at, message, chain, fields });
}
