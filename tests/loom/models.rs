//! One test for each claim. `cargo test --test models NAME` runs one.

use std::process::Command;

/// Says to a process of this program that it is to run the model itself.
const HERE: &str = "ALERT_LOOM_HERE";

macro_rules! models {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                if std::env::var_os(HERE).is_some() {
                    alert_loom::models::$name();
                } else {
                    in_a_process_of_its_own(stringify!($name));
                }
            }
        )*
    };
}

/// Where all threads of a model wait for each other, loom panics while it unwinds, which ends the process: so that
/// only this test fails, and as many models run at a time as there are cores.
fn in_a_process_of_its_own(name: &str) {
    let this = std::env::current_exe().expect("the program has a path");
    let ended = Command::new(this)
        .args(["--exact", name, "--nocapture"])
        .env(HERE, "1")
        .output()
        .expect("the model starts");
    let said = String::from_utf8_lossy(&ended.stdout);
    let complained = String::from_utf8_lossy(&ended.stderr);
    assert!(
        ended.status.success() && said.contains("1 passed"),
        "{}\n{said}\n{complained}",
        ended.status
    );
}

models! {
    a_count_without_detail_wakes_the_dispatcher
    an_event_wakes_the_dispatcher
    a_freed_place_is_a_place
    half_a_channel_wakes_a_dozing_dispatcher
    a_failure_before_init_waits_for_it
    a_failure_during_shutdown_is_late_or_waits
    only_one_of_two_ends_wins
    switching_off_survives_init
    a_failure_is_counted_before_it_is_told
    a_late_failure_is_counted_before_it_is_dropped
    two_failures_at_once_are_two_incidents
    two_steps_of_one_error_are_one_incident
}
