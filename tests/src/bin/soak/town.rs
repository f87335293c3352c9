//! The inbox with its two robots, over restarts, and an account of its own of what the archive was told.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use alert_core::inbox::{Chat, Fault, Inbox, Limit};
use alert_tests::on_one_thread;
use serde_json::Value;

const SECRET: &str = "SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The archive only ever has faults after which it is certain whether a message was taken; `ops` has all.
pub(crate) struct Town {
    inbox: Option<Inbox>,
    address: SocketAddr,
    pub(crate) archive: Chat,
    pub(crate) ops: Chat,
    /// Failures by the message that told of them: one told twice under the same id counts once. Since the restart, and
    /// between the two before: none is told again later than that.
    told: [HashMap<String, u64>; 2],
    /// The failures of messages before those.
    told_before: u64,
    /// Messages that met a trouble, before the last restart.
    troubled: usize,
}

impl Town {
    pub(crate) fn build() -> Self {
        let inbox = open("127.0.0.1:0");
        let (archive, ops) = chats(&inbox);
        Self {
            address: inbox.addr(),
            inbox: Some(inbox),
            archive,
            ops,
            told: Default::default(),
            told_before: 0,
            troubled: 0,
        }
    }

    /// The address of the archive, and that of `ops` with its secret.
    pub(crate) fn addresses(&self) -> (String, String, &'static str) {
        (self.archive.url(), self.ops.url(), SECRET)
    }

    /// The inbox ends, takes all its connections with it, and comes back at the same address.
    pub(crate) fn restart(&mut self) {
        // Nothing is taken from here on, so that what was taken is known before it is gone.
        self.archive.clear_faults();
        self.archive.fault(Fault::Silent);
        self.read();
        self.troubled += self.refused();
        let [now, before] = &mut self.told;
        self.told_before += before.drain().map(|(_, failures)| failures).sum::<u64>();
        core::mem::swap(now, before);
        drop(self.inbox.take());
        let inbox = open(&self.address.to_string());
        (self.archive, self.ops) = chats(&inbox);
        self.inbox = Some(inbox);
    }

    /// The vendors' clocks jump.
    pub(crate) fn advance(&self, by: Duration) {
        if let Some(inbox) = &self.inbox {
            inbox.clock().advance(by);
        }
    }

    /// Everything works again.
    pub(crate) fn heal(&mut self) {
        self.archive.clear_faults();
        self.ops.clear_faults();
        self.ops = self.ops.clone().no_limit();
    }

    /// `ops` freezes for ten minutes at the next message but one.
    pub(crate) fn freeze(&mut self) {
        let limit = Limit::new(1, Duration::from_secs(60)).freeze(Duration::from_secs(600));
        self.ops = self.ops.clone().limit(limit);
    }

    fn refused(&self) -> usize {
        self.inbox.as_ref().map_or(0, |inbox| inbox.refused().len())
    }

    /// A soak in which little went wrong shows little: five messages a round, at least, met a trouble before they were
    /// taken.
    pub(crate) fn too_fair(&self, rounds: u32) -> Option<String> {
        let (troubled, least) = (self.troubled + self.refused(), 5 * rounds as usize);
        println!("troubled   {troubled} messages");
        (troubled < least).then(|| format!("{troubled} messages met a trouble; {least} at least should have"))
    }

    /// The failures the archive was told of so far.
    pub(crate) fn read(&mut self) -> u64 {
        for message in self.archive.accepted() {
            let body = message.json();
            let id = body
                .get("id")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let [now, before] = &mut self.told;
            if !before.contains_key(&id) {
                now.insert(id, message.delta());
            }
        }
        self.told_before + self.told.iter().flat_map(HashMap::values).sum::<u64>()
    }
}

fn open(address: &str) -> Inbox {
    let opened = (0..100).find_map(|_| {
        let opened = on_one_thread(Inbox::bind(address));
        // The system may not have let go of the port.
        opened
            .inspect_err(|_| std::thread::sleep(Duration::from_millis(50)))
            .ok()
    });
    opened.expect("a port")
}

fn chats(inbox: &Inbox) -> (Chat, Chat) {
    let archive = inbox.webhook().token(TOKEN).no_limit();
    (archive, inbox.dingtalk().token(TOKEN).secret(SECRET).no_limit())
}
