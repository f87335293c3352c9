//! What a workflow's answers mean: the HTTP status, and a code in the JSON of refusals. 202 means that the
//! flow was queued; if it fails later, nobody tells the sender.

use crate::robot::answers::{Class, Rule, classify, rule, summary, without_code};
use crate::robot::{Delivery, Problem, Reply};

const CUT: &str = "the flow was deleted or the URL was cut: copy the whole address from the workflow again";
const SLOW_DOWN: &str = "more messages than Teams takes for one channel";

/// Codes of the answers, by HTTP status where there is none. Reported by users.
pub(super) const RULES: &[Rule] = &[
    rule(
        "TriggerInputSchemaMismatch",
        &[],
        Class::Never,
        "the flow expects another body: it has to start with Teams' own webhook trigger",
    ),
    rule("400", &[], Class::Never, "the flow did not take the message"),
    rule(
        "401",
        &[],
        Class::Never,
        "the `sig` in the URL is wrong, or the trigger takes calls of the tenant only: let anyone trigger it",
    ),
    rule(
        "403",
        &[],
        Class::Never,
        "the `sig` in the URL is wrong, or the trigger takes calls of the tenant only: let anyone trigger it",
    ),
    rule("404", &[], Class::Never, CUT),
    rule(
        "413",
        &[],
        Class::TryPlain,
        "the message is too large; plain text is shorter and may pass",
    ),
    rule("429", &[], Class::Later(None), SLOW_DOWN),
];

/// The words with which a retired connector says at HTTP 200 that it failed. Official page.
const LOST: &str = "Webhook message delivery failed";

pub(super) fn read(reply: &Reply) -> Delivery {
    let body = String::from_utf8_lossy(reply.body());
    let body = body.trim();
    let status = reply.status();
    if matches!(status, 200 | 202) {
        return if body.starts_with(LOST) {
            lost(body, reply)
        } else if body.is_empty() || body == "1" || reply.json().is_some() {
            Delivery::Accepted
        } else {
            without_code(reply, "no answer of a workflow's: a proxy or login page answered")
        };
    }
    let json = reply.json();
    let error = json.as_ref().and_then(|json| json.get("error"));
    let part = |name: &str| {
        error
            .and_then(|error| error.get(name))
            .and_then(|text| text.as_str())
    };
    let text = part("message").map_or_else(|| summary(reply.body()), str::to_owned);
    let status = status.to_string();
    // A code no rule knows is sorted by its status.
    let code = part("code").filter(|code| RULES.iter().any(|rule| rule.code == *code));
    if code.is_none() && !RULES.iter().any(|rule| rule.code == status) {
        return Delivery::by_status(reply);
    }
    classify(RULES, code.unwrap_or(&status), &text, reply)
}

/// `.. endpoint returned HTTP error 429 with ContextId ..`: sorted by the status inside.
fn lost(body: &str, reply: &Reply) -> Delivery {
    let inner = body.split_once("HTTP error ").map_or("", |(_, rest)| rest);
    let inner: String = inner.chars().take_while(char::is_ascii_digit).take(3).collect();
    let text = summary(body.as_bytes());
    match inner.as_str() {
        "429" | "413" => classify(RULES, &inner, &text, reply),
        status if status.starts_with('5') => Delivery::Failed {
            problem: Problem::new(status, &text),
        },
        status => Delivery::Refused {
            problem: Problem::new(status, &text).hint("Teams did not take the message"),
            try_plain: false,
        },
    }
}
