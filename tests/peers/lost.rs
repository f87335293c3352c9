//! What real clients say when nothing listens on the port is severe without anybody saying so.
//!
//! Under `Policy::digest_only` an ordinary failure waits ten minutes and a severe one does not wait at all, so a
//! message within seconds is the proof.

use std::time::Duration;

use alert_core::{Policy, alert_on_err};
use tokio::time::{Instant, sleep};

use crate::turn::Turn;

/// A port on which nothing listens any more.
async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Runs what has to fail, and gives the chain of its alert if one comes at once.
async fn severe_chain<T, E: std::fmt::Debug>(fails: impl Future<Output = Result<T, E>>) -> Option<String> {
    let turn = Turn::with(|config| config.policy(Policy::digest_only())).await;
    assert!(fails.await.is_err(), "nothing listens there");
    let start = Instant::now();
    while turn.recorder.messages().is_empty() && start.elapsed() < Duration::from_secs(3) {
        sleep(Duration::from_millis(5)).await;
    }
    let messages = turn.recorder.messages();
    turn.end().await;
    Some(messages.first()?["groups"][0]["chain"].to_string())
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
        let _connected = tokio_postgres::connect(&config, tokio_postgres::NoTls).await?;
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
async fn hyper() {
    #[alert_on_err]
    async fn get(port: u16) -> Result<(), hyper_util::client::legacy::Error> {
        let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
            .build_http::<http_body_util::Empty<bytes::Bytes>>();
        client
            .get(format!("http://127.0.0.1:{port}/").parse().unwrap())
            .await?;
        Ok(())
    }
    assert!(severe_chain(get(closed_port().await)).await.is_some());
}

#[tokio::test]
async fn tonic() {
    #[alert_on_err]
    async fn connect(port: u16) -> Result<(), tonic::transport::Error> {
        tonic::transport::Endpoint::try_from(format!("http://127.0.0.1:{port}"))?
            .connect()
            .await?;
        Ok(())
    }
    #[alert_on_err]
    async fn call(port: u16) -> Result<(), tonic::Status> {
        let channel = tonic::transport::Endpoint::try_from(format!("http://127.0.0.1:{port}"))
            .unwrap()
            .connect_lazy();
        crate::grpc::charge(channel, "anything").await.map(|_| ())
    }
    let port = closed_port().await;
    assert!(severe_chain(connect(port)).await.is_some());
    assert!(severe_chain(call(port)).await.is_some());
}

#[tokio::test]
async fn kafka() {
    use rdkafka::config::ClientConfig;
    use rdkafka::consumer::{BaseConsumer, Consumer};
    use rdkafka::error::KafkaError;
    use rdkafka::producer::{FutureProducer, FutureRecord};

    /// Waits on its thread, as this client does.
    #[alert_on_err]
    fn look_up(port: u16) -> Result<(), KafkaError> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", format!("127.0.0.1:{port}"))
            .create()?;
        consumer.fetch_metadata(None, Duration::from_millis(800))?;
        Ok(())
    }
    #[alert_on_err]
    async fn produce(port: u16) -> Result<(), KafkaError> {
        let producer: FutureProducer = ClientConfig::new()
            .set("bootstrap.servers", format!("127.0.0.1:{port}"))
            .set("message.timeout.ms", "800")
            .create()?;
        let record = FutureRecord::<str, str>::to("orders").payload("one");
        let sent = producer.send(record, Duration::from_millis(800)).await;
        sent.map_err(|(error, _)| error)?;
        Ok(())
    }
    let port = closed_port().await;
    assert!(severe_chain(async { look_up(port) }).await.is_some());
    let produced = severe_chain(produce(port)).await;
    assert!(produced.is_some(), "{produced:?}");
}

/// Pools that give up waiting hide why; their words are known.
#[tokio::test]
async fn pools() {
    #[alert_on_err]
    async fn bb8(port: u16) -> Result<(), String> {
        let config = format!("host=127.0.0.1 port={port} user=shop");
        let manager = bb8_postgres::PostgresConnectionManager::new_from_stringlike(config, tokio_postgres::NoTls)
            .map_err(|error| error.to_string())?;
        let pool = bb8_postgres::bb8::Pool::builder()
            .connection_timeout(Duration::from_millis(300))
            .build_unchecked(manager);
        pool.get().await.map(|_| ()).map_err(|error| format!("{error}"))
    }
    #[alert_on_err]
    fn r2d2(port: u16) -> Result<(), r2d2_postgres::r2d2::Error> {
        let config = format!("host=127.0.0.1 port={port} user=shop").parse().unwrap();
        let manager = r2d2_postgres::PostgresConnectionManager::new(config, r2d2_postgres::postgres::NoTls);
        let pool = r2d2_postgres::r2d2::Pool::builder()
            .connection_timeout(Duration::from_millis(300))
            .max_size(1)
            .build_unchecked(manager);
        pool.get().map(|_| ())
    }
    let port = closed_port().await;
    assert!(severe_chain(bb8(port)).await.is_some());
    // It blocks on a runtime of its own.
    let blocking = async { tokio::task::spawn_blocking(move || r2d2(port)).await.unwrap() };
    assert!(severe_chain(blocking).await.is_some());
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
