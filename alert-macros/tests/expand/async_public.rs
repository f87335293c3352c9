#[alert_on_err(severity = "critical", on(err, panic, cancel))]
pub async fn charge(mut order: Order) -> Result<(), Error> {
    order.seal();
    send(order).await
}

// becomes

pub async fn charge(order: Order) -> Result<(), Error> {
    ::alert_core::__private::watch_to_the_end(
            async move {
                #[allow(clippy::shadow_same)]
                let mut order = order;
                if false {
                    return ::alert_core::__private::declared::<Result<(), Error>>();
                }
                match () {
                    () => '_alert: {
                        order.seal();
                        send(order).await
                    }
                }
            },
            move |__alert_moment| {
                static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                    "charge",
                    ::core::module_path!(),
                    (::core::file!(), 1u32, 1u32, 1u32),
                    ::alert_core::__private::Severity::Critical,
                );
                ::alert_core::__private::inventory::submit! {
                    & SITE
                }
                use ::alert_core::__private::probes::*;
                match __alert_moment {
                    ::alert_core::__private::Moment::Finished(__alert_output) => {
                        ::alert_core::__private::must_be_fallible(__alert_output);
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
                                __alert_since,
                            );
                        }
                    }
                    ::alert_core::__private::Moment::Panicked => {
                        ::alert_core::__private::panicked(&SITE)
                    }
                    ::alert_core::__private::Moment::Cancelled(__alert_since) => {
                        let _ = __alert_since;
                        ::alert_core::__private::failed(
                            &SITE,
                            ::alert_core::__private::EventKind::Cancelled,
                            &::alert_core::__private::CancelledWords,
                            __alert_since,
                        );
                    }
                }
                false
            },
        )
        .await
}
