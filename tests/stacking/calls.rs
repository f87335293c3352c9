//! Attributes of functions that are called: `async_trait`, `async_recursion`, `tracing::instrument`,
//! `tokio::main`, and ours once more.

use alert_core::alert_on_err;
use async_recursion::async_recursion;
use async_trait::async_trait;

use crate::heard::{heard, once_each, runtime};

#[async_trait]
trait Pen: Sync {
    async fn ink(&self) -> Result<(), String>;

    /// With a body, so that `dyn Pen` has it too.
    #[alert_on_err]
    async fn default_method(&self) -> Result<(), String> {
        tokio::task::yield_now().await;
        Err("no ink".to_owned())
    }
}

macro_rules! pens {
    ($($name:ident: $(#[$block:meta])* / $(#[$method:meta])*;)*) => {$(
        struct $name;

        $(#[$block])*
        impl Pen for $name {
            $(#[$method])*
            async fn ink(&self) -> Result<(), String> {
                tokio::task::yield_now().await;
                Err("no ink".to_owned())
            }
        }
    )*};
}

pens! {
    Method: #[async_trait] / #[alert_on_err];
    Above: #[alert_on_err] #[async_trait] / ;
    Below: #[async_trait] #[alert_on_err] / ;
    // The method's own attribute is the one that counts.
    Both: #[alert_on_err] #[async_trait] / #[alert_on_err];
}

#[test]
fn async_trait() {
    let pens: [&dyn Pen; 4] = [&Method, &Above, &Below, &Both];
    for pen in pens {
        let heard = heard(|| assert!(runtime().block_on(pen.ink()).is_err()));
        assert_eq!(heard, once_each(["ink"], "no ink"));
    }
    let heard = heard(|| assert!(runtime().block_on(pens[0].default_method()).is_err()));
    assert_eq!(heard, once_each(["default_method"], "no ink"));
}

#[alert_on_err]
#[async_recursion]
async fn recursion_above(n: u8, last: bool) -> Result<(), String> {
    if n > 0 {
        recursion_above(n - 1, false).await?;
    }
    tokio::task::yield_now().await;
    if last { Err("no ink".to_owned()) } else { Ok(()) }
}

#[async_recursion]
#[alert_on_err]
async fn recursion_below(n: u8, last: bool) -> Result<(), String> {
    if n > 0 {
        recursion_below(n - 1, false).await?;
    }
    tokio::task::yield_now().await;
    if last { Err("no ink".to_owned()) } else { Ok(()) }
}

#[alert_on_err]
#[tracing::instrument(err)]
async fn instrument_above(n: u8) -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("no ink".to_owned())
}

#[tracing::instrument(err)]
#[alert_on_err]
async fn instrument_below(n: u8) -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("no ink".to_owned())
}

#[alert_on_err]
#[tracing::instrument(err)]
fn instrument_sync_above(n: u8) -> Result<(), String> {
    Err("no ink".to_owned())
}

#[tracing::instrument(err)]
#[alert_on_err]
fn instrument_sync_below(n: u8) -> Result<(), String> {
    Err("no ink".to_owned())
}

// Ours twice on one function is an error of the compiler. Around another, one failure is still one.
#[alert_on_err]
mod itself {
    use super::alert_on_err;

    pub(super) struct Pen;

    #[alert_on_err(severity = "critical")]
    impl Pen {
        pub(super) async fn itself(&self) -> Result<(), String> {
            tokio::task::yield_now().await;
            Err("no ink".to_owned())
        }
    }
}

#[test]
fn futures() {
    let heard = heard(|| {
        runtime().block_on(async {
            assert!(recursion_above(3, true).await.is_err());
            assert!(recursion_below(3, true).await.is_err());
            assert!(instrument_above(1).await.is_err());
            assert!(instrument_below(1).await.is_err());
            assert!(itself::Pen.itself().await.is_err());
        });
        assert!(instrument_sync_above(1).is_err());
        assert!(instrument_sync_below(1).is_err());
    });
    let names = [
        "recursion_above",
        "recursion_below",
        "instrument_above",
        "instrument_below",
        "instrument_sync_above",
        "instrument_sync_below",
        "itself",
    ];
    assert_eq!(heard, once_each(names, "no ink"));
}

#[alert_on_err]
#[tokio::main(flavor = "current_thread")]
async fn main_above() -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("no ink".to_owned())
}

#[tokio::main(flavor = "current_thread")]
#[alert_on_err]
async fn main_below() -> Result<(), String> {
    tokio::task::yield_now().await;
    Err("no ink".to_owned())
}

#[test]
fn tokio_main() {
    let heard = heard(|| {
        assert!(main_above().is_err());
        assert!(main_below().is_err());
    });
    assert_eq!(heard, once_each(["main_above", "main_below"], "no ink"));
}
