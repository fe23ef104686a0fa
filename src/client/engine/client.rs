//! The client: its data, and the clients derived from it. Its operations are in the files that
//! implement them.

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
use super::region::Location;
use super::retry::{Hook, RetryPolicy};
use super::transport::Transport;
use crate::types::{AccountSid, Redacted};

pub(in crate::client) const USER_AGENT: &str =
    concat!("clinspark-twilio/", env!("CARGO_PKG_VERSION"));

/// Sends requests to Twilio's REST API for one account. Cheap to clone; clones share connections.
///
/// A failed request is retried only where a retry is safe: see
/// [`Error::is_retryable`](crate::client::Error::is_retryable).
///
/// | Limit | Default |
/// |---|---|
/// | a request with all of its retries ([`operation_timeout`](crate::client::ClientBuilder::operation_timeout)) | 90 seconds |
/// | one attempt ([`attempt_timeout`](crate::client::ClientBuilder::attempt_timeout)) | 35 seconds |
/// | a pause within a response ([`stall_timeout`](crate::client::ClientBuilder::stall_timeout)) | 20 seconds |
/// | requests in flight at once ([`max_in_flight`](crate::client::ClientBuilder::max_in_flight)) | 20 |
/// | connecting | 5 seconds |
/// | size of a response | 4 MiB |
/// | size of a page of a list | 24 MiB |
///
/// Dropping the future of a request stops the request. It may have been sent by then: treat its
/// outcome as unknown.
///
/// Requests need a Tokio runtime with timers and I/O enabled, such as that of `#[tokio::main]` or
/// `Builder::enable_all`. Outside of a runtime a request ends as
/// [`ErrorKind::NoRuntime`](crate::client::ErrorKind::NoRuntime). In a runtime without timers or
/// I/O, Tokio panics.
///
/// ```
/// use clinspark_twilio::client::messages::{SendMessage, Sender};
/// use clinspark_twilio::types::MessageStatus;
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(
/// #         201,
/// #         r#"{"sid": "SM00000000000000000000000000000001", "status": "queued"}"#,
/// #     ));
///
/// // Without `with_transport`, the client connects to Twilio.
/// let client = Client::builder(credentials, Delivery::Live).with_transport(transport).build()?;
///
/// // The id in the query identifies the message even if the response is lost.
/// let request = SendMessage::new(volunteer, clinic, "See you at 9:00.")
///     .status_callback("https://clinic.example/twilio/status?message=17");
/// let message = client.execute(request).await?;
/// assert_eq!(message.status, Some(MessageStatus::Queued));
/// # Ok(())
/// # }
/// ```
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
    /// The service's own ID of a text or call, for the audit entry and the span.
    pub(in crate::client) message_id: Option<Arc<str>>,
}

#[derive(Clone)]
pub(in crate::client) struct Config {
    pub(in crate::client) account_sid: AccountSid,
    pub(in crate::client) sign_in: SignIn,
    pub(in crate::client) delivery: Delivery,
    /// `true` when the credentials belong to the parent account.
    pub(in crate::client) borrowed: bool,
    pub(in crate::client) base_urls: BaseUrls,
    pub(in crate::client) location: Location,
    pub(in crate::client) attempt_timeout: Duration,
    pub(in crate::client) operation_timeout: Duration,
    pub(in crate::client) stall_timeout: Duration,
    pub(in crate::client) retry: RetryPolicy,
    /// Message with which texts and calls are refused. A messenger sets it on the client that it
    /// hands out, whose texts and calls would bypass the messenger's gates.
    pub(in crate::client) delivery_refusal: Option<&'static str>,
}

impl Client {
    /// Returns a client for a sub-account. It uses this client's credentials and shares its
    /// connections, permits and retry budget.
    ///
    /// It runs only requests whose path names the account: messages, calls, recordings, numbers,
    /// applications, balance. Other requests are refused as
    /// [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid). With the parent's credentials,
    /// Twilio would apply them to the parent account.
    #[must_use]
    pub fn for_account(&self, account_sid: AccountSid) -> Self {
        let mut client = self.clone();
        let config = Arc::make_mut(&mut client.config);
        // The account of the credentials is not stored, so a call with it does not clear the mark.
        config.borrowed |= config.account_sid != account_sid;
        config.account_sid = account_sid;
        client
    }

    /// Returns a client that refuses texts and calls with this message.
    pub(crate) fn without_delivery(&self, refusal: &'static str) -> Self {
        let mut client = self.clone();
        let config = Arc::make_mut(&mut client.config);
        config.delivery = Delivery::Off;
        config.delivery_refusal = Some(refusal);
        client
    }

    /// Returns clock, timer and random source of this client.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Returns a client whose audit entries name this person or system, and this purpose.
    #[must_use]
    pub fn on_behalf_of(&self, who: impl Into<String>, purpose: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.initiator = Some(Arc::new(Initiator {
            who: Redacted::new(who.into()),
            purpose: Redacted::new(purpose.into()),
        }));
        client
    }

    /// Returns a client whose audit entries and spans carry the service's own ID of a text or call.
    pub(crate) fn with_message_id(&self, id: &str) -> Self {
        let mut client = self.clone();
        client.message_id = Some(id.into());
        client
    }

    /// Returns the account that requests are made for.
    #[must_use]
    pub fn account_sid(&self) -> AccountSid {
        self.config.account_sid
    }

    /// Returns the recipients that this client may text and call.
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
