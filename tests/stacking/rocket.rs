//! `rocket::get`, which leaves a struct and a macro beside the function.

use std::sync::Mutex;

use alert_core::alert_on_err;
use rocket::config::{Config, LogLevel, Shutdown};
use rocket::fairing::AdHoc;

use crate::heard::{heard, once_each, runtime};

#[alert_on_err]
#[rocket::get("/above/<what>")]
async fn rocket_above(what: &str) -> Result<&'static str, String> {
    tokio::task::yield_now().await;
    Err(format!("no {what}"))
}

#[rocket::get("/below/<what>")]
#[alert_on_err]
async fn rocket_below(what: &str) -> Result<&'static str, String> {
    tokio::task::yield_now().await;
    Err(format!("no {what}"))
}

#[alert_on_err]
#[rocket::get("/sync_above/<what>")]
fn rocket_sync_above(what: &str) -> Result<String, String> {
    Err(format!("no {what}"))
}

#[rocket::get("/sync_below/<what>")]
#[alert_on_err]
fn rocket_sync_below(what: &str) -> Result<String, String> {
    Err(format!("no {what}"))
}

#[test]
fn rocket() {
    let heard = heard(|| {
        runtime().block_on(async {
            let config = Config {
                port: 0,
                log_level: LogLevel::Off,
                shutdown: Shutdown {
                    ctrlc: false,
                    grace: 0,
                    ..Shutdown::default()
                },
                ..Config::debug_default()
            };
            let (up, port) = tokio::sync::oneshot::channel();
            let up = Mutex::new(Some(up));
            let server = rocket::custom(config)
                .mount(
                    "/",
                    rocket::routes![rocket_above, rocket_below, rocket_sync_above, rocket_sync_below],
                )
                .attach(AdHoc::on_liftoff("port", move |rocket| {
                    let up = up.lock().unwrap().take();
                    let _ = up.unwrap().send(rocket.config().port);
                    Box::pin(async {})
                }))
                .ignite()
                .await
                .unwrap();
            let end = server.shutdown();
            let server = tokio::spawn(server.launch());
            let port = port.await.unwrap();
            for path in ["above", "below", "sync_above", "sync_below"] {
                let answer = crate::heard::get(port, &format!("/{path}/ink")).await;
                assert!(
                    answer.starts_with("200") && answer.ends_with("no ink"),
                    "{answer}"
                );
            }
            end.notify();
            drop(server.await);
        });
    });
    let names = [
        "rocket_above",
        "rocket_below",
        "rocket_sync_above",
        "rocket_sync_below",
    ];
    assert_eq!(heard, once_each(names, "no ink"));
}
