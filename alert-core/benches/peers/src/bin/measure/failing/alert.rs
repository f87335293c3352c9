//! This crate, with its default policy and a robot that accepts everything at once.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use alert_core::{Config, Guard, Reply, Request, Robot, Sending, Transport, alert_on_err};

use super::*;

pub(super) const PEER: Peer = Peer {
    name: "alert",
    start,
    shapes: SHAPES,
    panics: Some(|| drop(drive(pin!(panics())))),
    counted: || Some(alert_core::stats().captured()),
};

with_attribute!([#[alert_on_err]], n, [#[alert_on_err(fields(n))]]);

#[alert_on_err]
async fn panics() -> Result<u64, Link> {
    panic!("no ink")
}

/// Kept to the end of the process.
static GUARD: Mutex<Option<Guard>> = Mutex::new(None);

struct Accepts;

impl Transport for Accepts {
    fn send(&self, _: Request) -> Sending {
        Box::pin(async { Ok(Reply::new(200, Vec::new())) })
    }
}

/// Keeps the dispatcher's thread, and says that it does.
struct Keeps(Mutex<Option<std::sync::mpsc::Sender<()>>>, Mutex<Receiver<()>>);

impl Transport for Keeps {
    fn send(&self, request: Request) -> Sending {
        drop(self.0.lock().unwrap().take());
        // Nobody ever lets it go: the process ends first.
        let _ended = self.1.lock().unwrap().recv();
        Accepts.send(request)
    }
}

fn start(reader: Reader, capacity: usize) -> bool {
    let config = Config::new("bench")
        .robot(Robot::webhook("http://127.0.0.1:9/bench"))
        .channel_capacity(capacity);
    let Reader::Stuck = reader else {
        *GUARD.lock().unwrap() = Some(alert_core::init(config.transport(Accepts)).unwrap());
        return true;
    };
    let ((stuck, is_stuck), (gate, closed)) = (channel::<()>(), channel::<()>());
    std::mem::forget(gate);
    let keeps = Keeps(Mutex::new(Some(stuck)), Mutex::new(closed));
    std::mem::forget(alert_core::init(config.transport(keeps)).unwrap());
    call_chain();
    // Its message leaves after a moment, and sticks; what fails from then on fills the channel.
    let _dropped = is_stuck.recv();
    (0..2 * capacity).for_each(|_| call_chain());
    true
}
