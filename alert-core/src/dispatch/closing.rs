//! What says on disk that this run has not been closed yet.

#[cfg(feature = "spool")]
use std::sync::Arc;

#[cfg(feature = "spool")]
use crate::spool::Marker;

/// Takes the marker of this run away. Held by the dispatcher, and by whoever may have to end without its answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Closing {
    #[cfg(feature = "spool")]
    marker: Option<Arc<Marker>>,
}

impl Closing {
    #[cfg(feature = "spool")]
    pub(super) fn new(marker: Option<Arc<Marker>>) -> Self {
        Self { marker }
    }

    /// The run ends, and not unseen: the next start has nothing to tell of it.
    #[cfg_attr(
        not(feature = "spool"),
        expect(clippy::unused_self, reason = "there is no marker without the feature")
    )]
    pub(crate) fn close(&self) {
        #[cfg(feature = "spool")]
        if let Some(marker) = &self.marker {
            marker.close();
        }
    }
}
