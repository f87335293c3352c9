//! Any text through the normaliser.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alert_fuzz::normalize(data));
