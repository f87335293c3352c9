use super::*;
use crate::Severity;

static DB: Site = Site::new("db", "shop", ("src/db.rs", 1, 1, 9), Severity::Error);
static REPO: Site = Site::new("repo", "shop", ("src/repo.rs", 1, 1, 9), Severity::Error);
static API: Site = Site::new("api", "shop", ("src/api.rs", 1, 1, 9), Severity::Error);

/// Plays failures as (seconds, context, site, links); gives for each `new` or the number of the failure it is
/// a hop of.
fn play(failures: &[(u64, u64, &'static Site, &[&str])]) -> Vec<Result<&'static str, usize>> {
    let recent = Recent::new();
    #[expect(clippy::disallowed_methods, reason = "any instant will do to count from")]
    let start = Instant::now();
    let mut seen = Vec::new();
    failures
        .iter()
        .map(|(seconds, context, site, links)| {
            let mut words = Description::default();
            for link in *links {
                words.write_link(format_args!("{link}"));
            }
            let context = (*context > 0).then_some(*context);
            let at = start + Duration::from_secs(*seconds);
            let sight = Sight {
                context,
                site,
                at,
                words: &words,
                // As if every call had begun before the first failure.
                since: Since(0),
            };
            match recent.meet(&sight) {
                Met::New(id) => {
                    seen.push(id);
                    Ok("new")
                }
                Met::Hop(id) => {
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
    #[expect(clippy::disallowed_methods, reason = "any instant will do to count from")]
    let at = Instant::now();
    let sight = |site| Sight {
        since: Since(0),
        context: Some(5),
        site,
        at,
        words: &words,
    };
    let first = recent.meet(&sight(&DB));
    let held = recent.rings[5].lock().unwrap();
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
    assert_eq!(quotable(&"错".repeat(50)).len(), QUOTED_BYTES);
}

#[test]
fn a_function_called_after_a_failure_is_not_what_that_error_passes_through() {
    let recent = Recent::new();
    #[expect(clippy::disallowed_methods, reason = "any instant will do to count from")]
    let at = Instant::now();
    let mut words = Description::default();
    words.write_link(format_args!("refused"));
    let sight = |site, since| Sight {
        context: Some(1),
        site,
        at,
        words: &words,
        since,
    };
    let begun = Since(low(recent.next_id.load(Ordering::Relaxed)));
    assert!(matches!(recent.meet(&sight(&DB, begun)), Met::New(_)));
    let later = Since(low(recent.next_id.load(Ordering::Relaxed)));
    assert!(
        matches!(recent.meet(&sight(&REPO, later)), Met::New(_)),
        "called one after the other"
    );
    assert!(
        matches!(recent.meet(&sight(&API, begun)), Met::Hop(_)),
        "called around both"
    );
}
