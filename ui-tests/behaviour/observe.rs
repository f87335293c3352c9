//! Stands where generated code expects `alert_core`, and writes down what hooks report.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// What `crate = crate::observe` leads to.
pub mod __private {
    pub use alert_core::__private::*;

    pub fn failed(site: &'static Site, kind: EventKind, error: &(dyn Describe + '_), _since: Since) {
        let mut words = Description::default();
        error.describe(&mut words);
        super::write_down(super::Seen {
            function: site.function(),
            kind: Some(kind),
            type_name: words.type_name(),
            links: words.links().map(str::to_owned).collect(),
            place: take_place(site).map(|place| (place.line(), place.column())),
            ..super::Seen::default()
        });
    }

    pub fn failed_with(
        site: &'static Site,
        kind: EventKind,
        error: &(dyn Describe + '_),
        since: Since,
        judge: &dyn Fn() -> Option<Severity>,
        detail: &dyn Fn(&mut Details),
    ) {
        let severity = match judge() {
            Some(severity) => severity,
            None => return forget_place(),
        };
        failed(site, kind, error, since);
        let mut details = Details::default();
        detail(&mut details);
        super::add(|seen| {
            seen.severity = Some(severity);
            seen.key = details.key().map(str::to_owned);
            seen.fields = details.fields().to_vec();
        });
    }

    /// Comes before the one of the glob.
    pub struct Reports;

    impl Reporter for Reports {
        fn failed(site: &'static Site, kind: EventKind, error: &(dyn Describe + '_), since: Since) {
            failed(site, kind, error, since);
        }

        fn panicked(site: &'static Site) {
            panicked(site);
        }
    }

    pub fn panicked(site: &'static Site) {
        forget_place();
        super::write_down(super::Seen {
            function: site.function(),
            ..super::Seen::default()
        });
    }
}

/// One failure. A panic has no kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    pub function: &'static str,
    pub kind: Option<__private::EventKind>,
    pub type_name: &'static str,
    pub links: Vec<String>,
    pub place: Option<(u32, u32)>,
    /// These three from arguments only.
    pub severity: Option<alert_core::Severity>,
    pub key: Option<String>,
    pub fields: Vec<(&'static str, String)>,
}

thread_local! {
    static SEEN: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
}

fn write_down(seen: Seen) {
    SEEN.with(|all| all.borrow_mut().push(seen));
}

fn add(more: impl FnOnce(&mut Seen)) {
    SEEN.with(|all| more(all.borrow_mut().last_mut().unwrap()));
}

/// What was reported on this thread since the last call.
pub fn seen() -> Vec<Seen> {
    SEEN.with(|all| all.take())
}

/// The one failure that was reported since the last call.
#[track_caller]
pub fn only() -> Seen {
    let mut all = seen();
    assert_eq!(all.len(), 1, "{:?}", all);
    all.remove(0)
}

/// Polls until it is ready.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = poll(future.as_mut()) {
            return output;
        }
    }
}

/// Polls once.
pub fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Pending once, then ready.
pub async fn pause() {
    let mut ready = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut ready, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}
