//! What holds for any text.

use core::fmt::Write;

use proptest::prelude::*;

use crate::fingerprint::fold::floor;
use crate::fingerprint::{Normalizer, Rules};
use crate::testing::normalize;

/// Real messages, to be mutated.
fn messages() -> Vec<String> {
    [
        include_str!("../../../testdata/grouping-cases.jsonl"),
        include_str!("../../../testdata/grouping-more.jsonl"),
    ]
    .iter()
    .flat_map(|file| file.lines())
    .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line of JSON"))
    .flat_map(|case| ["a", "b"].map(|side| case[side].as_str().expect("a text").to_owned()))
    .collect()
}

fn any_message() -> impl Strategy<Value = String> {
    (
        prop::sample::select(messages()),
        prop::collection::vec((any::<prop::sample::Index>(), any_piece()), 0..4),
    )
        .prop_map(|(mut message, edits)| {
            for (at, piece) in edits {
                let at = floor(&message, at.index(message.len().saturating_add(1)));
                message.insert_str(at, &piece);
            }
            message
        })
}

fn any_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\"'`“”「」\\\\\\[\\](){}=:,;.@#/ \n-]{1,3}".prop_map(String::from),
        "[0-9a-fA-FxTZ:.-]{1,40}".prop_map(String::from),
        "[a-z]{1,8}=?".prop_map(String::from),
        "\\PC{1,4}".prop_map(String::from),
        Just("http://".to_owned()),
        Just("订单".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_short_key(text in "(?s).{0,600}") {
        prop_assert!(normalize(&text).len() <= 256);
    }

    #[test]
    fn any_bytes_give_a_short_key(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        prop_assert!(normalize(&String::from_utf8_lossy(&bytes)).len() <= 256);
    }

    #[test]
    fn mutated_messages_give_a_short_key(message in any_message()) {
        let key = normalize(&message);
        prop_assert!(key.len() <= 256);
        prop_assert!(!key.bytes().any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_control()));
        prop_assert!(!key.ends_with([' ', '.', ',', ';', ':', '!', '。']));
    }

    #[test]
    fn a_number_never_splits(a in 0_u64.., b in 0_u64..) {
        prop_assert_eq!(normalize(&format!("order {a} lost")), normalize(&format!("order {b} lost")));
        prop_assert_eq!(normalize(&format!("订单{a}失败")), normalize(&format!("订单{b}失败")));
    }

    #[test]
    fn an_address_never_splits(a in any::<[u8; 4]>(), b in any::<[u16; 8]>(), port in 1_u16..32_768) {
        let v4 = format!("to {}:{port} lost", core::net::Ipv4Addr::from(a));
        prop_assert_eq!(normalize(&v4), format!("to <ip>:{port} lost"));
        let v6 = format!("to [{}]:{port} lost", core::net::Ipv6Addr::from(b));
        prop_assert_eq!(normalize(&v6), format!("to <ip>:{port} lost"));
    }

    /// A value that holds its own quote, full-width or not, ends where it seems to end.
    #[test]
    fn a_quoted_value_never_splits(a in "[^'\\\\＇＼\n]{0,80}", b in "[^'\\\\＇＼\n]{0,80}") {
        let text = |value: &str| format!("invalid value '{value}' for 'x' at row 1");
        prop_assert_eq!(normalize(&text(&a)), normalize(&text(&b)));
    }

    #[test]
    fn links_of_plain_words_join_in_order(words in prop::collection::vec("[b-d]{3,6}q", 1..6)) {
        let mut distinct = words.clone();
        distinct.dedup();
        let mut kept: Vec<&str> = Vec::new();
        for word in &words {
            if !kept.last().is_some_and(|last| last.ends_with(word.as_str())) {
                kept.push(word);
            }
        }
        let mut normalizer = Normalizer::default();
        let key = normalizer.chain(words.iter().map(String::as_str), &Rules::default());
        prop_assert_eq!(key, kept.join(": "));
    }
}

/// A port is read together with its address, a status with its capitalised reason, a code or a type by its capitals: those
/// keys are left out.
#[test]
fn a_key_is_its_own_key() {
    for message in messages() {
        let key = normalize(&message);
        let status = ["404 ", "410 ", "401 ", "403 ", "500 ", "503 "]
            .iter()
            .any(|status| key.contains(status));
        let start = message.split([':', ' ']).next().unwrap_or_default().as_bytes();
        let code = start
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_-[]".contains(byte));
        let capital = code || ["error:0A", "Error: '"].iter().any(|part| message.contains(part));
        if status || capital || key.contains("<ip>:") {
            continue;
        }
        assert_eq!(normalize(&key), key, "for {message:?}");
    }
}

#[test]
fn buffers_used_again_leave_no_trace() {
    let mut shared = Normalizer::default();
    for message in messages() {
        let key = shared
            .chain(core::iter::once(message.as_str()), &Rules::default())
            .to_owned();
        assert_eq!(key, normalize(&message));
    }
}

/// The work is bounded because the text read is: whatever follows changes nothing.
#[test]
fn what_lies_behind_the_bound_is_not_read() {
    for unit in [
        "a ", "'", "\"x", "1-", "订“", "http://", "=(", "\\\"", "0:", "a=\"", " ", "\n",
    ] {
        let long = unit.repeat(50_000);
        let short = unit.repeat(4_096 / unit.len());
        assert_eq!(normalize(&long), normalize(&short), "for {unit:?}");
    }
}

#[test]
fn every_variable_part_at_once() {
    let mut text = String::new();
    for number in 0..40 {
        write!(text, "{number} 10.0.0.{number} \"{number}\" ").expect("a string takes it");
    }
    assert!(normalize(&text).len() <= 256);
}
