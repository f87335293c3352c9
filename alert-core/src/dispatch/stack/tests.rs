use super::*;

const TEXT: &str = "\
   0: std::backtrace_rs::backtrace::libunwind::trace
             at /rustc/59807616e/library/std/src/backtrace.rs:117:9
   1: core::panicking::panic_fmt
             at /rustc/59807616e/library/core/src/panicking.rs:80:14
   2: shop::pay::charge::{{closure}}
             at ./src/pay.rs:42:9
   3: <alert_core::capture::Watch<F,H> as core::future::future::Future>::poll
             at /home/ci/alert-core/src/capture.rs:70:9
   4: <shop::Order as shop::Pay>::go
             at /home/ci/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/shop-1.2.0/src/lib.rs:7:5
   5: shop::maintenance::run
             at ./src/maintenance.rs:9:1
   6: <axum::handler::IntoServiceFuture<F> as core::future::future::Future>::poll
             at /home/ci/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/axum-0.8.9/src/macros.rs:42:9
   7: tokio::runtime::task::raw::poll
   8: main
";

#[test]
fn only_the_users_frames_stay_with_short_places() {
    assert_eq!(
        frames(TEXT),
        [
            "shop::pay::charge at src/pay.rs:42",
            "<shop::Order as shop::Pay>::go at shop-1.2.0/src/lib.rs:7",
            "shop::maintenance::run at src/maintenance.rs:9"
        ]
    );
}

#[test]
fn a_real_backtrace_names_this_test() {
    let frames = frames(&text(&Backtrace::force_capture()).unwrap());
    // This crate's own frames are cut, so what stays is at most the test harness's.
    assert!(
        frames.iter().all(|frame| !frame.starts_with("std::")),
        "{frames:?}"
    );
}

#[test]
fn an_annotated_function_is_told_once_and_recursion_as_it_is() {
    let text = "   3: shop::pay::{{closure}}\n             at ./src/pay.rs:42:9\n   4: alert_core::capture::call\n   \
                5: shop::pay\n             at ./src/pay.rs:40:1\n   6: shop::dig\n             at ./src/dig.rs:2:1\n   \
                7: shop::dig\n             at ./src/dig.rs:3:1\n";
    assert_eq!(
        frames(text),
        [
            "shop::pay at src/pay.rs:42",
            "shop::dig at src/dig.rs:2",
            "shop::dig at src/dig.rs:3"
        ]
    );
}

#[test]
fn a_disabled_backtrace_has_no_frames() {
    assert_eq!(text(&Backtrace::disabled()), None);
}

#[test]
fn a_catch_before_the_annotated_function_shows() {
    let caught = "   1: shop::pay::{{closure}}\n   2: std::panicking::catch_unwind::do_call\n   3: __rust_try\n\
                     4: alert_core::capture::call\n";
    let outside = "   1: shop::pay\n   2: alert_core::capture::call\n   3: __rust_try\n";
    assert_eq!(was_caught(caught), Some(true));
    assert_eq!(was_caught(outside), Some(false));
    assert_eq!(was_caught(TEXT), Some(false));
    assert_eq!(was_caught("   1: shop::pay\n   2: main\n"), None);
}
