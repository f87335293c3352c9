//! Any text, cleaned, cut and disarmed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alert_fuzz::truncate(data));
