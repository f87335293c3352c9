//! What a failure costs whoever fails, one thread at a time.

use std::time::Instant;

use allocation_counter::measure;

use super::{CAPACITY, breathe, median, tell};
use crate::failing::{Peer, Reader};

/// Failures in a row: five levels of them fit a channel of 100.
const BURST: u32 = 16;
const BURSTS: u32 = 200;
const FULL: u32 = 100_000;
/// Bursts under callgrind, which counts the same each time.
const COUNTED_BURSTS: u32 = 50;

/// Nanoseconds of a call, in bursts with time between them to empty the channel.
pub(crate) fn drained(peer: &Peer) {
    (peer.start)(Reader::Awake, CAPACITY);
    for (shape, call) in peer.shapes {
        call();
        let burst = |_| {
            breathe();
            let start = Instant::now();
            (0..BURST).for_each(|_| call());
            start.elapsed().as_secs_f64() * 1e9 / f64::from(BURST)
        };
        tell(shape, median((0..BURSTS).map(burst).collect()));
        let made = |_| {
            breathe();
            measure(|| (0..BURST).for_each(|_| call())).count_total as f64 / f64::from(BURST)
        };
        let allocations = median((0..BURSTS / 10).map(made).collect());
        tell(&format!("{shape} allocations"), allocations);
    }
    let (_, call) = peer.shapes[1];
    let alone = |_| {
        breathe();
        let start = Instant::now();
        call();
        start.elapsed().as_secs_f64() * 1e9
    };
    tell("alone", median((0..BURSTS).map(alone).collect()));
}

/// Calls each shape so often as [`drained`] does, for whoever counts the instructions.
pub(crate) fn counted(peer: &Peer, reader: Reader) {
    // Under callgrind the dispatcher is slow, and nothing is to be left out for that.
    if !(peer.start)(reader, 40 * CAPACITY) {
        return;
    }
    for (shape, call) in peer.shapes {
        for _ in 0..COUNTED_BURSTS {
            breathe();
            (0..BURST).for_each(|_| call());
        }
        tell(shape, f64::from(COUNTED_BURSTS * BURST));
    }
}

/// Nanoseconds of a call while nobody reads and the channel is full.
pub(crate) fn full(peer: &Peer) {
    if !(peer.start)(Reader::Stuck, CAPACITY) {
        return;
    }
    for (shape, call) in peer.shapes {
        let round = |_| {
            let start = Instant::now();
            (0..FULL / 10).for_each(|_| call());
            start.elapsed().as_secs_f64() * 1e10 / f64::from(FULL)
        };
        tell(shape, median((0..10).map(round).collect()));
    }
}
