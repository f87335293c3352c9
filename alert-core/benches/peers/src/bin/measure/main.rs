//! Measures one thing of one peer in a process of its own, and prints a name and a number a line. Run by `table`.

use std::time::{Duration, Instant};

use crate::failing::{PEERS, Peer, Reader};

mod errors;
mod failing;
mod idle;
mod panics;
mod storm;

/// As large as everybody's by default, or as the recipe has it.
const CAPACITY: usize = 100;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["errors", name] => errors::drained(peer(name)),
        ["full", name] => errors::full(peer(name)),
        ["counted", name] => errors::counted(peer(name), Reader::Awake),
        ["counted-full", name] => errors::counted(peer(name), Reader::Stuck),
        ["storm", name] => storm::flat_out(peer(name)),
        ["paced", name, rate] => storm::paced(peer(name), rate.parse().expect("a number")),
        ["panics", name] => panics::measure(peer(name)),
        ["start", name] => start(peer(name)),
        ["idle", name] => idle::measure(peer(name)),
        _ => panic!("measure errors|full|counted|counted-full|storm|paced|panics|start|idle PEER"),
    }
}

fn peer(name: &str) -> &'static Peer {
    PEERS.iter().find(|peer| peer.name == name).expect("a peer of this name")
}

/// A line that the table reads.
fn tell(name: &str, value: f64) {
    println!("{name} {value}");
}

/// The one in the middle.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// Lets the other end take what it has been told.
fn breathe() {
    std::thread::sleep(Duration::from_millis(1));
}

/// Microseconds until it is ready.
fn start(peer: &Peer) {
    let start = Instant::now();
    (peer.start)(Reader::Awake, CAPACITY);
    tell("micros", start.elapsed().as_secs_f64() * 1e6);
}
