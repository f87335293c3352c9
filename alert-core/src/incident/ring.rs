//! The latest incidents of a few contexts, and which of them a failure belongs to.

use super::{IncidentId, Met, Sight};
use crate::Site;
use crate::chain::{Description, MAX_LINKS};

/// An incident is over when nothing was seen of it for so long: its error is handled or at the top by then.
/// In milliseconds.
const TTL: u64 = 5_000;
/// Incidents remembered in one ring.
const REMEMBERED: usize = 8;
/// Functions one incident is known to have passed. Longer ways go on without being told apart.
const MAX_SITES: usize = 12;
/// Bytes kept of an incident's words, to find them quoted in a longer text.
const QUOTED_BYTES: usize = 96;
/// Shorter texts are quoted by chance.
const LEAST_QUOTED_BYTES: usize = 4;

/// The links of a chain as numbers.
pub(super) struct Hashes {
    links: [u64; MAX_LINKS],
    count: usize,
}

impl Hashes {
    pub(super) fn of(words: &Description) -> Self {
        let mut hashes = Self {
            links: [0; MAX_LINKS],
            count: 0,
        };
        for (place, link) in hashes.links.iter_mut().zip(words.links()) {
            *place = hash(link);
            hashes.count = hashes.count.saturating_add(1);
        }
        hashes
    }

    fn known(&self) -> &[u64] {
        self.links.get(..self.count).unwrap_or_default()
    }

    fn head(&self) -> u64 {
        self.known().first().copied().unwrap_or(0)
    }

    fn root(&self) -> u64 {
        self.known().last().copied().unwrap_or(0)
    }
}

/// A number and one more as one. Cheaper than a hash that spreads well, and two of them are equal as rarely.
pub(super) const fn mixed(number: u64, more: u64) -> u64 {
    (number.rotate_left(23) ^ more).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn hash(link: &str) -> u64 {
    let (words, tail) = link.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(link.len() as u64, |hash, word| {
        mixed(hash, u64::from_le_bytes(*word))
    });
    // The last eight bytes again, some of them for the second time, are cheaper than the rest one by one.
    match link.as_bytes().last_chunk::<8>() {
        Some(_) if tail.is_empty() => hash,
        Some(last) => mixed(hash, u64::from_le_bytes(*last)),
        None => tail.iter().fold(hash, |hash, byte| mixed(hash, u64::from(*byte))),
    }
}

/// The latest incidents, the oldest overwritten first.
pub(super) struct Ring {
    incidents: [Incident; REMEMBERED],
    next: usize,
    /// The highest number among them: most failures began after it, and are new without a further look.
    latest: IncidentId,
}

impl Ring {
    pub(super) const fn new() -> Self {
        Self {
            incidents: [const { Incident::NONE }; REMEMBERED],
            next: 0,
            latest: 0,
        }
    }

    /// Remembers a new incident.
    pub(super) fn add(&mut self, id: IncidentId, sight: &Sight<'_>, hashes: &Hashes) {
        let oldest = self.next % REMEMBERED;
        self.next = self.next.wrapping_add(1);
        self.latest = self.latest.max(id);
        if let Some(incident) = self.incidents.get_mut(oldest) {
            incident.begin(id, sight, hashes);
        }
    }

    /// Those the failure may be on its way from.
    fn matching<'a>(
        &'a mut self,
        sight: &'a Sight<'_>,
        hashes: &'a Hashes,
    ) -> impl Iterator<Item = &'a mut Incident> {
        let known = self.incidents.iter_mut();
        known.filter(move |incident| incident.is_quoted_by(sight, hashes))
    }

    /// The latest incident that the failure is a hop of, if there is one.
    pub(super) fn hop(&mut self, sight: &Sight<'_>, hashes: &Hashes) -> Option<Met> {
        let passed = self
            .matching(sight, hashes)
            .filter(|incident| !incident.has_passed(sight.site));
        let incident = passed.max_by_key(|incident| incident.id)?;
        Some(incident.pass(sight))
    }

    pub(super) fn meet(&mut self, sight: &Sight<'_>, hashes: &Hashes, id: impl Fn() -> IncidentId) -> Met {
        // The latest decides: if it has been through this function, it happened again. Most calls began after all that is
        // remembered.
        let latest = if sight.since.is_before(self.latest) {
            let matching = self.matching(sight, hashes);
            matching.max_by_key(|incident| incident.id)
        } else {
            None
        };
        match latest {
            Some(incident) if !incident.has_passed(sight.site) => incident.pass(sight),
            Some(incident) => {
                let id = id();
                incident.begin(id, sight, hashes);
                self.latest = self.latest.max(id);
                Met::New(id)
            }
            None => {
                let id = id();
                self.add(id, sight, hashes);
                Met::New(id)
            }
        }
    }

    /// The latest incident that may be meant, if the failure is a hop of it by its own words alone.
    pub(super) fn meet_again(&mut self, sight: &Sight<'_>) -> Option<&mut Incident> {
        if !sight.since.is_before(self.latest) {
            return None;
        }
        // Mostly it is the very latest; no other can be later.
        let newest = self.next.wrapping_sub(1) % REMEMBERED;
        let is_latest = |incident: &Incident| incident.id == self.latest && incident.may_be(sight);
        let latest = if self.incidents.get(newest).is_some_and(is_latest) {
            self.incidents.get_mut(newest)?
        } else {
            let known = self.incidents.iter_mut();
            known
                .filter(|incident| incident.may_be(sight))
                .max_by_key(|incident| incident.id)?
        };
        let head = hash(sight.words.links().next()?);
        (latest.head == head && !latest.has_passed(sight.site)).then(|| {
            latest.pass(sight);
            latest
        })
    }
}

/// One error on its way up.
pub(super) struct Incident {
    id: IncidentId,
    context: Option<u64>,
    /// The latest time, in milliseconds.
    seen: u64,
    head: u64,
    root: u64,
    sites: [Option<&'static Site>; MAX_SITES],
    passed: usize,
    /// A hash of what it says and of those functions, in their order: what its hops tell the dispatcher.
    way: u64,
    /// Some of its hops were not told, since others had told the same.
    is_partial: bool,
    /// The beginning of its outermost link.
    text: [u8; QUOTED_BYTES],
    text_bytes: usize,
    /// Bytes of the longest words it was told in.
    said: usize,
}

impl Incident {
    const NONE: Self = Self {
        id: 0,
        context: None,
        seen: 0,
        head: 0,
        root: 0,
        sites: [None; MAX_SITES],
        passed: 0,
        way: 0,
        is_partial: false,
        text: [0; QUOTED_BYTES],
        text_bytes: 0,
        said: 0,
    };

    /// Overwrites what was here. In place, since it is half a cache page and most failures do it.
    fn begin(&mut self, id: IncidentId, sight: &Sight<'_>, hashes: &Hashes) {
        self.id = id;
        self.context = sight.context;
        self.head = hashes.head();
        self.root = hashes.root();
        self.passed = 0;
        let type_name = sight.words.type_name().as_ptr().addr() as u64;
        let kind = mixed(sight.apart, type_name);
        self.way = hashes.known().iter().fold(kind, |way, link| mixed(way, *link));
        self.is_partial = false;
        self.seen = sight.at;
        self.said = 0;
        let head = sight.words.links().next().unwrap_or_default();
        let head = head
            .get(..head.floor_char_boundary(QUOTED_BYTES))
            .unwrap_or_default();
        if let Some(place) = self.text.get_mut(..head.len()) {
            place.copy_from_slice(head.as_bytes());
            self.text_bytes = head.len();
        }
        self.pass(sight);
    }

    pub(super) fn id(&self) -> IncidentId {
        self.id
    }

    pub(super) fn way(&self) -> u64 {
        self.way
    }

    /// When it was last seen, in milliseconds.
    pub(super) fn seen(&self) -> u64 {
        self.seen
    }

    pub(super) fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The hop it was just seen in is told to nobody.
    pub(super) fn not_told(&mut self) {
        self.is_partial = true;
    }

    fn has_passed(&self, site: &'static Site) -> bool {
        let passed = self.sites.iter().take(self.passed).flatten();
        passed.into_iter().any(|passed| core::ptr::eq(*passed, site))
    }

    /// It was seen in this function.
    fn pass(&mut self, sight: &Sight<'_>) -> Met {
        self.seen = self.seen.max(sight.at);
        if let Some(free) = self.sites.get_mut(self.passed) {
            *free = Some(sight.site);
            self.passed = self.passed.saturating_add(1);
        }
        self.way = mixed(self.way, core::ptr::from_ref::<Site>(sight.site).addr() as u64);
        let says = sight.words.text().len();
        let says_more = says > self.said;
        self.said = self.said.max(says);
        Met::Hop {
            incident: self.id,
            says_more,
            is_partial: self.is_partial,
        }
    }

    /// Whether a failure at that place and time may be this one. Cheap questions first.
    fn may_be(&self, sight: &Sight<'_>) -> bool {
        self.id != 0
            && sight.since.is_before(self.id)
            && (self.context.is_none() || self.context == sight.context)
            && sight.at.saturating_sub(self.seen) <= TTL
    }

    fn is_quoted_by(&self, sight: &Sight<'_>, hashes: &Hashes) -> bool {
        self.may_be(sight)
            && (self.context.is_some() && (hashes.known().contains(&self.head) || self.root == hashes.root())
                || self.is_in(sight.words))
    }

    fn is_in(&self, words: &Description) -> bool {
        let text = self.text.get(..self.text_bytes).unwrap_or_default();
        let text = quotable(core::str::from_utf8(text).unwrap_or_default());
        text.len() >= LEAST_QUOTED_BYTES && words.text().contains(text)
    }
}

/// As much of a text as its `Debug` leaves alone too, since a join error quotes a panic that way.
pub(super) fn quotable(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|(_, letter)| letter.is_control() || matches!(letter, '"' | '\\'))
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}
