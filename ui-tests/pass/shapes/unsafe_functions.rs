//! `unsafe` and the like before `fn`, in every order that the language has.

#![deny(warnings)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use alert_core::alert_on_err;

/// Gives what is there, or fails.
///
/// # Safety
///
/// `n` has to be readable.
#[alert_on_err]
pub async unsafe fn later(n: *const u8) -> Result<u8, String> {
    let n = unsafe { *n };
    std::future::ready(()).await;
    if n == 0 { Err("none".to_owned()) } else { Ok(n) }
}

#[alert_on_err]
async unsafe fn private_later(n: *const u8) -> Result<u8, String> {
    Ok(unsafe { later(n) }.await?)
}

#[alert_on_err]
unsafe fn now(n: *const u8) -> Result<u8, String> {
    if n.is_null() {
        return Err("null".to_owned());
    }
    Ok(unsafe { *n })
}

struct Cursor(u8);

impl Cursor {
    #[alert_on_err]
    pub(crate) async unsafe fn method(&mut self) -> Result<u8, String> {
        self.0 += 1;
        Ok(unsafe { now(&raw const self.0) }?)
    }
}

#[alert_on_err]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn alert_ui_exported(n: *const u8) -> i32 {
    i32::from(unsafe { *n })
}

#[cfg(target_arch = "x86_64")]
#[alert_on_err]
#[target_feature(enable = "sse2")]
#[cold]
fn with_a_feature(n: u8) -> Result<u8, String> {
    Ok(n)
}

/// Where a body is unsafe as a whole.
#[allow(unsafe_op_in_unsafe_fn)]
mod implicitly {
    use super::alert_on_err;

    #[alert_on_err]
    pub async unsafe fn later(n: *const u8) -> Result<u8, String> {
        Ok(super::later(n).await?)
    }

    #[alert_on_err]
    pub unsafe fn now(n: *const u8) -> Result<u8, String> {
        Ok(*n)
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("none of them waits"),
    }
}

fn main() {
    let n = 7;
    assert_eq!(block_on(unsafe { private_later(&n) }), Ok(7));
    assert_eq!(block_on(unsafe { private_later(&0) }), Err("none".to_owned()));
    assert_eq!(unsafe { now(std::ptr::null()) }, Err("null".to_owned()));
    let mut cursor = Cursor(8);
    assert_eq!(block_on(unsafe { cursor.method() }), Ok(9));
    assert_eq!(unsafe { alert_ui_exported(&n) }, 7);
    assert_eq!(block_on(unsafe { implicitly::later(&n) }), Ok(7));
    assert_eq!(unsafe { implicitly::now(&n) }, Ok(7));
    // Still unsafe, and still of this type.
    let _: unsafe fn(*const u8) -> Result<u8, String> = now;
    #[cfg(target_arch = "x86_64")]
    assert_eq!(unsafe { with_a_feature(2) }, Ok(2));
    // Two levels of one failure, and another.
    assert_eq!(alert_core::stats().captured(), 2);
}
