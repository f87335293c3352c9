//! What grows with the number of annotated functions in a program; how many are here is the build's choice
//! (`PEERS_SITES`). Prints `what TAB nanoseconds` a line. Run by `../plots`.

use std::hint::black_box;
use std::time::Instant;

use alert_core::testing::Recorder;
use alert_core::{Config, Policy};

mod functions {
    use peers::Failed;

    include!(concat!(env!("OUT_DIR"), "/sites.rs"));
}

const BURSTS: usize = 300;
const BURST: u32 = 16;

fn main() {
    let config = Config::new("bench").recorder(&Recorder::new()).policy(Policy::digest_only());
    // Room for all of them, however late the dispatcher comes.
    let config = config.channel_capacity(8_192);
    let guard = alert_core::init(config).expect("a good configuration");
    println!("failure\t{:.1}", each(&|| { black_box(functions::f_1(black_box(1))).ok(); }));
    println!("stats\t{:.1}", each(&|| { black_box(alert_core::stats()); }));
    // Whoever calls none of the others keeps them all the same.
    black_box(functions::ALL);
    drop(guard);
}

/// Nanoseconds a call in bursts, the one of ten that takes least: what else the machine does only adds.
fn each(call: &dyn Fn()) -> f64 {
    let burst = |_| {
        std::thread::sleep(std::time::Duration::from_millis(1));
        let start = Instant::now();
        (0..BURST).for_each(|_| call());
        start.elapsed().as_secs_f64() * 1e9 / f64::from(BURST)
    };
    let mut all: Vec<f64> = (0..BURSTS).map(burst).collect();
    all.sort_by(f64::total_cmp);
    all[BURSTS / 10]
}
