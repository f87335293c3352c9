#[alert_on_err(boundary, no_dedup)]
pub async fn handle(id: u64) -> Result<u8, E> {
    find(id).await
}

// becomes

#[cfg(not(any(clippy, doc)))]
pub fn handle(id: u64) -> impl ::core::future::Future<Output = Result<u8, E>> {
    ::alert_core::__private::watch(
        ::alert_core::__private::boundary(async move {
            if false {
                return ::alert_core::__private::declared::<Result<u8, E>>();
            }
            '_alert: { find(id).await }
        }),
        move |__alert_moment| {
            static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                "handle",
                ::core::module_path!(),
                (::core::file!(), 1u32, 1u32, 1u32),
                ::alert_core::__private::Severity::Error,
            );
            ::alert_core::__private::inventory::submit! {
                & SITE
            }
            use ::alert_core::__private::probes::*;
            match __alert_moment {
                ::alert_core::__private::Moment::Finished(__alert_output) => {
                    return (&&&::alert_core::__private::Ret(__alert_output))
                        .__alert_failure()
                        .is_some();
                }
                ::alert_core::__private::Moment::Failed(
                    __alert_output,
                    __alert_since,
                ) => {
                    if let ::alert_core::__private::Some(__alert_error) = (&&&::alert_core::__private::Ret(
                        __alert_output,
                    ))
                        .__alert_failure()
                    {
                        ::alert_core::__private::failed(
                            &SITE,
                            ::alert_core::__private::EventKind::Error,
                            &(&&&&&::alert_core::__private::Probe(__alert_error))
                                .__alert_words(),
                            ::alert_core::__private::Since::now(),
                        );
                    }
                }
                ::alert_core::__private::Moment::Panicked => {
                    ::alert_core::__private::panicked(&SITE)
                }
                ::alert_core::__private::Moment::Cancelled(__alert_since) => {
                    let _ = __alert_since;
                }
            }
            false
        },
    )
}
#[cfg_attr(not(clippy), cfg(doc))]
pub async fn handle(id: u64) -> Result<u8, E> {
    find(id).await
}
