//! `axum::debug_handler`, which writes the function twice: once to check it, once to keep.

use alert_core::alert_on_err;
use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use std::collections::HashMap;

use crate::heard::{heard, once_each, runtime};

type Answer = Result<String, String>;

#[alert_on_err]
#[axum::debug_handler]
async fn axum_above(Query(query): Query<HashMap<String, String>>) -> Answer {
    tokio::task::yield_now().await;
    Err(format!("no {}", query["what"]))
}

#[axum::debug_handler]
#[alert_on_err]
async fn axum_below(Query(query): Query<HashMap<String, String>>) -> Answer {
    tokio::task::yield_now().await;
    Err(format!("no {}", query["what"]))
}

#[test]
fn axum() {
    let heard = heard(|| {
        runtime().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let routes = Router::new()
                .route("/above", get(axum_above))
                .route("/below", get(axum_below));
            let server = tokio::spawn(async { axum::serve(listener, routes).await });
            for path in ["/above?what=ink", "/below?what=ink"] {
                let answer = crate::heard::get(port, path).await;
                assert!(
                    answer.starts_with("200") && answer.ends_with("no ink"),
                    "{answer}"
                );
            }
            server.abort();
        });
    });
    assert_eq!(heard, once_each(["axum_above", "axum_below"], "no ink"));
    // `debug_handler` wrote the one below it twice; there is one site all the same.
    for name in ["axum_above", "axum_below"] {
        assert_eq!(
            alert_core::sites().filter(|site| site.function() == name).count(),
            1
        );
    }
}
