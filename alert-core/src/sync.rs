//! What threads share, by one name: the model checker in `tests/loom` compiles the files that use this, and no
//! others, with parts of its own in this place.

pub(crate) use core::hint::spin_loop;
pub(crate) use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence};
pub(crate) use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};

pub(crate) use tokio::sync::{Notify, mpsc};
