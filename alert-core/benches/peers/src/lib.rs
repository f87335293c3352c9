//! The same few functions for each peer: plain, with this crate's attribute, with the attributes of others, and
//! with what people write by hand.

use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

mod by_hand;

/// Calls of each shape that are counted.
pub const CALLS: u64 = 1000;

/// What never happens here.
#[derive(Debug)]
pub struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

/// Polls to the end where it stands, as one async function does another.
pub mod inlined {
    use super::*;

    #[inline(always)]
    pub fn drive<F: Future>(mut future: Pin<&mut F>) -> F::Output {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                return output;
            }
        }
    }
}

/// Polls to the end through a pointer, as an executor does: the compiler does not see which future it is.
mod by_pointer {
    use super::*;

    #[inline(never)]
    pub(super) fn drive<T>(mut future: Pin<&mut dyn Future<Output = T>>) -> T {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                return output;
            }
        }
    }
}

/// Pending so often, then ready.
struct Pauses(u8);

impl Future for Pauses {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        Poll::Pending
    }
}

fn check(n: u64) -> Result<u64, Failed> {
    if n == u64::MAX { Err(Failed) } else { Ok(n ^ 1) }
}

/// The functions, each with the attribute, and what calls each of them [`CALLS`] times.
macro_rules! peer {
    ($(#[$doc:meta])* $name:ident, [$($attr:tt)*]) => {
        $(#[$doc])*
        pub mod $name {
            use super::*;

            $($attr)* async fn ready(n: u64) -> Result<u64, Failed> { check(n) }
            $($attr)* async fn one_await(n: u64) -> Result<u64, Failed> { Pauses(1).await; check(n) }
            $($attr)* async fn ten_polls(n: u64) -> Result<u64, Failed> { Pauses(9).await; check(n) }
            $($attr)* async fn level_1(n: u64) -> Result<u64, Failed> { check(n) }
            $($attr)* async fn level_2(n: u64) -> Result<u64, Failed> { Ok(level_1(n).await? + 1) }
            $($attr)* async fn level_3(n: u64) -> Result<u64, Failed> { Ok(level_2(n).await? + 1) }
            $($attr)* async fn level_4(n: u64) -> Result<u64, Failed> { Ok(level_3(n).await? + 1) }
            $($attr)* async fn level_5(n: u64) -> Result<u64, Failed> { Ok(level_4(n).await? + 1) }
            $($attr)* async fn wide(bytes: [u8; 256], n: u64) -> Result<u64, Failed> { check(n ^ u64::from(bytes[7])) }
            #[inline(never)] $($attr)* fn sync(n: u64) -> Result<u64, Failed> { check(n) }

            $crate::measured!();
        }
    };
}

/// What calls each of the functions in scope.
#[macro_export]
macro_rules! measured {
    () => {
        $crate::measured!(inlined);
        $crate::measured!(by_pointer);

        /// All of them.
        pub fn measure() {
            inlined::measure();
            by_pointer::measure();
            measure_sync();
        }

        #[inline(never)]
        fn measure_sync() {
            for n in 0..CALLS {
                let _ = black_box(sync(black_box(n)));
            }
        }
    };
    ($way:ident) => {
        mod $way {
            use super::*;
            use $crate::$way::drive;

            $crate::measured!(measure_ready, ready);
            $crate::measured!(measure_one_await, one_await);
            $crate::measured!(measure_ten_polls, ten_polls);
            $crate::measured!(measure_nested, level_5);

            #[inline(never)]
            fn measure_wide() {
                for n in 0..CALLS {
                    let _ = black_box(drive(pin!(wide(black_box([0; 256]), black_box(n)))));
                }
            }

            pub(super) fn measure() {
                measure_ready();
                measure_one_await();
                measure_ten_polls();
                measure_nested();
                measure_wide();
            }
        }
    };
    ($measure:ident, $function:ident) => {
        #[inline(never)]
        fn $measure() {
            for n in 0..CALLS {
                let _ = black_box(drive(pin!($function(black_box(n)))));
            }
        }
    };
}

peer!(
    /// Without anything.
    plain, []
);
peer!(
    /// As a service has it by default.
    alert, [#[alert_core::alert_on_err]]
);
peer!(
    /// Its parameters are dropped as an `async fn` drops them.
    alert_public, [#[alert_core::alert_on_err] pub(super)]
);
peer!(
    /// With the signature as written, as a method of a trait has it.
    alert_verbatim, [#[alert_core::alert_on_err(keep_async)]]
);
peer!(
    /// No subscriber is installed.
    tracing_err, [#[tracing::instrument(skip_all, err)]]
);
peer!(
    /// No reporter is installed.
    fastrace, [#[::fastrace::trace]]
);

/// Opens the channel of what is written by hand.
pub fn open_channel() -> Option<std::sync::mpsc::Receiver<String>> {
    by_hand::open()
}

/// An error told to a channel by hand.
pub mod hand_written {
    pub use super::by_hand::measure;
}
