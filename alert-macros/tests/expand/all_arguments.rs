#[alert_on_err(severity = "info", name = "ask", on(err, none), when = |e| e.is_fatal(), fields(id, region = "eu"), key = "one", crate = crate::alerts)]
async fn ask(id: u64) -> Option<u8> {
    find(id).await
}

// becomes

fn ask(id: u64) -> impl ::core::future::Future<Output = Option<u8>> {
    let __alert_fields = (::core::clone::Clone::clone(&id), "eu");
    crate::alerts::__private::watch(
        async move {
            if false {
                return crate::alerts::__private::declared::<Option<u8>>();
            }
            '_alert: { find(id).await }
        },
        move |__alert_moment| {
            static SITE: crate::alerts::__private::Site = crate::alerts::__private::Site::new(
                "ask",
                ::core::module_path!(),
                (::core::file!(), 1u32, 1u32, 1u32),
                crate::alerts::__private::Severity::Info,
            );
            crate::alerts::__private::inventory::submit! {
                & SITE
            }
            use crate::alerts::__private::probes::*;
            match __alert_moment {
                crate::alerts::__private::Moment::Finished(__alert_output) => {
                    crate::alerts::__private::must_be_option(__alert_output);
                    return (&&&crate::alerts::__private::Ret(__alert_output))
                        .__alert_failure()
                        .is_some()
                        || (&&&crate::alerts::__private::Ret(__alert_output))
                            .__alert_none();
                }
                crate::alerts::__private::Moment::Failed(
                    __alert_output,
                    __alert_since,
                ) => {
                    if let crate::alerts::__private::Some(__alert_error) = (&&&crate::alerts::__private::Ret(
                        __alert_output,
                    ))
                        .__alert_failure()
                    {
                        crate::alerts::__private::failed_with(
                            &SITE,
                            crate::alerts::__private::EventKind::Error,
                            &(&&&&&crate::alerts::__private::Probe(__alert_error))
                                .__alert_words(),
                            __alert_since,
                            &|| {
                                if !crate::alerts::__private::holds(
                                    __alert_error,
                                    |e| e.is_fatal(),
                                ) {
                                    return crate::alerts::__private::None;
                                }
                                crate::alerts::__private::Some(SITE.severity())
                            },
                            &|__alert_details| {
                                let _ = __alert_details;
                                __alert_details.set_key(&"one");
                                (&&crate::alerts::__private::FieldOf(&__alert_fields.0))
                                    .__alert_field("id", __alert_details);
                                (&&crate::alerts::__private::FieldOf(&__alert_fields.1))
                                    .__alert_field("region", __alert_details);
                            },
                        );
                    }
                    if (&&&crate::alerts::__private::Ret(__alert_output)).__alert_none()
                    {
                        crate::alerts::__private::failed_with(
                            &SITE,
                            crate::alerts::__private::EventKind::None,
                            &crate::alerts::__private::NoneWords,
                            __alert_since,
                            &|| { crate::alerts::__private::Some(SITE.severity()) },
                            &|__alert_details| {
                                let _ = __alert_details;
                                __alert_details.set_key(&"one");
                                (&&crate::alerts::__private::FieldOf(&__alert_fields.0))
                                    .__alert_field("id", __alert_details);
                                (&&crate::alerts::__private::FieldOf(&__alert_fields.1))
                                    .__alert_field("region", __alert_details);
                            },
                        );
                    }
                }
                crate::alerts::__private::Moment::Panicked => {
                    crate::alerts::__private::forget_place()
                }
                crate::alerts::__private::Moment::Cancelled(__alert_since) => {
                    let _ = __alert_since;
                }
            }
            false
        },
    )
}
