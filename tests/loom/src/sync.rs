//! `alert-core/src/sync.rs` for the model checker: the same names, made of loom's parts.
//!
//! Loom's parts live for one run of a model and are made at run time; the core's are made in a `static`. So each of
//! these makes its part when a run first touches it, which has to be the model's first thread: [`check`] sees to that
//! by a warm-up.

mod atomic;
mod lane;
mod lock;

use std::sync::atomic::AtomicU64 as Counter;
use std::sync::{Mutex as RealMutex, PoisonError as Poisoned};

pub(crate) use std::sync::atomic::Ordering;
pub(crate) use std::sync::{PoisonError, TryLockError};

pub(crate) use atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize};
pub(crate) use lane::{Notify, mpsc};
pub(crate) use lock::{Mutex, MutexGuard, OnceLock};
pub(crate) use loom::hint::spin_loop;
pub(crate) use loom::sync::atomic::fence;

/// The number of the run, so that what a `static` holds starts anew with each.
static RUN: Counter = Counter::new(0);
/// The models share the sites, which are static: one at a time.
static TURN: RealMutex<()> = RealMutex::new(());

/// Tries every order in which the threads of a model can run, with at most `preemptions` switches that nothing forces
/// on a thread. Nearly all mistakes need no more than two.
pub(crate) fn check(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let _turn = TURN.lock().unwrap_or_else(Poisoned::into_inner);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(move || {
        RUN.fetch_add(1, Ordering::Relaxed);
        model();
    });
}

/// A part of loom's that is made once a run.
#[derive(Debug)]
struct PerRun<T: 'static>(RealMutex<(u64, Option<&'static T>)>);

impl<T> PerRun<T> {
    const fn new() -> Self {
        Self(RealMutex::new((0, None)))
    }

    /// This run's. It is never freed: that would be an access in a later run.
    fn get(&self, make: impl FnOnce() -> T) -> &'static T {
        let mut part = self.0.lock().unwrap_or_else(Poisoned::into_inner);
        let run = RUN.load(Ordering::Relaxed);
        match *part {
            (of, Some(made)) if of == run => made,
            _ => {
                let made = Box::leak(Box::new(make()));
                *part = (run, Some(made));
                made
            }
        }
    }
}
