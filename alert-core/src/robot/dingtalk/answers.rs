//! What DingTalk's answers mean. HTTP 200 proves nothing: only `errcode` 0 does.

use core::time::Duration;

use crate::robot::answers::{Class, Rule, classify, code_text, rule, without_code};
use crate::robot::{Delivery, Problem, Reply};

const COPY_AGAIN: &str = "copy the webhook's URL from the robot's settings again";
const SLOW_DOWN: &str = "more than 20 messages a minute reached this robot; does something else send to it?";
const FORMAT: &str = "the robot did not take this form of message; plain text may pass";
const CONTENT: &str = "DingTalk's content filter stopped it; plain text may pass";
const CLIENT: &str = "something between here and DingTalk changed the request";

const MINUTE: Option<Duration> = Some(Duration::from_secs(60));
/// How long a robot, or an IP behind the traffic shield, stays limited. Official page.
const TEN_MINUTES: Option<Duration> = Some(Duration::from_secs(600));
const FIVE_MINUTES: Option<Duration> = Some(Duration::from_secs(300));

/// Codes of the official page, and literal replies that users reported: English ones of older robots,
/// Chinese ones of 2026. 310000 has four meanings, told apart by its text.
pub(super) const RULES: &[Rule] = &[
    rule("-1", &[], Class::Again, "DingTalk is busy"),
    rule(
        "310000",
        &["keywords not in content", "关键词不匹配"],
        Class::Never,
        "the keyword set for this robot in DingTalk is not in the message: give it to `Robot::keyword`",
    ),
    rule(
        "310000",
        &["invalid timestamp", "时间戳"],
        Class::Clock,
        "the clock of this machine is more than an hour off",
    ),
    rule(
        "310000",
        &["sign not match", "签名不匹配"],
        Class::Clock,
        "the secret is wrong or belongs to another robot: copy it from the robot's settings to `Robot::secret`",
    ),
    rule(
        "310000",
        &["not in whitelist", "白名单"],
        Class::Never,
        "add the public IP address of this machine to the robot's IP list in DingTalk",
    ),
    rule(
        "310000",
        &[],
        Class::Clock,
        "the robot's security settings (keyword, signature, IP list) refused it",
    ),
    rule("300001", &[], Class::Never, COPY_AGAIN),
    rule("300005", &[], Class::Never, COPY_AGAIN),
    rule("400101", &[], Class::Never, COPY_AGAIN),
    rule(
        "400013",
        &[],
        Class::Never,
        "the group was dissolved: make a robot in another one",
    ),
    rule(
        "400102",
        &[],
        Class::Never,
        "the robot is disabled: enable it in the group's settings",
    ),
    rule("400105", &[], Class::TryPlain, FORMAT),
    rule(
        "400106",
        &[],
        Class::Never,
        "the robot was removed from the group: add one again",
    ),
    rule("400*", &["miss param"], Class::TryPlain, FORMAT),
    rule(
        "40035",
        &[],
        Class::Never,
        "the URL has no access_token, or the body did not arrive whole: copy the webhook's URL again",
    ),
    rule("43002", &[], Class::Never, CLIENT),
    rule("43004", &[], Class::Never, CLIENT),
    rule("410100", &[], Class::Later(TEN_MINUTES), SLOW_DOWN),
    rule("130101", &[], Class::Later(MINUTE), SLOW_DOWN),
    rule("130102", &[], Class::Later(MINUTE), SLOW_DOWN),
    rule("660026", &[], Class::Later(MINUTE), SLOW_DOWN),
    rule("90018", &[], Class::Later(MINUTE), SLOW_DOWN),
    rule("90030", &[], Class::Later(MINUTE), SLOW_DOWN),
    rule("430101", &[], Class::TryPlain, CONTENT),
    rule("430102", &[], Class::TryPlain, CONTENT),
    rule("430103", &[], Class::TryPlain, CONTENT),
    rule("430104", &[], Class::TryPlain, CONTENT),
    rule(
        "460101",
        &[],
        Class::TryPlain,
        "the message is over 20 000 bytes; plain text may pass",
    ),
];

pub(super) fn read(reply: &Reply) -> Delivery {
    let Some(json) = reply.json() else {
        return without_code(
            reply,
            "no answer of DingTalk's: a proxy or login page answered, or DingTalk blocks this IP for 5 minutes",
        );
    };
    let text = json
        .get("errmsg")
        .and_then(|text| text.as_str())
        .unwrap_or_default();
    match json.get("errcode").and_then(code_text).as_deref() {
        // The official sample shows the string "0", real robots send the number.
        Some("0") if reply.status() == 200 => Delivery::Accepted,
        Some("0") => without_code(reply, "code 0, but the HTTP status says otherwise"),
        Some(code) => classify(RULES, code, text, reply),
        None if json.get("source").and_then(|source| source.as_str()) == Some("x5") => Delivery::Throttled {
            retry_after: FIVE_MINUTES,
            problem: Problem::new("x5", "DingTalk's traffic shield").hint(
                "over 10 000 calls in 20 s came from this IP, which is blocked for 5 minutes; shared egress?",
            ),
        },
        None => without_code(
            reply,
            "no errcode in the answer: is the URL really a DingTalk robot's?",
        ),
    }
}
