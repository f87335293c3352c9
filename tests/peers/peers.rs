//! What real clients say when nothing listens on the port is severe without anybody saying so.
//!
//! Under `Policy::digest_only` an ordinary failure waits ten minutes and a severe one does not wait at all, so a
//! message within seconds is the proof.

use std::time::Duration;

use alert_core::testing::Recorder;
use alert_core::{Config, Policy, alert_on_err};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

static TURN: Mutex<()> = Mutex::const_new(());

/// A port on which nothing listens any more.
async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Runs what has to fail, and gives the chain of its alert if one comes at once.
async fn severe_chain<T, E: std::fmt::Debug>(fails: impl Future<Output = Result<T, E>>) -> Option<String> {
    let _turn = TURN.lock().await;
    let recorder = Recorder::new();
    let config = Config::new("peers")
        .recorder(&recorder)
        .policy(Policy::digest_only());
    let guard = alert_core::init(config).unwrap();
    assert!(fails.await.is_err(), "nothing listens there");
    let start = Instant::now();
    while recorder.messages().is_empty() && start.elapsed() < Duration::from_secs(3) {
        sleep(Duration::from_millis(5)).await;
    }
    let chain = recorder
        .messages()
        .first()
        .map(|message| message["groups"][0]["chain"].to_string());
    guard.shutdown(Duration::from_secs(5)).await;
    chain
}

#[tokio::test]
async fn sqlx_postgres_behind_a_pool() {
    #[alert_on_err]
    async fn query(port: u16) -> Result<(), sqlx::Error> {
        let pool = sqlx::postgres::PgPoolOptions::new()
            .acquire_timeout(Duration::from_millis(300))
            .connect_lazy(&format!("postgres://shop@127.0.0.1:{port}/shop"))?;
        sqlx::query("select 1").execute(&pool).await?;
        Ok(())
    }
    let chain = severe_chain(query(closed_port().await)).await;
    assert!(chain.is_some(), "{chain:?}");
}

#[tokio::test]
async fn sqlx_postgres_and_mysql_without_a_pool() {
    #[alert_on_err]
    async fn postgres(port: u16) -> Result<(), sqlx::Error> {
        use sqlx::Connection;
        sqlx::PgConnection::connect(&format!("postgres://shop@127.0.0.1:{port}/shop")).await?;
        Ok(())
    }
    #[alert_on_err]
    async fn mysql(port: u16) -> Result<(), sqlx::Error> {
        use sqlx::Connection;
        sqlx::MySqlConnection::connect(&format!("mysql://shop@127.0.0.1:{port}/shop")).await?;
        Ok(())
    }
    let port = closed_port().await;
    assert!(severe_chain(postgres(port)).await.is_some());
    assert!(severe_chain(mysql(port)).await.is_some());
}

#[tokio::test]
async fn tokio_postgres() {
    #[alert_on_err]
    async fn connect(port: u16) -> Result<(), tokio_postgres::Error> {
        let config = format!("host=127.0.0.1 port={port} user=shop");
        tokio_postgres::connect(&config, tokio_postgres::NoTls).await?;
        Ok(())
    }
    assert!(severe_chain(connect(closed_port().await)).await.is_some());
}

#[tokio::test]
async fn redis() {
    #[alert_on_err]
    async fn connect(port: u16) -> Result<(), redis::RedisError> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}/"))?;
        client.get_multiplexed_async_connection().await?;
        Ok(())
    }
    assert!(severe_chain(connect(closed_port().await)).await.is_some());
}

#[tokio::test]
async fn mongodb() {
    #[alert_on_err]
    async fn ping(port: u16) -> Result<(), mongodb::error::Error> {
        let uri = format!("mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=300");
        let client = mongodb::Client::with_uri_str(uri).await?;
        client.list_database_names().await?;
        Ok(())
    }
    assert!(severe_chain(ping(closed_port().await)).await.is_some());
}

#[tokio::test]
async fn reqwest() {
    #[alert_on_err]
    async fn get(port: u16) -> Result<(), reqwest::Error> {
        reqwest::Client::new()
            .get(format!("http://127.0.0.1:{port}/"))
            .send()
            .await?;
        Ok(())
    }
    assert!(severe_chain(get(closed_port().await)).await.is_some());
}

#[tokio::test]
async fn a_plain_socket() {
    #[alert_on_err]
    async fn connect(port: u16) -> Result<(), std::io::Error> {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
        Ok(())
    }
    assert!(severe_chain(connect(closed_port().await)).await.is_some());
}

/// The class is no net that catches everything.
#[tokio::test]
async fn a_missing_file_is_not_severe() {
    #[alert_on_err]
    async fn read() -> Result<String, std::io::Error> {
        std::fs::read_to_string("/nowhere/at/all")
    }
    assert_eq!(severe_chain(read()).await, None);
}
