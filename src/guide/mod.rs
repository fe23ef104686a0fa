//! Guides: one page a subject.
//!
//! | Page | Subject |
//! |---|---|
//! | [`setup`] | set-up runbook of an account, with every environment variable |
//! | [`consent`] | consent, quiet hours and audit |
//! | [`network`] | failures of the network, retries and outcomes |
//! | [`proxies`] | webhooks behind a proxy |
//! | [`testing`] | tests of a service |
//! | [`design`] | decisions and their reasons |
//! | [`performance`] | figures, and typed numbers that mislead other parsers |

#[doc = include_str!("consent.md")]
pub mod consent {}
#[doc = include_str!("design.md")]
pub mod design {}
#[doc = include_str!("network.md")]
pub mod network {}
#[doc = include_str!("performance.md")]
pub mod performance {}
#[doc = include_str!("proxies.md")]
pub mod proxies {}
#[doc = include_str!("setup.md")]
pub mod setup {}
#[doc = include_str!("testing.md")]
pub mod testing {}
