//! What crates that others wrote do, as alerts tell of it.

mod grpc;
mod lost;
mod turn;
