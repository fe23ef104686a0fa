//! Guides: one page a subject.
//!
//! | Page | Subject |
//! |---|---|
//! | [`setup`] | set-up runbook of an account, with every environment variable |
//! | [`network`] | failures of the network: retries, outcomes, timeouts, HTTP proxies |
//! | [`batches`] | a template for a cohort: states, crashes, pace, other engines |
//! | [`consent`] | consent, quiet hours and audit |
//! | [`proxies`] | webhooks behind a proxy, a gateway or a tunnel |
//! | [`testing`] | tests of a service, without an account |
//! | [`sandbox`] | the sandbox as a server, for clients in Python, Node, Java, Go, C#, Ruby, PHP and for curl |
//! | [`security`] | attackers, replays, rotation of keys, logs, compliance |
//! | [`migration`] | moving from twilio-python, twilio-node and the crate `twilio` |
//! | [`comparison`] | other libraries, cell by cell, with sources |
//! | [`design`] | decisions, their reasons and their price |
//! | [`performance`] | figures, and typed numbers that mislead other parsers |

#[doc = include_str!("batches.md")]
pub mod batches {}
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
#[doc = include_str!("sandbox/mod.md")]
pub mod sandbox {
    #[doc = include_str!("sandbox/csharp.md")]
    pub mod csharp {}
    #[doc = include_str!("sandbox/curl.md")]
    pub mod curl {}
    #[doc = include_str!("sandbox/go.md")]
    pub mod go {}
    #[doc = include_str!("sandbox/java.md")]
    pub mod java {}
    #[doc = include_str!("sandbox/node.md")]
    pub mod node {}
    #[doc = include_str!("sandbox/php.md")]
    pub mod php {}
    #[doc = include_str!("sandbox/python.md")]
    pub mod python {}
    #[doc = include_str!("sandbox/ruby.md")]
    pub mod ruby {}
}
#[doc = include_str!("security.md")]
pub mod security {}
#[doc = include_str!("setup.md")]
pub mod setup {}
#[doc = include_str!("testing.md")]
pub mod testing {}
