//! Failures that are severe by what they say: a service that others depend on is gone.

use crate::chain::Description;

/// What the standard library says when a peer is gone, however the number behind it. The kind is known too where an
/// error is a source; the outermost has only its words.
const IO: [&str; 7] = [
    "Connection refused (os error",
    "Connection reset by peer (os error",
    "Connection aborted (os error",
    "Broken pipe (os error",
    "No route to host (os error",
    "Network is unreachable (os error",
    "Transport endpoint is not connected (os error",
];

/// What database servers say, by `PostgreSQL`'s SQLSTATE or `MySQL`'s number. Drivers do not show the codes
/// themselves, and servers speak English unless told otherwise.
const SERVERS: [&str; 14] = [
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
    "too many connections for",
    // Class 08.
    "server closed the connection unexpectedly",
    // 1040, 1927, 2006, 2013.
    "Too many connections",
    "Connection was killed",
    "server has gone away",
    "Lost connection to MySQL server",
];

/// What clients and pools say. A dead database mostly shows as the pool's timeout.
const CLIENTS: [&str; 8] = [
    // sqlx, r2d2, deadpool, bb8.
    "pool timed out while waiting for an open connection",
    "timed out waiting for connection",
    "Timeout occurred while waiting for a slot to become available",
    "Timed out in bb8",
    // mongodb, kafka, hyper.
    "Server selection timeout: No available servers",
    "BrokerTransportFailure",
    "AllBrokersDown",
    "client error (Connect)",
];

/// Whether some link of the chain tells of a lost connection.
pub(crate) fn is_lost_connection(description: &Description) -> bool {
    let text = description.text();
    let mut known = IO.iter().chain(&SERVERS).chain(&CLIENTS);
    description.is_lost_connection() || known.any(|words| text.contains(words))
}

#[cfg(test)]
mod tests;
