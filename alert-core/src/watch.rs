//! Watches a future that cannot carry an attribute.

/// Watches a future as `#[alert_on_err]` watches a function: an `Err` it ends with, or a panic, becomes an alert.
/// Gives a future with the same output.
///
/// For what cannot carry an attribute: a closure, a future of another crate, one branch of a `select!`. The alert
/// names the place of the macro and, unless `name` says otherwise, the expression itself.
///
/// ```
/// use alert_core::watch;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let missing = watch!(severity = "warning", name = "load the menu", async { std::fs::read("/no/menu") }).await;
/// assert!(missing.is_err());
/// assert_eq!(watch!(async { Ok::<_, std::io::Error>(7) }).await.ok(), Some(7));
/// # }
/// ```
///
/// A severity is one of `info`, `warning`, `error` (the default) and `critical`; another word does not compile:
///
/// ```compile_fail
/// let _never = alert_core::watch!(severity = "urgent", async { Ok::<(), std::io::Error>(()) });
/// ```
///
/// # Cancel safety
///
/// That of the future as written. One dropped before it finished is no failure.
#[macro_export]
macro_rules! watch {
    (severity = $severity:literal, name = $name:literal, $future:expr $(,)?) => {
        $crate::__watch!($severity, $name, $future)
    };
    (name = $name:literal, severity = $severity:literal, $future:expr $(,)?) => {
        $crate::__watch!($severity, $name, $future)
    };
    (severity = $severity:literal, $future:expr $(,)?) => {
        $crate::__watch!($severity, ::core::stringify!($future), $future)
    };
    (name = $name:literal, $future:expr $(,)?) => {
        $crate::__watch!("error", $name, $future)
    };
    ($future:expr $(,)?) => {
        $crate::__watch!("error", ::core::stringify!($future), $future)
    };
}

/// Not public API: what [`watch!`] becomes.
#[doc(hidden)]
#[macro_export]
macro_rules! __watch {
    ($severity:expr, $name:expr, $future:expr) => {
        $crate::__private::watch($future, |moment| {
            static SITE: $crate::__private::Site = $crate::__private::Site::new(
                $name,
                ::core::module_path!(),
                (
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                    ::core::line!(),
                ),
                $crate::__private::severity_named($severity),
            );
            $crate::__private::inventory::submit! { &SITE }
            use $crate::__private::tell::*;
            (&&&&moment).__alert_tell::<$crate::__private::Reports>(&SITE)
        })
    };
}
