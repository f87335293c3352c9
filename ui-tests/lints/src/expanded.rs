//! Functions whose attribute has expressions, so that clippy reads what becomes of them.

use alert_core::alert_on_err;

#[alert_on_err(key = "one")]
pub fn explicit_return(n: u8) -> Result<u8, String> {
    if n == 0 {
        return Err("zero".to_owned());
    }
    return Ok(n); //~ needless_return
}

#[alert_on_err(key = "one")]
pub async fn explicit_return_later(n: u8) -> Result<u8, String> {
    std::future::ready(()).await;
    return Ok(n); //~ needless_return
}

#[alert_on_err(key = "one")]
pub fn changes(mut n: u8) -> Result<u8, String> {
    n = n.wrapping_add(1);
    return Ok(n); //~ needless_return
}

#[alert_on_err(key = tenant)]
pub async fn names_what_the_body_does_not(tenant: String, mut all: Vec<u8>) -> Result<usize, String> {
    std::future::ready(()).await;
    all.clear();
    Ok(all.len())
}

#[alert_on_err(key = "one")]
pub fn gives_up(mut n: u8) -> Result<u8, String> {
    n = n.wrapping_add(1);
    panic!("{n}")
}

#[alert_on_err(key = "one")]
pub fn prints(n: u8) -> Result<u8, String> {
    println!("{n}"); //~ print_stdout
    Ok(n)
}

#[alert_on_err(key = "one")]
pub async fn prints_later(n: u8) -> Result<u8, String> {
    std::future::ready(()).await;
    println!("{n}"); //~ print_stdout
    Ok(n)
}

#[alert_on_err(key = "one")]
pub fn unwraps(n: Option<u8>) -> Result<u8, String> {
    Ok(n.unwrap()) //~ unwrap_used
}

#[alert_on_err(key = "one")]
pub fn unused(n: u8) -> Result<u8, String> { //~ unused_variables
    Ok(1)
}

#[alert_on_err(key = "one")]
pub async fn unused_later(n: u8) -> Result<u8, String> { //~ unused_variables
    let local = std::future::ready(2).await; //~ unused_variables
    Ok(1)
}

#[alert_on_err(key = "one")]
pub async fn dropped_later(n: u8) -> Result<u8, String> {
    prints_later(n); //~ unused_must_use
    std::future::ready(()).await;
    Ok(n)
}

#[alert_on_err(key = "one")]
async fn dead_later(n: u8) -> Result<u8, String> { //~ dead_code
    std::future::ready(()).await;
    Ok(n)
}

#[alert_on_err(key = "one")]
pub fn unreachable(n: u8) -> Result<u8, String> {
    if n > 0 {
        return Ok(n);
    }
    return Err("n".to_owned());
    Ok(n.wrapping_add(1)) //~ unreachable_code
}

impl super::S {
    #[alert_on_err(key = "one")]
    #[track_caller]
    pub fn told_its_caller_and_key<T: ToString>(mut self, more: &T, _: u8) -> Result<Self, String> {
        if self.0 > 9 {
            return Err(format!("{} at {}", more.to_string(), std::panic::Location::caller()));
        }
        self.0 += 1;
        Ok(self)
    }

    #[alert_on_err(key = tenant, when = |error: &String| error.len() > least)]
    pub async fn named_by_arguments(&self, tenant: &str, least: usize) -> Result<u8, String> {
        std::future::ready(()).await;
        tenant.parse::<u8>().map_err(|error| error.to_string())
    }

    #[alert_on_err(key = "one")]
    fn asks_nothing_of_itself(&self) -> Result<usize, String> { //~ unused_self
        std::env::var("N").map(|n| n.len()).map_err(|error| error.to_string())
    }
}

pub fn uses() -> bool {
    super::S(1).asks_nothing_of_itself().is_ok()
}
