//! Requests of an HTTP or gRPC server: their trace id around everything a handler does, and alerts for what fails
//! in handlers that carry no attribute.

mod answer;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};
use std::sync::Arc;

use http::{HeaderMap, Method, Response, StatusCode, Uri};
use tokio::task::futures::TaskLocalFuture;
use tower_layer::Layer;
use tower_service::Service;

pub use self::answer::Answer;
use super::{Fields, REQUEST, Request, TraceId};
use crate::capture::{Moment, Watch, watch};
use crate::chain::{Describe, Description};
use crate::event::EventKind;
use crate::{Severity, Site, report};

/// Stands for all handlers without an attribute; each failure names its request.
static HANDLER: Site = Site::stand_in("request", "tower", Severity::Error);

inventory::submit! { &HANDLER }

/// A `tower` layer for servers that speak `http` types, such as those of axum and tonic.
///
/// The alert of each failure while a request is handled names the request and its trace id: that of a W3C
/// `traceparent`, else the `x-request-id`. A panic and an answer that says the server failed (5xx, or a gRPC status
/// unknown, internal, unavailable or data loss, in the headers or the trailers) are alerts of their own, and so is an
/// answer whose body breaks off; unless an annotated function has reported a failure of this request. Of the request
/// only method and path are told, no query.
///
/// ```
/// use alert_core::trace::Requests;
/// use tower_layer::Layer;
///
/// # struct Router;
/// # let router = Router;
/// // With axum: `Router::new().route(..).layer(Requests::new())`.
/// let service = Requests::new().layer(router);
/// # let _unused = service;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Requests {
    _private: (),
}

impl Requests {
    /// The layer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for Requests {
    type Service = RequestService<S>;

    fn layer(&self, inner: S) -> RequestService<S> {
        RequestService { inner }
    }
}

/// The service that [`Requests`] makes.
#[derive(Clone, Copy, Debug)]
pub struct RequestService<S> {
    inner: S,
}

impl<S, B, R> Service<http::Request<B>> for RequestService<S>
where
    S: Service<http::Request<B>, Response = Response<R>>,
{
    type Response = Response<Answer<R>>;
    type Error = S::Error;
    type Future = Handling<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let known = Request {
            id: id_of(request.headers()),
            handled: Some(Arc::new(Handled {
                method: request.method().clone(),
                uri: request.uri().clone(),
                failed: AtomicBool::new(false),
            })),
        };
        let watched = watch(self.inner.call(request), tell as Hook<_>);
        Handling {
            scoped: REQUEST.scope(known.clone(), watched),
            known,
        }
    }
}

/// What is told how a handler ended.
type Hook<O> = fn(Moment<'_, O>) -> bool;

pin_project_lite::pin_project! {
    /// A request that is being handled.
    pub struct Handling<F: Future> {
        #[pin]
        scoped: TaskLocalFuture<Request, Watch<F, Hook<F::Output>>>,
        known: Request,
    }
}

impl<F, R, E> Future for Handling<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<Answer<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let known = this.known;
        this.scoped
            .poll(cx)
            .map_ok(|response| response.map(|body| Answer::new(body, known.clone())))
    }
}

impl<F: Future> fmt::Debug for Handling<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling").finish_non_exhaustive()
    }
}

fn tell<R, E>(moment: Moment<'_, Result<Response<R>, E>>) -> bool {
    match moment {
        Moment::Finished(Ok(response)) => return failure(response).is_some() && !is_told(),
        Moment::Failed(Ok(response), since) => {
            if let Some(failure) = failure(response) {
                report::failed(&HANDLER, EventKind::Error, &failure, since);
            }
        }
        Moment::Finished(Err(_)) | Moment::Failed(Err(_), _) | Moment::Cancelled(_) => {}
        Moment::Panicked => report::panicked(&HANDLER),
    }
    false
}

/// Whether a failure of the request at hand has been reported.
fn is_told() -> bool {
    let told = REQUEST.try_with(|request| {
        let handled = request.handled.as_ref();
        handled.is_some_and(|handled| handled.failed.load(Ordering::Relaxed))
    });
    told.unwrap_or(false)
}

/// Says that the server failed, not the client.
enum Failure<'a> {
    Http(StatusCode),
    Grpc(&'static str),
    /// The body ended in this error.
    Body(&'a dyn fmt::Display),
}

fn failure<R>(response: &Response<R>) -> Option<Failure<'static>> {
    if response.status().is_server_error() {
        return Some(Failure::Http(response.status()));
    }
    grpc_failure(response.headers())
}

/// Of the headers of an answer without a body, else of its trailers.
fn grpc_failure(headers: &HeaderMap) -> Option<Failure<'static>> {
    // <https://grpc.github.io/grpc/core/md_doc_statuscodes.html>, read 2026-11-23.
    let status = match headers.get("grpc-status")?.as_bytes() {
        b"2" => "unknown",
        b"13" => "internal",
        b"14" => "unavailable",
        b"15" => "data loss",
        _ => return None,
    };
    Some(Failure::Grpc(status))
}

impl Describe for Failure<'_> {
    fn describe(&self, into: &mut Description) {
        let _outside = REQUEST.try_with(|request| {
            let Some(handled) = &request.handled else {
                return;
            };
            let (method, path) = (&handled.method, handled.uri.path());
            match self {
                Failure::Http(status) => {
                    into.write_link(format_args!("answered {status} to {method} {path}"));
                }
                Failure::Grpc(status) => {
                    into.write_link(format_args!("answered gRPC {status} to {path}"));
                }
                Failure::Body(error) => {
                    into.write_link(format_args!("the answer to {method} {path} broke off"));
                    into.link(error);
                }
            }
        });
    }
}

/// A request that is being handled, as its alerts name it.
pub(super) struct Handled {
    method: Method,
    uri: Uri,
    /// A failure was reported meanwhile.
    failed: AtomicBool,
}

impl Handled {
    /// A failure is reported: it is told of which request.
    pub(super) fn failed(&self, fields: &mut Fields) {
        self.failed.store(true, Ordering::Relaxed);
        fields.add("request", format_args!("{} {}", self.method, self.uri.path()));
    }
}

/// The trace id, else the request id, that the client or a proxy gave.
fn id_of(headers: &HeaderMap) -> TraceId {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("traceparent")
        .and_then(TraceId::of_traceparent)
        .or_else(|| text("x-request-id").map(TraceId::new))
        .unwrap_or_default()
}
