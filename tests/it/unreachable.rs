//! What the machine around the program gets wrong on the way to a robot: no names, no certificates, a strange proxy. Told to
//! `on_error` and counted; nothing panics and nothing hangs.

use std::process::Command;

use alert_tests::{Finished, run};

const LIFE: &str = env!("CARGO_BIN_EXE_life");

/// The code and the words of the first error, of a program that ended in order and lost no count.
fn told(ended: &Finished) -> (&str, &str) {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.err, "", "nothing panics: {ended:?}");
    let books = ["captured", "delivered", "pending", "dropped"].map(|name| ended.value(name));
    assert_eq!(books, ["1", "0", "0", "1"], "{ended:?}");
    ended.value("error").split_once(' ').unwrap()
}

/// Takes the place of the system's, and never answers.
const NEVER_ANSWERS: &str = "#include <unistd.h>\nint getaddrinfo() { for (;;) pause(); }\n";

/// Fault 46: the time-out holds, and the thread of the lookup is waited for by nobody, not even by the dispatcher's end.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_name_lookup_that_hangs_is_given_up_on_and_not_waited_for() {
    let library = std::env::temp_dir().join(format!("alert-lookup-{}.so", std::process::id()));
    let source = library.with_extension("c");
    std::fs::write(&source, NEVER_ANSWERS).unwrap();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .status();
    assert!(built.unwrap().success(), "the linker of every build is `cc`");
    let preload = [("LD_PRELOAD", library.to_str().unwrap())];
    let ended = run(LIFE, &["unheard", "webhook+http://robot.invalid/"], &preload).await;
    for file in [library, source] {
        std::fs::remove_file(file).unwrap();
    }
    let (code, words) = told(&ended);
    assert_eq!(code, "timeout", "{words}");
    assert_eq!(ended.value("dispatcher"), "gone");
}

/// Fault 53, the first half.
#[tokio::test]
async fn without_certificates_the_message_fails_and_says_why() {
    let nowhere = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
    let ended = run(LIFE, &["unheard", "webhook+https://127.0.0.1:9/"], &nowhere).await;
    let (code, words) = told(&ended);
    assert_eq!(code, "tls", "{words}");
    assert!(words.contains("set up TLS"), "{words}");
}

/// Fault 53, the second half. What is no address of a proxy is passed over; the host is one that nobody has.
#[tokio::test]
async fn a_proxy_that_is_none_is_a_failed_message() {
    for proxy in [
        "http://127.0.0.1:9",
        "::::",
        "http://[",
        "http://user:p%ss@",
        "\u{1F525}",
        "socks5://127.0.0.1:9",
    ] {
        let proxies = [("HTTP_PROXY", proxy), ("http_proxy", proxy), ("ALL_PROXY", proxy)];
        let ended = run(LIFE, &["unheard", "webhook+http://192.0.2.1/"], &proxies).await;
        let (code, words) = told(&ended);
        assert!(["connect", "timeout"].contains(&code), "{proxy}: {code} {words}");
    }
}
