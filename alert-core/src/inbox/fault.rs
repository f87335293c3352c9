//! Faults a chat can be told to show, and the queue they wait in.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

/// Something that goes wrong between a sender and a group.
///
/// Whether the group still sees the message is part of each fault, because that is what a sender can't know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Judged at once as usual (the group sees it), answered only after this long.
    Slow(Duration),
    /// Read and then forgotten: no answer ever, the connection stays open. The group sees nothing.
    Silent,
    /// Refused with the vendor's "too fast" code. The group sees nothing.
    Throttle,
    /// The connection is reset before anything was decided. The group sees nothing.
    ResetBefore,
    /// The connection is reset after the message was judged: the group sees it, the sender doesn't know.
    ResetAfter,
    /// An HTML page with status 200, as a captive portal or a traffic shield answers. The group sees nothing.
    Html,
    /// A redirect with this status (307 repeats a POST, 302 turns it into a GET). The group sees nothing, and a
    /// sender that follows is noted as a refused message with the code `followed`.
    Redirect(u16),
    /// Status 500 with a plain text. The group sees nothing.
    ServerError,
    /// Judged as usual (the group sees it), but the reply's JSON ends in the middle.
    Truncated,
    /// `DingTalk`'s traffic shield: status 200 and an object without any error code. The group sees nothing.
    Shield,
    /// Any other answer, word for word: an HTTP status and a body. The group sees nothing.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body, sent as JSON if it starts with `{` and as plain text otherwise.
        body: String,
    },
}

impl Fault {
    /// Every switch of the page, with the words the HTTP interface takes.
    pub(super) const WORDS: [&'static str; 11] = [
        "slow",
        "silent",
        "throttle",
        "reset-before",
        "reset-after",
        "html",
        "redirect-307",
        "redirect-302",
        "server-error",
        "truncated",
        "shield",
    ];

    /// The word the HTTP interface and the page use.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Fault::Slow(_) => "slow",
            Fault::Silent => "silent",
            Fault::Throttle => "throttle",
            Fault::ResetBefore => "reset-before",
            Fault::ResetAfter => "reset-after",
            Fault::Html => "html",
            Fault::Redirect(302) => "redirect-302",
            Fault::Redirect(_) => "redirect-307",
            Fault::ServerError => "server-error",
            Fault::Truncated => "truncated",
            Fault::Shield => "shield",
            Fault::Answer { .. } => "answer",
        }
    }

    /// Reads `{"fault": word, "ms": milliseconds of a slow reply, "status": .., "body": .., "times": n}`.
    /// Without `times` (or with `null`) the fault lasts until it is cleared.
    pub(super) fn from_json(value: &Value) -> Result<(Fault, Option<u32>), String> {
        let word = value.get("fault").and_then(Value::as_str).unwrap_or("");
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let fault = match word {
            "slow" => {
                let ms = number("ms").filter(|&ms| ms <= MAX_SLOW_MS);
                let ms = ms.ok_or_else(|| format!("`ms` of a slow reply is a number up to {MAX_SLOW_MS}"))?;
                Fault::Slow(Duration::from_millis(ms))
            }
            "silent" => Fault::Silent,
            "throttle" => Fault::Throttle,
            "reset-before" => Fault::ResetBefore,
            "reset-after" => Fault::ResetAfter,
            "html" => Fault::Html,
            "redirect-307" => Fault::Redirect(307),
            "redirect-302" => Fault::Redirect(302),
            "server-error" => Fault::ServerError,
            "truncated" => Fault::Truncated,
            "shield" => Fault::Shield,
            "answer" => {
                let status = number("status").and_then(|s| u16::try_from(s).ok());
                let status = status.filter(|s| (200..=599).contains(s));
                let status = status.ok_or("`status` is an HTTP status from 200 to 599")?;
                let body = value.get("body").and_then(Value::as_str).unwrap_or("").to_owned();
                Fault::Answer { status, body }
            }
            other => {
                let known = Fault::WORDS.map(|word| format!("`{word}`")).join(", ");
                return Err(format!(
                    "unknown fault `{other}`; expected one of {known}, `answer`"
                ));
            }
        };
        let times = match value.get("times") {
            None | Some(Value::Null) => None,
            Some(times) => {
                let times = times
                    .as_u64()
                    .and_then(|n| u32::try_from(n).ok())
                    .filter(|&n| n > 0);
                Some(times.ok_or("`times` is a whole number above 0")?)
            }
        };
        Ok((fault, times))
    }
}

/// A reply slower than ten minutes is what [`Fault::Silent`] is for.
const MAX_SLOW_MS: u64 = 600_000;

/// Faults in the order in which requests will meet them.
#[derive(Debug, Default)]
pub(super) struct Faults(VecDeque<(Fault, Option<u32>)>);

impl Faults {
    /// Adds a fault for the next `times` requests that meet no earlier one; without a number, for all of them.
    pub(super) fn add(&mut self, fault: Fault, times: Option<u32>) {
        if times != Some(0) {
            self.0.push_back((fault, times));
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault of the request that has just come.
    pub(super) fn take(&mut self) -> Option<Fault> {
        let (fault, times) = self.0.front_mut()?;
        let taken = fault.clone();
        if let Some(left) = times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.0.pop_front();
            }
        }
        Some(taken)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Fault, Option<u32>)> {
        self.0.iter().map(|(fault, times)| (fault, *times))
    }
}
