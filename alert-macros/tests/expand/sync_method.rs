#[alert_on_err]
pub fn load(&self, id: u64) -> io::Result<Vec<u8>> {
    self.store.get(id).ok_or(io::ErrorKind::NotFound.into())
}

// becomes

impl S {
    #[cfg(not(any(clippy, doc)))]
    pub fn load(&self, id: u64) -> io::Result<Vec<u8>> {
        ::alert_core::__private::call(
            move || {
                if false {
                    return ::alert_core::__private::declared::<io::Result<Vec<u8>>>();
                }
                '_alert: { self.store.get(id).ok_or(io::ErrorKind::NotFound.into()) }
            },
            |__alert_moment| {
                static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                    "load",
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
        )
    }
    #[cfg_attr(not(clippy), cfg(doc))]
    pub fn load(&self, id: u64) -> io::Result<Vec<u8>> {
        self.store.get(id).ok_or(io::ErrorKind::NotFound.into())
    }
}
