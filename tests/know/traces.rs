//! In which trace a failure happened, and what was known around it.

#![expect(clippy::unused_async, reason = "stands for one that does more")]

use alert_core::trace::{Spans, with_trace_id};
use alert_core::{Config, alert_on_err};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;

use crate::errors::{Said, Wrapped, said};
use crate::turn::{Turn, texts};

pub(crate) const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[alert_on_err]
pub(crate) async fn work(what: &str) -> Result<u32, Said> {
    tokio::task::yield_now().await;
    Err(said(what))
}

#[alert_on_err]
async fn parent(what: &'static str) -> Result<u32, Said> {
    tokio::spawn(with_trace_id(ID, work(what))).await.unwrap()
}

#[tokio::test]
async fn a_child_tasks_error_is_one_alert_in_one_trace() {
    let turn = Turn::start().await;
    with_trace_id(ID, parent("child is lost")).await.unwrap_err();
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
    assert_eq!(told.path("work"), ["work", "parent"]);
    assert_eq!(texts(&told.only()["trace_ids"]), [ID]);
}

#[tokio::test]
async fn a_group_names_the_latest_three_traces() {
    let turn = Turn::start().await;
    for number in 1..=5 {
        with_trace_id(format!("request-{number}"), work("queue is full"))
            .await
            .unwrap_err();
    }
    let told = turn.end().await;
    assert_eq!(told.failures, 5);
    assert_eq!(
        texts(&told.only()["trace_ids"]),
        ["request-5", "request-4", "request-3"]
    );
}

#[tokio::test]
async fn links_to_trace_and_source_are_made_from_templates() {
    let links = |config: Config| {
        config
            .commit("4f2c")
            .trace_url("https://traces.example.com/{trace_id}")
            .source_url("https://git.example.com/shop/blob/{commit}/{file}#L{line}")
    };
    let turn = Turn::with(links).await;
    with_trace_id("a b/ü", work("link me")).await.unwrap_err();
    let told = turn.end().await;
    let fields = &told.only()["fields"];
    assert_eq!(fields["trace"], "https://traces.example.com/a");
    assert_eq!(fields["commit"], "4f2c");
    let line = &told.only()["site"]["line"];
    let source = format!("https://git.example.com/shop/blob/4f2c/{}#L{line}", file!());
    assert_eq!(fields["source"], source.as_str());
}

#[test]
fn a_template_without_its_part_is_a_mistake() {
    let config = Config::new("x")
        .trace_url("https://traces.example.com/")
        .source_url("nowhere");
    let problems = alert_core::init(config).unwrap_err().to_string();
    assert!(
        problems.contains("{trace_id}") && problems.contains("{file}"),
        "{problems}"
    );
}

/// One subscriber for all tests: whether a span is wanted is found out once for the whole process.
fn subscribe() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Spans::new().errors(true));
        tracing::subscriber::set_global_default(subscriber).expect("no other subscriber");
    });
}

#[alert_on_err]
async fn service(what: &str) -> Result<u32, Wrapped> {
    work(what).await.map_err(|error| Wrapped::new("no order", error))
}

#[tokio::test]
async fn the_spans_around_a_failure_give_fields_and_trace_id() {
    subscribe();
    let turn = Turn::start().await;
    let outer = tracing::info_span!(
        "request",
        trace_id = ID,
        user = 7,
        retries = tracing::field::Empty
    );
    outer.record("retries", 3);
    async {
        let inner = tracing::info_span!("charge", order = %"o-1", user = "the inner one");
        service("card expired").instrument(inner).await.unwrap_err()
    }
    .instrument(outer)
    .await;
    let told = turn.end().await;
    let group = told.only();
    assert_eq!(texts(&group["trace_ids"]), [ID]);
    assert_eq!(texts(&group["path"]), ["work", "service"]);
    let fields = &group["fields"];
    for (name, text) in [
        ("order", "o-1"),
        ("user", "the inner one"),
        ("retries", "3"),
        ("trace_id", ID),
    ] {
        assert_eq!(fields[name], text, "{fields:#}");
    }
}

#[tokio::test]
async fn an_error_event_is_an_alert_on_request() {
    subscribe();
    let turn = Turn::start().await;
    let error = Wrapped::new("no ink", said("cartridge is empty"));
    let error: &(dyn std::error::Error + 'static) = &error;
    tracing::error!(error, printer = 4, "cannot print");
    let line = line!() - 1;
    tracing::warn!("this is no error");
    let told = turn.end().await;
    let group = told.only();
    assert_eq!(
        texts(&group["chain"]),
        ["cannot print", "no ink", "cartridge is empty"]
    );
    assert_eq!(group["site"]["line"], line);
    assert_eq!(group["site"]["module"], module_path!());
    assert_eq!(group["fields"]["printer"], "4");
    assert_eq!((told.failures, told.hops), (1, 0));
}

#[alert_on_err]
async fn logs_and_fails() -> Result<u32, Said> {
    let error = said("paper jam");
    tracing::error!("cannot print: {error}");
    Err(error)
}

#[tokio::test]
async fn an_error_that_is_returned_and_then_logged_is_one_alert_and_the_other_way_round_two() {
    subscribe();
    let turn = Turn::start().await;
    logs_and_fails().await.unwrap_err();
    let told = turn.end().await;
    assert_eq!(
        told.failures, 2,
        "the log quotes the error, not the other way round"
    );
    let turn = Turn::start().await;
    let error = work("toner is low").await.unwrap_err();
    tracing::error!("cannot print: {error}");
    let told = turn.end().await;
    assert_eq!((told.failures, told.hops), (1, 1));
}

/// Logs an error whenever it is put into words.
#[derive(Debug)]
struct Talkative;

impl std::fmt::Display for Talkative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        tracing::error!("asked for my name");
        f.write_str("talkative")
    }
}

#[alert_on_err]
fn talks() -> Result<u32, Talkative> {
    Err(Talkative)
}

#[tokio::test]
async fn what_is_logged_while_an_alert_is_captured_makes_no_loop() {
    subscribe();
    let turn = Turn::start().await;
    talks().unwrap_err();
    let told = turn.end().await;
    assert_eq!(told.only()["message"], "talkative");
    assert_eq!((told.failures, told.hops), (1, 0));
}

#[tokio::test]
async fn the_current_opentelemetry_context_gives_the_trace_id() {
    let turn = Turn::start().await;
    let span = SpanContext::new(
        TraceId::from_hex(ID).unwrap(),
        SpanId::from_hex("00f067aa0ba902b7").unwrap(),
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    );
    {
        let context = opentelemetry::Context::new().with_remote_span_context(span);
        let _attached = context.attach();
        work("span is open").await.unwrap_err();
    }
    let told = turn.end().await;
    assert_eq!(texts(&told.only()["trace_ids"]), [ID]);
}

/// By the field's name, by its shape and by a rule of the user's, in the innermost span and around it.
#[tokio::test]
async fn a_secret_in_a_field_of_a_span_is_in_no_message() {
    subscribe();
    let hides = |config: Config| config.scrub(|text| text.replace("Zoe-swordfish", "<name>").into());
    let turn = Turn::with(hides).await;
    let outer = tracing::info_span!("request", db.password = "swordfish-1", user = "Zoe-swordfish");
    let inner = tracing::info_span!(
        parent: &outer,
        "query",
        url = tracing::field::Empty,
        header = "Authorization: Bearer swordfish-3x"
    );
    inner.record("url", "redis://:swordfish-2@cache/0");
    work("no cache").instrument(inner).await.unwrap_err();
    let told = turn.end().await;
    let all = format!("{:?}", told.groups);
    assert!(!all.contains("swordfish"), "{all}");
    let fields = &told.only()["fields"];
    for (name, value) in [
        ("db.password", "***"),
        ("user", "<name>"),
        ("url", "redis://***@cache/0"),
        ("header", "Authorization: Bearer ***"),
    ] {
        assert_eq!(fields[name], value, "{name}: {all}");
    }
}

/// Fault 43: what runs on the dispatcher's thread, or on one that its runtime makes for a name lookup, logs what it likes.
#[tokio::test]
async fn what_is_logged_by_the_dispatcher_and_its_helpers_is_never_told() {
    subscribe();
    let logs = |config: Config| {
        config.scrub(|text| {
            tracing::error!("on the dispatcher");
            let runtime = tokio::runtime::Handle::current();
            drop(runtime.spawn_blocking(|| tracing::error!("on a thread of its runtime")));
            text.into()
        })
    };
    let turn = Turn::with(logs).await;
    work("only this").await.unwrap_err();
    let told = turn.end().await;
    assert_eq!(told.only()["message"], "only this");
    assert_eq!((told.failures, told.hops), (1, 0));
}
