//! Texts, calls and set-up through Twilio's REST API, with an honest answer when the line breaks.
//!
//! Twilio has no idempotency key: a message sent twice reaches the person twice. So the client
//! repeats only what cannot do harm, and an [`Error`] says by [`outcome`](Error::outcome) what is
//! known when the line broke: see [what happens when the network fails](network_failures).
//!
//! ```no_run
//! use clinspark_twilio::client::messages::{SendMessage, Sender};
//! use clinspark_twilio::client::{Client, Credentials, Delivery, Outcome};
//! use clinspark_twilio::phone::E164;
//! use clinspark_twilio::types::{AccountSid, AuthToken};
//!
//! # #[cfg(feature = "rustls")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! let token = AuthToken::new(std::env::var("TWILIO_AUTH_TOKEN")?)?;
//! let client = Client::new(Credentials::auth_token(account, token), Delivery::Live)?;
//!
//! let volunteer = E164::parse("+14155550123")?;
//! let clinic = Sender::Number(E164::parse("+14155550100")?);
//! match client.execute(SendMessage::new(volunteer, clinic, "See you at 9:00.")).await {
//!     Ok(message) => println!("{}", message.sid),
//!     Err(error) => match error.outcome() {
//!         Outcome::NotSent => println!("try again later: {error}"),
//!         Outcome::Rejected => println!("not sent: {error}"),
//!         Outcome::Unknown { .. } => println!("look before sending again: {error}"),
//!     },
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`Client`] | runs requests |
//! | [`messages`], [`calls`], [`recordings`] | texts and calls: send, read, stop, redact, delete |
//! | [`numbers`], [`short_codes`], [`applications`], [`services`] | what answers on our numbers |
//! | [`a2p`], [`toll_free`], [`permissions`], [`lookups`] | who may be texted and called from where |
//! | [`Credentials`] | auth token, API key or bearer token |
//! | [`TokenSource`] | where bearer tokens come from |
//! | [`Host`] | one of Twilio's hosts, to be replaced |
//! | [`accounts`], [`alerts`], [`events`] | the account, its balance, its debugger, its audit log |
//! | [`ProcessingRegion`] | where Twilio processes and keeps what is asked for |
//! | [`Delivery`] | who may be reached from here |
//! | [`Error`], [`Outcome`], [`ErrorKind`], [`ApiError`] | what happened, what is known, why |
//! | [`codes`] | what Twilio's error codes mean, and what to do about them |
//! | [`Client::reconcile`], [`Reconciled`] | whether a message or call went out after all |
//! | [`Client::download`], [`Downloaded`] | recordings and media, in pieces |
//! | [`List`], [`Page`] | a list as a stream; one page of it, and the request for the next |
//! | [`AuditSink`], [`AuditEntry`], [`AuditEvent`], [`AuditPolicy`] | a trail of who did what |
//! | [`RetryPolicy`], [`RetryBudget`], [`RetryEvent`] | how patiently requests are sent again, and a look at it |
//! | [`network_failures`] | what happens when the network fails |
//! | [`testing`], [`Runtime`] | scripted answers; clock, timer and chance, for tests |
//! | [`Transport`], [`Body`], [`TransportError`] | another way out |
//! | [`ReqwestTransport`] | the stock way out (feature `rustls`) |

pub mod a2p;
pub mod accounts;
pub mod alerts;
pub mod applications;
pub mod calls;
pub mod codes;
pub mod events;
pub mod lookups;
pub mod messages;
pub mod network_failures;
pub mod numbers;
pub mod permissions;
pub mod recordings;
pub mod services;
pub mod short_codes;
pub mod testing;
pub mod toll_free;

mod api_error;
mod audit;
mod base_url;
mod bearer;
mod budget;
mod comparison;
mod concurrency;
mod credentials;
mod download;
mod error;
mod exchange;
mod execute;
mod form;
mod guard;
mod inspect;
mod list;
mod page;
mod prepare;
mod read;
mod reconcile;
mod region;
mod repair;
mod request;
#[cfg(feature = "rustls")]
mod reqwest;
mod retry;
mod runtime;
mod schedule;
mod settled;
mod trace;
mod transport;
mod url;
mod webhook_url;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::types::{AccountSid, Redacted};

pub use self::api_error::ApiError;
pub use self::audit::{AuditEntry, AuditEvent, AuditPolicy, AuditSink, Auditing};
pub use self::base_url::Host;
pub use self::bearer::{FetchingToken, TokenSource};
pub use self::budget::RetryBudget;
pub use self::credentials::Credentials;
pub use self::download::{Download, Downloaded};
pub use self::error::{Effect, Error, ErrorKind, Outcome};
pub use self::guard::Delivery;
pub use self::list::List;
pub use self::page::{NextPage, Page, UnreadableItem};
pub use self::reconcile::{Reconcile, Reconciled};
pub use self::region::ProcessingRegion;
pub use self::request::Request;
#[cfg(feature = "rustls")]
pub use self::reqwest::ReqwestTransport;
pub use self::retry::{RetryEvent, RetryPolicy};
pub use self::runtime::{Runtime, Sleeping};
pub use self::transport::{Body, Phase, Progress, Sending, Transport, TransportError};
pub use self::webhook_url::WebhookUrl;

use self::audit::{Behalf, Trail};
use self::base_url::{BaseUrl, BaseUrls};
use self::budget::Budget;
use self::concurrency::Concurrency;
use self::credentials::SignIn;
use self::page::Listed;
use self::retry::Hook;

/// Twilio itself gives up on a request after about 30 seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(35);

/// Two whole attempts and the waits between more of them.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(90);

/// Answers are written in one go: one that pauses for so long is broken.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);

const USER_AGENT: &str = concat!("clinspark-twilio/", env!("CARGO_PKG_VERSION"));

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
    settings: Arc<Settings>,
    transport: Arc<dyn Transport>,
    runtime: Arc<dyn Runtime>,
    budget: Arc<Budget>,
    concurrency: Concurrency,
    hook: Option<Arc<Hook>>,
    trail: Option<Arc<Trail>>,
    behalf: Option<Arc<Behalf>>,
}

#[derive(Clone)]
struct Settings {
    account_sid: AccountSid,
    sign_in: SignIn,
    delivery: Delivery,
    /// Whether the credentials are another account's, the one above it.
    borrowed: bool,
    base_urls: BaseUrls,
    region: ProcessingRegion,
    attempt_timeout: Duration,
    operation_timeout: Duration,
    stall_timeout: Duration,
    retry: RetryPolicy,
    /// Refusal of every text and call, for a client that is handed out beside one with gates.
    reaches_nobody: Option<&'static str>,
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
    /// ([`NotSent`](Outcome::NotSent), [`Phase::Queue`]). Other requests use what is left.
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
