#[alert_on_err(boundary, locate = false)]
fn handle(id: u64) -> Result<u8, E> {
    find(id)
}

// becomes

#[cfg(not(any(clippy, doc)))]
fn handle(id: u64) -> Result<u8, E> {
    ::alert_core::__private::call(
        move || {
            let __alert_boundary = ::alert_core::__private::Boundary::enter();
            if false {
                return ::alert_core::__private::declared::<Result<u8, E>>();
            }
            '_alert: { find(id) }
        },
        |__alert_moment| {
            static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                "handle",
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
    )
}
#[cfg_attr(not(clippy), cfg(doc))]
fn handle(id: u64) -> Result<u8, E> {
    find(id)
}
