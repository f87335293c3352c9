//! What Feishu's answers mean. HTTP 200 proves nothing: only `code` 0 does.

use crate::robot::answers::{Class, Rule, classify, code_text, rule, without_code};
use crate::robot::{Delivery, Reply};

const SLOW_DOWN: &str = "over 100 messages a minute or 5 a second, or the whole hour and half hour are busy";

/// Codes of the official page, and literal replies that users reported. 9499 has two meanings.
pub(super) const RULES: &[Rule] = &[
    rule("9499", &["too many request"], Class::Later(None), SLOW_DOWN),
    rule(
        "9499",
        &[],
        Class::TryPlain,
        "the bot did not take this form of message; plain text may pass",
    ),
    rule("11232", &[], Class::Later(None), SLOW_DOWN),
    rule(
        "11246",
        &[],
        Class::TryPlain,
        "the bot refused the card; plain text may pass",
    ),
    rule(
        "19001",
        &[],
        Class::Never,
        "no bot has this webhook: copy its URL from the bot's settings again",
    ),
    rule(
        "19002",
        &[],
        Class::TryPlain,
        "the bot did not find a message type it knows",
    ),
    rule(
        "19007",
        &[],
        Class::Never,
        "the bot is not enabled: enable it in the group's settings",
    ),
    rule(
        "19021",
        &[],
        Class::Clock,
        "the secret is wrong or belongs to another bot, or this machine's clock is over an hour off",
    ),
    rule(
        "19022",
        &[],
        Class::Never,
        "add the public IP address of this machine to the bot's IP list in Feishu",
    ),
    rule(
        "19024",
        &[],
        Class::Never,
        "the keyword set for this bot in Feishu is not in the message: give it to `Robot::keyword`",
    ),
    rule("99991400", &[], Class::Later(None), SLOW_DOWN),
    rule(
        "9999*",
        &[],
        Class::Never,
        "a code of the app API: is the URL really a custom bot's webhook?",
    ),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let Some(json) = reply.json() else {
        return without_code(reply, "no answer of Feishu's: a proxy or login page answered");
    };
    // `StatusCode` is 0 in failures too, so it speaks only where there is no `code`.
    let (code, text) = match json.get("code") {
        Some(code) => (Some(code), json.get("msg")),
        None => (
            json.get("StatusCode"),
            json.get("StatusMessage").or_else(|| json.get("msg")),
        ),
    };
    let text = text.and_then(|text| text.as_str()).unwrap_or_default();
    match code.and_then(code_text).as_deref() {
        Some("0") if reply.status() == 200 && code.is_some_and(serde_json::Value::is_number) => {
            Delivery::Accepted
        }
        Some("0") => without_code(reply, "code 0, but not as Feishu writes it"),
        Some(code) => classify(RULES, code, text, reply),
        None => without_code(
            reply,
            "no code in the answer: is the URL really a custom bot's webhook?",
        ),
    }
}
