//! The word to stop, given once and never taken back.

use tokio::sync::watch;

/// Whoever holds one may give the word, or wait for it. All clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Sender<bool>);

impl Stop {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Gives the word. To give it again changes nothing.
    pub(crate) fn cancel(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes when the word is given, at once if it was.
    ///
    /// # Cancel safety
    /// Whoever asks again is told.
    pub(crate) async fn cancelled(&self) {
        // An error is that nobody is left to give it, and this one is.
        let mut word = self.0.subscribe();
        let _told = word.wait_for(|cancelled| *cancelled).await;
    }
}

#[cfg(test)]
mod tests {
    use core::future::Future;
    use core::pin::pin;
    use core::task::{Context, Waker};

    use super::*;

    #[test]
    fn every_clone_hears_the_word_whenever_it_asks() {
        let (stop, other) = (Stop::new(), Stop::new());
        let heard = stop.clone();
        let mut cx = Context::from_waker(Waker::noop());
        let mut early = pin!(heard.cancelled());
        assert!(early.as_mut().poll(&mut cx).is_pending() && !heard.is_cancelled());
        stop.cancel();
        assert!(early.as_mut().poll(&mut cx).is_ready() && heard.is_cancelled());
        assert!(pin!(stop.clone().cancelled()).poll(&mut cx).is_ready());
        assert!(!other.is_cancelled());
    }
}
