//! A call that is watched where it stands, so that `#[track_caller]` passes through.

use super::{Moment, told};
use crate::incident::Since;

/// Watches a call that is made where it stands, so that `#[track_caller]` passes through.
#[derive(Debug)]
pub struct Hooked<R, H: Fn(Moment<'_, R>) -> bool> {
    hook: H,
    since: Since,
    /// The call was made while the thread unwound already: what is unwinding is not its panic.
    unwinding: bool,
    output: core::marker::PhantomData<fn() -> R>,
}

/// Starts to watch.
#[inline]
pub fn hooked<R, H: Fn(Moment<'_, R>) -> bool>(hook: H) -> Hooked<R, H> {
    let unwinding = std::thread::panicking();
    Hooked {
        hook,
        since: Since::now(),
        unwinding,
        output: core::marker::PhantomData,
    }
}

impl<R, H: Fn(Moment<'_, R>) -> bool> Hooked<R, H> {
    /// Ends with what the call gave, and gives it on.
    #[inline]
    pub fn finish(self, output: R) -> R {
        let this = core::mem::ManuallyDrop::new(self);
        if (this.hook)(Moment::Finished(&output)) {
            return told(output, &this.hook, this.since);
        }
        output
    }
}

impl<R, H: Fn(Moment<'_, R>) -> bool> Drop for Hooked<R, H> {
    fn drop(&mut self) {
        if !self.unwinding && std::thread::panicking() {
            (self.hook)(Moment::Panicked);
        }
    }
}
