//! Nothing of its own: see `tests/versions.rs`.
