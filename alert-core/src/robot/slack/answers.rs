//! What Slack's answers mean: a word in the body, and a status that goes with it. Only 200 with exactly
//! `ok` is success.

use crate::robot::answers::{Class, Rule, classify, rule, without_code};
use crate::robot::{Delivery, Reply};

const FORMAT: &str = "Slack did not take this form of message; plain text may pass";
const GONE: &str = "the webhook was removed or its app uninstalled: make a new one";

/// Words of the official page; those it gives without a status are reported by users.
pub(super) const RULES: &[Rule] = &[
    rule("invalid_payload", &[], Class::TryPlain, FORMAT),
    rule("no_text", &[], Class::TryPlain, FORMAT),
    rule("invalid_blocks", &[], Class::TryPlain, FORMAT),
    rule("invalid_blocks_format", &[], Class::TryPlain, FORMAT),
    rule("too_many_attachments", &[], Class::TryPlain, FORMAT),
    rule(
        "user_not_found",
        &[],
        Class::Never,
        "a mentioned user does not exist in this workspace",
    ),
    rule(
        "action_prohibited",
        &[],
        Class::Never,
        "the workspace's administrators restrict this webhook",
    ),
    rule(
        "posting_to_general_channel_denied",
        &[],
        Class::Never,
        "this webhook may not post to that channel",
    ),
    rule(
        "invalid_token",
        &[],
        Class::Never,
        "the webhook's URL is wrong or was revoked: copy it again",
    ),
    rule(
        "channel_not_found",
        &[],
        Class::Never,
        "the channel is gone: make a webhook for another one",
    ),
    rule(
        "channel_is_archived",
        &[],
        Class::Never,
        "the channel is archived: make a webhook for another one",
    ),
    rule("no_service", &[], Class::Never, GONE),
    rule("no_team", &[], Class::Never, GONE),
    rule("no_active_hooks", &[], Class::Never, GONE),
    rule(
        "rate_limited",
        &[],
        Class::Later(None),
        "more than one message a second reached this channel",
    ),
    rule("rollup_error", &[], Class::Again, "Slack had a fault of its own"),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let body = reply.body();
    if reply.status() == 200 && body == b"ok" {
        return Delivery::Accepted;
    }
    let word = core::str::from_utf8(body).unwrap_or_default().trim();
    let is_word = (3..=60).contains(&word.len())
        && word.contains('_')
        && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_word {
        return classify(RULES, word, "", reply);
    }
    match reply.status() {
        200..=299 => without_code(reply, "no answer of Slack's: a proxy or login page answered"),
        _ => match Delivery::by_status(reply) {
            Delivery::Throttled { retry_after, problem } => Delivery::Throttled {
                retry_after,
                problem: problem.hint("more than one message a second reached this channel"),
            },
            Delivery::Refused { problem, try_plain } if problem.advice().is_none() => Delivery::Refused {
                problem: problem.hint("Slack refused it in words this version does not know"),
                try_plain,
            },
            other => other,
        },
    }
}
