//! The attribute above and below the attributes of other crates. Each function fails once, over a real request
//! where it is a handler, and the team hears of it once, by its own name.

#![deny(warnings)]

mod actix;
mod axum;
mod calls;
mod heard;
mod rocket;
mod tests;
