//! Cutting, cleaning, numbers and times.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use proptest::prelude::*;

use crate::Language;
use crate::robot::scrub::{hide_in_urls, vendor_words};
use crate::robot::text::{clean, clock, cut, few_lines, number, one_line, prefix, rfc3339, tame_markdown};

#[test]
fn cuts_on_a_character_boundary() {
    let check = |text: &str, max: usize, expected: &str| assert_eq!(cut(text, max), expected, "{max}");
    check("short", 5, "short");
    check("longer", 5, "lo…");
    check("长长长", 8, "长…");
    check("长长长", 3, "…");
    check("长长长", 2, "");
    check("🔥🔥", 7, "🔥…");
    check("a bcdef", 5, "a…");
    assert_eq!(prefix("长长", 5), "长");
}

proptest! {
    #[test]
    fn a_cut_text_is_within_its_bound(text in any::<String>(), max in 0..60_usize) {
        let short = cut(&text, max);
        prop_assert!(short.len() <= max);
        prop_assert!(text.starts_with(short.trim_end_matches('…')));
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in any::<String>()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once), once.clone());
    }
}

#[test]
fn cleans() {
    let check = |text: &str, expected: &str| assert_eq!(clean(text), expected);
    check("a\r\nb\rc\u{2028}d\te", "a\nb\nc\nd e");
    check("\u{1b}[1;31mred\u{1b}[0m\u{7}", "red");
    check("abc\u{202e}fed\u{2069}\0\u{feff}\u{200b}", "abcfed");
    check("👩‍👧", "👩‍👧");
    check("\u{e0041}x\u{ad}y", "xy");
    assert_eq!(one_line("  a \n\n b "), "a b");
    assert_eq!(few_lines("a\n\n b\nc\nd", 2), "a\nb\n… +2");
}

#[test]
fn markdown_keeps_its_look() {
    let check =
        |text: &str, expected: &str| assert_eq!(tame_markdown(text).replace('\u{200b}', "|"), expected);
    check("user_id is snake_case", "user_id is snake_case");
    check(
        "connection refused (os error 111)",
        "connection refused (os error 111)",
    );
    check("# x", "|# x");
    check("12. x", "|12. x");
    check("12 x", "12 x");
    check("[x](y)", "[|x]|(y)");
    check("__init__", "|_||_|init|_||_|");
    check("a*b`c`", "a∗b‵c‵");
}

#[test]
fn numbers_have_commas() {
    let check = |n: u64, expected: &str| assert_eq!(number(n), expected);
    check(0, "0");
    check(999, "999");
    check(1_000, "1,000");
    check(18_204, "18,204");
    check(1_234_567, "1,234,567");
    check(u64::MAX, "18,446,744,073,709,551,615");
}

#[test]
fn times_are_of_the_calendar() {
    let at = |seconds: u64, millis: u64| UNIX_EPOCH + Duration::from_millis(seconds * 1_000 + millis);
    let check =
        |seconds: u64, millis: u64, expected: &str| assert_eq!(rfc3339(at(seconds, millis)), expected);
    check(0, 0, "1970-01-01T00:00:00.000Z");
    check(951_782_400, 7, "2000-02-29T00:00:00.007Z");
    check(1_709_251_199, 0, "2024-02-29T23:59:59.000Z");
    check(1_709_251_200, 0, "2024-03-01T00:00:00.000Z");
    check(1_795_392_000, 123, "2026-11-23T00:00:00.123Z");
    check(4_102_444_799, 0, "2099-12-31T23:59:59.000Z");
    check(4_107_542_400, 0, "2100-03-01T00:00:00.000Z");
    assert_eq!(
        rfc3339(UNIX_EPOCH - Duration::from_secs(5)),
        "1970-01-01T00:00:00.000Z"
    );
    let noon = at(1_795_435_200, 0);
    assert_eq!(clock(noon, None, Language::English), "2026-11-23 12:00:00 UTC");
    assert_eq!(clock(noon, Some(noon), Language::English), "12:00:00 UTC");
    assert_eq!(
        clock(noon, None, Language::Chinese),
        "2026-11-23 20:00:00 (UTC+8)"
    );
    // 23 November in London is the 24th in Beijing.
    let evening = at(1_795_392_000 + 17 * 3_600, 0);
    assert_eq!(clock(evening, Some(noon), Language::English), "17:00:00 UTC");
    assert_eq!(
        clock(evening, Some(noon), Language::Chinese),
        "2026-11-24 01:00:00 (UTC+8)"
    );
}

#[test]
fn urls_lose_their_passwords() {
    let check = |text: &str, expected: &str| assert_eq!(hide_in_urls(text), expected);
    check(
        "postgres://app:pw@db:5432/x failed",
        "postgres://***@db:5432/x failed",
    );
    check("see https://example.com/a@b", "see https://example.com/a@b");
    check(
        "http://a@b@c/ and redis://:pw@d",
        "http://***@c/ and redis://***@d",
    );
    check("no url: a@b", "no url: a@b");
    check("ends in http://", "ends in http://");
    // What ends the host ends the search for a password.
    for end in [
        "/", "?", "#", "\"", "'", "<", ">", "`", "\\", " ", "\n", "\t", "\u{3000}",
    ] {
        let text = format!("http://example.com{end}a@b");
        check(&text, &text);
        check(
            &format!("http://u:pw@example.com{end}a@b"),
            &format!("http://***@example.com{end}a@b"),
        );
    }
    #[cfg(feature = "dingtalk")]
    check(
        "error for url (https://oapi.dingtalk.com/robot/send?access_token=abc), retry",
        "error for url (https://oapi.dingtalk.com/***), retry",
    );
}

/// Of a robot's address the host alone: the token may be in its path or its query, in whatever notation.
#[cfg(feature = "dingtalk")]
#[test]
fn urls_of_robots_lose_all_behind_the_host() {
    let check = |text: &str, expected: &str| assert_eq!(hide_in_urls(text), expected);
    for behind in [
        "/robot/send?access_token=abc",
        "/",
        "?access_token=abc",
        "/a/b#c,d;e",
    ] {
        check(
            &format!("https://oapi.dingtalk.com{behind}"),
            "https://oapi.dingtalk.com/***",
        );
        // Up to what cannot be part of an address.
        for end in [" x", "\nx", "\"x", "'x", "<x", ">x", "`x", ")x", "\u{3000}x"] {
            let (text, expected) = (
                format!("to https://oapi.dingtalk.com{behind}{end}"),
                format!("to https://oapi.dingtalk.com/***{end}"),
            );
            check(&text, &expected);
        }
    }
    check(
        "https://oapi.dingtalk.com:443/x",
        "https://oapi.dingtalk.com:443/***",
    );
    check(
        "https://a:b@oapi.dingtalk.com/x",
        "https://***@oapi.dingtalk.com/***",
    );
    check("https://OAPI.DingTalk.com/x", "https://OAPI.DingTalk.com/***");
    check(
        "https://oapi.dingtalk.com/x and https://oapi.dingtalk.com/y",
        "https://oapi.dingtalk.com/*** and https://oapi.dingtalk.com/***",
    );
    // Nothing behind it, and hosts of others, stay.
    check(
        "https://oapi.dingtalk.com is down",
        "https://oapi.dingtalk.com is down",
    );
    check("https://oapi.dingtalk.com#top", "https://oapi.dingtalk.com#top");
    check("https://example.com/x?y=z", "https://example.com/x?y=z");
    check(
        "https://oapi.dingtalk.com.example.com/x",
        "https://oapi.dingtalk.com.example.com/x",
    );
}

#[test]
fn vendors_words_lose_addresses_and_tokens() {
    let check = |text: &str, expected: &str| assert_eq!(vendor_words(text), expected);
    check("ip 203.0.113.9 not in whitelist", "ip <ip> not in whitelist");
    check("from ip: 203.0.113.9, more", "from ip: <ip>, more");
    check("from 2001:db8::7 and fe80::1.", "from <ip> and <ip>");
    check("token 0123456789abcdef01234567 unknown", "token *** unknown");
    check("at 12:30:45, time 10:20", "at 12:30:45, time 10:20");
    check(
        "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]",
        "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]",
    );
    check("错误描述:机器人发送签名不匹配;", "错误描述:机器人发送签名不匹配;");
}
