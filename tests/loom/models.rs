//! One test for each claim.

macro_rules! models {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                alert_loom::models::$name();
            }
        )*
    };
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
