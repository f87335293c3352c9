#[alert_on_err]
#[track_caller]
fn index(at: usize) -> Option<u8> {
    TABLE.get(at).copied()
}

// becomes

#[cfg(not(any(clippy, doc)))]
#[track_caller]
fn index(at: usize) -> Option<u8> {
    let __alert_watch = ::alert_core::__private::hooked::<
        Option<u8>,
        _,
    >(|__alert_moment| {
        static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
            "index",
            ::core::module_path!(),
            (::core::file!(), 1u32, 1u32, 1u32),
            ::alert_core::__private::Severity::Error,
        );
        ::alert_core::__private::inventory::submit! {
            & SITE
        }
        use ::alert_core::__private::tell::*;
        (&&&&__alert_moment).__alert_tell::<::alert_core::__private::Reports>(&SITE)
    });
    let __alert_output: Option<u8> = '_alert: { TABLE.get(at).copied() };
    #[allow(unreachable_code)] { __alert_watch.finish(__alert_output) }
}
#[cfg_attr(not(clippy), cfg(doc))]
#[track_caller]
fn index(at: usize) -> Option<u8> {
    TABLE.get(at).copied()
}
