use alert_core::testing::Recorder;
use alert_core::{Config, Severity};
use std::time::Duration;
#[tokio::test]
async fn smoke() {
    let r = Recorder::new();
    let g = alert_core::init(
        Config::new("x")
            .recorder(&r)
            .on_error(|e| eprintln!("failed to {e}")),
    )
    .unwrap();
    for _ in 0..1000 {
        alert_core::raise(Severity::Error, &std::io::Error::other("no ink"));
    }
    println!("{:?}", alert_core::flush(Duration::from_secs(3)).await);
    println!("{}", alert_core::stats());
    println!("{:#?}", r.messages());
    println!("{:?}", g.shutdown(Duration::from_secs(2)).await);
    println!("{}", alert_core::stats());
}
