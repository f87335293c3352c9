//! Snapshots of the expansion: each file of `tests/expand` holds a function, and below a line what becomes of it.
//! To accept new ones: `BLESS=1 cargo test -p alert-macros`, read the difference, and commit it on its own.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::expand::attribute;

const BECOMES: &str = "\n// becomes\n\n";

/// `#[alert_on_err(args)] item` -> what the attribute makes of it.
fn expand(input: &str) -> TokenStream {
    let mut tokens = input.parse::<TokenStream>().unwrap().into_iter().skip(1);
    let Some(TokenTree::Group(attr)) = tokens.next() else {
        panic!("no attribute in {input}");
    };
    let args = attr.stream().into_iter().nth(1).map(|args| match args {
        TokenTree::Group(args) => args.stream(),
        _ => TokenStream::new(),
    });
    attribute(&args.unwrap_or_default(), tokens.collect())
}

/// As it would be read. A method is printed in an `impl`.
fn print(tokens: TokenStream) -> String {
    let is_method = tokens.to_string().contains("self");
    let file = if is_method {
        let block = quote::quote!(impl S { #tokens });
        syn::parse2(block)
    } else {
        syn::parse2(tokens)
    };
    prettyplease::unparse(&file.unwrap())
}

fn each(mut check: impl FnMut(&Path, &str, Option<&str>)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 8);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        match text.split_once(BECOMES) {
            Some((input, becomes)) => check(&file, input, Some(becomes)),
            None => check(&file, &text, None),
        }
    }
}

#[test]
fn expansions() {
    each(|file, input, becomes| {
        let printed = print(expand(input));
        if std::env::var_os("BLESS").is_some() {
            let text = format!("{}\n{BECOMES}{printed}", input.trim_end());
            fs::write(file, text).unwrap();
        } else {
            assert_eq!(becomes, Some(printed.as_str()), "{}", file.display());
        }
    });
}

#[test]
fn with_a_path_of_its_own_nothing_names_the_crate() {
    each(|file, input, _| {
        let own = input.replacen("#[alert_on_err]", "#[alert_on_err(crate = crate::its::own)]", 1);
        if own.contains("crate =") {
            let printed = expand(&own).to_string();
            assert!(!printed.contains("alert_core"), "{}: {printed}", file.display());
        }
    });
}

#[test]
fn nothing_is_named_without_its_path() {
    let printed = expand("#[alert_on_err] async fn f(a: u8) -> R { a }").to_string();
    let bare = printed.replace(":: Some (", "");
    for word in [" std ", "Some (", "Ok (", "Err (", "unwrap"] {
        assert!(!bare.contains(word), "{word} in {printed}");
    }
}
