//! A real gRPC server behind the `tower` layer: the layer that axum uses, unchanged.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use alert_core::trace::Requests;
use alert_core::alert_on_err;
use http::uri::PathAndQuery;
use serde_json::{Value, json};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_stream::{Stream, StreamExt};
use tonic::body::Body;
use tonic::server::{Grpc, NamedService, ServerStreamingService, UnaryService};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

use crate::turn::Turn;

const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// What a build script would generate for `service Pay { rpc Charge(..); rpc Follow(..) returns (stream ..); }`.
#[derive(Clone)]
struct Pay;

impl NamedService for Pay {
    const NAME: &'static str = "shop.Pay";
}

type Answered<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send>>;
type Amounts = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

#[alert_on_err]
async fn ledger() -> Result<String, Status> {
    Err(Status::internal("the ledger is locked"))
}

impl UnaryService<String> for Pay {
    type Response = String;
    type Future = Answered<String>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        Box::pin(async move {
            match request.into_inner().as_str() {
                "charge" => Ok(Response::new("charged".to_owned())),
                "ledger" => ledger().await.map(Response::new),
                "unknown card" => Err(Status::not_found("no such card")),
                "panic" => panic!("the till fell over"),
                _ => Err(Status::unavailable("the bank is closed")),
            }
        })
    }
}

impl ServerStreamingService<String> for Pay {
    type Response = String;
    type ResponseStream = Amounts;
    type Future = Answered<Amounts>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        Box::pin(async move {
            let what = request.into_inner();
            let first = tokio_stream::once(Ok("one".to_owned()));
            let rest = tokio_stream::once(what).then(|what| async move {
                match what.as_str() {
                    "ledger" => ledger().await,
                    "panic" => panic!("the till fell over midway"),
                    "charge" => Ok("two".to_owned()),
                    _ => Err(Status::data_loss("the drawer is empty")),
                }
            });
            Ok(Response::new(Box::pin(first.chain(rest)) as Amounts))
        })
    }
}

impl tower_service::Service<http::Request<Body>> for Pay {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::default());
            Ok(match request.uri().path() {
                "/shop.Pay/Charge" => grpc.unary(Pay, request).await,
                _ => grpc.server_streaming(Pay, request).await,
            })
        })
    }
}

async fn client(channel: Channel) -> Result<tonic::client::Grpc<Channel>, Status> {
    let mut client = tonic::client::Grpc::new(channel);
    let ready = client.ready().await;
    ready.map_err(|error| Status::from_error(error.into()))?;
    Ok(client)
}

fn traced(what: &str) -> Request<String> {
    let mut request = Request::new(what.to_owned());
    let parent = format!("00-{ID}-00f067aa0ba902b7-01");
    request
        .metadata_mut()
        .insert("traceparent", parent.parse().unwrap());
    request
}

pub(crate) async fn charge(channel: Channel, what: &str) -> Result<String, Status> {
    let path = PathAndQuery::from_static("/shop.Pay/Charge");
    let codec = ProstCodec::<String, String>::default();
    let answer = client(channel).await?.unary(traced(what), path, codec).await?;
    Ok(answer.into_inner())
}

async fn follow(channel: Channel, what: &str) -> Result<Vec<String>, Status> {
    let path = PathAndQuery::from_static("/shop.Pay/Follow");
    let codec = ProstCodec::<String, String>::default();
    let answer = client(channel)
        .await?
        .server_streaming(traced(what), path, codec)
        .await?;
    answer.into_inner().collect().await
}

/// A server, and a client that is connected to it.
async fn serve() -> Channel {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder()
        .layer(Requests::new())
        .add_service(Pay)
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(server);
    Endpoint::try_from(format!("http://{address}"))
        .unwrap()
        .connect()
        .await
        .unwrap()
}

/// Function, message, trace and request of each alert.
fn told(groups: &[Value]) -> Vec<Value> {
    groups
        .iter()
        .map(|group| {
            json!([
                group["site"]["function"],
                group["message"],
                group["trace_ids"][0],
                group["fields"]["request"],
                group["delta"],
            ])
        })
        .collect()
}

#[tokio::test]
async fn a_call_that_works_or_blames_the_client_is_no_alert() {
    let turn = Turn::with(|config| config).await;
    let server = serve().await;
    assert_eq!(charge(server.clone(), "charge").await.unwrap(), "charged");
    assert_eq!(follow(server.clone(), "charge").await.unwrap(), ["one", "two"]);
    let error = charge(server, "unknown card").await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::NotFound);
    assert!(turn.end().await.is_empty());
}

#[tokio::test]
async fn a_status_in_the_headers_is_an_alert() {
    let turn = Turn::with(|config| config).await;
    charge(serve().await, "anything").await.unwrap_err();
    let expected = json!([
        "request",
        "answered gRPC unavailable to /shop.Pay/Charge",
        ID,
        "POST /shop.Pay/Charge",
        1
    ]);
    assert_eq!(told(&turn.end().await), [expected]);
}

#[tokio::test]
async fn a_status_in_the_trailers_is_an_alert() {
    let turn = Turn::with(|config| config).await;
    let error = follow(serve().await, "anything").await.unwrap_err();
    assert_eq!(error.code(), tonic::Code::DataLoss);
    let expected = json!([
        "request",
        "answered gRPC data loss to /shop.Pay/Follow",
        ID,
        "POST /shop.Pay/Follow",
        1
    ]);
    assert_eq!(told(&turn.end().await), [expected]);
}

#[tokio::test]
async fn an_annotated_function_speaks_for_the_call() {
    let turn = Turn::with(|config| config).await;
    let server = serve().await;
    charge(server.clone(), "ledger").await.unwrap_err();
    let charged = turn.end().await;
    let turn = Turn::with(|config| config).await;
    follow(server, "ledger").await.unwrap_err();
    let followed = turn.end().await;
    for (groups, path) in [(charged, "POST /shop.Pay/Charge"), (followed, "POST /shop.Pay/Follow")] {
        assert_eq!(groups.len(), 1, "{groups:#?}");
        let message = groups[0]["message"].as_str().unwrap();
        assert!(message.contains("the ledger is locked"), "{message}");
        assert_eq!(
            told(&groups),
            [json!(["ledger", message, ID, path, 1])]
        );
    }
}

#[tokio::test]
async fn a_panic_is_an_alert_also_midway_through_a_stream() {
    for (midway, message, path) in [
        (false, "the till fell over", "POST /shop.Pay/Charge"),
        (true, "the till fell over midway", "POST /shop.Pay/Follow"),
    ] {
        let turn = Turn::with(|config| config).await;
        let server = serve().await;
        if midway {
            follow(server, "panic").await.unwrap_err();
        } else {
            charge(server, "panic").await.unwrap_err();
        }
        let groups = turn.end().await;
        assert_eq!(told(&groups), [json!(["request", message, ID, path, 1])]);
        assert_eq!(groups[0]["severity"], "critical");
    }
}
