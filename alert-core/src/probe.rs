//! What a function gave back, found out by its type: did it fail, and how can the failure be put into words?
//!
//! Both questions are answered by method lookup at the call site, where the types are concrete: the compiler
//! takes the candidate that needs the fewest references added, so the best description that compiles wins.
//! No bound is `'static`, since lookup ignores lifetimes and would pick what then fails to borrow-check.

#![expect(
    clippy::exhaustive_structs,
    reason = "generated code builds them, and versions never mix"
)]

#[cfg(any(feature = "anyhow", feature = "eyre"))]
mod reports;

use core::error::Error;
use core::fmt::{Debug, Display};
use core::ops::Deref;
use core::task::Poll;

use crate::chain::{Describe, Description};
use crate::locate;

#[cfg(any(feature = "anyhow", feature = "eyre"))]
pub use reports::{ReportWords, ViaReport};

/// A function's output, asked whether it is a failure.
#[derive(Debug)]
pub struct Ret<'a, R>(pub &'a R);

/// A failed `Result`.
pub trait ViaResult {
    /// The error type.
    type E;
    /// The error, if there is one.
    fn __alert_failure(&self) -> Option<&Self::E>;
}

impl<T, E> ViaResult for &&Ret<'_, Result<T, E>> {
    type E = E;
    #[inline]
    fn __alert_failure(&self) -> Option<&E> {
        self.0.as_ref().err()
    }
}

/// An `Option` that is `None`.
pub trait ViaOption {
    /// Whether it is `None`.
    fn __alert_none(&self) -> bool;
}

impl<T> ViaOption for &&Ret<'_, Option<T>> {
    #[inline]
    fn __alert_none(&self) -> bool {
        self.0.is_none()
    }
}

/// A `Poll` of a `Result`: never reported, but a marked `?` may have left its place behind.
pub trait ViaPoll {
    /// Always `None`.
    fn __alert_failure(&self) -> Option<&Never>;
}

impl<T, E> ViaPoll for &&Ret<'_, Poll<Result<T, E>>> {
    #[inline]
    fn __alert_failure(&self) -> Option<&Never> {
        if matches!(self.0, Poll::Ready(Err(_))) {
            locate::forget();
        }
        None
    }
}

impl<T, E> ViaPoll for &&Ret<'_, Poll<Option<Result<T, E>>>> {
    #[inline]
    fn __alert_failure(&self) -> Option<&Never> {
        if matches!(self.0, Poll::Ready(Some(Err(_)))) {
            locate::forget();
        }
        None
    }
}

/// Anything else: never a failure.
pub trait ViaOther {
    /// Always `None`.
    #[inline]
    fn __alert_failure(&self) -> Option<&Never> {
        None
    }
    /// Always `false`.
    #[inline]
    fn __alert_none(&self) -> bool {
        false
    }
}

impl<R> ViaOther for Ret<'_, R> {}

/// The error type of what cannot fail.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no value of it")]
pub enum Never {}

/// An error, asked for its words.
#[derive(Debug)]
pub struct Probe<'a, E: ?Sized>(pub &'a E);

macro_rules! way {
    ($(#[$doc:meta])* $Trait:ident, $Words:ident, [$($bound:tt)*], $refs:ty, |$error:ident, $into:ident| $body:expr) => {
        $(#[$doc])*
        pub trait $Trait<'a> {
            #[doc = "The error type."]
            type E: ?Sized;
            #[doc = "How to put the error into words."]
            fn __alert_words(&self) -> $Words<'a, Self::E>;
        }

        impl<'a, E: $($bound)*> $Trait<'a> for $refs {
            type E = E;
            #[inline]
            fn __alert_words(&self) -> $Words<'a, E> {
                $Words(self.0)
            }
        }

        #[doc = "The words found by the trait of the same rank."]
        #[derive(Debug)]
        pub struct $Words<'a, E: ?Sized>(pub &'a E);

        impl<E: $($bound)*> Describe for $Words<'_, E> {
            fn describe(&self, $into: &mut Description) {
                $into.set_type::<E>();
                let $error = self.0;
                $body
            }
        }
    };
}

way!(
    /// First choice: an error, with its whole chain.
    ViaError, ErrorWords, [Error + ?Sized], &&&&Probe<'a, E>, |error, into| {
        into.chain(error);
    }
);
way!(
    /// Second: a box or report around an error (`Box<dyn Error>`, `anyhow::Error`, `eyre::Report`).
    ViaDeref, DerefWords, [Deref<Target: Error> + ?Sized], &&&Probe<'a, E>, |error, into| {
        let error: &E::Target = error;
        into.chain(error);
    }
);
way!(
    /// Third: text. The alternate form, since reports behind an `Arc` print their chain in it.
    ViaDisplay, DisplayWords, [Display + ?Sized], &&Probe<'a, E>, |error, into| into.write_link(format_args!("{error:#}"))
);
way!(
    /// Fourth: what a programmer sees.
    ViaDebug, DebugWords, [Debug + ?Sized], &Probe<'a, E>, |error, into| into.write_link(format_args!("{error:?}"))
);
way!(
    /// Last: nothing but the name of the type.
    ViaName, NameWords, [?Sized], Probe<'a, E>, |_error, into| {
        into.write_link(format_args!("an error of type `{}`, which has neither Display nor Debug", core::any::type_name::<E>()));
    }
);

/// The words for a function that gave back `None`.
#[derive(Debug)]
pub struct NoneWords;

impl Describe for NoneWords {
    fn describe(&self, into: &mut Description) {
        into.write_link(format_args!("returned `None`"));
    }
}

/// The words for a future that was dropped before it finished.
#[derive(Debug)]
pub struct CancelledWords;

impl Describe for CancelledWords {
    fn describe(&self, into: &mut Description) {
        into.write_link(format_args!(
            "cancelled: the future was dropped before it finished"
        ));
    }
}

/// The words the user's own function gives.
#[derive(Debug)]
pub struct OwnWords<'a, E: ?Sized, F>(&'a E, F);

impl<'a, E: ?Sized, F: Fn(&E) -> W, W: Display> OwnWords<'a, E, F> {
    /// Takes the error and what the user gave.
    pub const fn new(error: &'a E, words: F) -> Self {
        Self(error, words)
    }
}

impl<E: ?Sized, F: Fn(&E) -> W, W: Display> Describe for OwnWords<'_, E, F> {
    fn describe(&self, into: &mut Description) {
        into.set_type::<E>();
        into.link(&(self.1)(self.0));
    }
}

/// A type whose value can be a failure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither `Result` nor `Option`, nothing can be reported",
    label = "cannot fail",
    note = "remove `err` from `on(..)`"
)]
pub trait Fallible {}
#[diagnostic::do_not_recommend]
impl<T, E> Fallible for Result<T, E> {}
#[diagnostic::do_not_recommend]
impl<T> Fallible for Option<T> {}

/// For `on(err)` that the user wrote.
#[inline]
pub const fn must_be_fallible<R: Fallible>(_: &R) {}

/// An `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `Option`; remove `none`",
    label = "not an `Option`"
)]
pub trait IsOption {}
#[diagnostic::do_not_recommend]
impl<T> IsOption for Option<T> {}

/// For `on(none)`.
#[inline]
pub const fn must_be_option<R: IsOption>(_: &R) {}
