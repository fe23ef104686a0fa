//! Options of a sandbox at its start.

use std::net::IpAddr;

use super::account_check::AccountCheck;
use super::clock::ClockMode;
use super::state::AnswerBehavior;
use crate::types::{AccountSid, AuthToken};

/// Options that [`SandboxBuilder`](super::SandboxBuilder) collects.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) clock: ClockMode,
    pub(crate) seed: Option<u64>,
    /// Address of the server; `None` is 127.0.0.1.
    pub(crate) address: Option<IpAddr>,
    pub(crate) port: u16,
    /// Values of `Host` that are accepted beside loopback.
    pub(crate) allowed_hosts: Vec<String>,
    /// Hosts beyond loopback to which webhooks may be sent, each with its address.
    pub(crate) webhook_hosts: Vec<(String, Option<IpAddr>)>,
    pub(crate) account_sid: Option<AccountSid>,
    pub(crate) auth_token: Option<AuthToken>,
    pub(crate) history_limit: Option<usize>,
    /// Reaction to calls of phones that were not added.
    pub(crate) unknown_phones: Option<AnswerBehavior>,
    /// Connections wait until the sandbox is opened.
    pub(crate) is_closed: bool,
    /// Check of the account for the page.
    pub(crate) account_check: Option<AccountCheck>,
}
