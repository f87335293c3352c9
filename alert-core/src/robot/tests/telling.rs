//! What every robot's text tells beyond one failure: many variants, what waits, and that a storm is over.

use crate::robot::{Form, Robot, samples};
use crate::{Digest, DigestKind, Group, Language, NotShown, Over};

use super::robots;

/// Looks for these words in the text of every robot, in both forms.
fn check(digest: &Digest, words: &[&str]) {
    let writes = |robot: &Robot| robot.kind() != "webhook" && robot.kind() != "pagerduty";
    for robot in robots().iter().filter(|robot| writes(robot)) {
        for form in [Form::Rich, Form::Plain] {
            let text = samples::leaves(&samples::body(robot, digest, form));
            for words in words {
                assert!(
                    text.contains(words),
                    "{} {form:?}: no `{words}` in\n{text}",
                    robot.kind()
                );
            }
        }
    }
}

/// The group of all further texts of a function.
fn many() -> Group {
    let mut group = samples::group("no ink in tray b");
    group.samples = ["no ink in tray b", "no ink in tray a", "lid is open"]
        .map(String::from)
        .to_vec();
    (group.delta, group.total) = (44, 44);
    group
}

#[test]
fn a_group_of_many_variants_says_so_and_shows_three_of_them() {
    let alone = |language| samples::digest(DigestKind::Burst, language, vec![many()]);
    check(
        &alone(Language::English),
        &[
            "Many variants, such as",
            "no ink in tray b",
            "no ink in tray a",
            "lid is open",
        ],
    );
    check(&alone(Language::Chinese), &["多种变体，例如", "lid is open"]);
    let among = |language| samples::digest(DigestKind::Summary, language, vec![samples::group("x"), many()]);
    check(
        &among(Language::English),
        &["Many variants, such as", "no ink in tray b"],
    );
    check(&among(Language::Chinese), &["多种变体，例如", "no ink in tray b"]);
}

#[test]
fn a_webhook_gets_the_samples_of_many_variants_and_of_no_other_group() {
    let robot = Robot::webhook("http://127.0.0.1:9/hook");
    let groups = vec![samples::group("x"), many()];
    let body = samples::body(
        &robot,
        &samples::digest(DigestKind::Summary, Language::English, groups),
        Form::Rich,
    );
    let [many, one] = &body["groups"].as_array().unwrap()[..] else {
        panic!("two groups: {body}")
    };
    assert_eq!(
        many["samples"].as_array().map(Vec::len),
        Some(3),
        "the one that failed most is first"
    );
    assert!(one.get("samples").is_none());
}

#[test]
fn the_end_of_a_storm_says_what_it_was() {
    let over = |language| {
        let mut digest = samples::digest(
            DigestKind::Quiet,
            language,
            vec![samples::group("x"), samples::group("y")],
        );
        digest.unlisted.groups = 498;
        digest.over = Some(Over {
            since: samples::ago(720),
            kinds: 500,
            failures: 18_204,
        });
        digest
    };
    check(
        &over(Language::English),
        &[
            "storm is over: 500 kinds of failure, ×18,204, since",
            "498 more kinds of failure, not listed",
        ],
    );
    check(
        &over(Language::Chinese),
        &["500 类故障，共 18,204 次，始于", "另有 498 类故障，未列出"],
    );
    let mut of_one = over(Language::English);
    of_one.groups.truncate(1);
    check(&of_one, &["storm is over"]);
}

#[test]
fn what_is_not_listed_is_summed_up_by_module() {
    let group = |at: u32, module: &str| {
        let mut group = samples::group(&format!("{} {at}", "x".repeat(700)));
        module.clone_into(&mut group.place.module);
        group.delta = u64::from(1_000 - at);
        group
    };
    let groups = (0..400).map(|at| group(at, if at % 4 == 0 { "shop::db" } else { "shop::pay" }));
    let storm = samples::digest(DigestKind::Storm, Language::English, groups.collect());
    for robot in robots()
        .iter()
        .filter(|robot| robot.kind() != "webhook" && robot.kind() != "pagerduty")
    {
        let text = samples::leaves(&samples::body(robot, &storm, Form::Plain));
        let (_, modules) = text.split_once("not listed").expect("some are not");
        let (pay, db) = (modules.find("pay"), modules.find("db"));
        assert!(
            pay.is_some() && pay < db,
            "{}: the largest first in\n{modules}",
            robot.kind()
        );
    }
}

#[test]
fn every_reason_not_to_show_something_has_words_in_both_languages() {
    for (reason, english, chinese) in [
        (NotShown::QueueFull, "queue full", "队列已满"),
        (
            NotShown::Reentrant,
            "during the capture of another",
            "捕获其他故障",
        ),
        (NotShown::Refused, "the robot refused", "被机器人拒绝"),
        (NotShown::Failed, "could not be delivered", "未能送达"),
        (NotShown::Silenced, "3,210 failures silenced", "3,210 次被静默"),
        (
            NotShown::Symptoms,
            "likely symptoms of a lost connection",
            "连带故障",
        ),
        (NotShown::Evicted, "memory bound", "内存上限"),
        (NotShown::SpoolBound, "of an earlier run", "来自上次运行"),
    ] {
        for (language, words) in [(Language::English, english), (Language::Chinese, chinese)] {
            let mut digest = samples::digest(DigestKind::First, language, vec![samples::group("x")]);
            digest.not_shown = vec![(reason, 3_210)];
            check(&digest, &[words, "3,210"]);
        }
    }
}
