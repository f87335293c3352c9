//! Each argument of the attribute.

use std::fmt;

use alert_core::{alert_on_err, Severity};

use crate::observe::{__private::EventKind, block_on, only, pause, poll, seen};

#[derive(Debug)]
enum E {
    Expected,
    Worse(u8),
}

impl E {
    fn is_fatal(&self) -> bool {
        matches!(self, E::Worse(_))
    }
}

impl fmt::Display for E {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_fatal() { "worse" } else { "expected" })
    }
}

#[alert_on_err(crate = crate::observe, when = |error| error.is_fatal())]
fn when_closure(fatal: bool) -> Result<u8, E> {
    let given: Result<u8, E> = if fatal { Err(E::Worse(1)) } else { Err(E::Expected) };
    Ok(given?)
}

#[alert_on_err(crate = crate::observe, when = E::is_fatal)]
async fn when_path(fatal: bool) -> Result<u8, E> {
    if fatal {
        Err(E::Worse(1))
    } else {
        Err(E::Expected)
    }
}

#[test]
fn when() {
    let _ = when_closure(false);
    let _ = block_on(when_path(false));
    assert!(seen().is_empty());
    let _ = when_closure(true);
    assert_eq!(only().links, ["worse"]);
    let _ = block_on(when_path(true));
    assert_eq!(only().links, ["worse"]);
}

#[alert_on_err(
    crate = crate::observe,
    severity_by = |error| if error.is_fatal() { Severity::Critical } else { Severity::Info },
    key = |error| format!("{:?}", error),
)]
fn by_value(fatal: bool) -> Result<u8, E> {
    if fatal {
        Err(E::Worse(1))
    } else {
        Err(E::Expected)
    }
}

#[alert_on_err(crate = crate::observe, key = "one key")]
fn constant_key() -> Result<u8, E> {
    Err(E::Expected)
}

#[test]
fn severity_by_and_key() {
    let _ = by_value(true);
    let first = only();
    assert_eq!(
        (first.severity, first.key.as_deref()),
        (Some(Severity::Critical), Some("Worse(1)"))
    );
    let _ = by_value(false);
    assert_eq!(only().severity, Some(Severity::Info));
    let _ = constant_key();
    let last = only();
    assert_eq!(
        (last.severity, last.key.as_deref()),
        (Some(Severity::Error), Some("one key"))
    );
}

#[alert_on_err(crate = crate::observe, key = tenant)]
async fn key_of_a_parameter(mut tenant: String) -> Result<u8, E> {
    tenant.clear();
    drop(tenant);
    pause().await;
    Err(E::Expected)
}

#[alert_on_err(crate = crate::observe, key = format!("{tenant}-{}", n), when = |error| error.is_fatal() == wanted)]
fn computed_key(tenant: String, n: u8, wanted: bool) -> Result<u8, E> {
    drop(tenant);
    Err(E::Worse(n))
}

struct Tenant(String);

impl Tenant {
    #[alert_on_err(crate = crate::observe, key = self.0)]
    async fn key_of_self(mut self) -> Result<u8, E> {
        self.0.clear();
        pause().await;
        Err(E::Expected)
    }
}

#[test]
fn a_key_is_what_the_parameter_was_on_entry() {
    let _ = block_on(key_of_a_parameter("one".to_owned()));
    assert_eq!(only().key.as_deref(), Some("one"));
    let _ = computed_key("two".to_owned(), 3, true);
    assert_eq!(only().key.as_deref(), Some("two-3"));
    let _ = computed_key("two".to_owned(), 3, false);
    assert!(seen().is_empty());
    let _ = block_on(Tenant("four".to_owned()).key_of_self());
    assert_eq!(only().key.as_deref(), Some("four"));
}

struct Order {
    id: u32,
    items: Vec<u8>,
}

#[alert_on_err(crate = crate::observe, fields(order.id, ?order.items, customer, %shop, region = "eu".to_owned(), twice = ?shop.len() * 2))]
async fn with_fields(order: Order, customer: String, shop: &str) -> Result<u8, E> {
    drop(order);
    drop(customer);
    pause().await;
    Err(E::Expected)
}

struct Shop(&'static str);

impl Shop {
    #[alert_on_err(crate = crate::observe, fields(self.0, n))]
    fn method(&self, mut n: Option<u8>) -> Result<u8, E> {
        n = None;
        n.ok_or(E::Expected)
    }
}

#[test]
fn fields() {
    let order = Order {
        id: 7,
        items: vec![1],
    };
    let _ = block_on(with_fields(order, "Li".to_owned(), "north"));
    let fields: Vec<_> = only()
        .fields
        .into_iter()
        .map(|(name, text)| format!("{}={}", name, text))
        .collect();
    assert_eq!(
        fields,
        [
            "order.id=7",
            "order.items=[1]",
            "customer=Li",
            "shop=north",
            "region=eu",
            "twice=10"
        ]
    );
    let _ = Shop("south").method(Some(1));
    assert_eq!(
        only().fields,
        [("0", "south".to_owned()), ("n", "Some(1)".to_owned())]
            .map(|(name, text)| (if name == "0" { "self.0" } else { name }, text))
    );
}

#[test]
fn words_of_the_error() {
    #[alert_on_err(crate = crate::observe, error(debug))]
    fn debug() -> Result<u8, E> {
        Err(E::Worse(1))
    }
    #[alert_on_err(crate = crate::observe, error(display))]
    fn display() -> Result<u8, E> {
        Err(E::Worse(1))
    }
    #[alert_on_err(crate = crate::observe, error(auto))]
    fn auto() -> Result<u8, E> {
        Err(E::Worse(1))
    }
    #[alert_on_err(crate = crate::observe, error(with = |error| format!("own {}", error)))]
    fn own() -> Result<u8, E> {
        Err(E::Worse(1))
    }
    let _ = debug();
    assert_eq!(only().links, ["Worse(1)"]);
    let _ = display();
    assert_eq!(only().links, ["worse"]);
    let _ = auto();
    assert_eq!(only().links, ["worse"]);
    let _ = own();
    assert_eq!(only().links, ["own worse"]);
}

#[alert_on_err(
    route = "payments",
    runbook = "https://example.com/runbook",
    owner = "payments team"
)]
fn told() -> Result<u8, E> {
    Ok(1)
}

#[test]
fn route_runbook_owner() {
    let _ = told();
    let site = alert_core::sites()
        .find(|site| site.function() == "told")
        .unwrap();
    assert_eq!(site.route(), Some("payments"));
    assert_eq!(site.runbook(), Some("https://example.com/runbook"));
    assert_eq!(site.owner(), Some("payments team"));
}

#[alert_on_err(crate = crate::observe, on(err, cancel))]
pub async fn cancellable(fail: bool) -> Result<u8, E> {
    pause().await;
    if fail {
        Err(E::Expected)
    } else {
        Ok(1)
    }
}

#[test]
fn cancel() {
    drop(cancellable(false));
    assert!(seen().is_empty(), "never polled");
    let _ = block_on(cancellable(false));
    assert!(seen().is_empty(), "finished");
    let mut future = Box::pin(cancellable(false));
    assert!(poll(future.as_mut()).is_pending());
    drop(future);
    assert_eq!(only().kind, Some(EventKind::Cancelled));
    let _ = block_on(cancellable(true));
    assert_eq!(only().kind, Some(EventKind::Error));
}
