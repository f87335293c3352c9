//! Fingerprints, the memo and the cap on variants.

use crate::fingerprint::memo::Identity;
use crate::fingerprint::{Fingerprint, Fingerprinter, Rules, type_name};
use crate::hash::Hash64;
use crate::{Severity, Site};

static SITE: Site = Site::new("charge", "shop::pay", ("src/pay.rs", 10, 1, 20), Severity::Error);
static OTHER: Site = Site::new("refund", "shop::pay", ("src/pay.rs", 30, 1, 40), Severity::Error);

fn one(fingerprinter: &mut Fingerprinter, text: &str) -> Identity {
    let end = u16::try_from(text.len()).expect("a short text");
    fingerprinter.of(&SITE, "", "shop::PayError", text, &[end])
}

/// Pinned, and worked out by a second implementation: if one of these changes, groups change in every process, so `VERSION` has to change with it.
#[test]
fn the_hash_is_the_same_everywhere() {
    let hash = |parts: &[&str]| {
        parts
            .iter()
            .fold(Hash64::new(), |hash, part| hash.part(part.as_bytes()))
            .finish()
    };
    assert_eq!(
        [
            hash(&[]),
            hash(&[""]),
            hash(&["a"]),
            hash(&["12345678"]),
            hash(&["123456789", "订单"])
        ],
        [
            0xe220_a839_7b1d_cdaf,
            0x7bde_fcce_9941_59f5,
            0x2449_4fde_5c8d_3fd9,
            0x87f0_29f2_66d8_7366,
            0x9640_f78d_3398_955b
        ]
    );
    let fingerprint = Fingerprint::of("shop::pay", "charge", "PayError", "", "connection refused");
    assert_eq!(fingerprint.to_string(), "01a986c65cc51c26c3");
}

#[test]
fn parts_do_not_run_into_each_other() {
    let of = |module, function| Fingerprint::of(module, function, "", "", "");
    assert_ne!(of("ab", "c"), of("a", "bc"));
    assert_ne!(of("abc", ""), of("", "abc"));
    assert_ne!(of("a\0", ""), of("a", ""));
}

/// Each input bit flips each output bit about half the time.
#[test]
fn a_flipped_bit_changes_half_the_hash() {
    let mut flips = [0_u32; 64];
    let mut trials = 0;
    for seed in 0_u64..64 {
        let text: Vec<u8> = (0..29)
            .map(|at| Hash64::new().word(seed).word(at).finish().to_le_bytes()[0])
            .collect();
        let before = Hash64::new().part(&text).finish();
        for bit in 0..text.len() * 8 {
            let mut changed = text.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let difference = before ^ Hash64::new().part(&changed).finish();
            assert!(
                (8..=56).contains(&difference.count_ones()),
                "bit {bit}: {difference:064b}"
            );
            flips
                .iter_mut()
                .enumerate()
                .for_each(|(at, count)| *count += u32::from((difference >> at) & 1 == 1));
            trials += 1;
        }
    }
    for count in flips {
        let share = f64::from(count) / f64::from(trials);
        assert!((0.47..=0.53).contains(&share), "{share}");
    }
}

#[test]
fn a_hundred_thousand_numbers_fill_the_slots_evenly() {
    let mut slots = [0_u32; 1024];
    for number in 0..100_000_u32 {
        let hash = Hash64::new().part(format!("order {number}").as_bytes()).finish();
        slots[usize::try_from(hash % 1024).expect("small")] += 1;
    }
    assert!(slots.iter().all(|count| (50..=160).contains(count)), "{slots:?}");
}

#[test]
fn a_fingerprint_is_a_version_and_sixteen_digits() {
    let text = Fingerprint::of("a", "b", "c", "d", "e").to_string();
    assert!(text.len() == 18 && text.starts_with("01"), "{text}");
    assert!(
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)),
        "{text}"
    );
}

#[test]
fn every_part_tells_failures_apart() {
    let base = Fingerprint::of("m", "f", "T", "c", "x");
    let others = [
        Fingerprint::of("n", "f", "T", "c", "x"),
        Fingerprint::of("m", "g", "T", "c", "x"),
        Fingerprint::of("m", "f", "U", "c", "x"),
        Fingerprint::of("m", "f", "T", "d", "x"),
        Fingerprint::of("m", "f", "T", "c", "y"),
    ];
    assert!(others.iter().all(|other| *other != base));
}

#[test]
fn type_names_lose_their_modules() {
    let check = |name: &str, expected: &str| {
        let mut short = String::new();
        type_name::shorten(name, &mut short);
        assert_eq!(short, expected);
    };
    check(
        "core::result::Result<my::T, alloc::string::String>",
        "Result<T, String>",
    );
    check(
        "alloc::boxed::Box<dyn core::error::Error + core::marker::Send>",
        "Box<dyn Error + Send>",
    );
    check("&str", "&str");
    check("(a::B, [c::D; 4])", "(B, [D; 4])");
    check("a::b::{{closure}}", "{{closure}}");
    check("错误::类型", "类型");
    check("", "");
    check("::", "");
}

#[test]
fn the_dispatchers_way_gives_the_same_fingerprint_as_the_parts() {
    let mut fingerprinter = Fingerprinter::new(Rules::default());
    let text = "query 12 failedrefused";
    let identity = fingerprinter.of(&SITE, "", "shop::PayError", text, &[15, 22]);
    let parts = Fingerprint::of("shop::pay", "charge", "PayError", "", "query <n> failed: refused");
    assert_eq!(identity, Identity::Own(parts));
    assert_eq!(
        fingerprinter.of(&SITE, "", "shop::PayError", text, &[15, 22]),
        identity
    );
    assert_ne!(
        fingerprinter.of(&OTHER, "", "shop::PayError", text, &[15, 22]),
        identity
    );
    assert_ne!(
        fingerprinter.of(&SITE, "panic", "shop::PayError", text, &[15, 22]),
        identity
    );
    assert_ne!(
        fingerprinter.of(&SITE, "", "shop::PayError", text, &[14, 22]),
        identity
    );
}

#[test]
fn n16_the_seventeenth_text_joins_the_many() {
    let mut fingerprinter = Fingerprinter::new(Rules::default());
    let texts: Vec<String> = (0..40_u8)
        .map(|text| format!("lost {}", "x".repeat(usize::from(text))))
        .collect();
    let identities: Vec<Identity> = texts.iter().map(|text| one(&mut fingerprinter, text)).collect();
    let (own, many) = identities.split_at(16);
    assert!(own.iter().all(|identity| matches!(identity, Identity::Own(_))));
    assert!(
        many.iter()
            .all(|identity| *identity == many[0] && matches!(identity, Identity::Many(_)))
    );
    // Those that were first stay what they were, with or without the memo.
    assert_eq!(one(&mut fingerprinter, &texts[3]), own[3]);
    let other = fingerprinter.of(&OTHER, "", "shop::PayError", "lost", &[4]);
    assert!(matches!(other, Identity::Own(_)), "the cap is per site");
}

#[test]
fn n16_a_forgotten_group_makes_room_for_one() {
    let mut fingerprinter = Fingerprinter::new(Rules::default());
    let texts: Vec<String> = (0..18_u8)
        .map(|text| format!("lost {}", "x".repeat(usize::from(text))))
        .collect();
    let identities: Vec<Identity> = texts.iter().map(|text| one(&mut fingerprinter, text)).collect();
    fingerprinter.forget(identities[0].fingerprint());
    assert!(
        matches!(one(&mut fingerprinter, &texts[17]), Identity::Own(_)),
        "a place is free"
    );
    assert!(
        matches!(one(&mut fingerprinter, &texts[16]), Identity::Many(_)),
        "it was one place"
    );
    assert!(
        matches!(one(&mut fingerprinter, &texts[0]), Identity::Many(_)),
        "the forgotten one starts anew"
    );
    fingerprinter.forget(identities[17].fingerprint());
    fingerprinter.forget(identities[0].fingerprint());
    assert!(
        matches!(one(&mut fingerprinter, &texts[0]), Identity::Many(_)),
        "forgetting twice frees nothing"
    );
}

#[test]
fn n18_raw_texts_are_their_own_key() {
    let mut fingerprinter = Fingerprinter::new(Rules {
        raw: true,
        ..Rules::default()
    });
    assert_ne!(
        one(&mut fingerprinter, "order 1"),
        one(&mut fingerprinter, "order 2")
    );
}
