//! Unit tests: the rules one by one, pairs of real messages, what holds for any text, and the identities.

mod identity;
mod pairs;
mod properties;
mod rules;
