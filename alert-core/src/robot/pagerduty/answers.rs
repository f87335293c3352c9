//! What PagerDuty's answers mean. 202 means that the event is queued, not that somebody was paged.

use crate::robot::answers::{Class, Rule, classify, rule, summary, without_code};
use crate::robot::{Delivery, Reply};

/// By HTTP status; 400 by the words of its list of errors.
pub(super) const RULES: &[Rule] = &[
    rule(
        "400",
        &["routing_key"],
        Class::Never,
        "the routing key is wrong: copy the integration key of an Events API v2 integration to `Robot::secret`",
    ),
    rule("400", &[], Class::Never, "PagerDuty did not take this event"),
    rule(
        "429",
        &[],
        Class::Later(None),
        "more events than this integration takes a minute",
    ),
    rule("5*", &[], Class::Again, "a fault of PagerDuty's"),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let Some(json) = reply.json() else {
        return without_code(reply, "no answer of PagerDuty's: a proxy or login page answered");
    };
    let status = json.get("status").and_then(|status| status.as_str());
    match reply.status() {
        202 if status == Some("success") => Delivery::Accepted,
        200..=299 => without_code(
            reply,
            "no `success` in the answer: is the URL really PagerDuty's Events API?",
        ),
        400 | 429 | 500..=599 => {
            let code = reply.status().to_string();
            classify(RULES, &code, &words(&json, reply), reply)
        }
        _ => Delivery::by_status(reply),
    }
}

/// The list of errors, or the message, or whatever the body says.
fn words(json: &serde_json::Map<String, serde_json::Value>, reply: &Reply) -> String {
    let errors: Vec<&str> = json
        .get("errors")
        .and_then(|errors| errors.as_array())
        .into_iter()
        .flatten()
        .filter_map(|error| error.as_str())
        .collect();
    if !errors.is_empty() {
        return errors.join("; ");
    }
    let message = json.get("message").and_then(|message| message.as_str());
    message.map_or_else(|| summary(reply.body()), str::to_owned)
}
