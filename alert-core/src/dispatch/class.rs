//! Failures that are severe by what they say: a service that others depend on is gone.

use crate::chain::Description;

/// What systems and the standard library say when a peer is gone. The kind of an I/O error is known too where it is a
/// source or the outermost error itself; of one in a box, and of what others make of it, only the words are.
const IO: [&str; 11] = [
    "connection refused",
    "connection reset",
    "connection aborted",
    "broken pipe",
    "no route to host",
    "host unreachable",
    "host is unreachable",
    "network is unreachable",
    "network unreachable",
    "network is down",
    "transport endpoint is not connected",
];

/// What database servers say, in small letters like all words here, by `PostgreSQL`'s SQLSTATE or `MySQL`'s number. Drivers do not show the codes
/// themselves, and servers speak English unless told otherwise.
const SERVERS: [&str; 13] = [
    // 57P01, 57P02, 57P03.
    "terminating connection due to administrator command",
    "terminating connection because of crash of another server process",
    "the database system is starting up",
    "the database system is shutting down",
    "the database system is in recovery mode",
    "the database system is not accepting connections",
    // 53300.
    "sorry, too many clients already",
    "remaining connection slots are reserved",
    // 53300, 1040.
    "too many connections",
    // Class 08.
    "server closed the connection unexpectedly",
    // 1927, 2006, 2013.
    "connection was killed",
    "server has gone away",
    "lost connection to mysql server",
];

/// What clients and pools say. A dead database mostly shows as the pool's timeout.
const CLIENTS: [&str; 9] = [
    // sqlx, r2d2, deadpool, bb8.
    "pool timed out while waiting for an open connection",
    "timed out waiting for connection",
    "timeout occurred while waiting for a slot to become available",
    "timed out in bb8",
    // mongodb, kafka, hyper.
    "server selection timeout: no available servers",
    "brokertransportfailure",
    "allbrokersdown",
    // What a producer says that reached no broker in time.
    "messagetimedout",
    "client error (connect)",
];

/// Whether some link of the chain tells of a lost connection.
pub(crate) fn is_lost_connection(description: &Description) -> bool {
    if description.is_lost_connection() {
        return true;
    }
    let text = description.text().to_ascii_lowercase();
    let mut known = IO.iter().chain(&SERVERS).chain(&CLIENTS);
    known.any(|words| text.contains(words))
}

#[cfg(test)]
mod tests;
