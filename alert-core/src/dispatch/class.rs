//! Failures that are severe by what they say: a service that others depend on is gone.

use crate::chain::Description;

/// What the standard library says when a peer is gone, however the number behind it.
const IO: [&str; 6] = [
    "Connection refused (os error",
    "Connection reset by peer (os error",
    "Connection aborted (os error",
    "Broken pipe (os error",
    "No route to host (os error",
    "Network is unreachable (os error",
];

/// What database drivers say. A dead database mostly shows as the pool's timeout.
const DATABASE: [&str; 4] = [
    "pool timed out while waiting for an open connection",
    "terminating connection due to administrator command",
    "sorry, too many clients already",
    "the database system is shutting down",
];

/// Whether some link of the chain tells of a lost connection.
pub(crate) fn is_lost_connection(description: &Description) -> bool {
    let text = description.text();
    IO.iter().chain(&DATABASE).any(|words| text.contains(words))
}
