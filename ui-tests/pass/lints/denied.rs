//! Nothing generated warns, whatever is denied.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(
    let_underscore_drop,
    unused_qualifications,
    elided_lifetimes_in_paths,
    missing_docs,
    unreachable_pub,
    unused_results,
    single_use_lifetimes,
    unused_lifetimes
)]

use alert_core::alert_on_err;

struct Name<'a>(&'a str);

#[alert_on_err(severity = "critical")]
async fn question_mark(a: String, _b: String, c: &str) -> Result<usize, std::num::ParseIntError> {
    let n: usize = c.parse()?;
    std::future::ready(()).await;
    drop(a);
    Ok(n)
}

#[alert_on_err]
async fn mutable(a: String, _: String, mut b: String, mut _c: String) -> Result<String, String> {
    std::future::ready(()).await;
    b.push_str(&a);
    Ok(b)
}

#[alert_on_err]
async fn hidden_lifetime(a: &str) -> Result<Name<'_>, String> {
    std::future::ready(()).await;
    Ok(Name(a))
}

#[alert_on_err]
fn sync(x: &mut u8) -> Result<&u8, String> {
    *x = 1;
    Ok(x)
}

#[alert_on_err(on(none), fields(x))]
fn option(x: Option<u8>) -> Option<u8> {
    let y = x?;
    Some(y)
}

#[alert_on_err]
async fn never(x: u8) -> ! {
    std::process::exit(i32::from(std::future::ready(x).await))
}

#[alert_on_err(boundary, no_dedup)]
async fn boundary(mut x: u8) -> Result<u8, String> {
    x = x.saturating_add(1);
    std::future::ready(()).await;
    Ok(x)
}

#[alert_on_err(boundary)]
#[track_caller]
fn tracked(x: u8) -> Result<u8, String> {
    Ok(x)
}

#[alert_on_err(boundary)]
#[track_caller]
fn tracked_early(x: &str) -> Result<u8, std::num::ParseIntError> {
    let n = x.parse::<u8>()?;
    Ok(n)
}

struct Counter {
    n: u8,
}

impl Counter {
    #[alert_on_err]
    async fn later(mut self) -> Result<u8, String> {
        std::future::ready(()).await;
        self.n = 9;
        Ok(self.n)
    }

    #[alert_on_err(boundary, no_dedup)]
    fn now(mut self) -> Result<u8, String> {
        self.n = 9;
        Ok(self.n)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.n = 0;
    }
}

fn main() {
    drop(question_mark(String::new(), String::new(), ""));
    drop(mutable(String::new(), String::new(), String::new(), String::new()));
    drop(hidden_lifetime(Name("").0));
    let _sync = sync(&mut 1).is_ok();
    let _none = option(None);
    drop(never(1));
    drop(boundary(1));
    let _tracked = (tracked(1).is_ok(), tracked_early("1").is_ok());
    drop(Counter { n: 1 }.later());
    let _now = Counter { n: 1 }.now().is_ok();
}
