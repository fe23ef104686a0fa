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
//! | [`RetryPolicy`], [`RetryEvent`] | how patiently requests are sent again, and a look at it |
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
mod credentials;
mod download;
mod error;
mod exchange;
mod form;
mod guard;
mod inspect;
mod list;
mod page;
mod prepare;
mod read;
mod reconcile;
mod region;
mod request;
#[cfg(feature = "rustls")]
mod reqwest;
mod retry;
mod runtime;
mod schedule;
mod trace;
mod transport;
mod turns;
mod webhook_url;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header;

use crate::types::{AccountSid, BearerToken, Redacted};

pub use self::api_error::ApiError;
pub use self::audit::{AuditEntry, AuditEvent, AuditPolicy, AuditSink, Auditing};
pub use self::base_url::Host;
pub use self::bearer::{FetchingToken, TokenSource};
pub use self::credentials::Credentials;
pub use self::download::{Download, Downloaded};
pub use self::error::{Effect, Error, ErrorKind, Outcome};
pub use self::guard::Delivery;
pub use self::list::List;
pub use self::page::{NextPage, Page};
pub use self::reconcile::{Reconcile, Reconciled};
pub use self::region::ProcessingRegion;
pub use self::request::Request;
#[cfg(feature = "rustls")]
pub use self::reqwest::ReqwestTransport;
pub use self::retry::{RetryEvent, RetryPolicy};
pub use self::runtime::{Runtime, Sleeping};
pub use self::transport::{Body, Phase, Progress, Sending, Transport, TransportError};
pub use self::webhook_url::WebhookUrl;

use self::audit::{Behalf, Entries, Trail};
use self::base_url::{BaseUrl, BaseUrls};
use self::credentials::SignIn;
use self::exchange::{Asked, Limits};
use self::page::Listed;
use self::request::sealed::Answer;
use self::retry::{Budget, Hook};
use self::trace::Span;
use self::turns::{Turn, Turns};

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
/// 20. At most 20 are in flight at once; an answer over 4 MiB is not read. Dropping the future of a request
/// stops it; whether it had left by then cannot be said.
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    transport: Arc<dyn Transport>,
    runtime: Arc<dyn Runtime>,
    budget: Arc<Budget>,
    turns: Turns,
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
}

/// One request, through all of its attempts.
struct About<'a> {
    asked: Asked,
    /// The SID in its path.
    sid: Option<&'a str>,
    entries: Entries<'a>,
    start: Instant,
}

/// A request that nothing stops any more.
struct Ready<'a> {
    outgoing: http::Request<Bytes>,
    token: Option<BearerToken>,
    turn: Turn<'a>,
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
            }),
            transport: Arc::new(transport),
            runtime: Arc::new(runtime::Tokio),
            budget: Arc::new(Budget::full()),
            turns: Turns::default(),
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

    /// A client for a sub-account that signs in as this one does, and shares its connections and
    /// its budget for repeats.
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

    /// How long a request may take with everything that is repeated. Default 90 seconds. A wait
    /// that would go beyond it is not begun.
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

    /// Runs a request: checks it, asks [`Delivery`], sends it, reads the answer. It is sent again
    /// only as [`RetryPolicy`] describes, so a message or a call never after it may have left.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Invalid`]: a parameter cannot be right; nothing was sent.
    /// - [`ErrorKind::Audit`]: the audit trail could not be written; nothing was sent.
    /// - [`ErrorKind::Token`]: the source of bearer tokens brought none; nothing was sent.
    /// - [`ErrorKind::Guarded`]: the person may not be reached from here; nothing was sent.
    /// - [`ErrorKind::Connect`]: Twilio could not be reached; nothing was sent.
    /// - [`ErrorKind::Timeout`]: time ran out; nothing was sent when it was in [`Phase::Queue`] or
    ///   [`Phase::Connect`], otherwise the outcome is unknown.
    /// - [`ErrorKind::Lost`], [`ErrorKind::Decode`], [`ErrorKind::Redirect`]: the answer did not
    ///   arrive or cannot be read; the outcome is unknown.
    /// - [`ErrorKind::Status`]: 4xx was rejected; 5xx and 408 leave the outcome unknown.
    pub async fn execute<R: Request>(&self, request: R) -> Result<R::Output, Error> {
        let asked = Asked {
            operation: request.name(),
            effect: request.effect(),
            prefixes: <R::Reads as Answer>::PREFIXES,
        };
        let target = request.target();
        let about = About {
            asked,
            sid: target.sid(),
            entries: Entries::of(self, asked, target.sid(), || request.form()),
            start: self.runtime.instant(),
        };
        let (mut doubt, mut renewed) = (false, false);
        let mut attempt = 0;
        loop {
            let error = match self.attempt(&request, &about, attempt + 1).await {
                Ok(output) => {
                    self.budget.pay_back();
                    return Ok(output);
                }
                Err(error) => error,
            };
            attempt += u32::from(error.was_tried());
            let renewal = match &self.settings.sign_in {
                SignIn::Bearer(_) if !renewed => {
                    self.settings
                        .retry
                        .renewal(&error, attempt, request.retries())
                }
                _ => None,
            };
            renewed |= renewal.is_some();
            let wait =
                renewal.or_else(|| self.wait(&error, attempt, request.retries(), about.start));
            let Some(wait) = wait else {
                return Err(error.after(attempt, doubt));
            };
            doubt |= matches!(error.outcome(), Outcome::Unknown { .. });
            if let Some(hook) = &self.hook {
                hook.call(&RetryEvent {
                    operation: asked.operation,
                    attempt,
                    error: &error,
                    wait,
                });
            }
            drop(error);
            self.runtime.sleep(wait).await;
        }
    }

    /// Sends a request once.
    async fn attempt<R: Request>(
        &self,
        request: &R,
        about: &About<'_>,
        attempt: u32,
    ) -> Result<R::Output, Error> {
        let Ready {
            mut outgoing,
            token,
            turn: _turn,
        } = match self.ready(request, about).await {
            Ok(ready) => ready,
            Err(error) => {
                about.entries.refused(&error).await;
                return Err(error);
            }
        };
        let asked = about.asked;
        let progress = Progress::default();
        outgoing.extensions_mut().insert(progress.clone());
        let open = about.entries.sending(attempt, &progress).await?;
        let span = Span::new(asked.operation, about.sid, attempt);
        let begun = self.runtime.instant();
        let limits = self.limits(about.start);
        let answer = if limits.attempt.is_zero() {
            Err(exchange::out_of_time(asked))
        } else {
            let exchange = exchange::exchange(&*self.transport, outgoing, asked, limits);
            span.around(exchange).await
        };
        let ended = match answer {
            Ok(answer) => {
                span.answered(answer.status, &answer.headers);
                <R::Reads as Answer>::read(&answer.body).map_err(|cause| {
                    exchange::unreadable(asked, answer.status, &answer.body, &cause)
                })
            }
            Err(error) => {
                self.hear_refusal(&error, token.as_ref());
                Err(error)
            }
        };
        let made = ended.as_ref().map(Answer::sid);
        let took = self.runtime.instant().saturating_duration_since(begun);
        span.ended(made, took);
        open.ended(made).await;
        ended
    }

    /// Everything that can stop a request before it leaves.
    async fn ready<R: Request>(&self, request: &R, about: &About<'_>) -> Result<Ready<'_>, Error> {
        let mut outgoing = self.prepare(request, about.asked)?;
        let turn = self.turn(about.asked, self.left(about.start)).await?;
        let timeout = self.limits(about.start).attempt;
        let (authorization, token) = self.sign_in(about.asked, timeout).await?;
        outgoing
            .headers_mut()
            .insert(header::AUTHORIZATION, authorization);
        Ok(Ready {
            outgoing,
            token,
            turn,
        })
    }

    /// How long an attempt may take that begins now.
    fn limits(&self, start: Instant) -> Limits {
        Limits {
            attempt: self.settings.attempt_timeout.min(self.left(start)),
            stall: self.settings.stall_timeout,
        }
    }

    /// How much of the operation's time is left.
    fn left(&self, start: Instant) -> Duration {
        let spent = self.runtime.instant().saturating_duration_since(start);
        self.settings.operation_timeout.saturating_sub(spent)
    }

    /// How long to wait before the next attempt, if there is to be one.
    fn wait(
        &self,
        error: &Error,
        attempt: u32,
        retries: Option<u32>,
        start: Instant,
    ) -> Option<Duration> {
        if !error.was_tried() {
            return None;
        }
        let random = self.runtime.random();
        let wait = self.settings.retry.wait(error, attempt, retries, random)?;
        let in_time = wait < self.left(start);
        (in_time && self.budget.take(error.kind())).then_some(wait)
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
