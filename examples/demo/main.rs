//! The main job, end to end: a real service fails, and the team's chat tells of it.
//!
//! `cargo run -p alert-examples --example demo` starts a local robot server, prints the address of its page,
//! drives the service for about twenty seconds and then shows that nothing was lost. The page stays until
//! Ctrl-C; with `--exit` the program ends at once, with a status that says whether the books balance.
//!
//! With `ALERT_ROBOTS` set (see `alert_core::Config::from_env`) the messages go to those robots instead.

#![expect(clippy::print_stdout, reason = "the demo talks to whoever runs it")]

mod drive;
mod shop;

use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use alert_core::inbox::{Chat, Inbox};
use alert_core::{Config, Robot};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let exit = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--exit") => true,
        Some(other) => anyhow::bail!("unknown argument `{other}`; expected nothing or `--exit`"),
    };

    // 1. Somewhere to send: a local robot server, unless the environment names real robots.
    let (local, config) = if std::env::var_os("ALERT_ROBOTS").is_some() {
        (None, Config::from_env())
    } else {
        let (local, config) = local_robots().await?;
        println!("The chats: {}\n", local.inbox.url());
        (Some(local), config)
    };

    // What a service would print of its own panics; alerting leaves that as it is.
    std::panic::set_hook(Box::new(|info| println!("         the service: {info}")));

    // 2. Start alerting, once.
    let alerts = alert_core::init(config.on_error(|error| println!("         failed to {error}")))?;

    // 3. Run the service, and use it.
    let shop = shop::Shop::open().await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = tokio::spawn(axum::serve(listener, shop::router(shop.clone())).into_future());
    drive::use_it(address).await;
    service.abort();

    // 4. Stop: everything pending is sent or accounted for.
    let flushed = alerts.shutdown(Duration::from_secs(10)).await;

    let balanced = summary(shop.failures.load(Ordering::Relaxed), local.as_ref());
    println!("shutdown  {flushed:?}");
    if let Some(local) = local.filter(|_| !exit) {
        println!("\nThe chats stay at {} until Ctrl-C.", local.inbox.url());
        tokio::signal::ctrl_c().await?;
    }
    Ok(if balanced {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Robots on this machine, as strict as the real ones.
struct Local {
    inbox: Inbox,
    chats: Vec<Chat>,
}

async fn local_robots() -> anyhow::Result<(Local, Config)> {
    let inbox = Inbox::bind("127.0.0.1:0").await?;
    let dingtalk = inbox
        .dingtalk()
        .name("payments (DingTalk)")
        .secret("SECdemo-dingtalk");
    let feishu = inbox.feishu().name("payments (Feishu)").secret("demo-feishu");
    let webhook = inbox.webhook().name("archive (webhook)");
    let config = Config::new("shop")
        .environment("demo")
        .release(env!("CARGO_PKG_VERSION"))
        .robot(Robot::dingtalk(dingtalk.url()).secret("SECdemo-dingtalk"))
        .robot(Robot::feishu(feishu.url()).secret("demo-feishu"))
        .robot(Robot::webhook(webhook.url()));
    Ok((
        Local {
            inbox,
            chats: vec![dingtalk, feishu, webhook],
        },
        config,
    ))
}

/// Prints what happened. Whether nothing was lost.
fn summary(failures: u64, local: Option<&Local>) -> bool {
    let stats = alert_core::stats();
    println!("\nfailures  {failures} caused by the service");
    println!("books     {stats}");
    let parts = [
        stats.delivered(),
        stats.silenced(),
        stats.dropped(),
        stats.pending(),
    ];
    let accounted: u64 = parts.iter().sum();
    let mut balanced = stats.captured() == failures && accounted == failures && stats.pending() == 0;
    if let Some(Local { inbox, chats }) = local {
        for chat in chats {
            println!(
                "{:<9} {} messages accepted, {} refused",
                chat.kind(),
                chat.accepted().len(),
                chat.refused().len()
            );
            balanced &= chat.accepted().len() < 15;
        }
        println!("deltas    {} in all messages the webhook accepted", inbox.delta());
        balanced &= inbox.delta() == failures;
    }
    println!(
        "{}",
        if balanced {
            "balanced  not one failure went unmentioned"
        } else {
            "NOT BALANCED"
        }
    );
    balanced
}
