//! What `?` does, where it has to leave a block instead of the function.

use core::convert::Infallible;
use core::ops::ControlFlow;
use core::task::Poll;

/// What `?` can be used on.
#[diagnostic::on_unimplemented(message = "`?` cannot be used on `{Self}`")]
pub trait Branch {
    /// What the expression gives.
    type Output;
    /// What is returned.
    type Rest;
    /// Which of the two it is.
    fn __alert_branch(self) -> ControlFlow<Self::Rest, Self::Output>;
}

/// What a function gives back that uses `?`.
#[diagnostic::on_unimplemented(message = "`?` cannot return its failure from a function that gives `{Self}`")]
pub trait FromRest<R> {
    /// The failure, as the function returns it.
    fn __alert_from(rest: R) -> Self;
}

type Failure<E> = Result<Infallible, E>;

impl<T, E> Branch for Result<T, E> {
    type Output = T;
    type Rest = Failure<E>;
    #[inline]
    fn __alert_branch(self) -> ControlFlow<Failure<E>, T> {
        match self {
            Ok(value) => ControlFlow::Continue(value),
            Err(error) => ControlFlow::Break(Err(error)),
        }
    }
}

impl<T> Branch for Option<T> {
    type Output = T;
    type Rest = Option<Infallible>;
    #[inline]
    fn __alert_branch(self) -> ControlFlow<Option<Infallible>, T> {
        self.map_or(ControlFlow::Break(None), ControlFlow::Continue)
    }
}

impl<B, C> Branch for ControlFlow<B, C> {
    type Output = C;
    type Rest = ControlFlow<B, Infallible>;
    #[inline]
    fn __alert_branch(self) -> ControlFlow<ControlFlow<B, Infallible>, C> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(value),
            ControlFlow::Break(value) => ControlFlow::Break(ControlFlow::Break(value)),
        }
    }
}

impl<T, E> Branch for Poll<Result<T, E>> {
    type Output = Poll<T>;
    type Rest = Failure<E>;
    #[inline]
    fn __alert_branch(self) -> ControlFlow<Failure<E>, Poll<T>> {
        match self {
            Poll::Ready(Ok(value)) => ControlFlow::Continue(Poll::Ready(value)),
            Poll::Ready(Err(error)) => ControlFlow::Break(Err(error)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}

impl<T, E> Branch for Poll<Option<Result<T, E>>> {
    type Output = Poll<Option<T>>;
    type Rest = Failure<E>;
    #[inline]
    fn __alert_branch(self) -> ControlFlow<Failure<E>, Poll<Option<T>>> {
        match self {
            Poll::Ready(Some(Ok(value))) => ControlFlow::Continue(Poll::Ready(Some(value))),
            Poll::Ready(Some(Err(error))) => ControlFlow::Break(Err(error)),
            Poll::Ready(None) => ControlFlow::Continue(Poll::Ready(None)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}

macro_rules! from_rest {
    ($([$($generic:tt)*] $rest:ty => $output:ty: $pattern:pat => $given:expr;)*) => {$(
        impl<$($generic)*> FromRest<$rest> for $output {
            #[inline]
            #[track_caller]
            fn __alert_from($pattern: $rest) -> Self {
                $given
            }
        }
    )*};
}

from_rest! {
    [T, E, F: From<E>] Failure<E> => Result<T, F>: Err(error) => Err(F::from(error));
    [T, E, F: From<E>] Failure<E> => Poll<Result<T, F>>: Err(error) => Poll::Ready(Err(F::from(error)));
    [T, E, F: From<E>] Failure<E> => Poll<Option<Result<T, F>>>: Err(error) => Poll::Ready(Some(Err(F::from(error))));
    [T] Option<Infallible> => Option<T>: _ => None;
    [B, C] ControlFlow<B, Infallible> => ControlFlow<B, C>: ControlFlow::Break(value) => ControlFlow::Break(value);
}
