//! The id of a trace or request.

use core::fmt;
#[cfg(feature = "opentelemetry")]
use core::fmt::Write;

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
        let id = id.trim().trim_matches('"');
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

    /// Takes an id that is still to be written.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn written(id: fmt::Arguments<'_>) -> Self {
        let mut written = Self::NONE;
        // An error is our own bound.
        let _written = Writer(&mut written).write_fmt(id);
        written
    }

    /// The id in a W3C `traceparent`: the second of its four parts, 32 hexadecimal digits that are not all
    /// zero.
    #[cfg(any(feature = "tower", test))]
    pub(crate) fn of_traceparent(header: &str) -> Option<Self> {
        let mut parts = header.trim().split('-');
        let (version, id) = (parts.next()?, parts.next()?);
        let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let good = version.len() == 2
            && is_hex(version)
            && version != "ff"
            && id.len() == 32
            && is_hex(id)
            && id.bytes().any(|byte| byte != b'0')
            && parts.next().is_some_and(|span| span.len() == 16 && is_hex(span));
        good.then(|| Self::new(id))
    }

    /// The id, if there is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        if self.length == 0 {
            return None;
        }
        let bytes = self.bytes.get(..usize::from(self.length))?;
        core::str::from_utf8(bytes).ok()
    }
}

/// Appends what fits.
#[cfg(feature = "opentelemetry")]
struct Writer<'a>(&'a mut TraceId);

#[cfg(feature = "opentelemetry")]
impl Write for Writer<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let start = usize::from(self.0.length);
        let end = start.saturating_add(part.len());
        let place = self.0.bytes.get_mut(start..end).ok_or(fmt::Error)?;
        place.copy_from_slice(part.as_bytes());
        self.0.length = u8::try_from(end).map_err(|_| fmt::Error)?;
        Ok(())
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TraceId").field(&self.as_str()).finish()
    }
}
