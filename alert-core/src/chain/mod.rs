//! An error and its sources as text, under limits.

mod text;
mod write;

use core::cell::Cell;
use core::error::Error;
use core::fmt::{self, Write};
use std::io;

use text::Text;
use write::{Bounded, Chain};

/// Links kept of one chain: the error and its sources, outermost first.
pub(crate) const MAX_LINKS: usize = 16;

/// How to put an error into words. Implemented by what the attribute probes for.
pub trait Describe {
    /// Writes the type and every link, outermost first.
    fn describe(&self, into: &mut Description);

    /// The stack that the error has kept itself, in words. To find them is slow, so it asks first whether it may.
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    fn stack(&self, _may: &dyn Fn() -> bool) -> Option<String> {
        None
    }
}

/// The words of one error: its type, its message and those of its sources, cut to fixed bounds.
///
/// All links share one buffer, so a chain is one allocation however long it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Description {
    type_name: &'static str,
    text: Text,
    ends: [u16; MAX_LINKS],
    links: u8,
    /// No more than the error's own words are wanted.
    head_alone: bool,
    cut: bool,
    lost_connection: bool,
}

impl Description {
    /// One that writes into a buffer of earlier use; if so wished, no more than the error's own words.
    pub(crate) fn reusing(mut buffer: String, head_alone: bool) -> Self {
        buffer.clear();
        Self {
            text: Text::within(buffer),
            head_alone,
            ..Self::default()
        }
    }

    /// What an event keeps of it: with its words, which take no more than they need, or without them.
    pub(crate) fn to_keep(&self, words: bool) -> Self {
        if words {
            return Self {
                text: self.text.to_keep(),
                ..*self
            };
        }
        Self {
            type_name: self.type_name,
            ..Self::default()
        }
    }

    /// The buffer, for the next one.
    pub(crate) fn into_buffer(self) -> String {
        self.text.into_buffer()
    }

    /// Names the error's type.
    pub fn set_type<E: ?Sized>(&mut self) {
        self.type_name = core::any::type_name::<E>();
    }

    /// Names the error's type by what another run of the program knew.
    #[cfg(feature = "spool")]
    pub(crate) fn set_type_name(&mut self, name: &'static str) {
        self.type_name = name;
    }

    /// Adds one link in the words of its `Display`. A `Display` that reports an error keeps what it wrote.
    pub fn link(&mut self, words: &(dyn fmt::Display + '_)) {
        self.write(Some(words), &|| None);
    }

    /// Adds an error and its sources. A cycle ends at the limit of links.
    pub fn chain<E: Error + ?Sized>(&mut self, error: &E) {
        // It may borrow, so it cannot be cast to what it is.
        let is_io = core::any::type_name::<E>() == core::any::type_name::<io::Error>();
        let before = self.text().len();
        self.write(Some(&error), &|| error.source());
        if is_io {
            let own = self.text().get(before..).unwrap_or_default();
            self.lost_connection |= !own.contains(OS_ERROR) && shows_lost(error);
        }
    }

    /// Adds a source and its sources.
    pub fn sources(&mut self, source: Option<&(dyn Error + 'static)>) {
        self.write(None, &|| source);
    }

    /// Adds one link from format arguments.
    pub fn write_link(&mut self, words: fmt::Arguments<'_>) {
        self.write(Some(&words), &|| None);
    }

    /// Adds links, all by one formatter: to begin with one costs as much as to write a short link.
    fn write<'s>(
        &mut self,
        first: Option<&dyn fmt::Display>,
        source: &dyn Fn() -> Option<&'s (dyn Error + 'static)>,
    ) {
        let (lost, cut, done) = (Cell::new(false), Cell::new(false), Cell::new(self.links));
        let chain = Chain {
            first,
            source,
            head_alone: self.head_alone,
            lost: &lost,
            cut: &cut,
            done: &done,
        };
        let mut bounded = Bounded::new(self, &done);
        // Whoever gives up here is a `Display`: what it wrote stays.
        let _written = bounded.write_fmt(format_args!("{chain}"));
        drop(bounded);
        self.lost_connection |= lost.get();
        self.cut |= cut.get();
    }

    /// The error's type as `core::any::type_name` says it; empty where nothing is known.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// The links, outermost first.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        let (mut start, text) = (0, self.text());
        self.ends.iter().take(usize::from(self.links)).map(move |end| {
            let end = usize::from(*end);
            let link = text.get(start..end).unwrap_or_default();
            start = end;
            link
        })
    }

    /// All links run together, without a mark between them.
    pub(crate) fn text(&self) -> &str {
        self.text.as_str()
    }

    /// Where each link ends in [`text`](Self::text).
    pub(crate) fn ends(&self) -> &[u16] {
        self.ends.get(..usize::from(self.links)).unwrap_or_default()
    }

    /// Whether an I/O error in the chain says that a peer is gone.
    pub(crate) fn is_lost_connection(&self) -> bool {
        self.lost_connection
    }

    /// Whether something was left out for length.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Description")
            .field("type_name", &self.type_name)
            .field("links", &self.links().collect::<Vec<_>>())
            .field("cut", &self.cut)
            .finish_non_exhaustive()
    }
}

/// What an I/O error of the system ends with on Unix. Its words say enough there.
const OS_ERROR: &str = if cfg!(unix) { "(os error " } else { "\0" };

/// The kinds by which a peer is gone, with the names their `Debug` gives them.
const LOST: [(io::ErrorKind, &str); 8] = [
    (io::ErrorKind::BrokenPipe, "BrokenPipe"),
    (io::ErrorKind::ConnectionAborted, "ConnectionAborted"),
    (io::ErrorKind::ConnectionRefused, "ConnectionRefused"),
    (io::ErrorKind::ConnectionReset, "ConnectionReset"),
    (io::ErrorKind::HostUnreachable, "HostUnreachable"),
    (io::ErrorKind::NetworkDown, "NetworkDown"),
    (io::ErrorKind::NetworkUnreachable, "NetworkUnreachable"),
    (io::ErrorKind::NotConnected, "NotConnected"),
];

/// Whether a peer is gone.
fn is_lost(error: &io::Error) -> bool {
    LOST.iter().any(|(kind, _)| *kind == error.kind())
}

/// The same of an I/O error that is known as such by the name of its type alone: its `Debug` begins with its kind,
/// as in `Kind(BrokenPipe)` or `Custom { kind: BrokenPipe, error: .. }`.
fn shows_lost<E: fmt::Debug + ?Sized>(error: &E) -> bool {
    let mut head = Head {
        bytes: [0; 48],
        len: 0,
    };
    // It is full before a long one ends.
    let _written = write!(head, "{error:?}");
    let words = head.bytes.get(..head.len).unwrap_or_default();
    let mut words = words
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .skip_while(|word| !word.eq_ignore_ascii_case(b"kind"));
    words
        .nth(1)
        .is_some_and(|word| LOST.iter().any(|(_, name)| name.as_bytes() == word))
}

/// The first bytes of a text, without an allocation.
struct Head {
    bytes: [u8; 48],
    len: usize,
}

impl Write for Head {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.len..).unwrap_or_default();
        let fits = part.len().min(room.len());
        for (to, from) in room.iter_mut().zip(part.bytes()) {
            *to = from;
        }
        self.len = self.len.saturating_add(fits);
        if fits < part.len() {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
