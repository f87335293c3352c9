//! The identity of "the same failure".
//!
//! Two failures are the same if they come from the same site with the same type, code and text, once what varies
//! in the text (ids, numbers, addresses, times, quoted values) is replaced. The rules are numbered N1 to N18 in
//! the design notes; each file says which it holds. The text is only the key: messages show the original.

mod address;
mod assignment;
mod context;
mod fold;
mod memo;
mod mixed;
mod normalize;
mod numbers;
mod quotes;
mod rules;
mod time;
mod token;
mod type_name;
mod wide;
mod words;

use core::fmt;

pub(crate) use memo::Identity;
pub(crate) use normalize::Normalizer;
pub(crate) use rules::Rules;

use crate::Site;
use crate::hash::Hash64;
use memo::{Memo, Variants};

/// The identity of a kind of failure: equal in every process, build and machine.
///
/// Its text is 18 hex digits: the version of the rules that made it, then 64 bits. A version that changes a rule
/// changes the first two digits, so that during a rolling deploy old and new show as two groups and are never
/// wrongly merged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

/// Changes with every change of a rule that changes a key.
const VERSION: u8 = 1;

/// Sets the group of all further variants apart from any text.
const MANY: u64 = 1;

impl Fingerprint {
    /// The fingerprint of a failure of a site, from the name of its type without modules, its code (empty if it
    /// has none) and its normalised text.
    #[must_use]
    pub fn of(module: &str, function: &str, type_name: &str, code: &str, text: &str) -> Self {
        Self(
            family(module, function, type_name, code)
                .word(0)
                .part(text.as_bytes())
                .finish(),
        )
    }

    /// The fingerprint of this number, for samples that a snapshot shows.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) const fn from_raw(number: u64) -> Self {
        Self(number)
    }

    /// The fingerprint of all texts of a site and type that are not kept apart.
    fn many(family: Hash64) -> Self {
        Self(family.word(MANY).finish())
    }
}

/// The same number in every process, build and machine, whatever the version of the rules.
#[cfg(feature = "spool")]
pub(crate) fn stable_hash(bytes: &[u8]) -> u64 {
    Hash64::new().part(bytes).finish()
}

/// What all texts of a site, type and code have in common.
fn family(module: &str, function: &str, type_name: &str, code: &str) -> Hash64 {
    [module, function, type_name, code]
        .iter()
        .fold(Hash64::new().word(u64::from(VERSION)), |hash, part| {
            hash.part(part.as_bytes())
        })
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION:02x}{:016x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Gives events their fingerprints. One owner, the dispatcher; memory is bounded whatever comes.
#[derive(Debug)]
pub(crate) struct Fingerprinter {
    rules: Rules,
    normalizer: Normalizer,
    memo: Memo,
    variants: Variants,
    /// The short type name, used again for every text.
    short: String,
}

impl Fingerprinter {
    pub(crate) fn new(rules: Rules) -> Self {
        Self {
            rules,
            normalizer: Normalizer::default(),
            memo: Memo::new(),
            variants: Variants::default(),
            short: String::new(),
        }
    }

    /// The identity of one event. `code` tells events of a site apart that texts do not: the kind of event, the
    /// variant or the code of the error. `text` is the chain run together, `ends` is where each link ends.
    pub(crate) fn of(
        &mut self,
        site: &Site,
        code: &str,
        type_name: &str,
        text: &str,
        ends: &[u16],
    ) -> Identity {
        self.of_text(site, code, type_name, text, ends, self.rules.raw)
    }

    /// The same for a text that is its own key.
    pub(crate) fn of_raw(&mut self, site: &Site, code: &str, type_name: &str, text: &str) -> Identity {
        self.of_text(site, code, type_name, text, &[], true)
    }

    fn of_text(
        &mut self,
        site: &Site,
        code: &str,
        type_name: &str,
        text: &str,
        ends: &[u16],
        is_raw: bool,
    ) -> Identity {
        let raw = raw_hash(site, code, type_name, text, ends);
        if let Some(known) = self.memo.get(raw) {
            return known;
        }
        self.short.clear();
        type_name::shorten(type_name, &mut self.short);
        let family = family(site.module(), site.function(), &self.short, code);
        let key = if is_raw {
            text
        } else {
            self.normalizer.chain(links(text, ends), &self.rules)
        };
        let own = Fingerprint(family.word(0).part(key.as_bytes()).finish());
        let identity = if self.variants.admit(own, family.finish()) {
            Identity::Own(own)
        } else {
            Identity::Many(Fingerprint::many(family))
        };
        self.memo.put(raw, identity);
        identity
    }

    /// The identity of all texts of a site and type that are not kept apart.
    #[cfg(feature = "spool")]
    pub(crate) fn many(&mut self, site: &Site, code: &str, type_name: &str) -> Identity {
        self.short.clear();
        type_name::shorten(type_name, &mut self.short);
        let family = family(site.module(), site.function(), &self.short, code);
        Identity::Many(Fingerprint::many(family))
    }

    /// The group of this fingerprint is gone: its site has room for another text.
    pub(crate) fn forget(&mut self, fingerprint: Fingerprint) {
        self.variants.forget(fingerprint);
        self.memo.forget(fingerprint);
    }
}

/// What the memo knows an event by, within this process: the site by its address.
fn raw_hash(site: &Site, code: &str, type_name: &str, text: &str, ends: &[u16]) -> u64 {
    let site = u64::try_from(core::ptr::from_ref(site).addr()).unwrap_or(u64::MAX);
    let hash = Hash64::new()
        .word(site)
        .part(code.as_bytes())
        .part(type_name.as_bytes())
        .part(text.as_bytes());
    ends.iter()
        .fold(hash, |hash, end| hash.word(u64::from(*end)))
        .finish()
}

/// The links of a chain that was run together.
fn links<'a>(text: &'a str, ends: &[u16]) -> impl Iterator<Item = &'a str> {
    let mut start = 0;
    ends.iter().map(move |end| {
        let end = usize::from(*end);
        let link = text.get(start..end).unwrap_or_default();
        start = end;
        link
    })
}

#[cfg(test)]
mod tests;
