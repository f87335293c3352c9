//! An axum service: annotated handlers, alerts that name the request, its trace and what the spans around it know, and a
//! shutdown on `SIGTERM` that sends what is pending.
//!
//! `cargo run -p alert-examples --example axum`
//!
//! It asks itself for two pages and then ends itself as Kubernetes would.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::net::SocketAddr;
use std::time::Duration;

use alert_core::inbox::Inbox;
use alert_core::trace::{Requests, Spans};
use alert_core::{Config, Robot, alert_on_err};
use anyhow::Context as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The attribute stands on the handler itself; axum sees the function as it is written. Above the span, so
/// that the span is around what it watches and the alert shows the span's fields.
#[alert_on_err(fields(id), owner = "orders")]
#[tracing::instrument(skip_all, fields(store = "disk"))]
async fn order(Path(id): Path<u64>) -> Result<String, Failure> {
    let text = tokio::fs::read_to_string(format!("orders/{id}.json"))
        .await
        .context("load the order")?;
    Ok(text)
}

/// The client sees a 500; the cause goes to the team.
struct Failure(anyhow::Error);

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

// What the alert says: the error, with its chain of causes.
impl std::fmt::Debug for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::registry().with(Spans::new()).init();
    let inbox = Inbox::bind("127.0.0.1:0").await?;
    let chat = inbox.feishu();
    let alerts = alert_core::init(Config::new("orders").robot(Robot::feishu(chat.url())))?;

    let app = Router::new()
        .route("/health", get(health))
        .route("/orders/{id}", get(order))
        // Names the request and its trace in each alert, and tells of 5xx answers that no attribute told of.
        .layer(Requests::new());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    tokio::spawn(use_it(listener.local_addr()?));
    // First no more work is taken, then what is pending is sent.
    axum::serve(listener, app)
        .with_graceful_shutdown(told_to_end())
        .await?;
    let flushed = alerts.shutdown(Duration::from_secs(5)).await;

    println!("shutdown: {flushed:?}");
    for message in chat.accepted() {
        println!("\n{}", message.text());
    }
    let told = chat.accepted();
    anyhow::ensure!(told.len() == 1, "the failure was not told");
    for part in ["store=disk", "4bf92f3577b34da6a3ce929d0e0e4736", "GET /orders/"] {
        let is_told = told.iter().all(|message| message.text().contains(part));
        anyhow::ensure!(is_told, "the alert does not say `{part}`");
    }
    Ok(())
}

/// A chat that is down is no reason to restart the service: tell it, and stay healthy.
async fn health() -> String {
    let health = alert_core::health();
    format!("ok\nalerting: {health}\n")
}

/// `SIGTERM`, or Ctrl-C.
async fn told_to_end() {
    let interrupt = async {
        // Without a handler there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            return interrupt.await;
        };
        tokio::select! {
            () = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::select! {
        () = interrupt => {}
        () = tokio::time::sleep(Duration::from_secs(2)) => {}
    }
}

/// What would be users and the orchestrator elsewhere.
async fn use_it(service: SocketAddr) {
    for path in ["/health", "/orders/4711"] {
        let Ok(mut connection) = TcpStream::connect(service).await else {
            continue;
        };
        let trace = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let request = format!("GET {path} HTTP/1.1\r\nhost: orders\r\n{trace}\r\nconnection: close\r\n\r\n");
        let mut answer = String::new();
        if connection.write_all(request.as_bytes()).await.is_ok()
            && connection.read_to_string(&mut answer).await.is_ok()
        {
            println!("GET {path}: {}", answer.lines().next().unwrap_or_default());
        }
    }
    #[cfg(unix)]
    tokio::task::spawn_blocking(|| {
        let kill = format!("kill -TERM {}", std::process::id());
        std::process::Command::new("sh").args(["-c", &kill]).status()
    });
}
