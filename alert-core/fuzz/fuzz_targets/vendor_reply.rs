//! Any answer, read by every kind of robot.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| alert_fuzz::reply(data));
