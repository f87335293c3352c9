//! Methods of traits with `#[track_caller]`, whose bodies neither a closure nor another function can hold: each
//! `return` and `?` leaves a block instead.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::panic::Location;

use alert_core::alert_on_err;

use crate::observe::{only, seen};

/// An error that knows where it was made of another.
#[derive(Debug, PartialEq)]
struct Placed(u32);

impl From<u8> for Placed {
    #[track_caller]
    fn from(_: u8) -> Self {
        Self(Location::caller().line())
    }
}

struct S(Result<u8, u8>);

macro_rules! bail_at {
    ($s:expr, $n:expr) => {
        if $s.0 == Ok($n) {
            return Err($n);
        }
    };
}

trait Shapes {
    fn get(&self) -> Result<u8, u8>;
    fn chain(&self) -> Result<u8, u8>;
    fn paths(&self) -> Result<u8, u8>;
    fn indexed(&self, all: &[Result<u8, u8>]) -> Result<u8, u8>;
    fn ranges(&self) -> Result<u8, u8>;
    fn in_macros(&self) -> Result<String, u8>;
    fn returns(&self, n: u8) -> Result<u8, u8>;
    fn other(&self) -> Result<u8, u8>;
    fn converted(&self) -> Result<u8, Placed>;
    fn boxed(&self) -> Result<Box<dyn Fn() -> u8>, Box<dyn std::error::Error>>;
    fn option(&self) -> Option<u8>;
    fn flow(&self) -> ControlFlow<u8, Infallible>;
    fn nothing(&self);
}

impl Shapes for S {
    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn get(&self) -> Result<u8, u8> {
        let n = self.0?;
        Ok(n)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn chain(&self) -> Result<u8, u8> {
        let n = -i16::from(
            !Some(self)
                .map(|s| s.get())
                .ok_or(1u8)??
                .checked_sub(0)
                .ok_or(2u8)?,
        ) + 1;
        Ok(n as u8)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn paths(&self) -> Result<u8, u8> {
        let a = Self::get(self)?;
        let b = <Self as Shapes>::get(&self)?;
        let c = ::std::result::Result::<u8, u8>::Ok(a)?;
        let d = Vec::<u8>::new()
            .into_iter()
            .map(Ok::<u8, u8>)
            .collect::<Result<Vec<u8>, u8>>()?;
        Ok(a + b + c + d.len() as u8)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn indexed(&self, all: &[Result<u8, u8>]) -> Result<u8, u8> {
        let first = all[0]?;
        let second = [self.0, all[1]][1]?;
        let third = (if first > 9 { self.0 } else { Ok(0) })?;
        let fourth = 'found: loop {
            if third == 0 {
                break 'found (self.0)?;
            }
        };
        if fourth == 9 {
            return [Ok::<Result<u8, u8>, u8>(self.0)][0]?;
        }
        let check = |n: u8| if n == 99 { Err(9) } else { Ok(n == 98) };
        if !(check)(first)? {
            #[allow(unused_must_use)]
            (check)(second)?;
        }
        for _ in 0..self.0? {
            assert!(!(check)(third)?);
        }
        return (Ok::<Result<u8, u8>, u8>(Ok(first + second + third)))?;
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn ranges(&self) -> Result<u8, u8> {
        Ok((0..self.0?).sum())
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn in_macros(&self) -> Result<String, u8> {
        let all = vec![self.get()?, self.0?];
        assert_eq!(all.len(), 2);
        Ok(format!("{} {:?}", self.get()?, all))
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn returns(&self, n: u8) -> Result<u8, u8> {
        let inner = || -> Result<u8, u8> { return Err(self.0?) };
        for i in 0.. {
            if i == n {
                return Err(i);
            }
            let Ok(_) = self.0 else { return inner() };
            match i {
                3 => return Ok(33),
                _ => continue,
            }
        }
        Ok(0)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn other(&self) -> Result<u8, u8> {
        bail_at!(self, 3);
        match self.0 {
            Ok(n) => Ok(n),
            Err(error) => Err(error),
        }?;
        Err(1)?;
        Ok(1)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn converted(&self) -> Result<u8, Placed> {
        Ok(self.0?)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn boxed(&self) -> Result<Box<dyn Fn() -> u8>, Box<dyn std::error::Error>> {
        if self.0.is_ok() {
            return Ok(Box::new(|| 1));
        }
        "n".parse::<u8>()?;
        Ok(Box::new(|| 2))
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn option(&self) -> Option<u8> {
        Some(self.0.ok()? + 1)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn flow(&self) -> ControlFlow<u8, Infallible> {
        ControlFlow::<u8, u8>::Break(1)?;
        ControlFlow::Break(2)
    }

    #[alert_on_err(crate = crate::observe)]
    #[track_caller]
    fn nothing(&self) {
        if self.0.is_ok() {
            return;
        }
        let _ = self.0;
    }
}

#[test]
fn of_a_trait() {
    let (good, bad) = (S(Ok(1)), S(Err(7)));
    assert_eq!((good.get(), good.paths(), good.chain()), (Ok(1), Ok(3), Ok(3)));
    assert_eq!(good.in_macros().as_deref(), Ok("1 [1, 1]"));
    assert_eq!(good.indexed(&[Ok(1), Ok(2)]), Ok(3));
    assert_eq!((good.returns(9), good.option()), (Ok(33), Some(2)));
    assert_eq!(good.boxed().unwrap()(), 1);
    assert_eq!(
        (good.flow(), bad.flow()),
        (ControlFlow::Break(1), ControlFlow::Break(1))
    );
    (good.nothing(), bad.nothing());
    assert_eq!(bad.option(), None);
    assert!(seen().is_empty(), "nothing has failed");

    assert_eq!(bad.get(), Err(7));
    assert_eq!(only().function, "get");
    assert_eq!(good.returns(2), Err(2));
    assert_eq!(only().function, "returns");
    assert_eq!(bad.returns(2), Err(7));
    assert_eq!(only().function, "returns");
    assert_eq!(good.indexed(&[Ok(1), Err(8)]), Err(8));
    assert_eq!(only().function, "indexed");
    assert_eq!(bad.ranges(), Err(7));
    assert_eq!(only().function, "ranges");
    assert!(bad.boxed().is_err());
    assert_eq!(only().function, "boxed");
    assert_eq!(bad.converted(), Err(Placed(line!())));
    assert_eq!(only().function, "converted");
    for failed in [bad.chain(), bad.paths(), bad.in_macros().map(|_| 0)] {
        assert_eq!(failed, Err(7));
    }
    let names: Vec<_> = seen().iter().map(|seen| seen.function).collect();
    assert_eq!(names, ["get", "chain", "get", "paths", "get", "in_macros"]);
}

#[test]
fn what_is_not_seen_is_not_told() {
    assert_eq!(S(Ok(3)).other(), Err(3), "by a macro");
    assert_eq!(S(Err(7)).other(), Err(7), "behind a block");
    assert!(seen().is_empty());
    assert_eq!(S(Ok(4)).other(), Err(1));
    assert_eq!(only().function, "other");
}
