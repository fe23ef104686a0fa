//! [`SandboxBuilder`]: options of a sandbox before it starts.

use std::net::IpAddr;

use http::uri::Authority;

use super::sandbox::Sandbox;
use crate::sandbox::account_check::{AccountCheck, AccountFinding, CheckedAccount};
use crate::sandbox::clock::ClockMode;
use crate::sandbox::error::{SandboxError, SandboxErrorKind};
use crate::sandbox::options::Options;
use crate::sandbox::state::AnswerBehavior;
use crate::sandbox::webhooks;
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

    /// Sets the address on which the server listens. Default 127.0.0.1.
    ///
    /// With `0.0.0.0`, as a container needs, other machines can connect. Whoever reaches the port
    /// controls the sandbox: the page and the control API need no credentials, and a program chooses
    /// its `Host`. Web pages still need one that [`allow_host`](Self::allow_host) permits.
    pub const fn bind(mut self, address: IpAddr) -> Self {
        self.0.address = Some(address);
        self
    }

    /// Accepts requests with this `Host`, such as `twilio.local`, beside loopback. Web pages of the
    /// same origin are accepted too. A host without a port is accepted with the server's own port;
    /// name a forwarded port, as in `localhost:4600`.
    pub fn allow_host(mut self, host: &str) -> Self {
        self.0.allowed_hosts.push(host.to_owned());
        self
    }

    /// Permits webhooks to a host beyond loopback, such as `host.docker.internal`. They are sent to
    /// `address`, or to the address that the system's resolver returns.
    ///
    /// The address must be of this machine or its private network; a webhook to any other is not
    /// sent and becomes alert 11210.
    pub fn webhook_host(mut self, host: &str, address: Option<IpAddr>) -> Self {
        self.0.webhook_hosts.push((host.to_owned(), address));
        self
    }

    /// Sets the port of the server. Default 0: a free port.
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

    /// Sets the number of messages, calls, recordings, webhooks and alerts that are kept, each.
    /// Default 100,000. The oldest are removed first; unfinished messages and calls are kept.
    pub const fn history_limit(mut self, limit: usize) -> Self {
        self.0.history_limit = Some(limit);
        self
    }

    /// Sets the reaction to calls of a phone that neither [`Sandbox::phone`] nor the control API has
    /// added. Default [`AnswerBehavior::NoAnswer`].
    ///
    /// With [`AnswerBehavior::Ring`], a person who plays the phones on the page sees each call ring.
    pub const fn unknown_phones(mut self, behavior: AnswerBehavior) -> Self {
        self.0.unknown_phones = Some(behavior);
        self
    }

    /// Lets connections wait until [`Sandbox::open`], so that no request meets an account that is only
    /// half set up. Default: the server answers at once.
    ///
    /// ```
    /// use clinspark_twilio::phone::E164;
    /// use clinspark_twilio::sandbox::Sandbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().port(0).closed().start().await?;
    /// sandbox.add_number(E164::parse("+14155550100")?);
    /// sandbox.open();
    /// # Ok(())
    /// # }
    /// ```
    pub const fn closed(mut self) -> Self {
        self.0.is_closed = true;
        self
    }

    /// Sets the check of the account that the page offers, and `POST /_sandbox/account-check`. Default:
    /// none, and the page shows the command that checks the account.
    ///
    /// The check has 30 seconds. An error is the reason for which nothing can be checked, such as a
    /// malformed domain.
    ///
    /// ```
    /// use clinspark_twilio::sandbox::{AccountFinding, FindingSeverity, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().account_check(|account| async move {
    ///     let actual = "the number has no TwiML App";
    ///     let unbound = AccountFinding::new(FindingSeverity::Blocker, "application", actual)
    ///         .expected("a TwiML App for calls and texts")
    ///         .remedy("support", "bind the number to a TwiML App");
    ///     Ok(if account.application_sid.is_none() { vec![unbound] } else { Vec::new() })
    /// });
    /// # sandbox.start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn account_check<F, R>(mut self, check: F) -> Self
    where
        F: Fn(CheckedAccount) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<AccountFinding>, String>> + Send + 'static,
    {
        self.0.account_check = Some(AccountCheck::new(check));
        self
    }

    /// Starts the sandbox. Requires a Tokio runtime with I/O and time enabled.
    ///
    /// # Errors
    ///
    /// Returns [`SandboxErrorKind::Start`](crate::sandbox::SandboxErrorKind::Start) if the sandbox
    /// cannot listen on the port, gets no random bytes, or cannot build its HTTP client. Returns
    /// [`InvalidSetting`](SandboxErrorKind::InvalidSetting) if a host is not the name or address of
    /// one, or an address of `webhook_host` is not on this machine or its private network.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let refused = |what| Err(SandboxError::new(SandboxErrorKind::InvalidSetting, what));
        let mut allowed = self.0.allowed_hosts.iter();
        if !allowed.all(|host| authority(host).is_some()) {
            return refused("an allowed host is neither a host nor a host with a port");
        }
        let mut hosts = self.0.webhook_hosts.iter().map(|(host, _)| authority(host));
        if !hosts.all(|host| host.is_some_and(|host| host.port().is_none())) {
            return refused("a webhook host is not a host name or address without a port");
        }
        let mut addresses = self
            .0
            .webhook_hosts
            .iter()
            .filter_map(|(_, address)| *address);
        if !addresses.all(webhooks::is_near) {
            return refused("a webhook host is not on this machine or its private network");
        }
        Sandbox::start_with(&self.0).await
    }
}

/// Parses a host with or without a port.
fn authority(text: &str) -> Option<Authority> {
    let parsed = text.parse::<Authority>().ok()?;
    let whole = match parsed.port() {
        Some(port) => format!("{}:{port}", parsed.host()),
        None => parsed.host().to_owned(),
    };
    // Credentials or a malformed port are not part of `whole`.
    (whole == text && !parsed.host().is_empty()).then_some(parsed)
}
