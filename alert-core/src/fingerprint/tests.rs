//! Unit tests, rule by rule in files of their own.

mod pairs;
