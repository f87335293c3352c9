//! A small shop: an axum service whose handlers fail for real reasons.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use alert_core::alert_on_err;
use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// What the handlers work with.
pub(crate) struct Shop {
    /// Where the database should be: a port on which nothing listens.
    database: std::net::SocketAddr,
    /// A service that takes connections and never says a word.
    carrier: TcpListener,
    /// Failures the handlers were about to have, counted here to compare with what arrives in the chat.
    pub(crate) failures: AtomicU64,
}

impl Shop {
    pub(crate) async fn open() -> anyhow::Result<Arc<Self>> {
        // A port the system has just given out and got back: nobody listens on it.
        let database = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let carrier = TcpListener::bind("127.0.0.1:0").await?;
        Ok(Arc::new(Self {
            database,
            carrier,
            failures: AtomicU64::new(0),
        }))
    }

    fn fails(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) fn router(shop: Arc<Shop>) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/orders", get(orders).post(place))
        .route("/stock", get(stock))
        .route("/invoice", get(invoice))
        .route("/parcel", get(parcel))
        .route("/basket", get(basket))
        .route("/orders/new", post(place))
        .with_state(shop)
}

/// The database does not answer: a lost connection is severe by itself.
#[alert_on_err]
async fn orders(State(shop): State<Arc<Shop>>) -> Result<String, Failure> {
    shop.fails();
    TcpStream::connect(shop.database)
        .await
        .context("connect to the order database")
        .context("list orders")?;
    Ok("no orders".to_owned())
}

/// What a storm looks like: one cause, thousands of requests.
#[alert_on_err]
async fn stock(State(shop): State<Arc<Shop>>) -> Result<String, Failure> {
    shop.fails();
    let levels = tokio::fs::read_to_string("stock/levels.json")
        .await
        .context("read the stock levels")?;
    Ok(levels)
}

#[alert_on_err(severity = "warning")]
async fn invoice(State(shop): State<Arc<Shop>>) -> Result<String, Failure> {
    shop.fails();
    let template = tokio::fs::read_to_string("templates/invoice.html")
        .await
        .context("load the invoice's template")?;
    Ok(template)
}

#[alert_on_err]
async fn parcel(State(shop): State<Arc<Shop>>) -> Result<String, Failure> {
    shop.fails();
    let mut carrier = TcpStream::connect(shop.carrier.local_addr().context("find the carrier")?)
        .await
        .context("connect to the carrier")?;
    let mut answer = String::new();
    timeout(Duration::from_millis(200), carrier.read_to_string(&mut answer))
        .await
        .context("track parcel 4711")?
        .context("read the carrier's answer")?;
    Ok(answer)
}

#[alert_on_err]
async fn place(State(shop): State<Arc<Shop>>, body: String) -> Result<String, Failure> {
    shop.fails();
    let order: serde_json::Value = serde_json::from_str(&body).context("read the order")?;
    Ok(order.to_string())
}

/// A bug: the index is one too far.
#[alert_on_err]
async fn basket(State(shop): State<Arc<Shop>>) -> Result<String, Failure> {
    shop.fails();
    let prices = [120, 80, 45];
    let last = prices.len();
    #[expect(clippy::indexing_slicing, reason = "the demo wants this panic")]
    Ok(prices[last].to_string())
}

/// What a handler answers with when it fails: the cause stays inside, the client sees a 500.
#[derive(Debug)]
pub(crate) struct Failure(anyhow::Error);

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
