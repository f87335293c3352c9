use std::io;

use super::*;

/// An error that hides the words of its source.
#[derive(Debug)]
struct Quiet(io::Error);

impl core::fmt::Display for Quiet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("no orders today")
    }
}

impl core::error::Error for Quiet {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_lost_connection_is_known_by_the_kind_of_a_source() {
    let check = |kind: io::ErrorKind, lost: bool| {
        let mut words = Description::default();
        words.chain(&Quiet(io::Error::new(kind, "so it goes")));
        assert_eq!(is_lost_connection(&words), lost, "{kind}");
    };
    check(io::ErrorKind::ConnectionRefused, true);
    check(io::ErrorKind::ConnectionReset, true);
    check(io::ErrorKind::BrokenPipe, true);
    check(io::ErrorKind::NotConnected, true);
    check(io::ErrorKind::NotFound, false);
    check(io::ErrorKind::PermissionDenied, false);
    check(io::ErrorKind::TimedOut, false);
}

#[test]
fn a_lost_connection_is_known_by_what_servers_and_clients_say() {
    let check = |text: &str, lost: bool| {
        let mut words = Description::default();
        words.write_link(format_args!("query failed"));
        words.write_link(format_args!("{text}"));
        assert_eq!(is_lost_connection(&words), lost, "{text}");
    };
    check("Connection refused (os error 111)", true);
    check(
        "db error: FATAL: terminating connection due to administrator command",
        true,
    );
    check("FATAL: the database system is in recovery mode", true);
    check("FATAL: sorry, too many clients already", true);
    check("ERROR 1040 (08004): Too many connections", true);
    check("pool timed out while waiting for an open connection", true);
    check("No such file or directory (os error 2)", false);
    check("duplicate key value violates unique constraint", false);
    check("too many arguments", false);
}
