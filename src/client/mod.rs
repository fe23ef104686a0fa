//! Client for Twilio's REST API: messages, calls and account configuration.
//!
//! Twilio has no idempotency key: a message that is sent twice reaches the person twice. The client
//! therefore retries only requests that are safe to retry. After a failure,
//! [`Error::outcome`] states whether the request was carried out, as far as known. See
//! [network failures](network_failures).
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
//!         Outcome::NotSent => println!("not sent, try again later: {error}"),
//!         Outcome::Rejected => println!("refused by Twilio: {error}"),
//!         Outcome::Unknown { .. } => println!("check before sending again: {error}"),
//!     },
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`Client`], [`ClientBuilder`] | run requests; configure a client |
//! | [`messages`], [`calls`], [`recordings`] | send, place, read, stop, redact and delete texts and calls |
//! | [`conferences`], [`queues`], [`transcriptions`], [`caller_ids`] | connect several people, let callers wait, read transcriptions, verify caller IDs |
//! | [`numbers`], [`short_codes`], [`applications`], [`services`] | configure your numbers and their webhooks |
//! | [`available_numbers`] | find numbers to buy |
//! | [`a2p`], [`toll_free`], [`geo_permissions`], [`lookups`] | register senders, permit countries, look up numbers |
//! | [`consents`], [`safe_list`], [`deactivations`] | upload consent, unblock numbers, find numbers that were given up |
//! | [`accounts`], [`usage`], [`alerts`], [`events`] | read the account, its balance, its usage, its debugger and its audit log |
//! | [`auth_tokens`], [`oauth`] | rotate the auth token; fetch access tokens of an OAuth app |
//! | [`RawRequest`], [`RawResponse`] | call any endpoint that has no typed request |
//! | [`Credentials`], [`TokenSource`] | auth token, API key or bearer tokens; source of bearer tokens |
//! | [`Delivery`] | limit the recipients that the client may text and call |
//! | [`Error`], [`Outcome`], [`ErrorKind`], [`ApiError`] | error of a request: its outcome, its cause, Twilio's error response |
//! | [`codes`](crate::codes) | meaning of Twilio's error codes, and the action that each requires |
//! | [`network_failures`] | rules and advice for network failures |
//! | [`Client::reconcile`], [`Client::look_for`], [`Reconciled`] | find out whether a message or call with unknown outcome was sent |
//! | [`RetryPolicy`], [`RetryBudget`], [`RetryEvent`] | limit retries, and observe them |
//! | [`Client::download`], [`DownloadStream`] | download recordings and media as a stream, or [as a file](DownloadStream::save_to) |
//! | [`List`], [`Page`] | read a list as a stream, or page by page |
//! | [`AuditSink`], [`AuditEntry`], [`AuditEvent`], [`AuditPolicy`] | record every request in an audit trail |
//! | [`ProcessingRegion`], [`Edge`], [`Host`] | choose region and edge; replace one of Twilio's hosts |
//! | [`testing`], [`Clock`] | test with scripted responses and your own clock |
//! | [`Transport`], [`Body`], [`TransportError`] | implement your own transport |
//! | [`ReqwestTransport`] | configure the default transport (feature `rustls`) |

pub mod network_failures;
pub mod testing;

mod engine;
mod raw;
mod resources;

pub use self::engine::api_error::ApiError;
pub use self::engine::audit::{AuditEntry, AuditEvent, AuditPolicy, AuditSink};
pub use self::engine::base_url::Host;
pub(crate) use self::engine::base_url::loopback_base_url;
pub use self::engine::bearer::TokenSource;
pub use self::engine::budget::RetryBudget;
pub use self::engine::builder::ClientBuilder;
pub use self::engine::client::Client;
pub use self::engine::clock::Clock;
pub(crate) use self::engine::clock::in_tokio_runtime;
#[cfg(feature = "outbox")]
pub(crate) use self::engine::clock::system_clock;
pub use self::engine::credentials::{Credentials, CredentialsKind};
pub use self::engine::download::{Download, DownloadStream};
pub use self::engine::error::Error;
pub use self::engine::guard::Delivery;
pub use self::engine::list::List;
pub use self::engine::outcome::{Effect, ErrorKind, Outcome};
pub use self::engine::page::{NextPage, Page, UnreadableItem};
pub use self::engine::reconcile::{ComparedBy, Reconcile, Reconciled, UnclearReason};
pub use self::engine::region::{Edge, ProcessingRegion, RegionError};
pub use self::engine::request::Request;
#[cfg(feature = "rustls")]
pub use self::engine::reqwest::ReqwestTransport;
pub use self::engine::retry::{RetryEvent, RetryPolicy};
pub use self::engine::save::SaveError;
pub use self::engine::transport::{Body, Phase, Progress, Transport, TransportError};
pub use self::engine::webhook_url::WebhookUrl;
pub use self::raw::{RawRequest, RawResponse, UnfitResponse};
pub use self::resources::{
    a2p, accounts, alerts, applications, auth_tokens, available_numbers, caller_ids, calls,
    conferences, consents, deactivations, events, geo_permissions, lookups, messages, numbers,
    oauth, queues, recordings, safe_list, services, short_codes, toll_free, transcriptions, usage,
};
