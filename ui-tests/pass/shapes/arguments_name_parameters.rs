//! Arguments of the attribute that name parameters, in each kind of function.

#![deny(warnings, clippy::all, clippy::pedantic)]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use alert_core::{Severity, alert_on_err};

/// Cannot be cloned.
struct Order {
    id: String,
}

struct Error(u8);

#[alert_on_err(key = tenant)]
async fn lowered(tenant: String) -> Result<u8, String> {
    Err(tenant)
}

#[alert_on_err(key = format!("{tenant}/{}", order.0))]
pub async fn verbatim(tenant: String, order: (u64, u8)) -> Result<u8, String> {
    drop(tenant);
    Err(order.1.to_string())
}

#[alert_on_err(key = order.id)]
async fn part_of_one(order: Order) -> Result<u8, String> {
    Err(order.id)
}

#[alert_on_err(key = tenant, fields(shop))]
fn used_nowhere_else(tenant: String, shop: u8) -> Result<u8, String> {
    Ok(1)
}

#[alert_on_err(
    when = |error: &Error| error.0 > least,
    severity_by = |_| if bad { Severity::Critical } else { Severity::Info },
    error(with = |error| format!("{tenant}: {}", error.0)),
    key = |error| error.0.to_string() + &tenant,
)]
async fn closures(tenant: String, least: u8, bad: bool) -> Result<u8, Error> {
    drop(tenant);
    Err(Error(least))
}

#[alert_on_err(when = |error: &String| error.is_empty() || *error == limit)]
async fn behind_an_or(limit: String) -> Result<u8, String> {
    Err(limit)
}

// These bind the names themselves: the parameters, which cannot be cloned, are left alone.
#[alert_on_err(
    when = |order| !order.is_empty(),
    key = |error| match error { id if id.is_empty() => "none".len(), error => error.len() },
)]
async fn binds_its_own(order: Order, id: Order) -> Result<u8, String> {
    Err(order.id + &id.id)
}

#[alert_on_err(key = "{order}", when = |error: &String| error != "{order}")]
async fn no_format_string(order: Order) -> Result<u8, String> {
    Err(order.id)
}

struct Shop {
    tenant: String,
}

impl Shop {
    #[alert_on_err(key = self.tenant)]
    async fn by_reference(&self) -> Result<u8, String> {
        Err(self.tenant.clone())
    }

    #[alert_on_err(key = self.tenant)]
    fn unique(&mut self) -> Result<u8, String> {
        self.tenant.clear();
        Err(self.tenant.clone())
    }

    #[alert_on_err(key = self.tenant)]
    async fn by_value(mut self) -> Result<u8, String> {
        self.tenant.clear();
        Err(self.tenant)
    }

    #[alert_on_err(key = format!("{}{n}", self.tenant))]
    async fn shared(self: Arc<Self>, n: Box<u8>) -> Result<u8, String> {
        drop(n);
        Err(self.tenant.clone())
    }

    #[alert_on_err(key = name)]
    fn boxed<'a>(&'a self, name: &'a str) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'a>> {
        Box::pin(async move { Err(format!("{}{name}", self.tenant)) })
    }
}

fn main() {
    let shop = || Shop {
        tenant: String::new(),
    };
    drop(lowered(String::new()));
    drop(verbatim(String::new(), (1, 2)));
    drop(part_of_one(Order { id: String::new() }));
    let _ = used_nowhere_else(String::new(), 1);
    drop(closures(String::new(), 1, true));
    drop(behind_an_or(String::new()));
    drop(binds_its_own(
        Order { id: String::new() },
        Order { id: String::new() },
    ));
    drop(no_format_string(Order { id: String::new() }));
    drop(shop().by_reference());
    let _ = shop().unique();
    drop(shop().by_value());
    drop(Arc::new(shop()).shared(Box::new(1)));
    drop(shop().boxed(""));
}
