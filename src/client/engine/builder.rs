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
#[cfg(feature = "rustls")]
use super::env_proxy;
use super::error::Error;
use super::guard::Delivery;
use super::outcome::{Effect, ErrorKind};
use super::region::{Edge, Location, ProcessingRegion, RegionError};
#[cfg(feature = "rustls")]
use super::reqwest::ReqwestTransport;
use super::retry::{Hook, RetryEvent, RetryPolicy};
use super::transport::Transport;
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
///     .region(ProcessingRegion::IE1)
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
    #[cfg(feature = "rustls")]
    proxies_from_env: bool,
    clock: Arc<dyn Clock>,
    /// An error is that of a variable of the environment.
    region: Result<ProcessingRegion, RegionError>,
    edge: Result<Option<Edge>, RegionError>,
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
    /// other settings, such as proxies, see [`builder`](Self::builder).
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
            #[cfg(feature = "rustls")]
            proxies_from_env: false,
            clock: Arc::new(SystemClock),
            region: Ok(ProcessingRegion::US1),
            edge: Ok(None),
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

    /// Sends requests through the proxy that environment variables name, as most programs do.
    /// Default: directly to Twilio, whatever they name.
    ///
    /// | Variable, also in lower case | Meaning |
    /// |---|---|
    /// | `HTTPS_PROXY` | URL of an http or https proxy, such as `http://user:password@proxy.example:3128` |
    /// | `ALL_PROXY` | the same, if `HTTPS_PROXY` is not set |
    /// | `NO_PROXY` | comma-separated hosts, domains and networks without a proxy; `*` for all |
    /// | `HTTP_PROXY` | no effect: the client sends plain `http` to loopback only |
    ///
    /// The proxy opens a tunnel (`CONNECT`), in which TLS ends at Twilio. It learns Twilio's host
    /// name, and neither the credentials nor the request. Loopback hosts are reached directly.
    ///
    /// The variables are read by [`build`](Self::build). A value that cannot be used is an error,
    /// because without it requests would bypass the proxy. For another proxy, or certificate roots
    /// of one that ends TLS, see [`ReqwestTransport::from_builder`].
    #[cfg(feature = "rustls")]
    pub fn proxies_from_env(mut self) -> Self {
        self.proxies_from_env = true;
        self
    }

    /// Sets clock, timer and random source, for tests. Default: the system's, with Tokio's timer.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the region that processes and stores the account's data. Default
    /// [`US1`](ProcessingRegion::US1). The credentials must belong to the same region.
    ///
    /// Hosts name edge and region together, as in `api.dublin.ie1.twilio.com`. Without an
    /// [`edge`](Self::edge), the edge is the [nearest](ProcessingRegion::nearest_edge). `us1`
    /// alone is Twilio's plain hosts. A [`base_url`](Self::base_url) replaces these hosts.
    pub fn region(mut self, region: ProcessingRegion) -> Self {
        self.region = Ok(region);
        self
    }

    /// Sets the edge location in the names of Twilio's hosts. Default: the edge nearest to the
    /// [region](Self::region).
    ///
    /// Seldom needed: Twilio routes REST requests to the nearest edge by itself. For regions other
    /// than `us1`, Twilio's documents name one edge each, which are the defaults here.
    ///
    /// Requests through an edge that does not exist fail with [`ErrorKind::Connect`]. A
    /// [`base_url`](Self::base_url) replaces these hosts.
    ///
    /// Source: <https://www.twilio.com/docs/global-infrastructure/understanding-edge-locations>
    pub fn edge(mut self, edge: Edge) -> Self {
        self.edge = Ok(Some(edge));
        self
    }

    /// Sets region and edge from the variables `TWILIO_REGION` and `TWILIO_EDGE`, as Twilio's own
    /// libraries do. A variable that is empty or missing changes nothing.
    ///
    /// An edge without a region means `us1`. A variable that cannot be used is an error of
    /// [`build`](Self::build).
    ///
    /// Source: <https://www.twilio.com/docs/twilio-cli/general-usage/regional>
    pub fn region_from_env(mut self) -> Self {
        if let Some(name) = variable("TWILIO_REGION") {
            self.region = ProcessingRegion::parse(&name);
        }
        if let Some(name) = variable("TWILIO_EDGE") {
            self.edge = Edge::parse(&name).map(Some);
        }
        self
    }

    /// Sets the URL that replaces all of Twilio's hosts, such as that of a sandbox, test server or
    /// gateway. Scheme, host and port only. It precedes [`region`](Self::region) and
    /// [`edge`](Self::edge).
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
    /// - the edge of the region is not known, and none is set;
    /// - `TWILIO_REGION` or `TWILIO_EDGE` cannot be used, and
    ///   [`region_from_env`](Self::region_from_env) reads it;
    /// - a proxy of the environment cannot be used, or a transport is set in addition to
    ///   `proxies_from_env`, which it would ignore;
    /// - no transport is set, and TLS cannot be set up, such as on a machine without certificate
    ///   roots;
    /// - no transport is set, and feature `rustls` is off.
    pub fn build(self) -> Result<Client, Error> {
        let base_urls = self.base_urls()?;
        let location = self.location()?;
        let transport = self.checked_transport()?;
        Ok(Client {
            config: Arc::new(Config {
                account_sid: self.credentials.account_sid(),
                sign_in: self.credentials.sign_in(),
                delivery: self.delivery,
                borrowed: false,
                base_urls,
                location,
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

    #[cfg(feature = "rustls")]
    fn checked_transport(&self) -> Result<Arc<dyn Transport>, Error> {
        let builder = reqwest::Client::builder().no_proxy();
        let builder = match (&self.transport, self.proxies_from_env) {
            (Some(transport), false) => return Ok(Arc::clone(transport)),
            (Some(_), true) => {
                let what = "the transport of `with_transport` chooses its proxies itself: set one \
                            of the two";
                return Err(env_proxy::invalid(what));
            }
            (None, false) => builder,
            (None, true) => match env_proxy::from_env()? {
                Some(proxy) => builder.proxy(proxy),
                None => builder,
            },
        };
        match ReqwestTransport::from_builder(builder) {
            Ok(transport) => Ok(Arc::new(transport)),
            Err(cause) => {
                let what = "TLS cannot be set up on this machine: check its certificate roots";
                Err(invalid("ClientBuilder::build", what).with_source(Some(cause)))
            }
        }
    }

    #[cfg(not(feature = "rustls"))]
    fn checked_transport(&self) -> Result<Arc<dyn Transport>, Error> {
        self.transport.clone().ok_or_else(|| {
            invalid(
                "ClientBuilder::with_transport",
                "no transport is set; set one, or enable feature `rustls`",
            )
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

    fn location(&self) -> Result<Location, Error> {
        let in_variable = |RegionError(what)| invalid("ClientBuilder::region_from_env", what);
        let region = self.region.clone().map_err(in_variable)?;
        let edge = self.edge.clone().map_err(in_variable)?;
        Location::new(region, edge)
            .map_err(|RegionError(what)| invalid("ClientBuilder::edge", what))
    }
}

/// Returns the value of an environment variable. An empty variable counts as absent. A value that
/// is not UTF-8 stays a value, so that it is refused.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    Some(value.to_string_lossy().into_owned())
}

fn checked_url(setter: &'static str, url: &str) -> Result<BaseUrl, Error> {
    BaseUrl::parse(url).map_err(|what| invalid(setter, what))
}

fn invalid(setter: &'static str, what: &'static str) -> Error {
    Error::new(setter, Effect::Read, ErrorKind::Invalid).with_message(what)
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
