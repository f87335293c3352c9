//! Which groups are to wait although they are due: in quiet hours, and while they are likely symptoms.

use core::time::Duration;
use std::time::{Instant, SystemTime};

use super::group::Group;
use crate::config::Config;
use crate::digest::DigestKind;

/// A lost connection counts as lost for so long after its last failure.
const STILL_LOST: Duration = Duration::from_secs(60);

/// What holds at one moment.
#[derive(Debug, Default)]
pub(crate) struct Hold {
    quiet_until: Option<Instant>,
    symptoms_until: Option<Instant>,
}

impl Hold {
    /// What holds now, from the settings and the groups as they are.
    pub(crate) fn now<'a>(
        config: &Config,
        wall: SystemTime,
        now: Instant,
        groups: impl Iterator<Item = &'a Group>,
    ) -> Self {
        let quiet_until = config
            .quiet_hours
            .and_then(|hours| hours.left(wall))
            .map(|left| now + left);
        let mut symptoms_until = None;
        if config.mutes_symptoms {
            for root in groups.filter(|group| group.lost_connection) {
                // The root's own summary tells of its symptoms too.
                let tells = root
                    .rhythm
                    .due()
                    .is_some_and(|(due, kind)| due <= now && kind != DigestKind::First);
                let until = root.last_at + STILL_LOST;
                if tells {
                    return Self {
                        quiet_until,
                        symptoms_until: None,
                    };
                }
                if until > now {
                    symptoms_until = symptoms_until.max(Some(until));
                }
            }
        }
        Self {
            quiet_until,
            symptoms_until,
        }
    }

    /// Until when this group has to wait. Severe ones never do.
    pub(crate) fn until(&self, group: &Group) -> Option<Instant> {
        if group.severe {
            None
        } else {
            self.quiet_until.max(self.symptoms_until)
        }
    }
}
