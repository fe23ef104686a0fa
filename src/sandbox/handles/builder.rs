//! [`SandboxBuilder`]: options of a sandbox before it starts.

use super::sandbox::Sandbox;
use crate::sandbox::clock::ClockMode;
use crate::sandbox::error::SandboxError;
use crate::sandbox::options::Options;
use crate::types::{AccountSid, AuthToken};

/// Options of a [`Sandbox`] before it starts, returned by [`Sandbox::builder`].
///
/// ```
/// use std::time::Duration;
///
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::{AnswerBehavior, ClockMode, Sandbox};
/// use clinspark_twilio::types::CallStatus;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::builder().clock(ClockMode::Held).seed(7).start().await?;
/// let before = sandbox.now();
/// sandbox.advance(Duration::from_secs(3600)).await?;
/// assert_eq!(sandbox.now(), before + Duration::from_secs(3600));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until `start`"]
pub struct SandboxBuilder(Options);

impl SandboxBuilder {
    /// Sets the passage of time. Default [`ClockMode::Instant`].
    pub fn clock(mut self, mode: ClockMode) -> Self {
        self.0.clock = mode;
        self
    }

    /// Makes SIDs, tokens and random faults the same in each run. Default: random.
    ///
    /// Whoever knows the seed knows the auth token, so use a seed only in tests.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.0.seed = Some(seed);
        self
    }

    /// Sets the port of 127.0.0.1. Default 0: a free port.
    pub const fn port(mut self, port: u16) -> Self {
        self.0.port = port;
        self
    }

    /// Sets the SID of the account. Default: random.
    pub const fn account_sid(mut self, sid: AccountSid) -> Self {
        self.0.account_sid = Some(sid);
        self
    }

    /// Sets the auth token, which must not be that of a real account. Default: random.
    pub fn auth_token(mut self, token: AuthToken) -> Self {
        self.0.auth_token = Some(token);
        self
    }

    /// Sets the number of messages, calls, webhooks and alerts that are kept, each. Default
    /// 100,000. The oldest are removed first; unfinished messages and calls are kept.
    pub const fn history_limit(mut self, limit: usize) -> Self {
        self.0.history_limit = Some(limit);
        self
    }

    /// Starts the sandbox. Requires a Tokio runtime with I/O and time enabled.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Start`](crate::sandbox::SandboxErrorKind::Start) if the sandbox
    /// cannot listen on the port, gets no random bytes, or cannot build its HTTP client.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        Sandbox::start_with(&self.0).await
    }
}
