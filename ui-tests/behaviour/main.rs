//! What annotated functions do when they run, next to the same functions without the attribute. Built once
//! for each edition.

#![allow(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    reason = "holds the shapes that people write"
)]
mod arguments;
mod blocks;
mod catalogue;
mod diverging;
mod drops;
mod futures;
mod leaving;
// Its markers stand where the test looks for them.
#[rustfmt::skip]
mod locating;
mod observe;
mod probing;
mod shapes;
mod stacking;
