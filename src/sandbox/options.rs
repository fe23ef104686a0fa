//! Options of a sandbox at its start.

use super::clock::ClockMode;
use crate::types::{AccountSid, AuthToken};

/// Options that [`SandboxBuilder`](super::SandboxBuilder) collects.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) clock: ClockMode,
    pub(crate) seed: Option<u64>,
    pub(crate) port: u16,
    pub(crate) account_sid: Option<AccountSid>,
    pub(crate) auth_token: Option<AuthToken>,
    pub(crate) history_limit: Option<usize>,
}
