//! Bytes out, bytes in.

use core::fmt;
use core::time::Duration;

use crate::secret::Secret;

/// One HTTP POST.
///
/// Its `Debug` shows the names of its headers and the length of its body: values may be signatures.
#[derive(Clone)]
pub struct Request {
    pub(crate) url: Secret,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A POST of a JSON body. The URL may hold a token, so it never shows itself.
    #[must_use]
    pub fn post_json(url: Secret, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self {
            url,
            headers,
            body: body.into(),
        }
    }

    /// Adds a header; its name in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Where it goes.
    #[must_use]
    pub fn url(&self) -> &Secret {
        &self.url
    }

    /// The headers, names in lower case.
    #[must_use]
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// The body's bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Request")
            .field("url", &self.url)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// An answer, as far as formatters read it.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) clock_skew: Option<i64>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// An answer with this status and body. For the tests of a formatter of your own.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            ..Self::default()
        }
    }

    /// With a `Retry-After` of this length.
    #[must_use]
    pub fn with_retry_after(self, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..self
        }
    }

    /// With a `Date` header that says the vendor's clock is this many seconds ahead of ours.
    #[must_use]
    pub fn with_clock_skew(self, seconds: i64) -> Self {
        Self {
            clock_skew: Some(seconds),
            ..self
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// What `Retry-After` asks for, read from seconds or an HTTP date, bounded to a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Seconds the vendor's clock is ahead of ours, by its `Date` header.
    #[must_use]
    pub fn clock_skew(&self) -> Option<i64> {
        self.clock_skew
    }

    /// The body, cut to 64 KiB.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as a JSON object. `None` for HTML, a truncated body, or anything else.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Map<String, serde_json::Value>> {
        match serde_json::from_slice(&self.body) {
            Ok(serde_json::Value::Object(object)) => Some(object),
            _ => None,
        }
    }
}
