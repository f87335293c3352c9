//! The files of `alert-core` in which threads meet, compiled as they are, over the model checker's atomics, locks and
//! queues instead of the real ones.
//!
//! `sync` is the one module that differs: it has the names of `alert-core/src/sync.rs`. What `models` claims holds for
//! every interleaving of its threads with two or three switches that nothing forces (nearly all
//! mistakes need no more), and every value that the memory model lets a load see.

#![forbid(unsafe_code)]
#![allow(
    dead_code,
    unused_imports,
    reason = "of the core's files only what is claimed about is used here"
)]

#[path = "../../../alert-core/src/chain/mod.rs"]
mod chain;
#[path = "../../../alert-core/src/channel/mod.rs"]
mod channel;
#[path = "../../../alert-core/src/details.rs"]
mod details;
#[path = "../../../alert-core/src/event.rs"]
mod event;
#[path = "../../../alert-core/src/hash.rs"]
mod hash;
#[path = "../../../alert-core/src/incident/mod.rs"]
mod incident;
#[path = "../../../alert-core/src/severity.rs"]
mod severity;
#[path = "../../../alert-core/src/site.rs"]
mod site;
#[path = "../../../alert-core/src/stats.rs"]
mod stats;
#[path = "../../../alert-core/src/trace/mod.rs"]
mod trace;

pub mod models;
mod sync;

use severity::Severity;
use site::Site;
