//! Which groups are to wait although they are due: in quiet hours, and while they are likely symptoms.

use core::time::Duration;
use std::collections::HashMap;
use std::time::{Instant, SystemTime};

use super::group::{Group, Key};
use crate::config::Config;
use crate::digest::DigestKind;

/// A lost connection counts as lost for so long after its last failure.
const STILL_LOST: Duration = Duration::from_secs(60);

/// What holds at one moment.
#[derive(Debug, Default)]
pub(crate) struct Hold {
    quiet_until: Option<Instant>,
    /// The lost connection that others wait for, and until when.
    lost: Option<(Key, Instant)>,
}

impl Hold {
    /// What holds now, from the settings and the groups as they are.
    pub(crate) fn now(config: &Config, wall: SystemTime, now: Instant, groups: &HashMap<Key, Group>) -> Self {
        let quiet_until = config
            .quiet_hours
            .and_then(|hours| hours.left(wall))
            .map(|left| now + left);
        let lost = if config.mutes_symptoms {
            lost(now, groups)
        } else {
            None
        };
        Self { quiet_until, lost }
    }

    /// Whether these are quiet hours.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet_until.is_some()
    }

    /// The lost connection that others wait for.
    pub(crate) fn root(&self) -> Option<Key> {
        self.lost.map(|(root, _)| root)
    }

    /// Until when this group has to wait. Severe ones never do.
    pub(crate) fn until(&self, group: &Group) -> Option<Instant> {
        if group.severe {
            None
        } else {
            self.quiet_until.max(self.lost.map(|(_, until)| until))
        }
    }

    /// Whether this group would speak now if no connection were lost.
    pub(crate) fn is_symptom(&self, group: &Group, now: Instant) -> bool {
        let is_due = group.rhythm.due().is_some_and(|(due, _)| due <= now);
        self.lost.is_some() && !group.severe && is_due
    }
}

/// The connection that counts as lost longest. None if one of them sums up now: then all is told together.
fn lost(now: Instant, groups: &HashMap<Key, Group>) -> Option<(Key, Instant)> {
    let mut lost = None;
    for (key, root) in groups.iter().filter(|(_, group)| group.lost_connection) {
        let sums_up = root
            .rhythm
            .due()
            .is_some_and(|(due, kind)| due <= now && matches!(kind, DigestKind::Summary | DigestKind::Quiet));
        if sums_up {
            return None;
        }
        let until = root.last_at + STILL_LOST;
        if until > now && lost.is_none_or(|(_, latest)| until > latest) {
            lost = Some((*key, until));
        }
    }
    lost
}
