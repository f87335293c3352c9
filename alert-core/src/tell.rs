//! What the hook of a function does whose attribute says nothing special: all in one question to the type of its
//! output, so that little has to be compiled for each function.

use core::error::Error;
use core::fmt::{Debug, Display};
use core::ops::Deref;
use core::task::Poll;

use crate::Site;
use crate::capture::Moment;
use crate::chain::Describe;
use crate::event::EventKind;
use crate::incident::Since;
#[cfg(any(feature = "anyhow", feature = "eyre"))]
use crate::probe::ReportWords;
use crate::probe::{DebugWords, DerefWords, DisplayWords, ErrorWords, NameWords};
use crate::{locate, report};

/// Where failures are reported to. The tests of the attribute have one of their own.
pub trait Reporter {
    /// Reports an `Err`.
    fn failed(site: &'static Site, kind: EventKind, error: &(dyn Describe + '_), since: Since);
    /// Reports the panic that unwinds.
    fn panicked(site: &'static Site);
}

/// Reports to the channel.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reports;

impl Reporter for Reports {
    #[inline]
    fn failed(site: &'static Site, kind: EventKind, error: &(dyn Describe + '_), since: Since) {
        report::failed(site, kind, error, since);
    }

    #[inline]
    fn panicked(site: &'static Site) {
        report::panicked(site);
    }
}

/// Answers the hook's questions. Method lookup begins with the references that the hook writes, then adds one, then
/// takes away one after the other: the first implementation it meets is the one with the best words for the error.
pub trait Tell {
    /// Whether the function failed; where it did, reports it.
    fn __alert_tell<R: Reporter>(&self, site: &'static Site) -> bool;
}

/// The same for reports of `anyhow` and `eyre`, which rank with errors and are none.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
pub trait TellReport {
    /// Whether the function failed; where it did, reports it.
    fn __alert_tell<R: Reporter>(&self, site: &'static Site) -> bool;
}

/// The same for what is no failure, which comes last.
pub trait TellOther {
    /// Never whether the function failed.
    fn __alert_tell<R: Reporter>(self, site: &'static Site) -> bool;
}

macro_rules! tell {
    ($($(#[$cfg:meta])* $Tell:ident [$($generic:tt)*] $moment:ty, $Words:ident;)*) => {$(
        $(#[$cfg])*
        impl<T, $($generic)*> $Tell for $moment {
            #[inline]
            fn __alert_tell<R: Reporter>(&self, site: &'static Site) -> bool {
                match self {
                    Moment::Finished(output) => return output.is_err(),
                    Moment::Failed(Err(error), since) => {
                        R::failed(site, EventKind::Error, &$Words(error), *since);
                    }
                    Moment::Panicked => R::panicked(site),
                    Moment::Failed(Ok(_), _) | Moment::Cancelled(_) => {}
                }
                false
            }
        }
    )*};
}

// In the order in which method lookup meets them, from `&&&&Moment`.
tell! {
    #[cfg(feature = "anyhow")]
    TellReport [] &&&Moment<'_, Result<T, anyhow::Error>>, ReportWords;
    #[cfg(feature = "eyre")]
    TellReport [] &&&Moment<'_, Result<T, eyre::Report>>, ReportWords;
    Tell [E: Error] &&&Moment<'_, Result<T, E>>, ErrorWords;
    Tell [E: Deref<Target: Error>] &&&&Moment<'_, Result<T, E>>, DerefWords;
    Tell [E: Display] &&Moment<'_, Result<T, E>>, DisplayWords;
    Tell [E: Debug] &Moment<'_, Result<T, E>>, DebugWords;
    Tell [E] Moment<'_, Result<T, E>>, NameWords;
}

/// Never reported, but a marked `?` may have left its place behind.
impl<T, E> Tell for Moment<'_, Poll<Result<T, E>>> {
    #[inline]
    fn __alert_tell<R: Reporter>(&self, site: &'static Site) -> bool {
        other::<R, _>(self, site, |output| matches!(output, Poll::Ready(Err(_))))
    }
}

/// Never reported, but a marked `?` may have left its place behind.
impl<T, E> Tell for Moment<'_, Poll<Option<Result<T, E>>>> {
    #[inline]
    fn __alert_tell<R: Reporter>(&self, site: &'static Site) -> bool {
        other::<R, _>(self, site, |output| matches!(output, Poll::Ready(Some(Err(_)))))
    }
}

impl<T> TellOther for Moment<'_, T> {
    #[inline]
    fn __alert_tell<R: Reporter>(self, site: &'static Site) -> bool {
        other::<R, _>(&self, site, |_| false)
    }
}

#[inline]
fn other<R: Reporter, T>(moment: &Moment<'_, T>, site: &'static Site, marked: impl Fn(&T) -> bool) -> bool {
    match moment {
        Moment::Finished(output) if marked(output) => locate::forget(),
        Moment::Panicked => R::panicked(site),
        _ => {}
    }
    false
}
