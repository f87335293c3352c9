use super::ring::quotable;
use super::*;
use crate::Severity;

static DB: Site = Site::new("db", "shop", ("src/db.rs", 1, 1, 9), Severity::Error);
static REPO: Site = Site::new("repo", "shop", ("src/repo.rs", 1, 1, 9), Severity::Error);
static API: Site = Site::new("api", "shop", ("src/api.rs", 1, 1, 9), Severity::Error);

/// Plays failures as (seconds, context, site, links); gives for each `new` or the number of the failure it is
/// a hop of.
fn play(failures: &[(u64, u64, &'static Site, &[&str])]) -> Vec<Result<&'static str, usize>> {
    let recent = Recent::new();
    let mut seen = Vec::new();
    failures
        .iter()
        .map(|(seconds, context, site, links)| {
            let mut words = Description::default();
            for link in *links {
                words.write_link(format_args!("{link}"));
            }
            let context = (*context > 0).then_some(*context);
            let at = seconds * 1_000;
            let sight = Sight {
                context,
                site,
                at,
                words: &words,
                apart: 0,
                // As if every call had begun before the first failure.
                since: Since(0),
            };
            match recent.meet(&sight) {
                Met::New(id) => {
                    seen.push(id);
                    Ok("new")
                }
                Met::Hop { incident: id, .. } => {
                    seen.push(0);
                    Err(seen.iter().position(|known| *known == id).unwrap())
                }
            }
        })
        .collect()
}

#[test]
fn an_error_that_keeps_its_source_is_one_incident() {
    let met = play(&[
        (0, 1, &DB, &["refused"]),
        (0, 1, &REPO, &["no stock", "refused"]),
        (1, 1, &API, &["order failed", "no stock", "refused"]),
    ]);
    assert_eq!(met, [Ok("new"), Err(0), Err(0)]);
}

#[test]
fn an_error_passed_on_as_it_is_is_one_incident() {
    assert_eq!(
        play(&[(0, 1, &DB, &["no"]), (0, 1, &REPO, &["no"])]),
        [Ok("new"), Err(0)]
    );
}

#[test]
fn an_error_quoted_in_a_text_is_one_incident() {
    let met = play(&[(0, 1, &DB, &["refused"]), (0, 1, &REPO, &["failed: refused!"])]);
    assert_eq!(met, [Ok("new"), Err(0)]);
}

#[test]
fn a_text_too_short_to_be_a_quote_is_none() {
    let met = play(&[(0, 1, &DB, &["no"]), (0, 1, &REPO, &["no stock"])]);
    assert_eq!(met, [Ok("new"), Ok("new")]);
}

#[test]
fn the_same_function_again_is_the_error_again() {
    let met = play(&[
        (0, 1, &DB, &["refused"]),
        (1, 1, &DB, &["refused"]),
        (2, 1, &DB, &["refused"]),
        (2, 1, &REPO, &["gave up", "refused"]),
    ]);
    assert_eq!(met, [Ok("new"), Ok("new"), Ok("new"), Err(2)]);
}

#[test]
fn another_task_has_its_own_errors() {
    let met = play(&[
        (0, 1, &DB, &["refused"]),
        (0, 2, &DB, &["refused"]),
        (0, 1, &REPO, &["refused"]),
        (0, 2, &REPO, &["refused"]),
    ]);
    assert_eq!(met, [Ok("new"), Ok("new"), Err(0), Err(1)]);
}

#[test]
fn a_source_thrown_away_is_a_new_error() {
    let met = play(&[
        (0, 1, &DB, &["refused"]),
        (0, 1, &REPO, &["unavailable"]),
        (0, 1, &API, &["order failed", "unavailable"]),
    ]);
    assert_eq!(met, [Ok("new"), Ok("new"), Err(1)]);
}

#[test]
fn an_error_of_long_ago_is_over() {
    let met = play(&[(0, 1, &DB, &["refused"]), (6, 1, &REPO, &["refused"])]);
    assert_eq!(met, [Ok("new"), Ok("new")]);
}

#[test]
fn a_panic_is_found_in_the_error_of_whoever_joins_it() {
    let met = play(&[
        (0, 0, &DB, &["stock \"7\" is negative"]),
        (0, 0, &DB, &["index out of bounds"]),
        (
            0,
            3,
            &API,
            &["task 9 panicked with message \"index out of bounds\""],
        ),
        (
            0,
            4,
            &API,
            &["task 8 panicked with message \"stock \\\"7\\\" is negative\""],
        ),
    ]);
    assert_eq!(met, [Ok("new"), Ok("new"), Err(1), Err(0)]);
}

#[test]
fn an_error_that_happens_to_hold_a_panics_words_is_its_own() {
    let met = play(&[(0, 0, &DB, &["stock"]), (0, 3, &API, &["no stock left"])]);
    assert_eq!(met, [Ok("new"), Ok("new")]);
}

#[test]
fn two_equal_panics_are_joined_once_each() {
    let joined: &[&str] = &["task 9 panicked with message \"boom\""];
    let met = play(&[
        (0, 0, &DB, &["boom"]),
        (0, 0, &DB, &["boom"]),
        (0, 3, &API, joined),
        (0, 4, &API, joined),
    ]);
    assert_eq!(met, [Ok("new"), Ok("new"), Err(1), Err(0)]);
}

#[test]
fn a_ring_in_use_is_not_waited_for() {
    let recent = Recent::new();
    let mut words = Description::default();
    words.write_link(format_args!("refused"));
    let at = 0;
    let sight = |site| Sight {
        since: Since(0),
        context: Some(5),
        site,
        at,
        words: &words,
        apart: 0,
    };
    let first = recent.meet(&sight(&DB));
    let held = recent.ring(5).lock().unwrap();
    let second = recent.meet(&sight(&REPO));
    drop(held);
    assert_eq!((first, second), (Met::New(1), Met::New(2)));
}

#[test]
fn what_a_debug_would_escape_ends_a_quote() {
    for (text, quoted) in [
        ("boom", "boom"),
        ("a \"b\"", "a "),
        ("线程崩溃\n二", "线程崩溃"),
        ("", ""),
    ] {
        assert_eq!(quotable(text), quoted);
    }
}

#[test]
fn a_function_called_after_a_failure_is_not_what_that_error_passes_through() {
    let recent = Recent::new();
    let at = 0;
    let mut words = Description::default();
    words.write_link(format_args!("refused"));
    let sight = |site, since| Sight {
        context: Some(1),
        site,
        at,
        words: &words,
        apart: 0,
        since,
    };
    let begun = Since(low(recent.last_id.load(Ordering::Relaxed)));
    assert!(matches!(recent.meet(&sight(&DB, begun)), Met::New(_)));
    let later = Since(low(recent.last_id.load(Ordering::Relaxed)));
    assert!(
        matches!(recent.meet(&sight(&REPO, later)), Met::New(_)),
        "called one after the other"
    );
    assert!(
        matches!(recent.meet(&sight(&API, begun)), Met::Hop { .. }),
        "called around both"
    );
}

/// A failure of which no more than its own words are known.
fn again(recent: &Recent, at: u64, context: u64, site: &'static Site, words: &str) -> Option<bool> {
    let mut head = Description::reusing(String::new(), true);
    head.write_link(format_args!("{words}"));
    let sight = Sight {
        context: Some(context),
        site,
        at,
        words: &head,
        apart: 0,
        since: Since(0),
    };
    recent
        .meet_again(&sight, site.severity())
        .map(|passing| passing.news.is_some())
}

fn first(recent: &Recent, at: u64, links: &[&str]) {
    let mut words = Description::default();
    for link in links {
        words.write_link(format_args!("{link}"));
    }
    let sight = Sight {
        context: Some(1),
        site: &DB,
        at,
        words: &words,
        apart: 0,
        // After all that is remembered.
        since: Since(low(recent.last_id.load(Ordering::Relaxed))),
    };
    assert!(matches!(recent.meet(&sight), Met::New(_)));
}

#[test]
fn an_error_with_the_same_words_passes_by_these_alone() {
    let recent = Recent::new();
    first(&recent, 0, &["no stock", "refused"]);
    assert_eq!(again(&recent, 1, 1, &REPO, "no stock"), Some(true));
    for (what, at, context, site, words) in [
        ("the function it began in", 1, 1, &DB, "no stock"),
        ("a function it has passed", 1, 1, &REPO, "no stock"),
        (
            "other words, which its sources may explain",
            1,
            1,
            &API,
            "order failed",
        ),
        ("another task", 1, 2, &API, "no stock"),
        ("long after", 6_000, 1, &API, "no stock"),
    ] {
        assert_eq!(again(&recent, at, context, site, words), None, "{what}");
    }
}

#[test]
fn a_way_is_told_once_and_again_after_a_while() {
    let recent = Recent::new();
    let mut told = Vec::new();
    for second in [0, 1, 5, 6, 7] {
        first(&recent, second * 1_000, &["no stock"]);
        told.push(again(&recent, second * 1_000, 1, &REPO, "no stock"));
    }
    assert_eq!(told, [true, false, false, true, false].map(Some));
    first(&recent, 7_000, &["no stock", "refused"]);
    assert_eq!(
        again(&recent, 7_000, 1, &REPO, "no stock"),
        Some(true),
        "for another reason"
    );
    assert_eq!(
        again(&recent, 7_000, 1, &API, "no stock"),
        Some(true),
        "through one more function"
    );
}

#[test]
fn a_hop_more_severe_than_those_told_is_told() {
    static ALARM: Site = Site::new("alarm", "shop", ("src/alarm.rs", 1, 1, 9), Severity::Critical);
    let recent = Recent::new();
    let head = || {
        let mut head = Description::reusing(String::new(), true);
        head.write_link(format_args!("no stock"));
        head
    };
    let news = [Severity::Error, Severity::Error, Severity::Critical].map(|severity| {
        first(&recent, 0, &["no stock"]);
        let words = head();
        let sight = Sight {
            context: Some(1),
            site: &ALARM,
            at: 0,
            words: &words,
            apart: 0,
            since: Since(0),
        };
        recent
            .meet_again(&sight, severity)
            .map(|passing| passing.news.is_some())
    });
    assert_eq!(news, [Some(true), Some(false), Some(true)]);
}
