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
    check("connection refused", true);
    check("dial tcp 10.0.0.7:5432: connect: connection refused", true);
    check("Broken pipe", true);
    check("host unreachable", true);
    check("the printer is not connected to the tray", false);
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

/// What an annotated function says of the error it returns.
fn said<E: core::error::Error>(error: &E) -> Description {
    let mut words = Description::default();
    words.chain(error);
    words
}

#[test]
fn a_lost_connection_is_known_by_the_kind_of_the_outermost_error_itself() {
    for kind in [
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::ConnectionRefused,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::HostUnreachable,
        io::ErrorKind::NetworkDown,
        io::ErrorKind::NetworkUnreachable,
        io::ErrorKind::NotConnected,
    ] {
        assert!(
            is_lost_connection(&said(&io::Error::new(kind, "so it goes"))),
            "{kind:?} in other words"
        );
        assert!(
            is_lost_connection(&said(&io::Error::from(kind))),
            "{kind:?} alone"
        );
    }
    for kind in [
        io::ErrorKind::NotFound,
        io::ErrorKind::TimedOut,
        io::ErrorKind::Other,
    ] {
        assert!(
            !is_lost_connection(&said(&io::Error::new(kind, "so it goes"))),
            "{kind:?}"
        );
    }
    // What it wraps shows after its own kind, and has no say.
    let other = io::Error::other(format!("{:?}", io::ErrorKind::ConnectionRefused));
    assert!(!is_lost_connection(&said(&other)));
    assert!(is_lost_connection(&said(&io::Error::from_raw_os_error(111))) || !cfg!(target_os = "linux"));
}
