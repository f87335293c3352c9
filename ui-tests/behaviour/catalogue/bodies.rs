//! What bodies hold.

use std::num::ParseIntError;

use alert_core::alert_on_err;

use crate::observe::{block_on, only, pause};

#[derive(Debug)]
struct Own(#[allow(dead_code)] String);

impl From<ParseIntError> for Own {
    fn from(error: ParseIntError) -> Self {
        Own(error.to_string())
    }
}

#[alert_on_err(crate = crate::observe)]
async fn inferred(text: &str) -> Result<u8, Own> {
    let n = text.parse::<u8>()?;
    let same = Ok::<u8, Own>(n)?;
    pause().await;
    let other = Default::default();
    Ok(if same == 0 { other } else { n.into() })
}

#[test]
fn inference() {
    assert_eq!(block_on(inferred("3")).unwrap(), 3);
    let _ = block_on(inferred("x"));
    assert_eq!(only().kind.is_some(), true);
}

macro_rules! try_own {
    ($e:expr) => {
        match $e {
            Ok(value) => value,
            Err(error) => return Err(error),
        }
    };
}

#[alert_on_err(crate = crate::observe)]
async fn returns(which: u8) -> Result<u8, u8> {
    let closure = |n: u8| -> Result<u8, u8> {
        if n == 0 {
            return Err(0);
        }
        Ok(n)
    };
    let block = async {
        if which == 1 {
            return 1;
        }
        2
    };
    let _ = (closure(which), block.await);
    let found = 'search: loop {
        for n in 0..9 {
            if n == which {
                break 'search n;
            }
        }
        return Err(9);
    };
    let labelled = 'block: {
        if found == 2 {
            break 'block 7;
        }
        found
    };
    let Some(more) = labelled.checked_add(1) else {
        return Err(8);
    };
    try_own!(closure(found));
    Ok(more)
}

#[alert_on_err(crate = crate::observe)]
fn loops() -> Result<u8, u8> {
    loop {
        return Ok(1);
    }
}

#[alert_on_err(crate = crate::observe)]
async fn selects(which: u8) -> Result<u8, u8> {
    let later = async |n: u8| {
        if n == 0 {
            return Err(n);
        }
        pause().await;
        Ok(n)
    };
    tokio::select! {
        biased;
        n = later(which), if which < 9 => return n,
        () = std::future::ready(()) => {}
    }
    Err(which)?
}

#[test]
fn returns_of_select_and_async_closures() {
    assert_eq!(block_on(selects(0)), Err(0));
    assert_eq!(only().links, ["0"]);
    assert_eq!(block_on(selects(9)), Err(9));
    assert_eq!(only().links, ["9"]);
}

#[test]
fn early_returns() {
    assert_eq!(block_on(returns(2)), Ok(8));
    assert_eq!(block_on(returns(0)), Err(0));
    assert_eq!(only().links, ["0"]);
    assert_eq!(block_on(returns(10)), Err(9));
    assert_eq!(only().links, ["9"]);
    assert_eq!(loops(), Ok(1));
}

mod shadow {
    pub enum Res {
        Ok,
    }
}

type Res = Result<u8, String>;

#[alert_on_err(crate = crate::observe)]
fn inner_items() -> Res {
    #![allow(non_upper_case_globals)]
    use self::shadow::*;
    const n: u8 = 4;
    struct Ok2(u8);
    impl Ok2 {
        fn get(&self) -> u8 {
            self.0
        }
    }
    let Res::Ok = Res::Ok;
    Ok(Ok2(n).get())
}

#[test]
fn items_of_its_own() {
    assert_eq!(inner_items(), Ok(4));
}

macro_rules! by_macro {
    ($name:ident($arg:ident: $ty:ty) -> $ret:ty, $body:expr, $more:expr) => {
        #[alert_on_err(crate = crate::observe)]
        fn $name($arg: $ty) -> $ret {
            let more: $ret = $more;
            let own: $ret = $body;
            let _ = $arg;
            own.and(more)
        }
    };
}
by_macro!(made(a: u8) -> Result<u8, String>, { Err("made".to_owned()) }, Ok(1));

#[test]
fn made_by_a_macro() {
    let _ = made(1);
    assert_eq!(only().links, ["made"]);
}
