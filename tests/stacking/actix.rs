//! `actix_web::get`, which makes a struct of the function.

use actix_web::error::ErrorServiceUnavailable;
use actix_web::{App, HttpServer, web};
use alert_core::alert_on_err;

use crate::heard::{heard, once_each};

#[alert_on_err]
#[actix_web::get("/above/{what}")]
async fn actix_above(what: web::Path<String>) -> actix_web::Result<String> {
    tokio::task::yield_now().await;
    Err(ErrorServiceUnavailable(format!("no {what}")))
}

#[actix_web::get("/below/{what}")]
#[alert_on_err]
async fn actix_below(what: web::Path<String>) -> actix_web::Result<String> {
    tokio::task::yield_now().await;
    Err(ErrorServiceUnavailable(format!("no {what}")))
}

#[test]
fn actix() {
    let heard = heard(|| {
        actix_web::rt::System::new().block_on(async {
            let server = HttpServer::new(|| App::new().service(actix_above).service(actix_below))
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
            let port = server.addrs()[0].port();
            let server = server.run();
            let handle = server.handle();
            actix_web::rt::spawn(server);
            for path in ["/above/ink", "/below/ink"] {
                let answer = crate::heard::get(port, path).await;
                assert!(
                    answer.starts_with("503") && answer.ends_with("no ink"),
                    "{answer}"
                );
            }
            handle.stop(false).await;
        });
    });
    assert_eq!(heard, once_each(["actix_above", "actix_below"], "no ink"));
}

/// `actix_web::main` and `actix_web::test` are those of tokio in other words.
#[actix_web::test]
#[alert_on_err]
async fn actix_test_below() -> Result<(), String> {
    tokio::task::yield_now().await;
    Ok(())
}

#[alert_on_err]
#[actix_web::test]
async fn actix_test_above() -> Result<(), String> {
    tokio::task::yield_now().await;
    Ok(())
}
