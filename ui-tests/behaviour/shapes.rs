//! Panics, cancellation and what else is seen from outside.

use std::future::Future;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

use alert_core::alert_on_err;

use crate::observe::{block_on, only, pause, poll, seen};

#[alert_on_err(crate = crate::observe)]
async fn panics_later() -> Result<(), u8> {
    pause().await;
    resume_unwind(Box::new("payload"))
}

#[test]
fn a_panic_is_told_and_goes_on() {
    let payload = catch_unwind(AssertUnwindSafe(|| block_on(panics_later()))).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"payload"));
    assert_eq!((only().function, only_is_gone()), ("panics_later", true));
}

fn only_is_gone() -> bool {
    seen().is_empty()
}

#[test]
fn a_suspended_future_dropped_by_an_unwind_did_not_panic() {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut suspended = Box::pin(panics_later());
        assert!(poll(suspended.as_mut()).is_pending());
        resume_unwind(Box::new(1))
    }));
    assert!(seen().is_empty());
}

#[alert_on_err(crate = crate::observe)]
fn never(panic: bool) -> ! {
    if panic {
        resume_unwind(Box::new(1))
    }
    std::process::exit(3)
}

#[alert_on_err(crate = crate::observe)]
async fn never_async(panic: bool) -> ! {
    loop {
        pause().await;
        if panic {
            resume_unwind(Box::new(1))
        }
    }
}

#[test]
fn functions_that_never_return() {
    let _ = catch_unwind(|| never(true));
    assert_eq!(only().function, "never");
    let _ = catch_unwind(AssertUnwindSafe(|| block_on(never_async(true))));
    assert_eq!(only().function, "never_async");
}

#[alert_on_err(crate = crate::observe, name = "a name", on(err))]
fn named(fail: bool) -> Result<u8, u8> {
    if fail {
        Err(1)
    } else {
        resume_unwind(Box::new(1))
    }
}

#[test]
fn the_name_and_the_outcomes_asked_for() {
    let _ = named(true);
    assert_eq!(only().function, "a name");
    let _ = catch_unwind(|| named(false));
    assert!(seen().is_empty());
}

#[alert_on_err(crate = crate::observe)]
fn late(fail: bool) -> impl Future<Output = Result<u8, u8>> + Send {
    let n = 3;
    async move {
        pause().await;
        if fail {
            Err(n)
        } else {
            Ok(n)
        }
    }
}

#[test]
fn a_returned_future_is_watched_not_the_call() {
    let future = late(true);
    assert!(seen().is_empty());
    assert_eq!(block_on(future), Err(3));
    assert_eq!(only().links, ["3"]);
}

trait Load {
    fn load(&self) -> impl Future<Output = Result<u8, String>> + Send;
}

struct Store;

impl Load for Store {
    #[alert_on_err(crate = crate::observe)]
    async fn load(&self) -> Result<u8, String> {
        pause().await;
        Err("empty".to_owned())
    }
}

#[test]
fn a_method_of_a_trait() {
    let _ = block_on(Store.load());
    assert_eq!(only().links, ["empty"]);
}

#[test]
fn every_function_is_listed_before_it_runs() {
    let listed: Vec<_> = alert_core::sites()
        .filter(|site| site.module().ends_with("shapes"))
        .map(|site| site.function())
        .collect();
    for name in ["never", "a name", "load", "late"] {
        assert_eq!(
            listed.iter().filter(|listed| **listed == name).count(),
            1,
            "{}",
            name
        );
    }
}

mod caller {
    use std::panic::Location;

    use super::*;

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    pub fn inline(fail: bool) -> Result<u32, u32> {
        if fail {
            Err(Location::caller().line())
        } else {
            Ok(0)
        }
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    pub fn nested(mut n: u32, _: String) -> Result<u32, u32> {
        n = Err(Location::caller().line())?;
        Ok(n)
    }

    pub struct S;

    impl S {
        #[alert_on_err(crate = crate::observe)]
        #[track_caller]
        pub fn method(&self) -> Result<u32, u32> {
            Err(Location::caller().line())
        }

        #[alert_on_err(crate = crate::observe)]
        #[track_caller]
        pub fn returns(&self, panic: bool) -> Result<u32, u32> {
            if !panic {
                return Err(Location::caller().line());
            }
            resume_unwind(Box::new(1))
        }

        #[alert_on_err(crate = crate::observe)]
        #[track_caller]
        #[allow(unused_mut)]
        pub(super) fn generic<T: ToString, const N: usize>(mut self, mut t: [T; N]) -> Result<Self, u32> {
            let found = t.get(0).ok_or(Location::caller().line())?;
            if found.to_string().is_empty() {
                None::<()>.unwrap();
            }
            Ok(self)
        }

        #[alert_on_err(crate = crate::observe)]
        #[track_caller]
        pub fn made(n: Option<u8>) -> Result<Self, u32> {
            n.ok_or_else(|| 0).or(Err(Location::caller().line()))?;
            Ok(Self)
        }
    }

    pub trait Ask {
        fn ask(&self, n: Option<u8>) -> Result<u8, u32>;
    }

    impl Ask for S {
        #[alert_on_err(crate = crate::observe)]
        #[track_caller]
        fn ask(&self, n: Option<u8>) -> Result<u8, u32> {
            Ok(n.ok_or(Location::caller().line())?)
        }
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    pub fn unit(option: Option<()>) {
        option.unwrap();
    }
}

#[test]
fn a_tracked_caller_stays_the_caller() {
    assert_eq!(caller::inline(true), Err(line!()));
    assert_eq!(only().function, "inline");
    assert_eq!(caller::nested(1, String::new()), Err(line!()));
    assert_eq!(only().function, "nested");
    assert_eq!(caller::S.method(), Err(line!()));
    assert_eq!(only().function, "method");
    assert_eq!(caller::S.returns(false), Err(line!()));
    assert_eq!(only().function, "returns");
    assert_eq!(caller::S.generic::<u8, 0>([]).err(), Some(line!()));
    assert_eq!(only().function, "generic");
    assert_eq!(caller::S::made(None).err(), Some(line!()));
    assert_eq!(only().function, "made");
    use caller::Ask;
    assert_eq!(caller::S.ask(None), Err(line!()));
    assert_eq!(only().function, "ask");
    let _ = catch_unwind(|| caller::S.returns(true));
    assert_eq!(only().function, "returns");
    let _ = catch_unwind(|| caller::unit(None));
    assert_eq!(only().function, "unit");
}
