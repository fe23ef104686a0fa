//! The client, and how it is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::audit::{AuditPolicy, AuditSink, Behalf, Trail};
use super::base_url::{BaseUrl, BaseUrls, Host};
use super::budget::{Budget, RetryBudget};
use super::concurrency::Concurrency;
use super::credentials::{Credentials, SignIn};
use super::error::{Effect, Error, ErrorKind};
use super::guard::Delivery;
use super::list::List;
use super::page::{Listed, Page};
use super::region::ProcessingRegion;
use super::request::Request;
#[cfg(feature = "rustls")]
use super::reqwest::ReqwestTransport;
use super::retry::{Hook, RetryEvent, RetryPolicy};
use super::runtime::{self, Runtime};
use super::transport::Transport;
use crate::types::{AccountSid, Redacted};

/// Twilio itself gives up on a request after about 30 seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(35);

/// Two whole attempts and the waits between more of them.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(90);

/// Answers are written in one go: one that pauses for so long is broken.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);

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
/// [`ErrorKind::NoRuntime`]. In one without timers or I/O Tokio panics.
#[derive(Clone)]
pub struct Client {
    pub(in crate::client) settings: Arc<Settings>,
    pub(in crate::client) transport: Arc<dyn Transport>,
    pub(in crate::client) runtime: Arc<dyn Runtime>,
    pub(in crate::client) budget: Arc<Budget>,
    pub(in crate::client) concurrency: Concurrency,
    pub(in crate::client) hook: Option<Arc<Hook>>,
    pub(in crate::client) trail: Option<Arc<Trail>>,
    pub(in crate::client) behalf: Option<Arc<Behalf>>,
}

#[derive(Clone)]
pub(in crate::client) struct Settings {
    pub(in crate::client) account_sid: AccountSid,
    pub(in crate::client) sign_in: SignIn,
    pub(in crate::client) delivery: Delivery,
    /// Whether the credentials are another account's, the one above it.
    pub(in crate::client) borrowed: bool,
    pub(in crate::client) base_urls: BaseUrls,
    pub(in crate::client) region: ProcessingRegion,
    pub(in crate::client) attempt_timeout: Duration,
    pub(in crate::client) operation_timeout: Duration,
    pub(in crate::client) stall_timeout: Duration,
    pub(in crate::client) retry: RetryPolicy,
    /// Refusal of every text and call, for a client that is handed out beside one with gates.
    pub(in crate::client) reaches_nobody: Option<&'static str>,
}

impl Client {
    /// A client on the stock transport: HTTPS through rustls, straight to Twilio (see
    /// [`ReqwestTransport`] for proxies).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when TLS cannot be set up, such as on a machine without
    /// certificate roots.
    #[cfg(feature = "rustls")]
    pub fn new(credentials: Credentials, delivery: Delivery) -> Result<Self, Error> {
        let transport = ReqwestTransport::new().map_err(|cause| {
            Error::new("Client::new", Effect::Read, ErrorKind::Invalid)
                .what("TLS cannot be set up on this machine")
                .because(Some(cause))
        })?;
        Ok(Self::over(credentials, delivery, transport))
    }

    /// A client on a transport of your own.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the client takes over the credentials"
    )]
    pub fn over(credentials: Credentials, delivery: Delivery, transport: impl Transport) -> Self {
        Self {
            settings: Arc::new(Settings {
                account_sid: credentials.account_sid(),
                sign_in: credentials.sign_in(),
                delivery,
                borrowed: false,
                base_urls: BaseUrls::default(),
                region: ProcessingRegion::Us1,
                attempt_timeout: ATTEMPT_TIMEOUT,
                operation_timeout: OPERATION_TIMEOUT,
                stall_timeout: STALL_TIMEOUT,
                retry: RetryPolicy::new(),
                reaches_nobody: None,
            }),
            transport: Arc::new(transport),
            runtime: Arc::new(runtime::Tokio),
            budget: Arc::new(Budget::full(RetryBudget::new())),
            concurrency: Concurrency::default(),
            hook: None,
            trail: None,
            behalf: None,
        }
    }

    /// Takes the hour, waiting and chance from here: for tests.
    #[must_use]
    pub fn runtime(mut self, runtime: impl Runtime) -> Self {
        self.runtime = Arc::new(runtime);
        self
    }

    /// Sends everything to this address instead of Twilio's hosts: a sandbox, a test server, a
    /// gateway. Scheme, host and port only.
    ///
    /// The credentials go there too, so it has to be `https`, or `http` on a loopback host
    /// (`localhost`, `127.0.0.0/8`, `::1`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for any other address.
    pub fn base_url(mut self, url: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::checked("Client::base_url", url)?;
        Arc::make_mut(&mut self.settings).base_urls = BaseUrls::all(base_url);
        Ok(self)
    }

    /// The same for one of Twilio's hosts: a gateway for messages, say. It goes before
    /// [`base_url`](Self::base_url), which has to be set first.
    ///
    /// # Errors
    ///
    /// As [`base_url`](Self::base_url).
    pub fn base_url_of(mut self, host: Host, url: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::checked("Client::base_url_of", url)?;
        Arc::make_mut(&mut self.settings)
            .base_urls
            .set(host, base_url);
        Ok(self)
    }

    /// Sends everything to this region's hosts. The credentials have to be that region's own.
    ///
    /// A [`base_url`](Self::base_url) goes before it.
    #[must_use]
    pub fn region(mut self, region: ProcessingRegion) -> Self {
        Arc::make_mut(&mut self.settings).region = region;
        self
    }

    /// A client for a sub-account that signs in as this one does, and shares its connections, its
    /// permits and its retry budget.
    ///
    /// Only requests whose path names the account can be made so (messages, calls, recordings,
    /// numbers, applications, balance). The others are refused as [`ErrorKind::Invalid`]: without
    /// credentials of the sub-account's own, Twilio would take them for this account's.
    #[must_use]
    pub fn for_account(&self, account_sid: AccountSid) -> Self {
        let mut client = self.clone();
        let settings = Arc::make_mut(&mut client.settings);
        settings.borrowed |= settings.account_sid != account_sid;
        settings.account_sid = account_sid;
        client
    }

    /// How long one attempt may take, from connecting to the last byte of the answer. Default
    /// 35 seconds: Twilio gives up after about 30.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).attempt_timeout = timeout;
        self
    }

    /// Time that a request may take with all of its retries. Default 90 seconds.
    ///
    /// No attempt begins without time for it. A create needs the time for its answer, because an
    /// answer that is cut off leaves its outcome unknown: the
    /// [`attempt_timeout`](Self::attempt_timeout), or half of this time where that is less. By
    /// default a message or a call therefore leaves within the first 55 seconds or not at all
    /// ([`NotSent`](crate::client::Outcome::NotSent),
    /// [`Phase::Queue`](crate::client::Phase::Queue)). Other requests use what is left.
    #[must_use]
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).operation_timeout = timeout;
        self
    }

    /// How long the body of an answer, or a [`download`](Self::download), may stop arriving.
    /// Default 20 seconds.
    #[must_use]
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.settings).stall_timeout = timeout;
        self
    }

    /// Number of retries that this client and all clones made from it afterwards may make
    /// together. Default [`RetryBudget::new`]: 100, and 10 more each second.
    ///
    /// ```
    /// # use clinspark_twilio::client::testing::FakeTransport;
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// use clinspark_twilio::client::RetryBudget;
    ///
    /// # fn example(credentials: Credentials, transport: FakeTransport) -> Client {
    /// Client::over(credentials, Delivery::Live, transport)
    ///     .retry_budget(RetryBudget::new().capacity(500).per_second(50))
    /// # }
    /// ```
    #[must_use]
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = Arc::new(Budget::full(budget));
        self
    }

    /// How often and how patiently requests are sent again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        Arc::make_mut(&mut self.settings).retry = policy;
        self
    }

    /// Calls this before each wait for another attempt. It runs on the task that waits: keep it
    /// short.
    #[must_use]
    pub fn on_retry(mut self, hook: impl Fn(&RetryEvent<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(Hook::new(hook)));
        self
    }

    /// The same client without texts and calls: it refuses them with this sentence.
    pub(crate) fn reaching_nobody(&self, refusal: &'static str) -> Self {
        let mut client = self.clone();
        let settings = Arc::make_mut(&mut client.settings);
        settings.delivery = Delivery::Off;
        settings.reaches_nobody = Some(refusal);
        client
    }

    /// The hour and chance, as the client takes them.
    pub(crate) fn own_runtime(&self) -> &dyn Runtime {
        &*self.runtime
    }

    /// Tells this sink of every attempt, before it and after it.
    #[must_use]
    pub fn audit(mut self, sink: impl AuditSink, policy: AuditPolicy) -> Self {
        self.trail = Some(Arc::new(Trail::new(sink, policy)));
        self
    }

    /// The same client on somebody's behalf: what the audit trail says of its requests.
    #[must_use]
    pub fn on_behalf_of(&self, who: impl Into<String>, purpose: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.behalf = Some(Arc::new(Behalf {
            who: Redacted::new(who.into()),
            purpose: Redacted::new(purpose.into()),
        }));
        client
    }

    /// The account that requests are made for.
    #[must_use]
    pub fn account_sid(&self) -> AccountSid {
        self.settings.account_sid
    }

    /// Who may be reached through this client.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.settings.delivery
    }

    /// Reads a list to its end, page after page, as its items are asked for.
    ///
    /// Links to further pages are followed on the host that was asked only. The list ends after
    /// the first error; a link that leads back is one.
    pub fn list<R, T>(&self, request: R) -> List<T>
    where
        R: Request<Output = Page<T>> + 'static,
        T: Listed + Send + 'static,
    {
        List::new(self.clone(), request)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account_sid", &self.settings.account_sid)
            .field("delivery", &self.settings.delivery)
            .field("base_url", &self.settings.base_urls)
            .field("attempt_timeout", &self.settings.attempt_timeout)
            .finish_non_exhaustive()
    }
}
