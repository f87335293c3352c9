#[alert_on_err]
#[track_caller]
fn get(&self, id: u64) -> Result<u8, E> {
    if id == 0 {
        return Err(E);
    }
    Ok(self.all.get(id)?.len())
}

// becomes

impl S {
    #[cfg(not(any(clippy, doc)))]
    #[track_caller]
    fn get(&self, id: u64) -> Result<u8, E> {
        let __alert_watch = ::alert_core::__private::hooked::<
            Result<u8, E>,
            _,
        >(|__alert_moment| {
            static SITE: ::alert_core::__private::Site = ::alert_core::__private::Site::new(
                "get",
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
        let __alert_output: Result<u8, E> = '_alert: {
            if id == 0 {
                break '_alert Err(E);
            }
            Ok(
                (match ::alert_core::__private::Branch::__alert_branch(
                    self.all.get(id),
                ) {
                    ::alert_core::__private::ControlFlow::Continue(__alert_value) => {
                        __alert_value
                    }
                    ::alert_core::__private::ControlFlow::Break(__alert_rest) => {
                        break '_alert ::alert_core::__private::FromRest::__alert_from(
                            __alert_rest,
                        );
                    }
                })
                    .len(),
            )
        };
        #[allow(unreachable_code)] { __alert_watch.finish(__alert_output) }
    }
    #[cfg_attr(not(clippy), cfg(doc))]
    #[track_caller]
    fn get(&self, id: u64) -> Result<u8, E> {
        if id == 0 {
            return Err(E);
        }
        Ok(self.all.get(id)?.len())
    }
}
