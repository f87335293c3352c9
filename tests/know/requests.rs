//! What an alert knows of the request that was answered.

use std::time::Duration;

use alert_core::trace::Requests;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::traces::{ID, work};
use crate::turn::{Told, Turn, texts};

/// Serves these routes behind the layer, and gives the status of the answer to one request.
async fn ask(routes: Router, method: &str, path: &str, header: &str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(axum::serve(listener, routes.layer(Requests::new())).into_future());
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{header}\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A handler that panics ends the connection without an answer.
    let _ended = tokio::time::timeout(Duration::from_secs(5), client.read_to_string(&mut answer)).await;
    server.abort();
    answer.split(' ').nth(1).unwrap_or("none").to_owned()
}

fn field<'a>(told: &'a Told, name: &str) -> &'a Value {
    &told.only()["fields"][name]
}

#[tokio::test]
async fn a_5xx_answer_of_a_handler_without_attribute_is_an_alert() {
    let turn = Turn::start().await;
    let routes = Router::new().route("/orders", post(async || StatusCode::SERVICE_UNAVAILABLE));
    let header = format!("traceparent: 00-{ID}-00f067aa0ba902b7-01");
    assert_eq!(ask(routes, "POST", "/orders?card=secret", &header).await, "503");
    let told = turn.end().await;
    assert_eq!(
        told.only()["message"],
        "answered 503 Service Unavailable to POST /orders"
    );
    assert_eq!(texts(&told.only()["trace_ids"]), [ID]);
    assert_eq!(field(&told, "request"), "POST /orders");
    assert!(!told.only().to_string().contains("secret"));
}

#[tokio::test]
async fn a_5xx_answer_after_an_annotated_function_failed_is_no_second_alert() {
    let turn = Turn::start().await;
    let routes = Router::new().route(
        "/",
        get(async || match work("stock is gone").await {
            Ok(_) => StatusCode::OK,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }),
    );
    assert_eq!(ask(routes, "GET", "/", "x-request-id: req-9").await, "500");
    let told = turn.end().await;
    assert_eq!(told.failures, 1);
    assert_eq!(told.only()["site"]["function"], "work");
    assert_eq!(texts(&told.only()["trace_ids"]), ["req-9"]);
    assert_eq!(field(&told, "request"), "GET /");
}

#[tokio::test]
async fn a_panic_of_a_handler_without_attribute_is_an_alert() {
    async fn handler() -> StatusCode {
        panic!("handler fell over")
    }
    let turn = Turn::start().await;
    let routes = Router::new().route("/fall", get(handler));
    assert_eq!(ask(routes, "GET", "/fall", "x-request-id: req-10").await, "none");
    let told = turn.end().await;
    assert_eq!(told.only()["message"], "handler fell over");
    assert_eq!(texts(&told.only()["trace_ids"]), ["req-10"]);
    assert_eq!(field(&told, "request"), "GET /fall");
    assert_eq!(told.failures, 1);
}

#[tokio::test]
async fn a_grpc_status_that_blames_the_server_is_an_alert_and_others_are_not() {
    let answer = |status: &'static str| get(async move || [("grpc-status", status)]);
    for (status, failures) in [("13", 1), ("5", 0), ("0", 0)] {
        let turn = Turn::start().await;
        let routes = Router::new().route("/shop.Pay/Charge", answer(status));
        assert_eq!(ask(routes, "GET", "/shop.Pay/Charge", "x: y").await, "200");
        let told = turn.end().await;
        assert_eq!(told.failures, failures, "{status}");
        if failures == 1 {
            assert_eq!(
                told.only()["message"],
                "answered gRPC internal to /shop.Pay/Charge"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_that_blames_the_client_is_no_alert() {
    let turn = Turn::start().await;
    assert_eq!(ask(Router::new(), "GET", "/nowhere", "x: y").await, "404");
    assert_eq!(turn.end().await.failures, 0);
}
