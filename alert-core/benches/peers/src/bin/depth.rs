//! Compiles only if the chain of awaits that `build.rs` wrote is `Send` under the default recursion limit.

use peers::Failed;

include!(concat!(env!("OUT_DIR"), "/chain.rs"));

fn is_send(_: impl Send) {}

fn main() {
    top();
}
