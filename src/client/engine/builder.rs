//! Builder of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::audit::{AuditPolicy, AuditSink, Trail};
use super::base_url::{BaseUrl, BaseUrls, Host};
use super::budget::{Budget, RetryBudget};
use super::client::{Client, Config};
use super::clock::{Clock, SystemClock};
use super::concurrency::{Concurrency, MAX_IN_FLIGHT};
use super::credentials::Credentials;
use super::error::Error;
use super::guard::Delivery;
use super::outcome::{Effect, ErrorKind};
use super::region::ProcessingRegion;
#[cfg(feature = "rustls")]
use super::reqwest::ReqwestTransport;
use super::retry::{Hook, RetryEvent, RetryPolicy};
use super::transport::Transport;
use super::url::is_label;
use crate::types::AccountSid;

/// Default limit of an attempt. Twilio itself gives up on a request after about 30 seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(35);

/// Default limit of an operation: two full attempts, and the waits between further ones.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(90);

/// Default limit of a pause. Twilio writes a response at once: a longer pause means a broken
/// connection.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);

/// Builds a [`Client`]. [`Client::builder`] returns one.
///
/// The setters can be called in any order; of two calls of a setter, the last one counts. Only
/// [`build`](Self::build) can fail.
///
/// ```
/// use std::time::Duration;
/// use clinspark_twilio::client::{Client, Delivery, ProcessingRegion};
/// # use clinspark_twilio::client::Credentials;
/// # use clinspark_twilio::client::messages::FetchMessage;
/// # use clinspark_twilio::types::MessageSid;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let sid = MessageSid::parse("SM00000000000000000000000000000001")?;
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(200, r#"{"sid": "SM00000000000000000000000000000001"}"#));
///
/// let builder = Client::builder(credentials, Delivery::Live)
///     .region(ProcessingRegion::Ie1)
///     .operation_timeout(Duration::from_secs(60))
///     .max_in_flight(10)
///     .with_transport(transport.clone());
///
/// let client = builder.clone().build()?;
/// client.execute(FetchMessage::new(sid)).await?;
/// assert_eq!(transport.requests()[0].host(), "api.dublin.ie1.twilio.com");
///
/// // Plain `http` would show the credentials to the network.
/// let error = builder.base_url("http://gateway.clinic.example").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "ClientBuilder::base_url: the base URL must be https, or http on a loopback host; \
///      nothing was sent"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` makes a client of it"]
pub struct ClientBuilder {
    credentials: Credentials,
    delivery: Delivery,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    region: ProcessingRegion,
    edge: Option<String>,
    base_url: Option<String>,
    host_base_urls: Vec<(Host, String)>,
    attempt_timeout: Duration,
    operation_timeout: Duration,
    stall_timeout: Duration,
    retry: RetryPolicy,
    retry_budget: RetryBudget,
    max_in_flight: usize,
    hook: Option<Arc<Hook>>,
    trail: Option<Arc<Trail>>,
}

impl Client {
    /// Creates a client with the default settings: HTTPS through rustls, directly to Twilio. For
    /// proxies see [`ReqwestTransport`], for other settings [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] if TLS cannot be set up, such as on a machine without certificate
    /// roots.
    #[cfg(feature = "rustls")]
    pub fn new(credentials: Credentials, delivery: Delivery) -> Result<Self, Error> {
        Self::builder(credentials, delivery).build()
    }

    /// Returns a builder for a client with other settings than the defaults.
    pub fn builder(credentials: Credentials, delivery: Delivery) -> ClientBuilder {
        ClientBuilder {
            credentials,
            delivery,
            transport: None,
            clock: Arc::new(SystemClock),
            region: ProcessingRegion::Us1,
            edge: None,
            base_url: None,
            host_base_urls: Vec::new(),
            attempt_timeout: ATTEMPT_TIMEOUT,
            operation_timeout: OPERATION_TIMEOUT,
            stall_timeout: STALL_TIMEOUT,
            retry: RetryPolicy::new(),
            retry_budget: RetryBudget::new(),
            max_in_flight: MAX_IN_FLIGHT,
            hook: None,
            trail: None,
        }
    }
}

impl ClientBuilder {
    /// Sets the transport that sends the requests. Default [`ReqwestTransport`].
    ///
    /// Without feature `rustls` there is no default transport, and [`build`](Self::build) fails
    /// unless one is set here.
    pub fn with_transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets clock, timer and random source, for tests. Default: the system's, with Tokio's timer.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the region that processes and stores the account's data. Default
    /// [`Us1`](ProcessingRegion::Us1). The credentials must belong to the same region.
    ///
    /// A [`base_url`](Self::base_url) replaces the region's hosts.
    pub fn region(mut self, region: ProcessingRegion) -> Self {
        self.region = region;
        self
    }

    /// Sets the edge location in the names of Twilio's hosts, such as `dublin`. Default: the edge
    /// nearest to the [region](Self::region).
    ///
    /// Seldom needed: Twilio routes REST requests to the nearest edge by itself. For regions other
    /// than `us1`, Twilio's documents name the hosts of `dublin.ie1` and `sydney.au1` only, which
    /// are the defaults here.
    ///
    /// The host names edge and region, as in `api.frankfurt.ie1.twilio.com`. Any DNS label is
    /// accepted, because Twilio adds edges. Requests through an edge that does not exist fail with
    /// [`ErrorKind::Connect`]. A [`base_url`](Self::base_url) replaces these hosts.
    ///
    /// Source: <https://www.twilio.com/docs/global-infrastructure/understanding-edge-locations>
    pub fn edge(mut self, edge: impl Into<String>) -> Self {
        self.edge = Some(edge.into());
        self
    }

    /// Sets the URL that replaces all of Twilio's hosts, such as that of a sandbox, test server or
    /// gateway. Scheme, host and port only.
    ///
    /// The server receives the credentials. The URL must therefore be `https`, or `http` on a
    /// loopback host (`localhost`, `127.0.0.0/8`, `::1`).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the URL that replaces one of Twilio's hosts, such as that of a gateway for messages.
    /// It precedes [`base_url`](Self::base_url), and the same rules apply to it.
    pub fn host_base_url(mut self, host: Host, url: impl Into<String>) -> Self {
        self.host_base_urls.retain(|(other, _)| *other != host);
        self.host_base_urls.push((host, url.into()));
        self
    }

    /// Sets the time limit of one attempt, from connecting to the last byte of the response.
    /// Default 35 seconds, because Twilio gives up after about 30.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the time limit of a request with all of its retries. Default 90 seconds.
    ///
    /// A create begins only if enough time remains for its response: the
    /// [`attempt_timeout`](Self::attempt_timeout), or half of this limit where that is less.
    /// Otherwise this limit could cut off the response and leave the outcome unknown.
    ///
    /// By default a message or call is therefore sent within the first 55 seconds or not at all
    /// ([`NotSent`](crate::client::Outcome::NotSent),
    /// [`Phase::Queue`](crate::client::Phase::Queue)). Other requests use the remaining time.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = timeout;
        self
    }

    /// Sets the longest pause within the body of a response or of a
    /// [`download`](Client::download). Default 20 seconds.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// Sets the number of attempts and the waits between them. Default [`RetryPolicy::new`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the number of retries that the client and its clones may make together. Default
    /// [`RetryBudget::new`]: 100, and 10 more each second.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Sets the maximum number of requests in flight at once, from connecting to the last byte of
    /// the response. Default 20; 0 counts as 1. Further requests wait for a permit, first come,
    /// first served.
    ///
    /// After a 429 from Twilio, the client halves the number in flight, or lowers it to the
    /// `Twilio-Concurrent-Requests` of that response if this is less. After every 20 successes it
    /// allows one more, up to this maximum.
    ///
    /// All clones of the client share the limit, including those for sub-accounts. Waiting counts
    /// against the [`operation_timeout`](Self::operation_timeout). If too little time is left
    /// after waiting, the request ends as [`NotSent`](crate::client::Outcome::NotSent) in
    /// [`Phase::Queue`](crate::client::Phase::Queue). A request that waits for its retry holds no
    /// permit. Neither does a [`download`](Client::download) while its body arrives.
    ///
    /// The client opens as many connections as there are requests in flight. On several threads, a
    /// few more can be open for a while: another connection may become free while a request opens
    /// a new one. The request then uses the free connection, and the new one is kept for the next
    /// request.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets a function that is called before each wait for a retry. It runs on the task of the
    /// request and must not block.
    pub fn on_retry(mut self, hook: impl Fn(&RetryEvent<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(Hook::new(hook)));
        self
    }

    /// Sets the sink of the audit trail, which receives an entry before and after every attempt.
    /// Default: no audit trail.
    pub fn audit(mut self, sink: impl AuditSink, policy: AuditPolicy) -> Self {
        self.trail = Some(Arc::new(Trail::new(sink, policy)));
        self
    }

    /// Returns account and delivery. A messenger compares them, because its gates were set up for
    /// them.
    pub(crate) fn target(&self) -> (AccountSid, &Delivery) {
        (self.credentials.account_sid(), &self.delivery)
    }

    /// Creates the client. Each call creates one with its own retry budget and its own limit on
    /// requests in flight.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`], whose [`operation`](Error::operation) names the setter, if:
    ///
    /// - a base URL is neither `https` nor on a loopback host, or has more parts than scheme, host
    ///   and port;
    /// - the edge is not a DNS label;
    /// - no transport is set, and TLS cannot be set up, such as on a machine without certificate
    ///   roots;
    /// - no transport is set, and feature `rustls` is off.
    pub fn build(self) -> Result<Client, Error> {
        let base_urls = self.base_urls()?;
        let edge = self.checked_edge()?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => stock_transport()?,
        };
        Ok(Client {
            config: Arc::new(Config {
                account_sid: self.credentials.account_sid(),
                sign_in: self.credentials.sign_in(),
                delivery: self.delivery,
                borrowed: false,
                base_urls,
                region: self.region,
                edge,
                attempt_timeout: self.attempt_timeout,
                operation_timeout: self.operation_timeout,
                stall_timeout: self.stall_timeout,
                retry: self.retry,
                delivery_refusal: None,
            }),
            transport,
            clock: self.clock,
            budget: Arc::new(Budget::full(self.retry_budget)),
            concurrency: Concurrency::new(self.max_in_flight),
            hook: self.hook,
            trail: self.trail,
            initiator: None,
            message_id: None,
        })
    }

    fn base_urls(&self) -> Result<BaseUrls, Error> {
        let mut urls = BaseUrls::default();
        if let Some(url) = &self.base_url {
            urls.set_all(checked_url("ClientBuilder::base_url", url)?);
        }
        for (host, url) in &self.host_base_urls {
            urls.set(*host, checked_url("ClientBuilder::host_base_url", url)?);
        }
        Ok(urls)
    }

    fn checked_edge(&self) -> Result<Option<String>, Error> {
        let Some(edge) = &self.edge else {
            return Ok(None);
        };
        if is_label(edge) {
            return Ok(Some(edge.to_ascii_lowercase()));
        }
        Err(invalid(
            "ClientBuilder::edge",
            "the edge must be one label of a host name, such as `dublin`",
        ))
    }
}

fn checked_url(setter: &'static str, url: &str) -> Result<BaseUrl, Error> {
    BaseUrl::parse(url).map_err(|what| invalid(setter, what))
}

fn invalid(setter: &'static str, what: &'static str) -> Error {
    Error::new(setter, Effect::Read, ErrorKind::Invalid).with_message(what)
}

#[cfg(feature = "rustls")]
fn stock_transport() -> Result<Arc<dyn Transport>, Error> {
    match ReqwestTransport::new() {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(cause) => {
            let what = "TLS cannot be set up on this machine: check its certificate roots";
            Err(invalid("ClientBuilder::build", what).with_source(Some(cause)))
        }
    }
}

#[cfg(not(feature = "rustls"))]
fn stock_transport() -> Result<Arc<dyn Transport>, Error> {
    Err(invalid(
        "ClientBuilder::with_transport",
        "no transport is set; set one, or enable feature `rustls`",
    ))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // URLs are not shown: they are unchecked, and people paste credentials into them.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("delivery", &self.delivery)
            .field("region", &self.region)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("operation_timeout", &self.operation_timeout)
            .field("stall_timeout", &self.stall_timeout)
            .field("retry", &self.retry)
            .field("retry_budget", &self.retry_budget)
            .field("max_in_flight", &self.max_in_flight)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, not(feature = "rustls")))]
mod tests {
    use super::*;
    use crate::types::{AccountSid, AuthToken};

    #[test]
    fn without_rustls_a_client_needs_a_transport() {
        let account = AccountSid::parse("AC00000000000000000000000000000001").unwrap();
        let credentials = Credentials::auth_token(account, AuthToken::new("token").unwrap());
        let error = Client::builder(credentials, Delivery::Off).build();
        assert_eq!(
            error.unwrap_err().to_string(),
            "ClientBuilder::with_transport: no transport is set; set one, or enable feature \
             `rustls`; nothing was sent"
        );
    }
}
