//! As much of a message as its vendor takes: shorter texts first, then fewer groups, all of them counted.

use super::FormatError;
use crate::{Digest, Group};

/// How much of a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The first so many groups, by urgency.
    pub(super) groups: usize,
    /// At most so many bytes of each text.
    pub(super) text: usize,
}

/// Bytes of one text, from generous to bare, for one group in detail.
const DETAIL: [usize; 8] = [1_500, 900, 500, 250, 120, 60, 24, 8];
/// The same for one line a group.
const COMPACT: [usize; 2] = [140, 80];
/// When even one line is too long.
const BARE: [usize; 3] = [40, 20, 8];

/// The fullest message that `attempt` accepts. It answers `None` to what is too big for its vendor.
///
/// Texts are shortened first; then groups are left out, the least urgent first, as few as possible.
pub(super) fn fit<T>(
    groups: usize,
    attempt: impl FnMut(Cut) -> Result<Option<T>, FormatError>,
) -> Result<T, FormatError> {
    fit_in_steps(groups, if groups > 1 { &COMPACT } else { &DETAIL }, attempt)
}

/// [`fit`] with texts of these lengths.
pub(super) fn fit_in_steps<T>(
    groups: usize,
    steps: &[usize],
    mut attempt: impl FnMut(Cut) -> Result<Option<T>, FormatError>,
) -> Result<T, FormatError> {
    for &text in steps {
        if let Some(done) = attempt(Cut { groups, text })? {
            return Ok(done);
        }
    }
    let shortest = steps.last().copied().unwrap_or(BARE[0]);
    let mut best = None;
    let (mut fits, mut too_many) = (0_usize, groups);
    while too_many.saturating_sub(fits) > 1 {
        let middle = fits.midpoint(too_many);
        match attempt(Cut {
            groups: middle,
            text: shortest,
        })? {
            Some(done) => {
                best = Some(done);
                fits = middle;
            }
            None => too_many = middle,
        }
    }
    if let Some(best) = best {
        return Ok(best);
    }
    for text in BARE {
        if let Some(done) = attempt(Cut {
            groups: groups.min(1),
            text,
        })? {
            return Ok(done);
        }
    }
    Err(FormatError::new(
        "nothing short enough for the robot's size limit is left to say",
    ))
}

/// The groups by urgency: a lost connection first, since the others may be its symptoms; then the most severe, then
/// those that nobody was told of before, then those that failed most.
pub(super) fn by_urgency(digest: &Digest) -> Vec<&Group> {
    let mut groups: Vec<&Group> = digest.groups().iter().collect();
    groups.sort_by_key(|group| {
        let is_new = group.total() == group.delta();
        core::cmp::Reverse((group.lost_connection, group.severity(), is_new, group.delta()))
    });
    groups
}

/// Groups and failures beyond the first `listed` groups, with those the digest itself does not list.
pub(super) fn beyond(digest: &Digest, groups: &[&Group], listed: usize) -> (u64, u64) {
    let unlisted = digest.unlisted();
    groups
        .iter()
        .skip(listed)
        .fold((unlisted.groups(), unlisted.delta()), |(groups, delta), group| {
            (groups.saturating_add(1), delta.saturating_add(group.delta()))
        })
}

/// The modules of the groups beyond the first `listed`, each with its kinds and failures, the largest first.
pub(super) fn modules_beyond<'a>(groups: &[&'a Group], listed: usize) -> Vec<(&'a str, u64, u64)> {
    let mut modules: Vec<(&str, u64, u64)> = Vec::new();
    for group in groups.iter().skip(listed) {
        let (name, failures) = (group.place().module(), group.delta());
        match modules.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, kinds, sum)) => {
                *kinds = kinds.saturating_add(1);
                *sum = sum.saturating_add(failures);
            }
            None => modules.push((name, 1, failures)),
        }
    }
    modules.retain(|(name, ..)| !name.is_empty());
    modules.sort_by_key(|(_, kinds, failures)| core::cmp::Reverse((*failures, *kinds)));
    modules
}
