//! What would have been sent, without a network; and how a text is normalised for grouping.

use crate::fingerprint::{Normalizer, Rules};

/// The grouping text of an error's text: what is left once ids, numbers, addresses, times and quoted values are
/// replaced. Two failures of one site and type are the same kind if these texts are equal.
///
/// The text of a chain is its links joined by `: `, outermost first.
///
/// ```
/// use alert_core::testing::normalize;
///
/// assert_eq!(normalize("订单12345支付失败"), "订单<n>支付失败");
/// assert_eq!(
///     normalize("failed to connect to 10.0.3.17:6379: Connection refused (os error 111)"),
///     "failed to connect to <ip>:6379: connection refused (os error 111)",
/// );
/// ```
#[must_use]
pub fn normalize(text: &str) -> String {
    Normalizer::default()
        .chain(core::iter::once(text), &Rules::default())
        .to_owned()
}
