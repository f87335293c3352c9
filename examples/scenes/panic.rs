//! A panic in a task that nobody waits for.

use alert_core::alert_on_err;
use alert_core::trace::with_trace_id;

struct Shelf {
    items: Vec<u32>,
}

impl Shelf {
    #[expect(clippy::indexing_slicing, reason = "the mistake that the alert tells of")]
    fn take(&mut self, place: usize) -> u32 {
        let item = self.items[place];
        self.items.retain(|kept| *kept != item);
        item
    }
}

fn pack(shelf: &mut Shelf) -> u32 {
    shelf.take(0).saturating_add(shelf.take(2))
}

#[alert_on_err(owner = "warehouse", runbook = "https://wiki.example.com/packing")]
async fn ship_order(order: u64) -> Result<u32, std::io::Error> {
    tokio::task::yield_now().await;
    let mut shelf = Shelf { items: vec![7, 8, 9] };
    Ok(pack(&mut shelf).saturating_add(u32::try_from(order).unwrap_or(0)))
}

pub(crate) async fn play() {
    let task = tokio::spawn(with_trace_id("order-20391", ship_order(20_391)));
    // Ended by its panic.
    drop(task.await);
}
