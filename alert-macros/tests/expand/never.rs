#[alert_on_err]
fn serve() -> ! {
    loop {}
}

// becomes

#[cfg(not(any(clippy, doc)))]
fn serve() -> ! {
    match ::alert_core::__private::call(
        move || {
            if false {
                return ::alert_core::__private::declared::<
                    ::alert_core::__private::Never,
                >();
            }
            '_alert: { loop {} }
        },
        |__alert_moment| {
            static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                "serve",
                ::core::module_path!(),
                (::core::file!(), 1u32, 1u32, 1u32),
                ::alert_core::__private::Severity::Error,
            );
            ::alert_core::__private::inventory::submit! {
                & SITE
            }
            use ::alert_core::__private::tell::*;
            (&&&&__alert_moment).__alert_tell::<::alert_core::__private::Reports>(&SITE)
        },
    ) {}
}
#[cfg_attr(not(clippy), cfg(doc))]
fn serve() -> ! {
    loop {}
}
