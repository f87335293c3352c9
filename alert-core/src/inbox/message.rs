//! What came in: the message, the verdict on it and the request it was.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use super::Kind;
use super::request::header;
use super::shown::Shown;
use super::verdict::Verdict;

/// A message that a robot's address received, accepted or not. A clone is as cheap as a pointer.
#[derive(Clone, Debug)]
pub struct Message(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) number: u64,
    pub(super) chat_id: u32,
    pub(super) chat: String,
    pub(super) kind: Kind,
    pub(super) received_at: SystemTime,
    pub(super) verdict: Verdict,
    pub(super) reply: String,
    pub(super) request: RawRequest,
    pub(super) shown: Shown,
    pub(super) delta: u64,
    pub(super) severity: Option<String>,
}

impl Message {
    /// Counts every message of the inbox, from 1 on, in the order of their arrival.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// The chat's name; empty if the address belongs to no chat.
    #[must_use]
    pub fn chat(&self) -> &str {
        &self.0.chat
    }

    /// Whose robot the address imitates.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// When the whole request had been read, by the inbox's [`super::Clock`].
    #[must_use]
    pub fn received_at(&self) -> SystemTime {
        self.0.received_at
    }

    /// Whether the group sees it.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.0.verdict.accepted
    }

    /// The vendor's code and words, and what they mean.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.0.verdict
    }

    /// What was answered: status line and body. Says so if there was no answer.
    #[must_use]
    pub fn reply(&self) -> &str {
        &self.0.reply
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &RawRequest {
        &self.0.request
    }

    /// The text as the group reads it: markup applied, a line each. Empty if it was refused.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.shown.text()
    }

    /// Everybody whose telephone rings because of it, `all` for the whole group.
    #[must_use]
    pub fn mentions(&self) -> Vec<String> {
        self.0.shown.mentions()
    }

    /// The body as JSON; `Null` if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(self.0.request.body()).unwrap_or_default()
    }

    /// How many failures it tells of: the `delta` of its groups and of what it leaves unlisted. Only the generic
    /// webhook says so; 0 for every other kind.
    #[must_use]
    pub fn delta(&self) -> u64 {
        self.0.delta
    }

    /// `critical`, `error`, `warning` or `info`, if the message says so in a way that the inbox understands.
    #[must_use]
    pub fn severity(&self) -> Option<&str> {
        self.0.severity.as_deref()
    }
}

/// A request as it was received, with the parts of the address that work as a password hidden.
#[derive(Clone, Debug)]
pub struct RawRequest {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: bytes::Bytes,
}

impl RawRequest {
    /// The method, such as `POST`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Path and query as sent, with token and sign shown as `***`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The headers in the order of their arrival, names in lower case.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The first header of that name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The body's bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}
