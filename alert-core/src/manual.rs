//! The manual: what does not belong to one type or function.
//!
//! | page | what it answers |
//! | --- | --- |
//! | [`tuning`] | which settings there are, their units, defaults and reasons |
//! | [`robots`] | how to create each robot, and what its answers mean |
//! | [`operations`] | what happens at start, under overload, at a refusal, at exit; what to watch |
//! | [`performance`] | what the attribute costs where nothing fails, measured beside others |
//! | [`comparison`] | how this differs from tracing, Sentry, a channel of your own and PrometheusAlert; how to move |
//! | [`architecture`] | how it works inside, and why so |

#[doc = include_str!("../docs/architecture.md")]
pub mod architecture {}

#[doc = include_str!("../docs/comparison.md")]
pub mod comparison {}

#[doc = include_str!("../docs/operations.md")]
pub mod operations {}

/// [growth-groups]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/growth-groups.svg?sanitize=true
/// [growth-load]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/growth-load.svg?sanitize=true
/// [growth-robots]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/growth-robots.svg?sanitize=true
/// [growth-sites]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/growth-sites.svg?sanitize=true
#[doc = include_str!("../docs/performance.md")]
pub mod performance {}

/// [chain]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/chain.png
/// [chats]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/chats.png
/// [chats-dark]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/chats-dark.png
/// [chats-phone]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/chats-phone.png
/// [database]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/database.png
/// [panic]: https://github.com/alert-on-err/alert-on-err/raw/main/alert-core/docs/images/panic.png
#[doc = include_str!("../docs/robots.md")]
pub mod robots {}

#[doc = include_str!("../docs/tuning.md")]
pub mod tuning {}

/// The README in Chinese, so that its code is tested.
#[cfg(doctest)]
#[doc = include_str!("../README.zh-CN.md")]
mod readme_zh_cn {}
