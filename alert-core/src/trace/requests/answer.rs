//! The body of an answer: the handler may be done long before it, and what makes it can fail too.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};

use super::{Failure, HANDLER, REQUEST, Request, grpc_failure, is_told};
use crate::capture::{Moment, call};
use crate::event::EventKind;
use crate::report;

pin_project_lite::pin_project! {
    /// The body of an answer. What fails while it is made belongs to the request, and so does a gRPC status in its
    /// trailers.
    pub struct Answer<B> {
        #[pin]
        body: B,
        known: Request,
    }
}

impl<B> Answer<B> {
    pub(super) fn new(body: B, known: Request) -> Self {
        Self { body, known }
    }
}

impl<B> Body for Answer<B>
where
    B: Body<Error: fmt::Display>,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled<B::Data, B::Error> {
        let this = self.project();
        let body = this.body;
        REQUEST.sync_scope(this.known.clone(), || call(|| body.poll_frame(cx), tell))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What one look at a body gives.
type Polled<D, E> = Poll<Option<Result<Frame<D>, E>>>;

fn tell<D, E: fmt::Display>(moment: Moment<'_, Polled<D, E>>) -> bool {
    match moment {
        Moment::Finished(polled) => return failure(polled).is_some() && !is_told(),
        Moment::Failed(polled, since) => {
            if let Some(failure) = failure(polled) {
                report::failed(&HANDLER, EventKind::Error, &failure, since);
            }
        }
        Moment::Cancelled(_) => {}
        Moment::Panicked => report::panicked(&HANDLER),
    }
    false
}

fn failure<D, E: fmt::Display>(polled: &Polled<D, E>) -> Option<Failure<'_>> {
    match polled {
        Poll::Ready(Some(Ok(frame))) => frame.trailers_ref().and_then(grpc_failure),
        Poll::Ready(Some(Err(error))) => Some(Failure::Body(error)),
        Poll::Ready(None) | Poll::Pending => None,
    }
}

impl<B: fmt::Debug> fmt::Debug for Answer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
