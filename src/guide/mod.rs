//! Guides: one page a subject.
//!
//! | Page | Subject |
//! |---|---|
//! | [`setup`] | set-up runbook of an account, with every environment variable |
//! | [`network`] | failures of the network: retries, outcomes, timeouts, HTTP proxies |
//! | [`consent`] | consent, quiet hours and audit |
//! | [`proxies`] | webhooks behind a proxy, a gateway or a tunnel |
//! | [`testing`] | tests of a service, without an account |
//! | [`security`] | attackers, replays, rotation of keys, logs, compliance |
//! | [`migration`] | moving from twilio-python, twilio-node and the crate `twilio` |
//! | [`comparison`] | other libraries, cell by cell, with sources |
//! | [`design`] | decisions, their reasons and their price |
//! | [`performance`] | figures, and typed numbers that mislead other parsers |

#[doc = include_str!("comparison.md")]
pub mod comparison {}
#[doc = include_str!("consent.md")]
pub mod consent {}
#[doc = include_str!("design.md")]
pub mod design {}
#[doc = include_str!("migration.md")]
pub mod migration {}
#[doc = include_str!("network.md")]
pub mod network {}
#[doc = include_str!("performance.md")]
pub mod performance {}
#[doc = include_str!("proxies.md")]
pub mod proxies {}
#[doc = include_str!("security.md")]
pub mod security {}
#[doc = include_str!("setup.md")]
pub mod setup {}
#[doc = include_str!("testing.md")]
pub mod testing {}
