//! A transport that holds the dispatcher up.

use std::sync::{Arc, Condvar, Mutex};

use alert_core::{Reply, Request, Sending, Transport};
use serde_json::Value;

/// Keeps the dispatcher busy until it is let go: nothing leaves the channel meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    open: Arc<(Mutex<bool>, Condvar)>,
    messages: Arc<Mutex<Vec<Value>>>,
}

impl Gate {
    /// From now on nothing waits.
    ///
    /// # Panics
    /// When a thread that waits here has panicked.
    pub fn let_go(&self) {
        *self.open.0.lock().unwrap() = true;
        self.open.1.notify_all();
    }

    /// The bodies of all messages so far.
    ///
    /// # Panics
    /// When a thread that waits here has panicked.
    #[must_use]
    pub fn messages(&self) -> Vec<Value> {
        self.messages.lock().unwrap().clone()
    }
}

impl Transport for Gate {
    fn send(&self, request: Request) -> Sending {
        let message = serde_json::from_slice(request.body()).unwrap();
        self.messages.lock().unwrap().push(message);
        let open = self.open.0.lock().unwrap();
        drop(self.open.1.wait_while(open, |open| !*open).unwrap());
        Box::pin(async { Ok(Reply::new(200, Vec::new())) })
    }
}
