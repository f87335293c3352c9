//! Shapes of functions that people write, by the kind of thing that makes them hard. Each compiles with the
//! attribute, without a warning, and does what it says.

#![deny(unused, unreachable_code)]

mod bodies;
mod qualifiers;
mod signatures;
mod traits;
mod types;
