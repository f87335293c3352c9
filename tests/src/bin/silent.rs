//! Never calls `init`: fails 10,000 times and ends as if nothing watched it.

use std::process::ExitCode;

use alert_core::alert_on_err;

#[alert_on_err(severity = "critical")]
fn fail(text: &str) -> Result<(), std::io::Error> {
    Err(std::io::Error::other(text.to_owned()))
}

fn main() -> ExitCode {
    let text = "x".repeat(4_096);
    let failed = (0..10_000).filter(|_| fail(&text).is_err()).count();
    if failed == 10_000 && alert_core::stats().captured() == 10_000 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
