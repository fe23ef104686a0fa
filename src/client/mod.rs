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
//! | [`Client`], [`ClientBuilder`] | runs requests; sets a client up |
//! | [`messages`], [`calls`], [`recordings`] | texts and calls: send, read, stop, redact, delete |
//! | [`numbers`], [`short_codes`], [`applications`], [`services`] | what answers on our numbers |
//! | [`a2p`], [`toll_free`], [`geo_permissions`], [`lookups`] | who may be texted and called from where |
//! | [`Credentials`] | auth token, API key or bearer token |
//! | [`TokenSource`] | where bearer tokens come from |
//! | [`Host`] | one of Twilio's hosts, to be replaced |
//! | [`accounts`], [`alerts`], [`events`] | the account, its balance, its debugger, its audit log |
//! | [`ProcessingRegion`] | where Twilio processes and keeps what is asked for |
//! | [`Delivery`] | who may be reached from here |
//! | [`Error`], [`Outcome`], [`ErrorKind`], [`ApiError`] | what happened, what is known, why |
//! | [`codes`] | what Twilio's error codes mean, and what to do about them |
//! | [`Client::reconcile`], [`Reconciled`] | whether a message or call went out after all |
//! | [`Client::download`], [`DownloadStream`] | recordings and media, in pieces |
//! | [`List`], [`Page`] | a list as a stream; one page of it, and the request for the next |
//! | [`AuditSink`], [`AuditEntry`], [`AuditEvent`], [`AuditPolicy`] | a trail of who did what |
//! | [`RetryPolicy`], [`RetryBudget`], [`RetryEvent`] | how patiently requests are sent again, and a look at it |
//! | [`network_failures`] | what happens when the network fails |
//! | [`testing`], [`Clock`] | scripted answers; clock, timer and chance, for tests |
//! | [`Transport`], [`Body`], [`TransportError`] | another way out |
//! | [`ReqwestTransport`] | the stock way out (feature `rustls`) |

pub mod codes;
pub mod network_failures;
pub mod testing;

mod engine;
mod resources;

pub use self::engine::api_error::ApiError;
pub use self::engine::audit::{AuditEntry, AuditEvent, AuditPolicy, AuditSink};
pub use self::engine::base_url::Host;
pub use self::engine::bearer::TokenSource;
pub use self::engine::budget::RetryBudget;
pub use self::engine::builder::ClientBuilder;
pub use self::engine::client::Client;
pub use self::engine::clock::Clock;
pub(crate) use self::engine::clock::in_tokio_runtime;
pub use self::engine::credentials::Credentials;
pub use self::engine::download::{Download, DownloadStream};
pub use self::engine::error::Error;
pub use self::engine::guard::Delivery;
pub use self::engine::list::List;
pub use self::engine::outcome::{Effect, ErrorKind, Outcome};
pub use self::engine::page::{NextPage, Page, UnreadableItem};
pub use self::engine::reconcile::{Reconcile, Reconciled};
pub use self::engine::region::ProcessingRegion;
pub use self::engine::request::Request;
#[cfg(feature = "rustls")]
pub use self::engine::reqwest::ReqwestTransport;
pub use self::engine::retry::{RetryEvent, RetryPolicy};
pub use self::engine::transport::{Body, Phase, Progress, Transport, TransportError};
pub use self::engine::webhook_url::WebhookUrl;
pub use self::resources::{
    a2p, accounts, alerts, applications, calls, events, geo_permissions, lookups, messages,
    numbers, recordings, services, short_codes, toll_free,
};
