//! Writes the sources that depend on a number: a chain of awaits for `src/bin/depth.rs`, `PEERS_DEPTH` levels each
//! with the attribute `PEERS_ATTRIBUTE`, for `src/compile.rs` the functions of the peer `PEERS_COMPILE`, and
//! `PEERS_SITES` functions with that attribute for `src/bin/sites.rs`.

use std::fmt::Write as _;

#[path = "build/functions.rs"]
mod functions;

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=build.rs");
    write_to("chain.rs", &chain());
    write_to("functions.rs", &functions::of(&setting("PEERS_COMPILE")));
    write_to("sites.rs", &sites());
}

fn chain() -> String {
    let depth: u32 = match setting("PEERS_DEPTH").as_str() {
        "" => 1,
        text => text.parse().expect("a number"),
    };
    let attribute = setting("PEERS_ATTRIBUTE");
    let mut chain = String::new();
    for level in 1..=depth {
        let body = match level {
            1 => "std::future::ready(()).await; Ok(n.len())".to_owned(),
            _ => format!("level_{}(n).await", level - 1),
        };
        writeln!(
            chain,
            "{attribute}\nasync fn level_{level}(n: &str) -> Result<usize, Failed> {{ {body} }}"
        )
        .unwrap();
    }
    writeln!(chain, "fn top() {{ is_send(level_{depth}(\"\")); }}").unwrap();
    chain
}

/// Functions that may fail, and a list of them all.
fn sites() -> String {
    let count: u32 = setting("PEERS_SITES").parse().unwrap_or(1);
    let attribute = setting("PEERS_ATTRIBUTE");
    let (mut sites, mut all) = (String::new(), String::new());
    for number in 1..=count {
        writeln!(
            sites,
            "{attribute}\npub fn f_{number}(n: u64) -> Result<u64, Failed> {{ if n == {number} {{ Err(Failed) }} else {{ Ok(n) }} }}"
        )
        .unwrap();
        write!(all, "f_{number}, ").unwrap();
    }
    sites + &format!("pub const ALL: &[fn(u64) -> Result<u64, Failed>] = &[{all}];\n")
}

fn setting(name: &str) -> String {
    println!("cargo::rerun-if-env-changed={name}");
    std::env::var(name).unwrap_or_default()
}

fn write_to(file: &str, text: &str) {
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{out}/{file}"), text).unwrap();
}
