//! The client: its data, and the handles derived from it. Operations on it are in the files that
//! carry them out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::audit::{Initiator, Trail};
use super::base_url::BaseUrls;
use super::budget::Budget;
use super::clock::Clock;
use super::concurrency::Concurrency;
use super::credentials::SignIn;
use super::guard::Delivery;
use super::region::ProcessingRegion;
use super::retry::{Hook, RetryPolicy};
use super::transport::Transport;
use crate::types::{AccountSid, Redacted};

pub(in crate::client) const USER_AGENT: &str =
    concat!("clinspark-twilio/", env!("CARGO_PKG_VERSION"));

/// Runs requests against one account. Cheap to clone; clones share connections.
///
/// A request that is lost is sent again only where that cannot do harm: see [`RetryPolicy`]. It
/// ends at the latest after the operation timeout (90 seconds unless set), each attempt after the
/// attempt timeout (35 seconds), connecting after 5 seconds, an answer that stops arriving after
/// 20. At most 20 are in flight at once. An answer over 4 MiB is not read, nor a page of a list over
/// 24 MiB. Dropping the future of a request stops it; whether it had left by then cannot be said.
///
/// Requests run on a Tokio runtime whose timers and I/O are enabled, as those of `#[tokio::main]`
/// and `Builder::enable_all` are. Polled outside of one, a request ends as
/// [`ErrorKind::NoRuntime`](crate::client::ErrorKind::NoRuntime). In one without timers or I/O Tokio panics.
#[derive(Clone)]
pub struct Client {
    pub(in crate::client) config: Arc<Config>,
    pub(in crate::client) transport: Arc<dyn Transport>,
    pub(in crate::client) clock: Arc<dyn Clock>,
    pub(in crate::client) budget: Arc<Budget>,
    pub(in crate::client) concurrency: Concurrency,
    pub(in crate::client) hook: Option<Arc<Hook>>,
    pub(in crate::client) trail: Option<Arc<Trail>>,
    pub(in crate::client) initiator: Option<Arc<Initiator>>,
}

#[derive(Clone)]
pub(in crate::client) struct Config {
    pub(in crate::client) account_sid: AccountSid,
    pub(in crate::client) sign_in: SignIn,
    pub(in crate::client) delivery: Delivery,
    /// Whether the credentials are another account's, the one above it.
    pub(in crate::client) borrowed: bool,
    pub(in crate::client) base_urls: BaseUrls,
    pub(in crate::client) region: ProcessingRegion,
    pub(in crate::client) edge: Option<String>,
    pub(in crate::client) attempt_timeout: Duration,
    pub(in crate::client) operation_timeout: Duration,
    pub(in crate::client) stall_timeout: Duration,
    pub(in crate::client) retry: RetryPolicy,
    /// Refusal of every text and call, for a client that is handed out beside one with gates.
    pub(in crate::client) delivery_refusal: Option<&'static str>,
}

impl Client {
    /// A client for a sub-account that signs in as this one does, and shares its connections, its
    /// permits and its retry budget.
    ///
    /// Only requests whose path names the account can be made so (messages, calls, recordings,
    /// numbers, applications, balance). The others are refused as [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid): without
    /// credentials of the sub-account's own, Twilio would take them for this account's.
    #[must_use]
    pub fn for_account(&self, account_sid: AccountSid) -> Self {
        let mut client = self.clone();
        let config = Arc::make_mut(&mut client.config);
        config.borrowed |= config.account_sid != account_sid;
        config.account_sid = account_sid;
        client
    }

    /// The same client without texts and calls: it refuses them with this sentence.
    pub(crate) fn without_delivery(&self, refusal: &'static str) -> Self {
        let mut client = self.clone();
        let config = Arc::make_mut(&mut client.config);
        config.delivery = Delivery::Off;
        config.delivery_refusal = Some(refusal);
        client
    }

    /// Clock, timer and random source of this client.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The same client on somebody's initiator: what the audit trail says of its requests.
    #[must_use]
    pub fn on_behalf_of(&self, who: impl Into<String>, purpose: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.initiator = Some(Arc::new(Initiator {
            who: Redacted::new(who.into()),
            purpose: Redacted::new(purpose.into()),
        }));
        client
    }

    /// The account that requests are made for.
    #[must_use]
    pub fn account_sid(&self) -> AccountSid {
        self.config.account_sid
    }

    /// Who may be reached through this client.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.config.delivery
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account_sid", &self.config.account_sid)
            .field("delivery", &self.config.delivery)
            .field("base_url", &self.config.base_urls)
            .field("attempt_timeout", &self.config.attempt_timeout)
            .finish_non_exhaustive()
    }
}
