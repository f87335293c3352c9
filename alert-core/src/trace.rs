//! In which trace a failure happened, and what was known around it.
//!
//! The only file that names tracing or OpenTelemetry.

use core::fmt;

/// Bytes kept of a trace id. W3C's take 32, a request id rarely more than a UUID's 36.
const MAX_BYTES: usize = 64;

/// The id of a trace or request, kept in place so that capturing one allocates nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceId {
    bytes: [u8; MAX_BYTES],
    length: u8,
}

impl Default for TraceId {
    fn default() -> Self {
        Self::NONE
    }
}

impl TraceId {
    pub(crate) const NONE: Self = Self {
        bytes: [0; MAX_BYTES],
        length: 0,
    };

    /// Takes an id, cut to 64 bytes on a character boundary. What an id never holds (blanks, control
    /// characters) ends it, so that none can break a link or a log line.
    pub(crate) fn new(id: &str) -> Self {
        let id = id.trim();
        let end = id
            .char_indices()
            .find(|(_, letter)| letter.is_whitespace() || letter.is_control())
            .map_or(id.len(), |(at, _)| at);
        let kept = id
            .get(..id.floor_char_boundary(end.min(MAX_BYTES)))
            .unwrap_or_default();
        let mut bytes = [0; MAX_BYTES];
        if let Some(place) = bytes.get_mut(..kept.len()) {
            place.copy_from_slice(kept.as_bytes());
        }
        Self {
            bytes,
            length: u8::try_from(kept.len()).unwrap_or(0),
        }
    }

    /// The id, if there is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        let bytes = self.bytes.get(..usize::from(self.length))?;
        core::str::from_utf8(bytes).ok().filter(|id| !id.is_empty())
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TraceId").field(&self.as_str()).finish()
    }
}
