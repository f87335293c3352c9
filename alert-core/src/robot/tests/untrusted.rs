//! Text of strangers: whatever it is, the message is valid, in bounds, and nothing in it acts.

use proptest::prelude::*;

use super::inert::assert_inert;
use super::robots;
use crate::robot::{Form, samples};
use crate::{Digest, DigestKind, Language, Severity};

/// What has acted somewhere: mentions, links, headings, tags, fences, entities, direction marks.
const HOSTILE: &[&str] = &[
    "<at id=all></at>",
    "<at user_id=\"all\">x</at>",
    "<!channel>",
    "<!here>",
    "<@U123>",
    "<@userid>",
    "<@all>",
    "@all",
    "@everyone",
    "@13800000000",
    "[x](http://e.vil)",
    "![x](http://e.vil/i.png)",
    "[x][y]",
    "[y]: http://e.vil",
    "<http://e.vil|safe>",
    "<http://e.vil>",
    "http://e.vil",
    "www.e.vil",
    "# h",
    "\n# h",
    "\n## h\n",
    "\n---\n",
    "\n===\n",
    "> q",
    "\n> q",
    "- l",
    "\n* l",
    "\n1. l",
    "\n+ l",
    "```",
    "\n```\n",
    "~~~",
    "~~s~~",
    "**b**",
    "__b__",
    "*i*",
    "_i_",
    "`c`",
    "``",
    "<br>",
    "<font color=red>",
    "</font>",
    "<script>",
    "<!--",
    "-->",
    "&lt;at&gt;",
    "&#60;",
    "&amp;",
    "|a|b|\n|-|-|\n|c|d|",
    "\\",
    "\\[",
    "$x$",
    "$$",
    "\u{202e}",
    "\u{2066}",
    "\0",
    "\u{1b}[31m",
    "\r\n",
    "\t",
    "    code",
    "\n\n    code",
    ":fire:",
    "a:b:c",
    "告警",
    "🔥",
    "👩‍👩‍👧",
    "é",
    "\"",
    "'",
    "{}",
    "\u{feff}",
    "\u{2028}",
    "[^1]",
    "[^1]: x",
    "- [ ] t",
    "[[w]]",
    "<",
    ">",
    "]",
    "(",
    ")",
    "!",
    "{{x}}",
    "%s",
    "${x}",
    "=",
    "-",
    "#",
    "1)",
    "\n",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(HOSTILE).prop_map(str::to_owned),
        2 => "[a-z0-9 ]{0,12}",
        1 => "\\PC{0,8}",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// What a careless developer gives as an address. A plain URL is left out: that one is to be a link.
fn no_plain_url(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#$&=+,;%".contains(c);
    if text.starts_with("http") && text.trim().chars().all(plain) {
        format!("{text} x")
    } else {
        text.to_owned()
    }
}

fn digest() -> impl Strategy<Value = Digest> {
    let groups = prop::collection::vec((text(), text(), text()), 1..4);
    (groups, any::<bool>(), 0..6_usize).prop_map(|(texts, chinese, kind)| {
        let groups = texts
            .into_iter()
            .map(|(message, second, third)| {
                let mut group = samples::group(&message);
                group.chain = vec![message, second.clone(), third.clone()];
                group.stack = vec![third.clone(), second.clone()];
                group.fields = vec![(second.clone(), third.clone())];
                group.trace_ids = vec![second.clone()];
                group.path = vec![third.clone(), second.clone()];
                group.place.function.clone_from(&second);
                group.place.file.clone_from(&third);
                group.place.module.clone_from(&second);
                group.error_type.clone_from(&third);
                group.owner = Some(third.clone());
                group.runbook = Some(no_plain_url(&second));
                group.trace_url = Some(no_plain_url(&third));
                group.source_url = Some(no_plain_url(&format!("{third}{second}")));
                group
            })
            .collect();
        let language = if chinese {
            Language::Chinese
        } else {
            Language::English
        };
        let kind = [
            DigestKind::First,
            DigestKind::Burst,
            DigestKind::Summary,
            DigestKind::Storm,
            DigestKind::Quiet,
            DigestKind::Test,
        ][kind];
        samples::digest(kind, language, groups)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn nothing_in_a_text_acts(digest in digest()) {
        for robot in robots() {
            for form in [Form::Rich, Form::Plain] {
                assert_inert(&robot, &digest, form);
            }
        }
    }
}

#[test]
fn each_hostile_text_alone_is_inert() {
    for hostile in HOSTILE {
        for text in [
            (*hostile).to_owned(),
            format!("a {hostile} b"),
            format!("{hostile}{hostile}"),
            format!("x\n{hostile}"),
        ] {
            let mut group = samples::group(&text);
            group.chain = vec![text.clone(), text.clone()];
            group.stack = vec![text.clone()];
            group.place.function.clone_from(&text);
            let digest = samples::digest(DigestKind::First, Language::English, vec![group]);
            for robot in robots() {
                for form in [Form::Rich, Form::Plain] {
                    assert_inert(&robot, &digest, form);
                }
            }
        }
    }
}

/// Nothing of the sizes a capture allows, and far beyond, is over a vendor's limit.
#[test]
fn sizes_stay_in_bounds() {
    for (groups, bytes) in [(1, 50_000), (2, 20_000), (100, 1_000), (400, 30)] {
        for unit in ["长", "\"", "<", "\n"] {
            let text = unit.repeat(bytes / unit.len());
            let digest = samples::digest(
                DigestKind::Storm,
                Language::Chinese,
                (0..groups)
                    .map(|_| {
                        let mut group = samples::group(&text);
                        group.severity = Severity::Critical;
                        group.chain = vec![text.clone(); 2];
                        group.place.function.clone_from(&text);
                        group
                    })
                    .collect(),
            );
            for robot in robots() {
                for form in [Form::Rich, Form::Plain] {
                    assert_inert(&robot, &digest, form);
                }
            }
        }
    }
}
