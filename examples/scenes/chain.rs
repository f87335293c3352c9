//! An error with four causes, on its way through three annotated functions.

use std::io;

use alert_core::alert_on_err;
use anyhow::Context as _;
use tracing::Instrument as _;

fn read_row() -> anyhow::Result<Vec<u8>> {
    let page = Err(io::Error::other("checksum of page 4711 does not match"));
    page.context("row 17 is unreadable")
}

#[alert_on_err(
    fields(table),
    owner = "payments",
    runbook = "https://wiki.example.com/prices"
)]
async fn load_price(table: &str) -> anyhow::Result<u64> {
    let row = read_row().context(format!("select from {table}"))?;
    Ok(u64::try_from(row.len())?)
}

#[alert_on_err]
async fn price_cart(cart: u64) -> anyhow::Result<u64> {
    let price = load_price("prices").await.context("no price for item 2")?;
    Ok(price.saturating_mul(cart))
}

#[alert_on_err]
async fn checkout(cart: u64) -> anyhow::Result<u64> {
    price_cart(cart).await.context("cart 4711 cannot be paid")
}

pub(crate) async fn play() {
    let request = tracing::info_span!(
        "request",
        trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
        customer = "c-1009",
        path = "/checkout"
    );
    // The error still belongs to its caller; here it is of no further use.
    checkout(4711).instrument(request).await.ok();
}
