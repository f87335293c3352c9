//! The word to stop, given once and never taken back: news to the loop that waits, and then a fact it can look at.

use tokio::sync::watch;

/// Whoever holds it may give the word.
#[derive(Debug)]
pub(crate) struct Stop(watch::Sender<bool>);

/// The one that is to stop.
#[derive(Debug)]
pub(crate) struct Told(watch::Receiver<bool>);

impl Stop {
    /// The word that was not given yet, and who is to hear it.
    pub(crate) fn new() -> (Self, Told) {
        let (stop, told) = watch::channel(false);
        (Self(stop), Told(told))
    }

    /// Gives the word. To give it again changes nothing.
    pub(crate) fn cancel(&self) {
        self.0
            .send_if_modified(|cancelled| !core::mem::replace(cancelled, true));
    }
}

impl Told {
    /// Whether the word was given. To look makes it no less news.
    pub(crate) fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes once, when the word is given, or at once if it was given since nobody waited: a word that comes between
    /// a look and a wait ends the wait.
    ///
    /// # Cancel safety
    /// The word stays news until a wait has completed.
    pub(crate) async fn news(&mut self) {
        if self.0.changed().await.is_err() {
            // Nobody is left to give it.
            core::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use core::future::Future;
    use core::pin::pin;
    use core::task::{Context, Waker};

    use super::*;

    fn is_news(told: &mut Told) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        pin!(told.news()).poll(&mut cx).is_ready()
    }

    #[test]
    fn the_word_is_news_once_and_then_known() {
        let (stop, mut told) = Stop::new();
        let (other, mut another) = Stop::new();
        assert!(!is_news(&mut told) && !told.is_cancelled());
        stop.cancel();
        assert!(is_news(&mut told) && !is_news(&mut told) && told.is_cancelled());
        stop.cancel();
        drop(stop);
        assert!(!is_news(&mut told) && told.is_cancelled(), "nothing new");
        drop(other);
        assert!(!is_news(&mut another) && !another.is_cancelled());
    }

    #[test]
    fn a_word_between_a_look_and_a_wait_ends_the_wait() {
        let (stop, mut told) = Stop::new();
        assert!(!told.is_cancelled());
        stop.cancel();
        assert!(told.is_cancelled(), "and to look once more takes nothing from it");
        drop(stop);
        assert!(is_news(&mut told));
    }
}
