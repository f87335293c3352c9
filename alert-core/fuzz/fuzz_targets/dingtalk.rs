//! Any text into a message: valid JSON under the limit, in which nothing acts.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alert_fuzz::message("dingtalk", data));
