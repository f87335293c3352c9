//! Helpers of the integration tests: a turn at the one dispatcher of the process, servers that misbehave in
//! ways the inbox does not play, programs that die on purpose, and the search for secrets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test says that something is wrong by panicking"
)]

mod counts;
mod faulty;
mod gate;
mod program;
mod scene;
mod secrets;
pub mod source;

use std::future::Future;
use std::time::{Duration, Instant};

pub use counts::Counts;
pub use faulty::{Act, Faulty};
pub use gate::Gate;
pub use program::{Finished, resident, run};
pub use scene::{Scene, token_of};
pub use secrets::assert_no_secret;

/// The longest a test waits for what has to come. Never the length of a test that passes.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until something holds.
///
/// # Panics
/// When it does not within [`PATIENCE`].
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The number of the line that ends in the comment `// <- name`.
///
/// # Panics
/// When no line does.
#[must_use]
pub fn line_of(source: &str, name: &str) -> u32 {
    let mark = format!("// <- {name}");
    let at = source.lines().position(|line| line.ends_with(&mark));
    let at = at.unwrap_or_else(|| panic!("no line is marked `{mark}`"));
    u32::try_from(at).unwrap().saturating_add(1)
}

/// From now on a panic that says one of these is not printed: a program has thousands of them on purpose.
pub fn quiet_panics(known: &'static [&'static str]) {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let says = panic.payload_as_str().unwrap_or_default();
        if !known.iter().any(|known| says.contains(known)) {
            print(panic);
        }
    }));
}

/// Runs a future on a runtime of its own that has one thread.
pub fn on_one_thread<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}
