//! Never calls `init`: fails 10,000 times with four kilobytes to say each time, and ends as if nothing watched it. What is held
//! for an `init` is held after the first hundred; from then on memory stays.

use std::process::ExitCode;

use alert_core::alert_on_err;
use alert_tests::resident;

#[alert_on_err(severity = "critical")]
fn fail(text: &str) -> Result<(), std::io::Error> {
    Err(std::io::Error::other(text.to_owned()))
}

fn main() -> ExitCode {
    let text = "x".repeat(4_096);
    let held = (0..200).filter(|_| fail(&text).is_err()).count();
    let before = resident();
    let more = (0..9_800).filter(|_| fail(&text).is_err()).count();
    let stays = resident().saturating_sub(before) < 2 * 1024 * 1024;
    if stays && (held, more) == (200, 9_800) && alert_core::stats().captured() == 10_000 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
