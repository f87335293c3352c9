//! What Telegram's answers mean: `ok`, a code that repeats the HTTP status, and a description.

use core::time::Duration;

use serde_json::Value;

use crate::robot::answers::{Class, Rule, classify, code_text, rule, without_code};
use crate::robot::{Delivery, Reply};

/// Codes and descriptions of the official page, or reported.
pub(super) const RULES: &[Rule] = &[
    rule(
        "400",
        &["chat not found"],
        Class::Never,
        "no such chat, or the bot is not in it: check `chat_id`",
    ),
    rule(
        "400",
        &["upgraded"],
        Class::Never,
        "the group became a supergroup: take its new id as `chat_id`",
    ),
    rule(
        "400",
        &["parse entities"],
        Class::TryPlain,
        "Telegram could not read the markup; plain text may pass",
    ),
    rule(
        "400",
        &["too long"],
        Class::TryPlain,
        "the text is over 4096 characters; plain text is shorter",
    ),
    rule(
        "400",
        &[],
        Class::TryPlain,
        "Telegram did not take this message; plain text may pass",
    ),
    rule(
        "401",
        &[],
        Class::Never,
        "the bot's token is wrong or was revoked",
    ),
    rule(
        "403",
        &[],
        Class::Never,
        "the bot was removed from the chat or blocked: add it again",
    ),
    rule(
        "404",
        &[],
        Class::Never,
        "the bot's token in the URL is malformed: copy it again",
    ),
    rule(
        "429",
        &[],
        Class::Later(None),
        "more than 20 messages a minute for a group or one a second",
    ),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let Some(json) = reply.json() else {
        return without_code(reply, "no answer of Telegram's: a proxy or login page answered");
    };
    if reply.status() == 200 && json.get("ok") == Some(&Value::Bool(true)) {
        return Delivery::Accepted;
    }
    let text = json
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let Some(code) = json.get("error_code").and_then(code_text) else {
        return without_code(
            reply,
            "no error_code in the answer: is the URL really a Telegram bot's?",
        );
    };
    let wait = json
        .get("parameters")
        .and_then(|parameters| parameters.get("retry_after"))
        .and_then(Value::as_u64)
        .map(|wait| Duration::from_secs(wait.min(86_400)));
    match classify(RULES, &code, text, reply) {
        Delivery::Throttled { retry_after, problem } => Delivery::Throttled {
            retry_after: wait.or(retry_after),
            problem,
        },
        other => other,
    }
}
