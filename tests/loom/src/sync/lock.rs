//! Locks that can be made in a `static`.

use core::ops::{Deref, DerefMut};
use std::sync::{Mutex as RealMutex, MutexGuard as RealGuard, OnceLock as RealOnceLock};

use super::{AtomicBool, Ordering, PerRun, PoisonError, TryLockError};

/// The value is in a real mutex that is never waited for: who may enter it is up to loom's.
#[derive(Debug)]
pub(crate) struct Mutex<T> {
    turn: PerRun<loom::sync::Mutex<()>>,
    value: RealMutex<T>,
}

pub(crate) struct MutexGuard<'a, T> {
    value: RealGuard<'a, T>,
    // Last, so that the value is free when the next thread has its turn.
    _turn: loom::sync::MutexGuard<'static, ()>,
}

type Locked<'a, T> = Result<MutexGuard<'a, T>, PoisonError<MutexGuard<'a, T>>>;
type TryLocked<'a, T> = Result<MutexGuard<'a, T>, TryLockError<MutexGuard<'a, T>>>;

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self {
            turn: PerRun::new(),
            value: RealMutex::new(value),
        }
    }

    fn turn(&self) -> &'static loom::sync::Mutex<()> {
        self.turn.get(|| loom::sync::Mutex::new(()))
    }

    fn enter(&self, turn: loom::sync::MutexGuard<'static, ()>) -> MutexGuard<'_, T> {
        MutexGuard {
            value: self.value.try_lock().expect("it is this thread's turn"),
            _turn: turn,
        }
    }

    pub(crate) fn lock(&self) -> Locked<'_, T> {
        let turn = self.turn().lock().expect("loom's locks are not poisoned");
        Ok(self.enter(turn))
    }

    pub(crate) fn try_lock(&self) -> TryLocked<'_, T> {
        match self.turn().try_lock() {
            Ok(turn) => Ok(self.enter(turn)),
            Err(_) => Err(TryLockError::WouldBlock),
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Set by one thread, and seen by another once that one's store is.
#[derive(Debug)]
pub(crate) struct OnceLock<T> {
    is_set: AtomicBool,
    value: RealOnceLock<T>,
}

impl<T> OnceLock<T> {
    pub(crate) const fn new() -> Self {
        Self {
            is_set: AtomicBool::new(false),
            value: RealOnceLock::new(),
        }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        let is_set = self.is_set.load(Ordering::Acquire);
        self.value.get().filter(|_| is_set)
    }

    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        let value = self.value.get_or_init(make);
        self.is_set.store(true, Ordering::Release);
        value
    }
}
