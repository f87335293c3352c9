//! A client that uses the shop for about twenty seconds.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

/// Requests that fail alike during the storm.
const STORM: usize = 4_000;
/// Connections the storm comes over.
const STORM_CLIENTS: usize = 8;

#[derive(Clone)]
struct Customer {
    client: Client<HttpConnector, Full<Bytes>>,
    shop: SocketAddr,
}

impl Customer {
    /// One request. A handler that panics closes the connection, which is an answer too.
    async fn ask(&self, method: &str, path: &str, body: &'static str) {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.shop))
            .body(Full::new(Bytes::from_static(body.as_bytes())));
        let Ok(request) = request else { return };
        if let Ok(response) = self.client.request(request).await {
            // Read to the end, so that the connection serves the next request.
            let _body = response.into_body().collect().await;
        }
    }
}

/// Uses the shop; tells on the way what happens.
pub(crate) async fn use_it(shop: SocketAddr) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let customer = Customer { client, shop };
    let start = Instant::now();

    say(
        start,
        "a few things go wrong: no database, no template, a broken order, a silent carrier",
    );
    for round in 1..=3 {
        customer.ask("GET", "/health", "").await;
        customer.ask("GET", "/orders", "").await;
        customer.ask("GET", "/invoice", "").await;
        customer
            .ask("POST", "/orders/new", "{\"sku\": 17, \"count\": ")
            .await;
        customer.ask("GET", "/parcel", "").await;
        sleep_until(start + Duration::from_secs(round)).await;
    }

    sleep_until(start + Duration::from_secs(4)).await;
    say(start, "a handler panics");
    customer.ask("GET", "/basket", "").await;

    sleep_until(start + Duration::from_secs(6)).await;
    say(start, "a storm: thousands of requests fail for one reason");
    let mut storm = JoinSet::new();
    for _ in 0..STORM_CLIENTS {
        let customer = customer.clone();
        storm.spawn(async move {
            for sent in 0..STORM / STORM_CLIENTS {
                customer.ask("GET", "/stock", "").await;
                if sent % 50 == 0 {
                    sleep(Duration::from_millis(500)).await;
                }
            }
        });
    }
    // In the middle of it, something that must not wait behind it.
    sleep_until(start + Duration::from_secs(9)).await;
    say(start, "another panic, in the middle of the storm");
    customer.ask("GET", "/basket", "").await;
    while storm.join_next().await.is_some() {}

    say(start, "the storm is over");
    sleep_until(start + Duration::from_secs(18)).await;
    customer.ask("GET", "/invoice", "").await;
    sleep_until(start + Duration::from_secs(20)).await;
}

#[expect(clippy::print_stdout, reason = "the demo talks to whoever runs it")]
fn say(start: Instant, what: &str) {
    println!("{:>5.1} s  {what}", start.elapsed().as_secs_f64());
}
