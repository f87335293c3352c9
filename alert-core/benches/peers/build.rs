//! Writes a chain of awaits for `src/bin/depth.rs`: `PEERS_DEPTH` levels, each with the attribute `PEERS_ATTRIBUTE`.

use std::fmt::Write as _;

fn main() {
    println!("cargo::rerun-if-env-changed=PEERS_DEPTH");
    println!("cargo::rerun-if-env-changed=PEERS_ATTRIBUTE");
    let depth: u32 = std::env::var("PEERS_DEPTH").map_or(1, |text| text.parse().expect("a number"));
    let attribute = std::env::var("PEERS_ATTRIBUTE").unwrap_or_default();
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
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(format!("{out}/chain.rs"), chain).unwrap();
}
