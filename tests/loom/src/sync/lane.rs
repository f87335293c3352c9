//! tokio's bounded queue and its wake-up, as far as the channel uses them and as its documents say they behave: what is
//! done before a send or a wake-up is seen by whoever receives it.

use core::future::{Future, poll_fn};
use core::task::{Poll, Waker};
use std::collections::VecDeque;
use std::sync::Arc;

use super::Mutex;

/// A wake-up that waits for its waiter.
#[derive(Debug)]
pub(crate) struct Notify(Mutex<(bool, Option<Waker>)>);

impl Notify {
    pub(crate) const fn const_new() -> Self {
        Self(Mutex::new((false, None)))
    }

    pub(crate) fn notify_one(&self) {
        let mut state = self.0.lock().expect("not poisoned");
        state.0 = true;
        let waiter = state.1.take();
        drop(state);
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }

    pub(crate) fn notified(&self) -> impl Future<Output = ()> {
        poll_fn(|cx| {
            let mut state = self.0.lock().expect("not poisoned");
            if core::mem::take(&mut state.0) {
                return Poll::Ready(());
            }
            state.1 = Some(cx.waker().clone());
            Poll::Pending
        })
    }
}

pub(crate) mod mpsc {
    //! The queue.

    pub(crate) use super::{Permit, Receiver, Sender, channel};
}

#[derive(Debug)]
struct Lane<T> {
    capacity: usize,
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    /// Places neither filled nor promised.
    free: usize,
}

#[derive(Debug)]
pub(crate) struct Sender<T>(Arc<Lane<T>>);

#[derive(Debug)]
pub(crate) struct Receiver<T>(Arc<Lane<T>>);

/// A place that is promised.
pub(crate) struct Permit<'a, T>(Option<&'a Lane<T>>);

/// There is no place.
#[derive(Debug)]
pub(crate) struct Full;

pub(crate) fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let state = State {
        waiting: VecDeque::new(),
        free: capacity,
    };
    let lane = Arc::new(Lane {
        capacity,
        state: Mutex::new(state),
    });
    (Sender(Arc::clone(&lane)), Receiver(lane))
}

impl<T> Sender<T> {
    pub(crate) fn try_reserve(&self) -> Result<Permit<'_, T>, Full> {
        let mut state = self.0.state.lock().expect("not poisoned");
        state.free = state.free.checked_sub(1).ok_or(Full)?;
        Ok(Permit(Some(&self.0)))
    }

    pub(crate) fn capacity(&self) -> usize {
        self.0.state.lock().expect("not poisoned").free
    }

    pub(crate) fn max_capacity(&self) -> usize {
        self.0.capacity
    }
}

impl<T> Permit<'_, T> {
    pub(crate) fn send(mut self, value: T) {
        if let Some(lane) = self.0.take() {
            lane.state.lock().expect("not poisoned").waiting.push_back(value);
        }
    }
}

impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        if let Some(lane) = self.0 {
            lane.state.lock().expect("not poisoned").free += 1;
        }
    }
}

impl<T> Receiver<T> {
    pub(crate) fn max_capacity(&self) -> usize {
        self.0.capacity
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.state.lock().expect("not poisoned").waiting.is_empty()
    }

    pub(crate) fn try_recv(&mut self) -> Result<T, Full> {
        let mut state = self.0.state.lock().expect("not poisoned");
        let value = state.waiting.pop_front().ok_or(Full)?;
        state.free += 1;
        Ok(value)
    }
}
