//! A gRPC service: the attribute on the whole `impl` of a service, alerts that name the trace of the call.
//!
//! `cargo run --manifest-path examples/tonic/Cargo.toml`
//!
//! It calls itself three times: one order is taken, one is refused, which is the caller's mistake and no alert, and one
//! fails.

use std::error::Error;
use std::time::Duration;

use alert_core::inbox::Inbox;
use alert_core::trace::Requests;
use alert_core::{Config, Robot, alert_on_err};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::metadata::MetadataValue;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status};

mod orders {
    include!(concat!(env!("OUT_DIR"), "/shop.Orders.rs"));
}
use orders::orders_client::OrdersClient;
use orders::orders_server::{Orders, OrdersServer};

/// What a `.proto` file would declare.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Order {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(uint32, tag = "2")]
    pieces: u32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct Receipt {
    #[prost(string, tag = "1")]
    text: String,
}

struct Shop;

/// The attribute stands above the block and watches each method. What the caller did wrong is not for the team.
#[alert_on_err(when = |status: &Status| status.code() != Code::InvalidArgument, owner = "orders")]
#[tonic::async_trait]
impl Orders for Shop {
    async fn place(&self, request: Request<Order>) -> Result<Response<Receipt>, Status> {
        let order = request.into_inner();
        if order.pieces == 0 {
            return Err(Status::invalid_argument("an order of nothing"));
        }
        let text = reserve(&order).map_err(|error| Status::unavailable(error.to_string()))?;
        Ok(Response::new(Receipt { text }))
    }
}

fn reserve(order: &Order) -> Result<String, std::io::Error> {
    if order.pieces > 100 {
        return Err(std::io::Error::other("the warehouse does not answer"));
    }
    Ok(format!("{} pieces for order {}", order.pieces, order.id))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let inbox = Inbox::bind("127.0.0.1:0").await?;
    let chat = inbox.slack();
    let alerts = alert_core::init(Config::new("orders").robot(Robot::slack(chat.url())))?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let service = Server::builder()
        // Takes the trace from `traceparent`, so that the alert names it.
        .layer(Requests::new())
        .add_service(OrdersServer::new(Shop))
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), async {
            // Whoever could end it is gone: then it ends as well.
            let _gone = ended.await;
        });
    let service = tokio::spawn(service);

    let mut client = OrdersClient::connect(format!("http://{address}")).await?;
    for (id, pieces) in [(1, 3), (2, 0), (3, 4_711)] {
        let mut request = Request::new(Order { id, pieces });
        let trace = MetadataValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        request.metadata_mut().insert("traceparent", trace);
        match client.place(request).await {
            Ok(receipt) => println!("order {id}: {}", receipt.into_inner().text),
            Err(status) => println!("order {id}: {}: {}", status.code(), status.message()),
        }
    }

    drop(client);
    let _ended = end.send(());
    service.await??;
    println!("shutdown: {:?}", alerts.shutdown(Duration::from_secs(5)).await);
    let told = chat.accepted();
    for message in &told {
        println!("\n{}", message.text());
    }
    let is_right = told.len() == 1 && told.iter().all(|message| message.text().contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    if is_right { Ok(()) } else { Err("one alert with the trace was expected".into()) }
}
