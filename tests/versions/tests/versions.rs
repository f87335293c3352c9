//! Fault 5: two versions in one program know nothing of each other. Each has its own hook, dispatcher and books.

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::time::Duration;

use alert_core::alert_on_err;
use alert_other::alert_on_err as other_on_err;
use serde_json::Value;

/// Each version is one for the whole process.
static TURN: Mutex<()> = Mutex::new(());

#[derive(Debug)]
struct NoInk;

impl std::fmt::Display for NoInk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no ink")
    }
}

impl std::error::Error for NoInk {}

#[alert_on_err]
fn ours(panics: bool) -> Result<(), NoInk> {
    assert!(!panics, "overboard");
    Err(NoInk)
}

#[other_on_err(crate = alert_other)]
fn theirs(panics: bool) -> Result<(), NoInk> {
    assert!(!panics, "overboard");
    Err(NoInk)
}

#[alert_on_err]
fn ours_around_theirs(panics: bool) -> Result<(), NoInk> {
    theirs(panics)
}

/// Function and words of each failure told by either version.
fn told(work: impl FnOnce()) -> [Vec<(String, String)>; 2] {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (recorder, other) = (
        alert_core::testing::Recorder::new(),
        alert_other::testing::Recorder::new(),
    );
    let guard = alert_core::init(alert_core::Config::new("shop").recorder(&recorder)).unwrap();
    let other_guard = alert_other::init(alert_other::Config::new("shop").recorder(&other)).unwrap();
    let before = [alert_core::stats().captured(), alert_other::stats().captured()];
    work();
    drop((guard, other_guard));
    let after = [alert_core::stats().captured(), alert_other::stats().captured()];
    let told = [recorder.messages(), other.messages()].map(|messages| groups(&messages));
    for ((told, before), after) in told.iter().zip(before).zip(after) {
        assert_eq!(u64::try_from(told.len()).unwrap(), after - before, "{told:?}");
    }
    told
}

fn groups(messages: &[Value]) -> Vec<(String, String)> {
    let groups = messages
        .iter()
        .flat_map(|message| message["groups"].as_array().unwrap());
    groups
        .flat_map(|group| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let told = (text(&group["site"]["function"]), text(&group["message"]));
            let times = usize::try_from(group["delta"].as_u64().unwrap()).unwrap();
            std::iter::repeat_n(told, times)
        })
        .collect()
}

fn told_of(function: &str, words: &str) -> Vec<(String, String)> {
    vec![(function.to_owned(), words.to_owned())]
}

#[test]
fn a_failure_is_told_by_the_version_of_its_function_and_by_no_other() {
    let [ours_told, theirs_told] = told(|| {
        ours(false).unwrap_err();
    });
    assert_eq!((ours_told, theirs_told), (told_of("ours", "no ink"), Vec::new()));
    let [ours_told, theirs_told] = told(|| {
        // Both hooks park it; whoever is not concerned blames nobody for it later.
        catch_unwind(|| theirs(true)).unwrap_err();
        std::thread::sleep(Duration::from_millis(1));
        ours(false).unwrap_err();
    });
    assert_eq!(ours_told, told_of("ours", "no ink"));
    assert_eq!(theirs_told, told_of("theirs", "overboard"));
}

/// The price: what passes functions of both is told by both, each with its own function.
#[test]
fn what_passes_functions_of_both_versions_is_told_once_by_each() {
    let [ours_told, theirs_told] = told(|| {
        ours_around_theirs(false).unwrap_err();
    });
    assert_eq!(ours_told, told_of("ours_around_theirs", "no ink"));
    assert_eq!(theirs_told, told_of("theirs", "no ink"));
    let [ours_told, theirs_told] = told(|| {
        catch_unwind(|| ours_around_theirs(true)).unwrap_err();
    });
    assert_eq!(ours_told, told_of("ours_around_theirs", "overboard"));
    assert_eq!(theirs_told, told_of("theirs", "overboard"));
}
