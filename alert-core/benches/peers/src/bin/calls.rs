//! Calls every function of every peer; run under callgrind by `../instructions`.

fn main() {
    let errors = peers::open_channel();
    peers::plain::measure();
    peers::hand_written::measure();
    peers::alert::measure();
    peers::alert_public::measure();
    peers::alert_verbatim::measure();
    peers::tracing_err::measure();
    peers::fastrace::measure();
    drop(errors);
}
