//! Whatever type an error has, it is put into the best words that compile.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

use alert_core::__private::EventKind;
use alert_core::alert_on_err;

use crate::observe::{block_on, only, seen};

macro_rules! display {
    ($($Type:ty => $text:literal),*) => {$(
        impl Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str($text) }
        }
    )*};
}

#[derive(Debug)]
struct Leaf;
#[derive(Debug)]
struct Top(Leaf);
#[derive(Debug)]
struct Borrowed<'a>(#[allow(dead_code)] &'a str);
struct DisplayOnly;
#[derive(Debug)]
struct DebugOnly;
struct Nothing;

display!(Leaf => "leaf", Top => "top", Borrowed<'_> => "borrowed", DisplayOnly => "display only");

impl Error for Leaf {}
impl Error for Top {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
impl Error for Borrowed<'_> {}

trait MyError: Error {}
impl MyError for Top {}

/// As `anyhow::Error` is built: no `Error` itself, and a target that is.
struct Report(Box<dyn Error + Send + Sync>);
impl std::ops::Deref for Report {
    type Target = dyn Error + Send + Sync;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}
impl Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("report in debug")
    }
}
impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("report in display")
    }
}

/// One function for each type of error, sync and async, and the links it has to be put into.
macro_rules! words {
    ($($test:ident: $Type:ty, $error:expr => [$($link:literal),*];)*) => {$(
        #[test]
        fn $test() {
            #[alert_on_err(crate = crate::observe)]
            fn sync() -> Result<u8, $Type> { Err($error) }
            #[alert_on_err(crate = crate::observe)]
            async fn later() -> Result<u8, $Type> { Err($error) }
            let links: &[&str] = &[$($link),*];
            let _ = sync();
            let reported = only();
            assert_eq!(reported.links, links);
            assert_eq!(reported.kind, Some(EventKind::Error));
            let _ = block_on(later());
            assert_eq!(only().links, links);
        }
    )*};
}

words! {
    concrete: Top, Top(Leaf) => ["top", "leaf"];
    boxed_concrete: Box<Top>, Box::new(Top(Leaf)) => ["top", "leaf"];
    boxed_dyn: Box<dyn Error>, Box::new(Top(Leaf)) => ["top", "leaf"];
    boxed_dyn_send_sync: Box<dyn Error + Send + Sync>, "text".into() => ["text"];
    boxed_own_trait: Box<dyn MyError>, Box::new(Top(Leaf)) => ["top", "leaf"];
    arc_dyn: Arc<dyn Error>, Arc::new(Top(Leaf)) => ["top", "leaf"];
    arc_concrete: Arc<Top>, Arc::new(Top(Leaf)) => ["top", "leaf"];
    report: Report, Report(Box::new(Top(Leaf))) => ["top", "leaf"];
    arc_report: Arc<Report>, Arc::new(Report(Box::new(Leaf))) => ["report in display"];
    static_borrow: Borrowed<'static>, Borrowed("x") => ["borrowed"];
    reference: &'static Top, &Top(Leaf) => ["top", "leaf"];
    string: String, "text".to_owned() => ["text"];
    str: &'static str, "text" => ["text"];
    cow: Cow<'static, str>, Cow::Borrowed("text") => ["text"];
    display_only: DisplayOnly, DisplayOnly => ["display only"];
    debug_only: DebugOnly, DebugOnly => ["DebugOnly"];
    unit: (), () => ["()"];
    tuple: (u16, String), (404, "gone".to_owned()) => ["(404, \"gone\")"];
    number: u8, 7 => ["7"];
    format_error: fmt::Error, fmt::Error => ["an error occurred when formatting an argument"];
    io: std::io::Error, std::io::Error::new(std::io::ErrorKind::Other, Top(Leaf)) => ["top", "leaf"];
    option_as_error: Option<u8>, Some(1) => ["Some(1)"];
    nested_result: Result<u8, u8>, Err(1) => ["Err(1)"];
}

#[test]
fn neither_trait_names_the_type() {
    #[alert_on_err(crate = crate::observe)]
    fn f() -> Result<u8, Nothing> {
        Err(Nothing)
    }
    let _ = f();
    let reported = only();
    assert!(reported.links[0].contains("Nothing"), "{:?}", reported);
    assert!(reported.type_name.ends_with("Nothing"));
}

#[test]
fn errors_that_borrow() {
    #[alert_on_err(crate = crate::observe)]
    fn concrete(text: &str) -> Result<u8, Borrowed<'_>> {
        Err(Borrowed(text))
    }
    #[alert_on_err(crate = crate::observe)]
    async fn boxed<'a>(text: &'a str) -> Result<u8, Box<dyn Error + 'a>> {
        Err(Box::new(Borrowed(text)))
    }
    let text = String::from("local");
    let _ = concrete(&text);
    assert_eq!(only().links, ["borrowed"]);
    let _ = block_on(boxed(&text));
    assert_eq!(only().links, ["borrowed"]);
}

#[test]
fn generic_errors_follow_the_declared_bound() {
    #[alert_on_err(crate = crate::observe)]
    fn error<T: Error>(e: T) -> Result<u8, T> {
        Err(e)
    }
    #[alert_on_err(crate = crate::observe)]
    fn display<T: Display>(e: T) -> Result<u8, T> {
        Err(e)
    }
    #[alert_on_err(crate = crate::observe)]
    fn debug<T: Debug>(e: T) -> Result<u8, T> {
        Err(e)
    }
    #[alert_on_err(crate = crate::observe)]
    fn unbounded<T>(e: T) -> Result<u8, T> {
        Err(e)
    }
    #[alert_on_err(crate = crate::observe)]
    async fn associated<S: std::str::FromStr>(s: &str) -> Result<S, S::Err>
    where
        S::Err: Display,
    {
        s.parse()
    }
    let _ = error(Top(Leaf));
    assert_eq!(only().links, ["top", "leaf"]);
    let _ = display(Top(Leaf));
    assert_eq!(only().links, ["top"]);
    let _ = debug(Top(Leaf));
    assert_eq!(only().links, ["Top(Leaf)"]);
    let _ = unbounded(Top(Leaf));
    assert!(only().links[0].contains("Top"));
    let _ = block_on(associated::<u8>("x"));
    assert_eq!(only().links, ["invalid digit found in string"]);
}

type Res<T> = Result<T, Top>;

#[test]
fn a_result_by_any_other_name() {
    #[alert_on_err(crate = crate::observe)]
    fn alias() -> Res<u8> {
        Err(Top(Leaf))
    }
    #[alert_on_err(crate = crate::observe)]
    fn hidden(fail: bool) -> impl Debug {
        if fail {
            return Err(7);
        }
        Ok::<u8, u8>(1)
    }
    #[alert_on_err(crate = crate::observe)]
    async fn hidden_async(fail: bool) -> impl Debug {
        if fail {
            return Err(7);
        }
        Ok::<u8, u8>(1)
    }
    let _ = alias();
    assert_eq!(only().links, ["top", "leaf"]);
    let _ = hidden(true);
    assert_eq!(only().links, ["7"]);
    let _ = block_on(hidden_async(true));
    assert_eq!(only().links, ["7"]);
}

#[test]
fn none_is_a_failure_when_asked() {
    #[alert_on_err(crate = crate::observe, on(none))]
    fn asked() -> Option<u8> {
        None
    }
    #[alert_on_err(crate = crate::observe)]
    fn not_asked() -> Option<u8> {
        None
    }
    let _ = asked();
    let reported = only();
    assert_eq!(
        (reported.kind, reported.links),
        (Some(EventKind::None), vec!["returned `None`".to_owned()])
    );
    let _ = not_asked();
    assert!(seen().is_empty());
}

#[test]
fn only_the_outer_result_counts() {
    #[alert_on_err(crate = crate::observe)]
    fn f() -> Result<Result<u8, u8>, u8> {
        Ok(Err(1))
    }
    let _ = f();
    assert!(seen().is_empty());
}
