//! The same few functions that fail, for each peer that tells somebody of it, and the peers' other ends.

use std::error::Error;
use std::fmt;
use std::hint::black_box;
use std::pin::pin;

use peers::inlined::drive;

mod alert;
mod by_hand;
mod sentry;
mod tracing_err;

/// A link of a chain of errors.
#[derive(Clone, Debug)]
pub struct Link(&'static str, Option<&'static Link>);

static ROOT: Link = Link("connection refused", None);
static MIDDLE: Link = Link("cannot reach the bank", Some(&ROOT));

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.map(|link| link as &(dyn Error + 'static))
    }
}

fn short(n: u64) -> Result<u64, Link> {
    if black_box(n) == 0 { Ok(n) } else { Err(Link("card not charged", None)) }
}

fn long(n: u64) -> Result<u64, Link> {
    if black_box(n) == 0 { Ok(n) } else { Err(Link("card not charged", Some(&MIDDLE))) }
}

/// What becomes of what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Takes it at once.
    Awake,
    /// Takes nothing, so the channel fills.
    Stuck,
}

/// Somebody who is told of failures.
pub struct Peer {
    /// As the tables call it.
    pub name: &'static str,
    /// Sets it up, once in a process, with a channel of this capacity if it has one. `false` if it has nothing that
    /// can be stuck.
    pub start: fn(Reader, usize) -> bool,
    /// Each calls a function that fails.
    pub shapes: &'static [(&'static str, fn())],
    /// A function that panics, which the peer tells too, if it tells of panics.
    pub panics: Option<fn()>,
    /// How many failures it knows of, with detail or as a number.
    pub counted: fn() -> Option<u64>,
}

/// All of them; the first tells nobody.
pub static PEERS: &[Peer] = &[
    plain::PEER,
    by_hand::PEER,
    alert::PEER,
    tracing_err::PEER,
    tracing_err::WITH_LAYER,
    sentry::PEER,
];

/// The functions with an attribute; the second one records a field.
macro_rules! with_attribute {
    ([$($attr:tt)*], $n:ident, [$($fields:tt)*]) => {
        $($attr)* async fn one_link(n: u64) -> Result<u64, Link> { short(n) }
        $($attr)* async fn chain(n: u64) -> Result<u64, Link> { long(n) }
        $($attr)* async fn located(n: u64) -> Result<u64, Link> { let n = long(n)?; Ok(n + 1) }
        $($fields)* async fn fields($n: u64) -> Result<u64, Link> { long($n) }
        $($attr)* async fn level_1(n: u64) -> Result<u64, Link> { long(n) }
        $($attr)* async fn level_2(n: u64) -> Result<u64, Link> { Ok(level_1(n).await? + 1) }
        $($attr)* async fn level_3(n: u64) -> Result<u64, Link> { Ok(level_2(n).await? + 1) }
        $($attr)* async fn level_4(n: u64) -> Result<u64, Link> { Ok(level_3(n).await? + 1) }
        $($attr)* async fn levels(n: u64) -> Result<u64, Link> { Ok(level_4(n).await? + 1) }
        $crate::failing::shapes!();
    };
}

/// The functions whose failure is told by hand, with and without a field.
macro_rules! with_call {
    ($tell:ident, $tell_fields:ident) => {
        async fn one_link(n: u64) -> Result<u64, Link> { $tell("one_link", async move { short(n) }.await) }
        async fn chain(n: u64) -> Result<u64, Link> { $tell("chain", async move { long(n) }.await) }
        async fn located(n: u64) -> Result<u64, Link> {
            $tell("located", async move { let n = long(n)?; Ok(n + 1) }.await)
        }
        async fn fields(n: u64) -> Result<u64, Link> { $tell_fields("fields", n, async move { long(n) }.await) }
        async fn level_1(n: u64) -> Result<u64, Link> { $tell("level_1", async move { long(n) }.await) }
        async fn level_2(n: u64) -> Result<u64, Link> { $tell("level_2", async move { Ok(level_1(n).await? + 1) }.await) }
        async fn level_3(n: u64) -> Result<u64, Link> { $tell("level_3", async move { Ok(level_2(n).await? + 1) }.await) }
        async fn level_4(n: u64) -> Result<u64, Link> { $tell("level_4", async move { Ok(level_3(n).await? + 1) }.await) }
        async fn levels(n: u64) -> Result<u64, Link> { $tell("levels", async move { Ok(level_4(n).await? + 1) }.await) }
        $crate::failing::shapes!();
    };
}

/// Calls of the functions in scope.
macro_rules! shapes {
    () => {
        $crate::failing::shapes!(call_one_link one_link, call_chain chain, call_located located, call_fields fields,
            call_levels levels);
    };
    ($($call:ident $function:ident),*) => {
        const SHAPES: &[(&str, fn())] = &[$((stringify!($function), $call)),*];
        $(#[inline(never)] fn $call() { let _err = black_box(drive(pin!($function(black_box(7))))); })*
    };
}
use {shapes, with_attribute, with_call};

mod plain {
    use super::*;

    pub(super) const PEER: Peer = Peer {
        name: "plain",
        start: |reader, _| reader == Reader::Awake,
        shapes: SHAPES,
        panics: Some(|| drop(drive(pin!(panics())))),
        counted: || None,
    };

    with_attribute!([], n, []);

    async fn panics() -> Result<u64, Link> {
        panic!("no ink")
    }
}
