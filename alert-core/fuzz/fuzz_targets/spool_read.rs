//! Any bytes as a spool file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _groups = alert_core::testing::fuzz::spool(data);
});
