//! What an earlier run named, made static: each name and each site once in the life of the process, however often alerting
//! is started again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::spool::Saved;
use crate::{Severity, Site};

/// Grows only by what no start before it has read.
static KNOWN: Mutex<Known> = Mutex::new(Known {
    names: BTreeSet::new(),
    sites: BTreeMap::new(),
});

struct Known {
    names: BTreeSet<&'static str>,
    sites: BTreeMap<Place, &'static Site>,
}

/// Function, module, file, line, column, and how severe.
type Place = (&'static str, &'static str, &'static str, u32, u32, Severity);

impl Known {
    fn name(&mut self, name: &str) -> &'static str {
        if let Some(known) = self.names.get(name) {
            return known;
        }
        let kept: &'static str = Box::leak(Box::from(name));
        self.names.insert(kept);
        kept
    }
}

/// A name that lasts.
pub(super) fn name(name: &str) -> &'static str {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).name(name)
}

/// The site of an earlier run.
pub(super) fn site(saved: &Saved) -> &'static Site {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let (function, module) = (known.name(&saved.function), known.name(&saved.module));
    let (file, line, column) = (known.name(&saved.file), saved.line, saved.column);
    let severity = saved.severity;
    let place = (function, module, file, line, column, severity);
    known.sites.entry(place).or_insert_with(|| {
        let site = Site::new(function, module, (file, line, column, line), severity);
        Box::leak(Box::new(site))
    })
}
