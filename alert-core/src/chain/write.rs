//! Puts the links of a chain into the one buffer of a description, under limits.

use core::cell::Cell;
use core::error::Error;
use core::fmt::{self, Display, Write};
use std::io;

use super::{Description, MAX_LINKS, is_lost};

/// Bytes kept of one link.
pub(super) const MAX_LINK_BYTES: usize = 4 * 1024;
/// Bytes kept of one chain. An offset into it fits a `u16`.
const MAX_BYTES: usize = 16 * 1024;
/// Reserved at once, so that an ordinary chain costs one allocation.
const RESERVED_BYTES: usize = 256;

/// Links that write themselves one after the other, and tell [`Bounded`] where each ends.
pub(super) struct Chain<'a, 's> {
    pub(super) first: Option<&'a (dyn Display + 'a)>,
    /// Asked once the first link is written: it may panic.
    pub(super) source: &'a dyn Fn() -> Option<&'s (dyn Error + 'static)>,
    /// The sources are not wanted.
    pub(super) head_alone: bool,
    /// A source says that a peer is gone.
    pub(super) lost: &'a Cell<bool>,
    /// There were more links than are kept.
    pub(super) cut: &'a Cell<bool>,
    /// Links of the description that are written.
    pub(super) done: &'a Cell<u8>,
}

impl Chain<'_, '_> {
    /// Writes one link. `false` if there is no room for it.
    fn link(&self, words: &dyn Display, f: &mut fmt::Formatter<'_>) -> bool {
        let done = self.done.get();
        if usize::from(done) == MAX_LINKS {
            self.cut.set(true);
            return false;
        }
        // An error here is our own bound, or a `Display` that gave up: what it wrote stays either way.
        let _written = words.fmt(f);
        self.done.set(done.saturating_add(1));
        true
    }
}

impl Display for Chain<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = self.first {
            self.link(first, f);
        }
        if self.head_alone {
            return Ok(());
        }
        // A cycle ends at the limit of links.
        let mut source = (self.source)();
        while let Some(error) = source {
            if !self.link(&error, f) {
                break;
            }
            let is_lost = error.downcast_ref::<io::Error>().is_some_and(is_lost);
            self.lost.set(self.lost.get() || is_lost);
            source = error.source();
        }
        Ok(())
    }
}

/// Takes of each link what fits, on a character boundary, then refuses so that a well-behaved `Display` stops.
pub(super) struct Bounded<'a> {
    into: &'a mut Description,
    done: &'a Cell<u8>,
    limit: usize,
    full: bool,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(into: &'a mut Description, done: &'a Cell<u8>) -> Self {
        let text = into.text.grow();
        if text.capacity() == 0 {
            text.reserve(RESERVED_BYTES);
        }
        let limit = limit_after(text.len());
        Self {
            into,
            done,
            limit,
            full: false,
        }
    }

    /// Notes the ends of the links that are done. Called before the next one writes, and at the end.
    #[inline]
    fn settle(&mut self) {
        if self.into.links != self.done.get() {
            self.next_link();
        }
    }

    fn next_link(&mut self) {
        let end = self.into.text.grow().len();
        let ends = &mut self.into.ends;
        let written = usize::from(self.into.links)..usize::from(self.done.get());
        for place in ends.get_mut(written).unwrap_or_default() {
            *place = u16::try_from(end).unwrap_or(u16::MAX);
        }
        self.into.links = self.done.get();
        self.into.cut |= self.full;
        self.limit = limit_after(end);
        self.full = false;
    }
}

/// How long the text may be once a link is added to so many bytes.
fn limit_after(bytes: usize) -> usize {
    MAX_BYTES.min(bytes.saturating_add(MAX_LINK_BYTES))
}

impl Write for Bounded<'_> {
    #[inline]
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.settle();
        let text = self.into.text.grow();
        let room = self.limit.saturating_sub(text.len());
        if part.len() <= room && !self.full {
            text.push_str(part);
            return Ok(());
        }
        if !self.full {
            text.push_str(part.get(..part.floor_char_boundary(room)).unwrap_or_default());
            self.full = true;
        }
        Err(fmt::Error)
    }
}

/// Also where a `Display` panics: the links before it keep their ends.
impl Drop for Bounded<'_> {
    fn drop(&mut self) {
        self.settle();
        self.into.cut |= self.full;
    }
}
