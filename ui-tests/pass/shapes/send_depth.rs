//! Thirty-one levels of awaits, lowered, are `Send` under the default recursion limit; twenty-one verbatim.

use alert_core::alert_on_err;

macro_rules! chain {
    ($attr:meta: $($caller:ident $callee:ident)*) => {$(
        #[$attr]
        async fn $caller(n: &str) -> Result<usize, String> {
            $callee(n).await
        }
    )*};
}

#[alert_on_err]
async fn l0(n: &str) -> Result<usize, String> {
    std::future::ready(()).await;
    Ok(n.len())
}

chain!(alert_on_err: l1 l0 l2 l1 l3 l2 l4 l3 l5 l4 l6 l5 l7 l6 l8 l7 l9 l8 l10 l9 l11 l10 l12 l11 l13 l12 l14 l13 l15 l14
    l16 l15 l17 l16 l18 l17 l19 l18 l20 l19 l21 l20 l22 l21 l23 l22 l24 l23 l25 l24 l26 l25 l27 l26 l28 l27 l29 l28 l30 l29);
chain!(alert_on_err(keep_async): v1 l0 v2 v1 v3 v2 v4 v3 v5 v4 v6 v5 v7 v6 v8 v7 v9 v8 v10 v9 v11 v10 v12 v11 v13 v12 v14 v13
    v15 v14 v16 v15 v17 v16 v18 v17 v19 v18 v20 v19);

fn is_send(_: impl Send) {}

fn main() {
    is_send(l30("a"));
    is_send(v20("a"));
}
