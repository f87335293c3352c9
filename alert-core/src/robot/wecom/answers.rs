//! What WeCom's answers mean. HTTP 200 proves nothing: only `errcode` 0 does.

use core::time::Duration;

use crate::robot::answers::{Class, Rule, classify, code_text, rule, without_code};
use crate::robot::{Delivery, Reply};

const MINUTE: Option<Duration> = Some(Duration::from_secs(60));
const TOO_LONG: &str = "the message is over the robot's limit; plain text is shorter and may pass";
const SLOW_DOWN: &str = "more than 20 messages a minute reached this robot; does something else send to it?";

/// Literal replies that users reported. 93000 has two meanings.
pub(super) const RULES: &[Rule] = &[
    rule("-1", &[], Class::Again, "WeCom is busy"),
    rule("45009", &[], Class::Later(MINUTE), SLOW_DOWN),
    rule("45033", &[], Class::Again, "too many calls at the same moment"),
    rule("93000", &["exceed max length"], Class::TryPlain, TOO_LONG),
    rule(
        "93000",
        &[],
        Class::Never,
        "no robot has this key, or it was removed from its group: copy the webhook's URL again",
    ),
    rule(
        "93004",
        &[],
        Class::Never,
        "the robot is disabled: enable it in the group's settings",
    ),
    rule(
        "93008",
        &[],
        Class::Never,
        "the robot is not in the group any more: add it again",
    ),
    rule("40058", &[], Class::TryPlain, TOO_LONG),
    rule(
        "40008",
        &[],
        Class::TryPlain,
        "the robot does not know this form of message; plain text may pass",
    ),
    rule(
        "44004",
        &[],
        Class::Never,
        "the message arrived empty: something on the way changed it",
    ),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let Some(json) = reply.json() else {
        return without_code(reply, "no answer of WeCom's: a proxy or login page answered");
    };
    let text = json
        .get("errmsg")
        .and_then(|text| text.as_str())
        .unwrap_or_default();
    // Behind it come a number for support, the address this machine calls from, and a link.
    let text = text.split(", hint:").next().unwrap_or_default();
    let code = json.get("errcode");
    match code.and_then(code_text).as_deref() {
        Some("0") if reply.status() == 200 && code.is_some_and(serde_json::Value::is_number) => {
            Delivery::Accepted
        }
        Some("0") => without_code(reply, "code 0, but not as WeCom writes it"),
        Some(code) => classify(RULES, code, text, reply),
        None => without_code(
            reply,
            "no errcode in the answer: is the URL really a WeCom robot's?",
        ),
    }
}
