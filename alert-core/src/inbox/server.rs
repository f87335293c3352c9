//! The HTTP server: reads a request whole, asks who it is for, sends what they say.

use std::convert::Infallible;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited, combinators::UnsyncBoxBody};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::clock::http_date;
use super::deliver::{self, Outcome};
use super::request::Received;
use super::store::Shared;
use super::stream::Stream;
use super::verdict::Answer;
use super::{api, routes};

/// A reply's body: whole, or a stream of events.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Far above every vendor's limit, so a vendor's own refusal is what a sender sees.
const MAX_BODY: usize = 1 << 20;

/// After a failure to accept (too many open files), how long until the next try.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Why a connection ends without an answer.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection cut without an answer")
    }
}

impl std::error::Error for Cut {}

/// Serves until stopped; then every connection is dropped where it stands.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stop: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // Told, or nobody is left to tell.
            _ = &mut stop => return,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    connections.spawn(connection(Stream(Arc::new(stream)), from, Arc::clone(&shared)));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

async fn connection(stream: Stream, from: SocketAddr, shared: Arc<Shared>) {
    let io = TokioIo::new(stream.clone());
    let service = service_fn(move |request| handle(request, from, Arc::clone(&shared), stream.clone()));
    // A connection that breaks is the sender's affair; its request has been noted if it came whole.
    http1::Builder::new().serve_connection(io, service).await.ok();
}

async fn handle(
    request: Request<Incoming>,
    from: SocketAddr,
    shared: Arc<Shared>,
    stream: Stream,
) -> Result<Response<Body>, Cut> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return Ok(whole(Answer::text(
            413,
            "the body is longer than 1 MiB or broke off",
        )));
    };
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let received = Received {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or("").to_owned(),
        headers,
        body: body.to_bytes(),
        from,
    };
    let Some((kind, token)) = routes::robot(&received) else {
        return Ok(api::answer(&shared, &received));
    };
    match deliver::deliver(&shared, kind, &token, received) {
        Outcome::Reply(mut answer, wait) => {
            tokio::time::sleep(wait).await;
            answer.headers.push(("date", http_date(shared.clock.now_ms())));
            Ok(whole(answer))
        }
        Outcome::Reset => {
            stream.will_reset();
            Err(Cut)
        }
        Outcome::Silent => core::future::pending().await,
    }
}

/// A reply that is known in full.
pub(super) fn whole(answer: Answer) -> Response<Body> {
    let body = Full::new(Bytes::from(answer.body)).boxed_unsync();
    let mut builder = Response::builder()
        .status(answer.status)
        .header("content-type", answer.content_type)
        .header("cache-control", "no-store")
        .header("x-content-type-options", "nosniff");
    for (name, value) in answer.headers {
        builder = builder.header(name, value);
    }
    builder
        .body(body)
        .unwrap_or_else(|_| Response::new(Full::default().boxed_unsync()))
}
