//! Keeps messages in memory: what would have been sent.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::{Sending, Transport};
use crate::robot::{Reply, Request};

/// Accepts every message and keeps its body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<(Mutex<Vec<Vec<u8>>>, Condvar)>);

impl Memory {
    /// The bodies kept so far.
    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets them.
    pub(crate) fn clear(&self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Transport for Memory {
    fn send(&self, request: Request) -> Sending {
        self.0
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.body);
        self.0.1.notify_all();
        Box::pin(async { Ok(Reply::new(200, Vec::new())) })
    }
}
