//! Failures from several threads at once: how many a second, how long each takes, and how many nobody knows of.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use super::{CAPACITY, tell};
use crate::failing::{Peer, Reader};

const THREADS: usize = 2;
/// Failures of each thread.
const FAILURES: usize = 400_000;

/// As fast as they come: first without a clock, then with one.
pub(crate) fn flat_out(peer: &Peer) {
    (peer.start)(Reader::Awake, CAPACITY);
    let call = chain(peer);
    let before = (peer.counted)();
    let start = Instant::now();
    all_threads(|| (0..FAILURES).for_each(|_| call()));
    tell("a second", (THREADS * FAILURES) as f64 / start.elapsed().as_secs_f64());
    let mut times = all_threads(|| timed(call, Duration::ZERO, FAILURES)).concat();
    tell_times(&mut times);
    // What is on its way arrives.
    std::thread::sleep(Duration::from_millis(100));
    if let (Some(before), Some(after)) = (before, (peer.counted)()) {
        let all = (2 * THREADS * FAILURES) as f64;
        tell("uncounted", 100.0 * (1.0 - (after - before) as f64 / all));
    }
}

/// So many a second in all, each thread on its own beat.
pub(crate) fn paced(peer: &Peer, rate: f64) {
    (peer.start)(Reader::Awake, CAPACITY);
    let call = chain(peer);
    let beat = Duration::from_secs_f64(THREADS as f64 / rate);
    let count = (rate / THREADS as f64 * 0.5).clamp(100.0, FAILURES as f64) as usize;
    let mut times = all_threads(|| timed(call, beat, count)).concat();
    tell_times(&mut times);
}

fn chain(peer: &Peer) -> fn() {
    let (_, call) = peer.shapes[1];
    call();
    call
}

/// Nanoseconds of each call. The two looks at the clock are in them.
fn timed(call: fn(), beat: Duration, count: usize) -> Vec<u32> {
    // Written to before, so that the system's own work on fresh memory is not measured.
    let mut times = vec![1; count];
    let mut due = Instant::now();
    for time in &mut times {
        due += beat;
        while Instant::now() < due {
            std::hint::spin_loop();
        }
        let start = Instant::now();
        call();
        *time = u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX);
    }
    times
}

fn all_threads<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let ready = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let one = || {
            ready.wait();
            work()
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

fn tell_times(times: &mut [u32]) {
    times.sort_unstable();
    tell("p50", f64::from(times[times.len() / 2]));
    tell("p999", f64::from(times[times.len() * 999 / 1000]));
}
