//! `#[instrument(err)]`: without a subscriber, and with a layer that sends what it is told over a channel of 100.

use std::time::SystemTime;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::by_hand::{self, Alert};
use super::*;

pub(super) const PEER: Peer = Peer {
    name: "tracing",
    start: |reader, _| reader == Reader::Awake,
    shapes: SHAPES,
    panics: None,
    counted: || None,
};

pub(super) const WITH_LAYER: Peer = Peer {
    name: "tracing, with a layer",
    start: |reader, capacity| {
        let subscriber = tracing_subscriber::registry().with(ToChannel);
        tracing::subscriber::set_global_default(subscriber).expect("the first");
        by_hand::start(reader, capacity)
    },
    shapes: SHAPES,
    panics: None,
    counted: || (by_hand::PEER.counted)(),
};

with_attribute!([#[tracing::instrument(skip_all, err)]], n, [#[tracing::instrument(skip_all, err, fields(n))]]);

/// Sends the words of each event that has an `error`.
struct ToChannel;

impl<S: Subscriber> Layer<S> for ToChannel {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = Words::default();
        event.record(&mut words);
        if words.0.is_empty() {
            return;
        }
        by_hand::send(Alert {
            function: event.metadata().target(),
            at: SystemTime::now(),
            message: words.0,
            chain: Vec::new(),
            fields: Vec::new(),
        });
    }
}

#[derive(Default)]
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "error" {
            self.0 = format!("{value:?}");
        }
    }
}
