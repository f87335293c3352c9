#[alert_on_err]
fn call<'a>(&'a self) -> Pin<Box<dyn Future<Output = Result<u8, Error>> + Send + 'a>> {
    Box::pin(async move { self.inner().await })
}

// becomes

impl S {
    #[cfg(not(any(clippy, doc)))]
    fn call<'a>(
        &'a self,
    ) -> Pin<Box<dyn Future<Output = Result<u8, Error>> + Send + 'a>> {
        Box::pin(
            ::alert_core::__private::watch(
                async move {
                    if false {
                        return ::alert_core::__private::declared::<Result<u8, Error>>();
                    }
                    self.inner().await
                },
                |__alert_moment| {
                    static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                        "call",
                        ::core::module_path!(),
                        (::core::file!(), 1u32, 1u32, 1u32),
                        ::alert_core::__private::Severity::Error,
                    );
                    ::alert_core::__private::inventory::submit! {
                        & SITE
                    }
                    use ::alert_core::__private::tell::*;
                    (&&&&__alert_moment)
                        .__alert_tell::<::alert_core::__private::Reports>(&SITE)
                },
            ),
        )
    }
    #[cfg_attr(not(clippy), cfg(doc))]
    fn call<'a>(
        &'a self,
    ) -> Pin<Box<dyn Future<Output = Result<u8, Error>> + Send + 'a>> {
        Box::pin(async move { self.inner().await })
    }
}
