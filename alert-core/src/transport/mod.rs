//! Bytes out, reply in.

#[cfg(feature = "http")]
mod http;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod memory;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::sync::Arc;

#[cfg(feature = "http")]
pub(crate) use http::Http;

use crate::robot::{Reply, Request};

/// Takes requests to where they go. The HTTP sender is one; a program may bring its own.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request. Called on the dispatcher's runtime, which is abandoned at the end: a future that
    /// is dropped must leave nothing behind.
    fn send(&self, request: Request) -> Sending;
}

/// A request on its way.
pub type Sending = Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send>>;

/// No reply came. Says why, and never a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    code: &'static str,
    text: String,
}

impl TransportError {
    /// An error with a short code (`timeout`, `connect`, `tls`, ..) and words that hold no secret.
    #[must_use]
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl core::error::Error for TransportError {}

/// The sender for a configuration that brings none. `None` without the feature `http`.
#[cfg_attr(
    feature = "http",
    expect(clippy::unnecessary_wraps, reason = "there is none without the feature")
)]
pub(crate) fn default_transport(timeout: Duration, connect_timeout: Duration) -> Option<Arc<dyn Transport>> {
    #[cfg(feature = "http")]
    {
        Some(Arc::new(Http::new(timeout, connect_timeout)))
    }
    #[cfg(not(feature = "http"))]
    {
        let _ = (timeout, connect_timeout);
        None
    }
}
