//! The way an error takes through annotated functions, put together from its hops.

use std::collections::{HashMap, VecDeque};

use super::group::Key;
use crate::incident::IncidentId;
use crate::{Site, panics};

/// Incidents whose hops still find their group. They come within moments, so this is plenty.
const MAX_INCIDENTS: usize = 1024;
/// Functions kept of one way.
pub(crate) const MAX_SITES: usize = 16;

/// Which group each recent incident is in, and where it has passed.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    ways: HashMap<IncidentId, Way>,
    /// Oldest first.
    order: VecDeque<IncidentId>,
}

#[derive(Debug)]
struct Way {
    group: Key,
    origin: &'static Site,
    /// Empty until the first hop, so that a failure without one costs no allocation.
    hops: Vec<&'static Site>,
}

impl Paths {
    /// An incident begins here.
    pub(crate) fn begin(&mut self, incident: IncidentId, group: Key, origin: &'static Site) {
        if incident == 0 {
            return;
        }
        if self.order.len() == MAX_INCIDENTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.ways.remove(&oldest);
        }
        let way = Way {
            group,
            origin,
            hops: Vec::new(),
        };
        self.ways.insert(incident, way);
        self.order.push_back(incident);
    }

    /// It passes through one more function. Gives its group and the way so far, innermost first; `None` if
    /// nothing is known of it.
    pub(crate) fn hop(
        &mut self,
        incident: IncidentId,
        site: &'static Site,
    ) -> Option<(Key, impl Iterator<Item = &'static Site> + '_)> {
        let way = self.ways.get_mut(&incident)?;
        let is_known = |known: &&'static Site| core::ptr::eq(*known, site);
        // A panic that the hook reported gets its first function only now.
        if core::ptr::eq(way.origin, &raw const panics::PANIC) {
            way.origin = site;
        } else if !is_known(&way.origin) && !way.hops.iter().any(is_known) && way.hops.len() < MAX_SITES {
            way.hops.push(site);
        }
        Some((
            way.group,
            core::iter::once(way.origin).chain(way.hops.iter().copied()),
        ))
    }
}
