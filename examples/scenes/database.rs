//! A database that is gone: nothing listens on its port any more.

use std::net::SocketAddr;

use alert_core::alert_on_err;
use alert_core::trace::with_trace_id;
use anyhow::Context as _;
use tokio::net::{TcpListener, TcpStream};

#[alert_on_err(
    fields(database),
    owner = "payments",
    runbook = "https://wiki.example.com/orders-down"
)]
async fn connect(database: SocketAddr) -> anyhow::Result<TcpStream> {
    TcpStream::connect(database)
        .await
        .context("cannot connect to the order database")
}

#[alert_on_err]
async fn place_order(database: SocketAddr) -> anyhow::Result<()> {
    connect(database).await.context("order 20391 is not placed")?;
    Ok(())
}

pub(crate) async fn play() -> anyhow::Result<()> {
    // A port that was free a moment ago.
    let database = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    with_trace_id("order-20391", place_order(database)).await.ok();
    Ok(())
}
