//! What Discord's answers mean: the HTTP status, and a code in the JSON of refusals.

use core::time::Duration;

use crate::robot::answers::{Class, Rule, classify, code_text, rule, without_code};
use crate::robot::{Delivery, Reply};

const FORM: &str = "Discord did not take this form of message; plain text may pass";
const GONE: &str = "no such webhook: copy its URL from the channel's settings again";
const SLOW_DOWN: &str = "more messages than this webhook or channel takes";
const FILTER: &str = "the server's filter stopped it";

/// Codes of the official page.
pub(super) const RULES: &[Rule] = &[
    rule("50035", &[], Class::TryPlain, FORM),
    rule("50006", &[], Class::TryPlain, FORM),
    rule(
        "50109",
        &[],
        Class::Never,
        "the body did not arrive whole: something on the way changed it",
    ),
    rule("10015", &[], Class::Never, GONE),
    rule("50027", &[], Class::Never, GONE),
    rule(
        "40005",
        &[],
        Class::TryPlain,
        "the message is too large; plain text is shorter and may pass",
    ),
    rule(
        "40333",
        &[],
        Class::Never,
        "Discord's shield blocked the request before it was read",
    ),
    rule("200000", &[], Class::Never, FILTER),
    rule("240000", &[], Class::Never, FILTER),
    rule(
        "220001",
        &[],
        Class::Never,
        "a forum channel: add `thread_id=..` to the URL's query",
    ),
    rule("20028", &[], Class::Later(None), SLOW_DOWN),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let json = reply.json();
    if reply.status() == 204 {
        return Delivery::Accepted;
    }
    let Some(json) = json else {
        return without_code(reply, "no answer of Discord's: a proxy or login page answered");
    };
    let code = json.get("code").and_then(code_text).filter(|code| code != "0");
    if reply.status() == 200 && code.is_none() {
        return Delivery::Accepted;
    }
    let text = json
        .get("message")
        .and_then(|text| text.as_str())
        .unwrap_or_default();
    let delivery = match (reply.status(), code) {
        (429, _) | (_, None) => Delivery::by_status(reply),
        (_, Some(code)) => classify(RULES, &code, text, reply),
    };
    // The body says how long more exactly than the header does.
    let wait = json.get("retry_after").and_then(serde_json::Value::as_f64);
    match (
        delivery,
        wait.and_then(|wait| Duration::try_from_secs_f64(wait).ok()),
    ) {
        (Delivery::Throttled { retry_after, problem }, wait) => Delivery::Throttled {
            retry_after: wait
                .map(|wait| wait.min(Duration::from_secs(86_400)))
                .or(retry_after),
            problem: problem.hint(SLOW_DOWN),
        },
        (delivery, _) => delivery,
    }
}
