//! `alert-inbox`: a local robot server with a page. See [`alert_core::inbox`].

use std::io::{self, Write as _};
use std::process::ExitCode;

use alert_core::inbox::{Inbox, Kind};

const USAGE: &str = "\
usage: alert-inbox [--listen ADDRESS] [--unsigned]

A local server that speaks the robot webhooks of DingTalk, Feishu, WeCom and Slack as strictly as they do,
and shows every message on a page. Ctrl-C ends it.

  --listen ADDRESS   a loopback address and a port [default: 127.0.0.1:8025]; port 0 takes a free one
  --unsigned         no chat demands a signature: for clients that cannot sign
  --help             this text
";

/// Mailpit's port, so that people who know it find the page.
const DEFAULT: &str = "127.0.0.1:8025";

/// The chats the program opens. Fixed secrets of no value: they guard nothing but this page.
const CHATS: [(Kind, &str); 5] = [
    (
        Kind::Dingtalk,
        "SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ),
    (Kind::Feishu, "inboxinboxinboxinboxin"),
    (Kind::Wecom, ""),
    (Kind::Slack, ""),
    (Kind::Webhook, "whsec_aW5ib3hpbmJveGluYm94aW5ib3g="),
];

fn main() -> ExitCode {
    match listen_address(std::env::args().skip(1)) {
        Ok(Some(wish)) => match serve(&wish) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&format!("failed to listen at `{}`: {error}", wish.address)),
        },
        Ok(None) => {
            // A closed pipe at the other end of --help is no failure.
            io::stdout().write_all(USAGE.as_bytes()).ok();
            ExitCode::SUCCESS
        }
        Err(problem) => fail(&format!("{problem}\n\n{USAGE}")),
    }
}

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    address: String,
    unsigned: bool,
}

/// Where to listen and how; nothing if help is wanted.
fn listen_address(mut args: impl Iterator<Item = String>) -> Result<Option<Wish>, String> {
    let mut address = DEFAULT.to_owned();
    let mut unsigned = false;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(None),
            "--unsigned" => unsigned = true,
            "--listen" => {
                address = args
                    .next()
                    .ok_or("`--listen` needs an address, such as `127.0.0.1:8025`")?;
            }
            _ => match arg.strip_prefix("--listen=") {
                Some(value) => value.clone_into(&mut address),
                None => return Err(format!("unknown argument `{arg}`")),
            },
        }
    }
    Ok(Some(Wish { address, unsigned }))
}

fn serve(wish: &Wish) -> io::Result<()> {
    let inbox = Inbox::bind_blocking(&wish.address)?;
    let mut out = io::stdout().lock();
    writeln!(out, "page      {}\n", inbox.url())?;
    let mut robots = Vec::new();
    for (kind, secret) in CHATS {
        let chat = inbox.chat(kind);
        if secret.is_empty() || wish.unsigned {
            writeln!(out, "{kind:<9} {}", chat.url())?;
            robots.push(format!("{kind}+{}", chat.url()));
        } else {
            let url = chat.secret(secret).url();
            writeln!(out, "{kind:<9} {url}\n          secret {secret}")?;
            robots.push(format!("{kind}+{url}#secret={secret}"));
        }
    }
    writeln!(
        out,
        "\nPut an address into a robot's configuration, or all of them into the environment of your service:\n\n\
         export ALERT_ROBOTS='{}'\n\nCtrl-C ends the inbox.",
        robots.join(" ")
    )?;
    out.flush()?;
    drop(out);
    // The inbox works on its own thread; a signal ends the program.
    loop {
        std::thread::park();
    }
}

fn fail(text: &str) -> ExitCode {
    writeln!(io::stderr(), "alert-inbox: {text}").ok();
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, Wish, listen_address};

    fn check(args: &[&str], expected: Result<Option<&str>, &str>) {
        let found = listen_address(args.iter().map(ToString::to_string));
        let wish = |address: &str| Wish {
            address: address.to_owned(),
            unsigned: args.contains(&"--unsigned"),
        };
        let expected = expected.map(|found| found.map(wish)).map_err(str::to_owned);
        assert_eq!(found, expected, "{args:?}");
    }

    #[test]
    fn arguments() {
        check(&[], Ok(Some(DEFAULT)));
        check(&["--listen", "127.0.0.1:0"], Ok(Some("127.0.0.1:0")));
        check(&["--listen=[::1]:9"], Ok(Some("[::1]:9")));
        check(
            &["--unsigned", "--listen", "127.0.0.1:0"],
            Ok(Some("127.0.0.1:0")),
        );
        check(&["--help"], Ok(None));
        check(
            &["--listen"],
            Err("`--listen` needs an address, such as `127.0.0.1:8025`"),
        );
        check(&["--port"], Err("unknown argument `--port`"));
    }
}
