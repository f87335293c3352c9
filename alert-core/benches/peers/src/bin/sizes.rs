//! Prints how large the futures of each peer are, in bytes, one level deep and four.

use std::future::ready;
use std::mem::size_of_val;

use peers::Failed;

macro_rules! levels {
    ($attrs:tt $ty:ty:) => {};
    ([$($attr:tt)*] $ty:ty: $caller:ident $callee:ident $($more:ident)*) => {
        $($attr)* async fn $caller(n: $ty) -> Result<usize, Failed> { Ok($callee(n).await? + 1) }
        levels!([$($attr)*] $ty: $($more)*);
    };
}

macro_rules! peer {
    ($name:ident, [$($attr:tt)*]) => {
        mod $name {
            use super::*;

            $($attr)* async fn argument_1(n: [u8; 1024]) -> Result<usize, Failed> { ready(()).await; Ok(n.len()) }
            levels!([$($attr)*] [u8; 1024]: argument_2 argument_1 argument_3 argument_2 argument_4 argument_3);

            $($attr)* async fn local_1(n: usize) -> Result<usize, Failed> {
                let local = std::hint::black_box([n as u8; 1024]);
                ready(()).await;
                Ok(local.len())
            }
            levels!([$($attr)*] usize: local_2 local_1 local_3 local_2 local_4 local_3);

            $($attr)* async fn usual_1(text: &str, n: u64) -> Result<u64, Failed> { ready(()).await; Ok(n + text.len() as u64) }
            $($attr)* async fn usual_2(text: &str, n: u64) -> Result<u64, Failed> { Ok(usual_1(text, n).await? + 1) }
            $($attr)* async fn usual_3(text: &str, n: u64) -> Result<u64, Failed> { Ok(usual_2(text, n).await? + 1) }
            $($attr)* async fn usual_4(text: &str, n: u64) -> Result<u64, Failed> { Ok(usual_3(text, n).await? + 1) }

            pub(super) fn print() {
                println!(
                    "| {} | {} | {} | {} | {} | {} | {} |",
                    stringify!($name).replace('_', " "),
                    size_of_val(&argument_1([0; 1024])),
                    size_of_val(&argument_4([0; 1024])),
                    size_of_val(&local_1(0)),
                    size_of_val(&local_4(0)),
                    size_of_val(&usual_1("", 0)),
                    size_of_val(&usual_4("", 0)),
                );
            }
        }
    };
}

peer!(plain, []);
peer!(alert, [#[alert_core::alert_on_err]]);
peer!(alert_public, [#[alert_core::alert_on_err] pub(super)]);
peer!(alert_verbatim, [#[alert_core::alert_on_err(keep_async)]]);
peer!(tracing_err, [#[tracing::instrument(skip_all, err)]]);
peer!(fastrace, [#[::fastrace::trace]]);

fn main() {
    println!("| | 1 KiB argument | four levels | 1 KiB local | four levels | `(&str, u64)` | four levels |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    plain::print();
    alert::print();
    alert_public::print();
    alert_verbatim::print();
    tracing_err::print();
    fastrace::print();
}
