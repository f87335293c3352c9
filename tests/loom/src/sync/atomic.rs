//! Atomics that can be made in a `static`.

use core::ops::Deref;

use loom::sync::atomic::fence;

use super::{Ordering, PerRun};

/// Loom takes a `SeqCst` access for acquire and release alone, but knows what a `SeqCst` fence is; an access between
/// two of them is in the one order of all such accesses.
fn ordered<T>(order: Ordering, access: impl FnOnce() -> T) -> T {
    if order != Ordering::SeqCst {
        return access();
    }
    fence(Ordering::SeqCst);
    let value = access();
    fence(Ordering::SeqCst);
    value
}

macro_rules! atomic {
    ($name:ident: $value:ty) => {
        #[derive(Debug)]
        pub(crate) struct $name {
            initial: $value,
            now: PerRun<loom::sync::atomic::$name>,
        }

        impl $name {
            pub(crate) const fn new(initial: $value) -> Self {
                Self {
                    initial,
                    now: PerRun::new(),
                }
            }

            pub(crate) fn load(&self, order: Ordering) -> $value {
                ordered(order, || (**self).load(order))
            }

            pub(crate) fn store(&self, value: $value, order: Ordering) {
                ordered(order, || (**self).store(value, order));
            }

            pub(crate) fn swap(&self, value: $value, order: Ordering) -> $value {
                ordered(order, || (**self).swap(value, order))
            }
        }

        /// What is not named here has no `SeqCst` in the core.
        impl Deref for $name {
            type Target = loom::sync::atomic::$name;

            fn deref(&self) -> &Self::Target {
                self.now.get(|| loom::sync::atomic::$name::new(self.initial))
            }
        }
    };
    ($name:ident: $value:ty, adds) => {
        atomic!($name: $value);

        impl $name {
            pub(crate) fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                ordered(order, || (**self).fetch_add(value, order))
            }
        }
    };
}

atomic!(AtomicBool: bool);
atomic!(AtomicU8: u8, adds);
atomic!(AtomicU64: u64, adds);
atomic!(AtomicUsize: usize, adds);
