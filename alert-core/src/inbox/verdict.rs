//! What a vendor decided about a request, and the reply that says so.

use std::time::Duration;

use serde_json::Value;

use super::shown::Shown;

/// What a vendor decided about one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub(super) accepted: bool,
    pub(super) code: String,
    pub(super) text: String,
    pub(super) why: String,
}

impl Verdict {
    /// Whether the group sees the message.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.accepted
    }

    /// The vendor's own code as text, such as `310000`, `0`, or `no_text`; `fault` for a switch of the inbox.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The vendor's own words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it means and what to change, in our words.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

/// A reply before it goes out; a fault may still change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Answer {
        let body = body.to_string();
        Answer {
            status,
            content_type: "application/json; charset=utf-8",
            headers: Vec::new(),
            body,
        }
    }

    pub(super) fn text(status: u16, body: impl Into<String>) -> Answer {
        Answer {
            status,
            content_type: "text/plain; charset=utf-8",
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(super) fn html(status: u16, body: impl Into<String>) -> Answer {
        Answer {
            status,
            content_type: "text/html; charset=utf-8",
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(super) fn retry_after(mut self, wait: Duration) -> Answer {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        self.headers.push(("retry-after", seconds.to_string()));
        self
    }
}

/// A verdict, its reply, and what the group sees of it.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    pub(super) answer: Answer,
    pub(super) shown: Shown,
    /// Failures this message tells of; only the generic webhook says.
    pub(super) delta: u64,
    /// Equal for a message and its repeats, where the vendor or the schema has such a key.
    pub(super) key: Option<String>,
    /// How bad the message says it is, if it says so itself.
    pub(super) severity: Option<String>,
}

impl Judgement {
    pub(super) fn accepted(code: &str, text: &str, answer: Answer, shown: Shown) -> Judgement {
        Judgement {
            verdict: Verdict {
                accepted: true,
                code: code.to_owned(),
                text: text.to_owned(),
                why: "accepted: the group sees it".to_owned(),
            },
            answer,
            shown,
            delta: 0,
            key: None,
            severity: None,
        }
    }

    pub(super) fn refused(code: &str, text: &str, why: impl Into<String>, answer: Answer) -> Judgement {
        Judgement {
            verdict: Verdict {
                accepted: false,
                code: code.to_owned(),
                text: text.to_owned(),
                why: why.into(),
            },
            answer,
            shown: Shown::default(),
            delta: 0,
            key: None,
            severity: None,
        }
    }
}
