//! What a panic costs the thread that panics, up to where it is caught.

use std::hint::black_box;
use std::panic::{catch_unwind, set_hook};
use std::time::Instant;

use super::{CAPACITY, breathe, median, tell};
use crate::failing::{Peer, Reader};

/// Panics in a row: fewer than the channel's places for severe failures.
const BURST: u32 = 8;
const BURSTS: u32 = 60;

pub(crate) fn measure(peer: &Peer) {
    let Some(panics) = peer.panics else { return };
    // Whatever the peer installs comes before a hook that prints nothing.
    set_hook(Box::new(|_| {}));
    (peer.start)(Reader::Awake, CAPACITY);
    let start = Instant::now();
    let _caught = catch_unwind(|| five_deep(panics));
    tell("first", start.elapsed().as_secs_f64() * 1e9);
    // The symbols of the first are looked up meanwhile.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let burst = |_| {
        (0..5).for_each(|_| breathe());
        let start = Instant::now();
        for _ in 0..BURST {
            let _caught = catch_unwind(|| five_deep(panics));
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(BURST)
    };
    tell("each", median((0..BURSTS).map(burst).collect()));
}

macro_rules! deeper {
    ($caller:ident $callee:ident) => {
        #[inline(never)]
        fn $caller(panics: fn()) {
            black_box($callee)(panics);
            black_box(());
        }
    };
}

deeper!(five_deep four_deep);
deeper!(four_deep three_deep);
deeper!(three_deep two_deep);
deeper!(two_deep one_deep);

#[inline(never)]
fn one_deep(panics: fn()) {
    panics();
    black_box(());
}
