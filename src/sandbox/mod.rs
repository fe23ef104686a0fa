//! A Twilio of your own on this machine: no account, no network, nobody is texted.
//!
//! It is a real HTTP server on 127.0.0.1 that behaves as Twilio's REST API does, sends signed
//! webhooks to the URLs that are really configured, runs the TwiML that comes back, and plays the
//! phones of volunteers. It is for examples and for the tests of an application; a service is
//! never compiled with it.
//!
//! ```
//! use clinspark_twilio::phone::E164;
//! use clinspark_twilio::sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! sandbox.add_number(E164::parse("+14155550100")?);
//! let volunteer = sandbox.phone(E164::parse("+14155550123")?);
//!
//! // Any client of Twilio's API does, pointed at `base_url`. Here it is plain HTTP.
//! let account = sandbox.account_sid();
//! let url = format!("{}/2010-04-01/Accounts/{account}/Calls.json", sandbox.base_url());
//! let answer = reqwest::Client::builder()
//!     .no_proxy()
//!     .build()?
//!     .post(url)
//!     .basic_auth(account, Some(sandbox.auth_token().expose()))
//!     .header("content-type", "application/x-www-form-urlencoded")
//!     .body(
//!         "To=%2B14155550123&From=%2B14155550100\
//!          &Twiml=<Response><Say>Your visit is tomorrow.</Say></Response>",
//!     )
//!     .send()
//!     .await?;
//! assert_eq!(answer.status(), 201);
//!
//! let call = volunteer.answer().await?;
//! assert_eq!(call.hear().await?, "Your visit is tomorrow.");
//! sandbox.wait_idle().await?;
//! assert!(sandbox.alerts().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! | Type | What it is |
//! |---|---|
//! | [`Sandbox`] | an account: its server, its numbers, and what a test reads of it |
//! | [`Phone`] | a volunteer's phone: `text`, `call`, `answer`, `inbox` |
//! | [`PhoneCall`] | a call that it is in: `hear`, `press`, `say`, `stay_silent`, `hang_up` |
//! | [`DeliveryBehavior`], [`AnswerBehavior`] | final status of a text to the phone; what the phone does when it is called |
//! | [`StoredMessage`], [`StoredCall`], [`StoredNumber`], [`StoredApplication`], [`StoredService`], [`StoredShortCode`] | what the account holds |
//! | [`Webhook`], [`Alert`] | what was sent to the application; what Twilio's debugger would show |
//! | [`SandboxError`] | why the sandbox or a phone could not do as asked |
//!
//! # States of the account
//!
//! Each is one line of a test; words are Twilio's own.
//!
//! | State | How |
//! |---|---|
//! | suspended, closed, a trial | [`set_account_status`](Sandbox::set_account_status), [`set_account_type`](Sandbox::set_account_type) |
//! | short of money | [`set_balance`](Sandbox::set_balance) |
//! | several numbers, apps, services, short codes | [`add_number`](Sandbox::add_number), [`add_application`](Sandbox::add_application), [`add_service`](Sandbox::add_service), [`add_short_code`](Sandbox::add_short_code) |
//! | otherwise configured | [`configure_number`](Sandbox::configure_number), [`configure_application`](Sandbox::configure_application), [`configure_service`](Sandbox::configure_service), [`configure_short_code`](Sandbox::configure_short_code) |
//! | gone meanwhile | [`remove_number`](Sandbox::remove_number), [`remove_application`](Sandbox::remove_application), [`remove_service`](Sandbox::remove_service) |
//! | a number that cannot text, in a pool | [`remove_capability`](Sandbox::remove_capability), [`add_number_to_service`](Sandbox::add_number_to_service) |
//! | not registered yet | [`set_brand_status`](Sandbox::set_brand_status), [`set_campaign_status`](Sandbox::set_campaign_status), [`set_toll_free_verification_status`](Sandbox::set_toll_free_verification_status) |
//! | a country that is not enabled | [`set_messaging_permission`](Sandbox::set_messaging_permission), [`set_dialing_permission`](Sandbox::set_dialing_permission) |
//! | trouble in the debugger | [`add_alert`](Sandbox::add_alert), [`add_alert_with_age`](Sandbox::add_alert_with_age) |
//! | keys that may not do everything | [`add_api_key`](Sandbox::add_api_key), [`add_restricted_key`](Sandbox::add_restricted_key), [`reject_path`](Sandbox::reject_path) |
//! | a token that is rotated | [`add_secondary_auth_token`](Sandbox::add_secondary_auth_token), [`promote_auth_token`](Sandbox::promote_auth_token), [`remove_secondary_auth_token`](Sandbox::remove_secondary_auth_token) |
//! | another hour | [`set_clock_offset`](Sandbox::set_clock_offset) |
//!
//! # What it does as Twilio does
//!
//! The resources `Messages`, `Calls`, `IncomingPhoneNumbers`, `Applications` and `SMS/ShortCodes`
//! of the 2010 API and the Messaging Services with their pools, with Twilio's parameters, JSON,
//! paging, error codes and magic numbers; to be read, the account, its balance, its permissions,
//! its registrations, its debugger and what its audit log says of auth tokens. Messages go from
//! `queued` to `sent` to `delivered`, calls from `queued` to `ringing` to `in-progress` to
//! `completed`, and each step is reported to the status callback. It acts on
//! Twilio's own opt-out keywords and on no others. Answers to texts: `<Message>` with `<Body>` and `<Media>`, `<Redirect>`. Answers to
//! calls: `<Say>`, `<Play>`, `<Pause>`, `<Gather>`, `<Record>`, `<Dial>` with `<Number>`,
//! `<Redirect>`, `<Reject>`, `<Hangup>`.
//!
//! # What it does otherwise
//!
//! - **Nothing leaves this machine.** Webhooks go to `localhost`, `127.0.0.1` and `[::1]`, and to
//!   public origins that [`Sandbox::map_origin`] places there. Any other is an alert 11210.
//! - **Only programs on this machine are answered.** A request needs a `Host` of 127.0.0.1,
//!   `localhost` or `[::1]` with the sandbox's own port: any other is answered 421. A request that
//!   a web page of another origin makes is answered 403, as its `Origin` or `Sec-Fetch-Site` shows.
//!   The sandbox is not for use behind a proxy or tunnel. A tunnel to the application's own
//!   webhooks is fine: SID and token are random, so no one else can sign for them.
//! - **Nothing is waited for.** Pauses and timeouts are counted into the call's duration; a person
//!   who does nothing says so with [`PhoneCall::stay_silent`].
//! - **Unknown parameters are refused** (20001), where Twilio passes many over: a test should hear
//!   of a misspelt one. Parameters of what the sandbox does not have yet are taken without
//!   effect: recording of whole calls, answering-machine detection, content retention, risk
//!   checks. The account has no content templates, and says so. A scheduled message stays
//!   scheduled until it is canceled.
//! - **Verbs run in outline**: `loop`, `timeLimit`, `record` and other attributes of sound and
//!   time are passed over, as are verbs that the list above lacks (an alert 12200 says which call
//!   met one). A `<Record>` tells of a recording, and there is no sound behind its address.
//! - **Webhooks are sent once**, and no redirect of HTTP is followed.
//! - Twilio's own words (its answer to STOP, its error messages) are paraphrased.

mod access;
mod account;
mod api;
mod calls;
mod delivery;
mod dial;
mod error;
mod phone;
mod records;
mod registrations;
mod script;
mod setup;
mod store;
mod webhooks;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use error::{SandboxError, SandboxErrorKind};
pub use phone::{AnswerBehavior, DeliveryBehavior, Phone, PhoneCall};
pub use records::{
    Alert, StoredApplication, StoredCall, StoredMessage, StoredNumber, StoredService,
    StoredShortCode, TextMessage, Webhook, WebhookKind,
};

use self::records::{Settings, formatted};
use self::store::World;
use crate::phone::E164;
use crate::types::{AccountSid, AuthToken, PhoneNumberSid};

/// A Twilio account on this machine.
///
/// It lives as long as this value: dropping it stops the server and everything under way.
pub struct Sandbox {
    world: Arc<World>,
    /// Held for its drop, which tells the server to stop.
    _stop: oneshot::Sender<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("account_sid", &self.world.account_sid)
            .field("base_url", &self.world.base_url)
            .finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.world.stop();
    }
}

impl Sandbox {
    /// Starts an empty account on a free port of 127.0.0.1. Needs a Tokio runtime with I/O and
    /// time.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Start`] when no port of loopback or no random bytes can be had.
    pub async fn start() -> Result<Self, SandboxError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| SandboxError::start("no port of 127.0.0.1 can be had", error))?;
        let address = listener
            .local_addr()
            .map_err(|error| SandboxError::start("its port is not known", error))?;
        let world = Arc::new(World::new(address.port(), http_client()?)?);
        let (stop, stopped) = oneshot::channel();
        let router = axum::Router::new()
            .fallback(api::serve)
            .with_state(Arc::clone(&world));
        tokio::spawn(async move {
            let server = axum::serve(listener, router).with_graceful_shutdown(async {
                // The sender is dropped, never used: either way it is time to stop.
                let _ = stopped.await;
            });
            // Serving ends by the shutdown alone; its result says nothing else.
            let _ = server.await;
        });
        Ok(Self { world, _stop: stop })
    }

    /// Where the REST API is, in place of `https://api.twilio.com`: `http://127.0.0.1:` and a
    /// port.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.world.base_url
    }

    /// The account's SID, the user name of the API. Random for each sandbox.
    #[must_use]
    pub fn account_sid(&self) -> AccountSid {
        self.world.account_sid
    }

    /// The account's token, the password of the API and the key of the webhooks' signatures.
    /// Random for each sandbox.
    #[must_use]
    pub fn auth_token(&self) -> &AuthToken {
        self.world.auth_token()
    }

    /// Gives the account a number that can text and call, bound to nothing. A number that it has
    /// already stays as it is.
    #[expect(
        clippy::must_use_candidate,
        reason = "most tests want the number, not its SID"
    )]
    pub fn add_number(&self, number: E164) -> PhoneNumberSid {
        let sid = self.world.sid("PN");
        let now = SystemTime::now();
        self.world.update(|state| {
            if let Some(owned) = state.number(number) {
                return owned.sid;
            }
            let mut settings = Settings::default();
            settings.set("FriendlyName", &formatted(number));
            state.numbers.push(StoredNumber {
                sid,
                number,
                settings,
                lacks: Vec::new(),
                date_created: now,
                date_updated: now,
            });
            sid
        })
    }

    /// A volunteer's phone. From now on it rings when it is called; asking again for the same
    /// number gives the same phone.
    #[must_use]
    pub fn phone(&self, number: E164) -> Phone {
        Phone::new(Arc::clone(&self.world), number)
    }

    /// Serves a public origin, such as `https://demo.example.com`, by a server on this machine:
    /// webhooks to the origin are signed for it and sent there.
    ///
    /// So a test configures the addresses of production. Without this, webhooks go to addresses
    /// that name this machine (`localhost`, `127.0.0.1`, `[::1]`) and to no others; one to any
    /// other host is an alert 11210.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::NotLoopback`] when `public_origin` is no origin (scheme, host and
    /// port, no path), or `server` is no address of loopback.
    pub fn map_origin(&self, public_origin: &str, server: SocketAddr) -> Result<(), SandboxError> {
        let refused = |what| Err(SandboxError::new(SandboxErrorKind::NotLoopback, what));
        let Some(url) = webhooks::parse(public_origin) else {
            return refused("the public origin is not a URL");
        };
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return refused("the public origin holds more than scheme, host and port");
        }
        if !server.ip().is_loopback() {
            return refused("the server is not on loopback");
        }
        let origin = url.origin().ascii_serialization();
        self.world.update(|state| {
            state.routes.insert(origin, format!("http://{server}"));
        });
        Ok(())
    }

    /// How long a phone, and [`wait_idle`](Self::wait_idle), wait for something to happen: 5 seconds
    /// unless it is set.
    pub fn set_timeout(&self, timeout: Duration) {
        self.world.update(|state| state.timeout = timeout);
    }

    /// Waits until all background work is done: messages carried, webhooks answered, calls over
    /// or waiting for somebody to press, speak, answer or hang up.
    ///
    /// # Errors
    ///
    /// [`SandboxErrorKind::Timeout`] when the work goes on.
    pub async fn wait_idle(&self) -> Result<(), SandboxError> {
        self.world.wait_idle().await
    }

    /// Every message, in the order of creation.
    #[must_use]
    pub fn messages(&self) -> Vec<StoredMessage> {
        self.world.read(|state| state.messages.clone())
    }

    /// Every call and every leg of one, in the order of creation.
    #[must_use]
    pub fn calls(&self) -> Vec<StoredCall> {
        self.world
            .read(|state| state.calls.iter().map(|entry| entry.call.clone()).collect())
    }

    /// Every TwiML App, in the order of creation.
    #[must_use]
    pub fn applications(&self) -> Vec<StoredApplication> {
        self.world.read(|state| state.applications.clone())
    }

    /// Every number, in the order in which the account got them.
    #[must_use]
    pub fn numbers(&self) -> Vec<StoredNumber> {
        self.world.read(|state| state.numbers.clone())
    }

    /// A number of the account.
    #[must_use]
    pub fn number(&self, sid: PhoneNumberSid) -> Option<StoredNumber> {
        self.world.read(|state| {
            let number = state.numbers.iter().find(|number| number.sid == sid);
            number.cloned()
        })
    }

    /// Every webhook sent, in the order of sending.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Webhook> {
        self.world.read(|state| state.webhooks.clone())
    }

    /// Everything that Twilio's debugger would show, in the order of happening.
    #[must_use]
    pub fn alerts(&self) -> Vec<Alert> {
        self.world.read(|state| state.alerts.clone())
    }
}

/// The client that carries webhooks: straight to this machine, whatever the environment says of
/// proxies, and never on to where a redirect points.
fn http_client() -> Result<reqwest::Client, SandboxError> {
    let loopback = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, 0)),
    ];
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .resolve_to_addrs("localhost", &loopback);
    // Plain HTTP needs no roots of trust, and reading the system's takes a tenth of a second.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_certs_only([]);
    builder
        .build()
        .map_err(|error| SandboxError::start("its HTTP client cannot be built", error))
}
