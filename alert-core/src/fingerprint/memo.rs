//! What was seen before: the fingerprint of a raw text, and how many texts a site has (N16, N17).

use std::collections::HashMap;

use super::Fingerprint;

/// Raw texts remembered. A storm repeats few texts; the memo is 24 KiB and fits the cache.
const SLOTS: usize = 1024;
/// Normalised texts of one site and type that are groups of their own.
const MAX_VARIANTS: u8 = 16;
/// Texts alive at once over all sites. The dispatcher forgets groups long before; this bounds memory if not.
const MAX_LIVE: usize = 65_536;

/// What an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Its own kind of failure.
    Own(Fingerprint),
    /// The group of a site and type that has more kinds than are kept apart: say "many variants".
    Many(Fingerprint),
}

impl Identity {
    pub(crate) const fn fingerprint(self) -> Fingerprint {
        match self {
            Self::Own(fingerprint) | Self::Many(fingerprint) => fingerprint,
        }
    }
}

/// Raw text to identity. Direct mapped: a new text takes the place of the old one in its slot.
#[derive(Debug)]
pub(super) struct Memo(Box<[Option<(u64, Identity)>]>);

impl Memo {
    pub(super) fn new() -> Self {
        Self(vec![None; SLOTS].into_boxed_slice())
    }

    pub(super) fn get(&self, raw: u64) -> Option<Identity> {
        self.0
            .get(slot(raw))?
            .filter(|(known, _)| *known == raw)
            .map(|(_, identity)| identity)
    }

    pub(super) fn put(&mut self, raw: u64, identity: Identity) {
        if let Some(slot) = self.0.get_mut(slot(raw)) {
            *slot = Some((raw, identity));
        }
    }

    /// Forgets a fingerprint, and every "many variants": there is room for one of them now.
    pub(super) fn forget(&mut self, fingerprint: Fingerprint) {
        for slot in &mut self.0 {
            *slot =
                slot.filter(|(_, identity)| matches!(identity, Identity::Own(own) if *own != fingerprint));
        }
    }
}

fn slot(raw: u64) -> usize {
    usize::try_from(raw).unwrap_or(0) & SLOTS.wrapping_sub(1)
}

/// Which texts are groups of their own, and how many each site and type has.
#[derive(Debug, Default)]
pub(super) struct Variants {
    /// Fingerprint to the site and type it belongs to. An entry ends when its group is forgotten.
    live: HashMap<Fingerprint, u64>,
    counts: HashMap<u64, u8>,
}

impl Variants {
    /// Whether a text of this site and type may have a group of its own; counts it if it is new.
    pub(super) fn admit(&mut self, fingerprint: Fingerprint, family: u64) -> bool {
        if self.live.contains_key(&fingerprint) {
            return true;
        }
        if self.live.len() >= MAX_LIVE {
            return false;
        }
        let count = self.counts.entry(family).or_default();
        if *count >= MAX_VARIANTS {
            return false;
        }
        *count = count.saturating_add(1);
        self.live.insert(fingerprint, family);
        true
    }

    pub(super) fn forget(&mut self, fingerprint: Fingerprint) {
        let Some(family) = self.live.remove(&fingerprint) else {
            return;
        };
        let left = self
            .counts
            .get(&family)
            .map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            self.counts.remove(&family);
        } else {
            self.counts.insert(family, left);
        }
    }
}
