//! The functions that `build.rs` wrote, for `../../compile` to measure how long they take to compile.

use std::future::Future;
use std::pin::Pin;

/// A future that an executor owns.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What goes wrong.
#[derive(Debug)]
pub struct Failed(pub String);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

impl From<std::num::ParseIntError> for Failed {
    fn from(error: std::num::ParseIntError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::num::TryFromIntError> for Failed {
    fn from(error: std::num::TryFromIntError) -> Self {
        Self(error.to_string())
    }
}

/// What a service has to wait for.
pub async fn pause() {
    std::future::ready(()).await;
}

static CHANNEL: std::sync::OnceLock<std::sync::mpsc::SyncSender<String>> = std::sync::OnceLock::new();

/// What services have today.
#[inline]
pub fn tell<T>(function: &'static str, result: Result<T, Failed>) -> Result<T, Failed> {
    if let Err(error) = &result
        && let Some(channel) = CHANNEL.get()
    {
        let _ = channel.try_send(format!("{function}: {error}"));
    }
    result
}

include!(concat!(env!("OUT_DIR"), "/functions.rs"));
