use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ::metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use super::publish;
use crate::channel::Channel;
use crate::stats::Books;

/// Remembers the last value of each name.
#[derive(Clone, Default)]
struct Board(Arc<Mutex<BTreeMap<String, u64>>>);

struct Cell(Board, String);

impl CounterFn for Cell {
    fn increment(&self, _: u64) {
        unreachable!("counters are told absolutely");
    }
    fn absolute(&self, value: u64) {
        self.0.0.lock().unwrap().insert(self.1.clone(), value);
    }
}

impl GaugeFn for Cell {
    fn increment(&self, _: f64) {}
    fn decrement(&self, _: f64) {}
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small whole numbers"
    )]
    fn set(&self, value: f64) {
        self.0.0.lock().unwrap().insert(self.1.clone(), value as u64);
    }
}

impl Board {
    fn cell(&self, key: &Key) -> Arc<Cell> {
        let labels = key
            .labels()
            .map(|label| format!(" {}={}", label.key(), label.value()));
        let name = std::iter::once(key.name().to_owned()).chain(labels).collect();
        Arc::new(Cell(self.clone(), name))
    }
}

impl Recorder for Board {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.cell(key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.cell(key))
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[test]
fn the_recorder_sees_what_stats_says() {
    static CHANNEL: Channel = Channel::new();
    let books = Books::new();
    CHANNEL.count_reentrant();
    books.sent_message();
    let board = Board::default();
    let stats = books.read(&CHANNEL);
    ::metrics::with_local_recorder(&board, || publish(&stats));
    let seen = board.0.lock().unwrap();
    assert_eq!(seen["alert_captured_total"], stats.captured());
    assert_eq!(seen["alert_dropped_total reason=reentrant"], 1);
    assert_eq!(seen["alert_dropped_total reason=undelivered"], 0);
    assert_eq!(
        (seen["alert_sent_messages_total"], seen["alert_pending"]),
        (1, stats.pending())
    );
    assert_eq!(seen.len(), 12);
}
