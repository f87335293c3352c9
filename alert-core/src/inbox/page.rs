//! The page's files, built into the program, and its stream of events.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::Response;
use hyper::body::Frame;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::server::{Body, whole};
use super::store::Shared;
use super::verdict::Answer;

/// Everything comes from this server, nothing is inline, nobody may frame the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Path, type and text of each file.
const FILES: [(&str, &str, &str); 6] = [
    ("/", "text/html; charset=utf-8", include_str!("page/index.html")),
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("page/style.css"),
    ),
    (
        "/message.css",
        "text/css; charset=utf-8",
        include_str!("page/message.css"),
    ),
    (
        "/app.js",
        "text/javascript; charset=utf-8",
        include_str!("page/app.js"),
    ),
    (
        "/draw.js",
        "text/javascript; charset=utf-8",
        include_str!("page/draw.js"),
    ),
    ("/icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
];

/// Events on their way to one page; more, and the forwarder waits for it.
const QUEUE: usize = 64;

/// One of the page's files.
pub(super) fn file(method: &str, path: &str) -> Response<Body> {
    let Some((_, content_type, text)) = FILES.iter().find(|(known, ..)| *known == path) else {
        return whole(Answer::text(404, "no such page; the inbox is at /"));
    };
    if !matches!(method, "GET" | "HEAD") {
        return whole(Answer::text(405, "this page is read with GET"));
    }
    let mut answer = Answer {
        content_type,
        ..Answer::text(200, *text)
    };
    answer
        .headers
        .push(("content-security-policy", POLICY.to_owned()));
    answer.headers.push(("referrer-policy", "no-referrer".to_owned()));
    whole(answer)
}

/// Events as they happen, from now on. A page that was too slow is told to load everything again.
pub(super) fn events(shared: &Arc<Shared>) -> Response<Body> {
    let (frames, queue) = mpsc::channel::<Bytes>(QUEUE);
    let mut events = shared.events.subscribe();
    shared.runtime.spawn(async move {
        // The first line opens the stream at the page before anything has happened.
        let mut next = Bytes::from_static(b"retry: 1000\n\nevent: resync\ndata: null\n\n");
        loop {
            tokio::select! {
                sent = frames.send(next) => if sent.is_err() { return },
                () = frames.closed() => return,
            }
            let event = tokio::select! {
                event = events.recv() => event,
                () = frames.closed() => return,
            };
            next = match event {
                Ok((name, data)) => Bytes::from(format!("event: {name}\ndata: {data}\n\n")),
                Err(RecvError::Lagged(_)) => Bytes::from_static(b"event: resync\ndata: null\n\n"),
                Err(RecvError::Closed) => return,
            };
        }
    });
    let mut response = Response::new(Events(queue).boxed_unsync());
    let headers = response.headers_mut();
    headers.insert(
        "content-type",
        hyper::header::HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(
        "cache-control",
        hyper::header::HeaderValue::from_static("no-store"),
    );
    response
}

/// A body that never ends by itself.
struct Events(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(cx)
            .map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
