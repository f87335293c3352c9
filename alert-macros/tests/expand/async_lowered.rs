#[alert_on_err]
async fn charge(order: Order, _retry: bool) -> Result<Receipt, Error> {
    let paid = pay(&order).await?;
    Ok(paid.into())
}

// becomes

#[cfg(not(any(clippy, doc)))]
fn charge(
    order: Order,
    _retry: bool,
) -> impl ::core::future::Future<Output = Result<Receipt, Error>> {
    ::alert_core::__private::watch(
        async move {
            use ::alert_core::__private::Locate as _;
            let _ = &order;
            if false {
                return ::alert_core::__private::declared::<Result<Receipt, Error>>();
            }
            '_alert: {
                let paid = pay(&order).await.__alert_at()?;
                Ok(paid.into())
            }
        },
        |__alert_moment| {
            static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                "charge",
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
async fn charge(order: Order, _retry: bool) -> Result<Receipt, Error> {
    let paid = pay(&order).await?;
    Ok(paid.into())
}
