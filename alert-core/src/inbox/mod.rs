//! A local robot server for development and tests, as Mailpit is for mail. Feature `inbox`.
//!
//! It speaks the webhooks of `DingTalk`, Feishu, `WeCom` and Slack and this project's generic webhook as strictly
//! as the vendors do: signature, keyword, content type, field names, size, rate limit with freeze, the real
//! error codes inside HTTP 200. It can be told to be slow, to throttle, to reset, to answer HTML. Its page shows
//! each chat as the robot's group would see it, with the raw request, the verdict and the reason.
//!
//! It is written from the vendors' documents and from recorded requests of independent clients (checked
//! 2026-11-23) and shares no code with the formatters of this crate, so that both are tested against each other.
//!
//! ```no_run
//! use std::time::Duration;
//! use alert_core::inbox::{Fault, Inbox};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let inbox = Inbox::bind("127.0.0.1:0").await?;
//! let ops = inbox.dingtalk().secret("SEC0123").keyword("checkout");
//! ops.fault_next(1, Fault::Throttle);
//!
//! // Put `ops.url()` into a robot, make something fail, then:
//! let seen = ops.wait_accepted(1, Duration::from_secs(5)).await?;
//! assert!(seen[0].text().contains("connection refused"));
//! assert_eq!(ops.refused()[0].verdict().code(), "130101");
//! # Ok(())
//! # }
//! ```

mod api;
mod chat;
mod clock;
mod deliver;
mod dingtalk;
mod dingtalk_body;
mod fault;
mod feishu;
mod feishu_body;
mod feishu_card;
mod inline;
mod markdown;
mod message;
mod page;
mod rate;
mod request;
mod routes;
mod schema;
mod server;
mod shown;
mod sign;
mod slack;
mod slack_text;
mod store;
mod stream;
mod tone;
mod verdict;
mod wait;
mod webhook;
mod wecom;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

pub use chat::{Chat, Kind, Replies};
pub use clock::Clock;
pub use fault::Fault;
pub use message::{Message, RawRequest};
pub use rate::Limit;
pub use verdict::Verdict;
pub use wait::TimedOut;

use store::Shared;
use wait::Wanted;

/// The local robot server. It runs on a thread and a runtime of its own, so a blocked or paused runtime of a test
/// changes nothing for it. Dropping it stops the server and frees the port.
pub struct Inbox {
    shared: Arc<Shared>,
    /// The server ends when this is dropped.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Inbox {
    /// Opens an inbox at a loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// If the address is no loopback address (it answers to everyone who can reach it, so it stays on this machine),
    /// if the port is taken, or if the system gives no thread.
    ///
    /// # Cancel safety
    /// It never waits, so it can't be cancelled halfway.
    #[expect(
        clippy::unused_async,
        reason = "the contract; a later version may wait for the port"
    )]
    pub async fn bind(addr: &str) -> io::Result<Inbox> {
        Inbox::bind_blocking(addr)
    }

    /// [`Inbox::bind`] for code without an executor.
    ///
    /// # Errors
    /// As [`Inbox::bind`].
    pub fn bind_blocking(addr: &str) -> io::Result<Inbox> {
        let wanted: SocketAddr = addr.parse().map_err(|_| {
            let text = format!("`{addr}` is no address; write it like `127.0.0.1:8025`");
            io::Error::new(io::ErrorKind::InvalidInput, text)
        })?;
        if !wanted.ip().is_loopback() {
            let text = format!("`{addr}` is no loopback address; the inbox stays on this machine");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let listener = TcpListener::bind(wanted)?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let shared = Arc::new(Shared::new(listener.local_addr()?, runtime.handle().clone()));
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("alert-inbox".to_owned())
            .spawn(move || {
                runtime.block_on(server::serve(listener, serving, stopped));
                runtime.shutdown_background();
            })?;
        Ok(Inbox {
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address it listens at.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.shared.addr
    }

    /// The address of the page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/", self.shared.base())
    }

    /// Opens a chat with a `DingTalk` robot.
    #[must_use = "the chat's address is what a robot needs"]
    pub fn dingtalk(&self) -> Chat {
        self.chat(Kind::Dingtalk)
    }

    /// Opens a chat with a Feishu robot.
    #[must_use = "the chat's address is what a robot needs"]
    pub fn feishu(&self) -> Chat {
        self.chat(Kind::Feishu)
    }

    /// Opens a chat with a `WeCom` robot.
    #[must_use = "the chat's address is what a robot needs"]
    pub fn wecom(&self) -> Chat {
        self.chat(Kind::Wecom)
    }

    /// Opens a Slack channel with an incoming webhook.
    #[must_use = "the chat's address is what a robot needs"]
    pub fn slack(&self) -> Chat {
        self.chat(Kind::Slack)
    }

    /// Opens a receiver of the generic webhook.
    #[must_use = "the chat's address is what a robot needs"]
    pub fn webhook(&self) -> Chat {
        self.chat(Kind::Webhook)
    }

    /// Opens a chat of that kind.
    #[must_use = "the chat's address is what a robot needs"]
    pub fn chat(&self, kind: Kind) -> Chat {
        let id = routes::open(&self.shared, kind);
        Chat {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// The time the vendors believe it is.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Every message kept, of all chats and of addresses without a chat, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.shared.lock().messages_of(Wanted {
            chat: None,
            accepted: None,
        })
    }

    /// What the groups see, of all chats, oldest first.
    #[must_use]
    pub fn accepted(&self) -> Vec<Message> {
        self.shared.lock().messages_of(Wanted {
            chat: None,
            accepted: Some(true),
        })
    }

    /// What was refused or lost to a fault, also at addresses without a chat, oldest first.
    #[must_use]
    pub fn refused(&self) -> Vec<Message> {
        self.shared.lock().messages_of(Wanted {
            chat: None,
            accepted: Some(false),
        })
    }

    /// The sum of [`Chat::delta`] over all chats.
    #[must_use]
    pub fn delta(&self) -> u64 {
        self.shared.lock().delta(None)
    }

    /// [`Chat::wait_accepted`] over all chats.
    ///
    /// # Errors
    /// [`TimedOut`] after `within`.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting and changes nothing else.
    pub async fn wait_accepted(&self, n: usize, within: Duration) -> Result<Vec<Message>, TimedOut> {
        let wanted = Wanted {
            chat: None,
            accepted: Some(true),
        };
        self.shared.wait(wanted, n, within).await
    }

    /// [`Chat::wait_delta`] over all chats.
    ///
    /// # Errors
    /// [`TimedOut`] after `within`.
    ///
    /// # Cancel safety
    /// Dropping the future stops the waiting and changes nothing else.
    pub async fn wait_delta(&self, n: u64, within: Duration) -> Result<u64, TimedOut> {
        self.shared.wait_delta(None, n, within).await
    }

    /// Forgets all messages and counts. Chats, settings, faults and rate windows stay.
    pub fn clear(&self) {
        api::clear(&self.shared);
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A server that panicked has printed so itself, and its port is free as well.
            thread.join().ok();
        }
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("addr", &self.shared.addr)
            .finish_non_exhaustive()
    }
}
