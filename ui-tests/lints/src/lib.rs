//! Each line with the names of lints behind it has to be complained about by those, and no other line by any.

#![warn(clippy::all, clippy::pedantic, clippy::nursery, clippy::print_stdout, clippy::unwrap_used)]
#![allow(clippy::missing_errors_doc, clippy::must_use_candidate)]
#![allow(clippy::missing_panics_doc, clippy::missing_const_for_fn, clippy::future_not_send)]

use alert_core::alert_on_err;

pub mod expanded;

/// Undocumented errors.
#[warn(clippy::missing_errors_doc)]
#[alert_on_err]
pub async fn undocumented(n: u8) -> Result<u8, String> { //~ missing_errors_doc
    std::future::ready(()).await;
    n.checked_add(1).ok_or_else(|| "too much".to_owned())
}

#[warn(missing_docs)]
#[alert_on_err]
pub async fn says_nothing_of_itself(n: u8) -> Result<u8, String> { //~ missing_docs
    std::future::ready(()).await;
    n.checked_add(1).ok_or_else(|| "too much".to_owned())
}

#[alert_on_err]
pub async fn expected(
    #[expect(unused_variables)] a: String,
    #[allow(unused_variables)] b: String,
) -> Result<u8, String> {
    std::future::ready(Err(String::new())).await
}

#[alert_on_err]
#[expect(clippy::needless_pass_by_value)]
pub fn expected_now(#[expect(unused_variables)] a: String) -> Result<u8, String> {
    Err(String::new())
}

/// By another name, which is used nowhere else.
pub mod renamed {
    use alert_core as alerts;

    #[alert_core::alert_on_err(crate = alerts)]
    pub async fn f(n: u8) -> Result<u8, String> {
        std::future::ready(()).await;
        n.checked_add(1).ok_or_else(|| "too much".to_owned())
    }
}

#[alert_on_err]
pub fn explicit_return(n: u8) -> Result<u8, String> {
    if n == 0 {
        return Err("zero".to_owned());
    }
    return Ok(n); //~ needless_return
}

#[alert_on_err]
pub async fn explicit_return_later(n: u8) -> Result<u8, String> {
    std::future::ready(()).await;
    return Ok(n); //~ needless_return
}

#[alert_on_err]
pub fn prints(n: u8) -> Result<u8, String> {
    println!("{n}"); //~ print_stdout
    Ok(n)
}

#[alert_on_err]
pub async fn prints_later(n: u8) -> Result<u8, String> {
    std::future::ready(()).await;
    println!("{n}"); //~ print_stdout
    Ok(n)
}

#[alert_on_err]
pub fn unwraps(n: Option<u8>) -> Result<u8, String> {
    Ok(n.unwrap()) //~ unwrap_used
}

#[alert_on_err]
pub fn unused(n: u8) -> Result<u8, String> { //~ unused_variables
    Ok(1)
}

#[alert_on_err]
pub async fn unused_later(n: u8) -> Result<u8, String> { //~ unused_variables
    let local = std::future::ready(2).await; //~ unused_variables
    Ok(1)
}

#[alert_on_err]
pub fn dropped(n: u8) -> Result<u8, String> {
    unwraps(Some(n)); //~ unused_must_use
    Ok(n)
}

#[alert_on_err]
pub async fn dropped_later(n: u8) -> Result<u8, String> {
    prints_later(n); //~ unused_must_use
    std::future::ready(()).await;
    Ok(n)
}

#[alert_on_err]
fn dead(n: u8) -> Result<u8, String> { //~ dead_code unnecessary_wraps
    Ok(n)
}

#[alert_on_err]
async fn dead_later(n: u8) -> Result<u8, String> { //~ dead_code
    std::future::ready(()).await;
    Ok(n)
}

#[alert_on_err]
pub fn unreachable(n: u8) -> Result<u8, String> {
    if n > 0 {
        return Ok(n);
    }
    return Err("n".to_owned());
    Ok(n.wrapping_add(1)) //~ unreachable_code
}

pub struct S(pub u8);

impl S {
    #[alert_on_err]
    pub fn by_value(&self, text: String) -> Result<usize, String> { //~ needless_pass_by_value
        Ok(usize::from(self.0) + text.len())
    }

    #[alert_on_err]
    #[track_caller]
    pub fn told_its_caller<T: ToString>(mut self, more: &T, _: u8) -> Result<Self, String> {
        if self.0 > 9 {
            return Err(format!("{} at {}", more.to_string(), std::panic::Location::caller()));
        }
        self.0 += 1;
        Ok(self)
    }

    #[alert_on_err]
    fn without_self(&self) -> Result<usize, String> { //~ unused_self
        std::env::var("N").map(|n| n.len()).map_err(|error| error.to_string())
    }
}

#[alert_on_err]
fn always_well(n: u8) -> Result<u8, String> { //~ unnecessary_wraps
    Ok(n)
}

#[alert_on_err]
pub async fn never_waits(n: u8) -> Result<u8, String> { //~ unused_async
    n.checked_add(1).ok_or_else(|| "too much".to_owned())
}

pub fn uses() -> bool {
    always_well(1).is_ok() && S(1).without_self().is_ok()
}
