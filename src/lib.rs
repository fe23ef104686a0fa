//! SDK for texting and calling people through Twilio, and for receiving their answers.
//!
//! The crate never reaches the wrong person and never reaches a person twice. It never believes a
//! forged request, and never writes a phone number, a message body or a secret into a log.
//!
//! ```
//! use clinspark_twilio::twiml::{Message, MessagingResponse};
//! use clinspark_twilio::types::AuthToken;
//! use clinspark_twilio::webhook::{InboundMessage, PublicOrigin, Receiver, Validator};
//!
//! # async fn run(request: http::Request<bytes::Bytes>) -> Result<http::Response<bytes::Bytes>, Box<dyn std::error::Error>> {
//! let token = AuthToken::new("the-auth-token")?;
//! let validator = Validator::new(token, PublicOrigin::parse("https://acme.example.com")?);
//! let receiver = Receiver::new(validator, |consent_event| async move {
//!     println!("record it: {:?}", consent_event.signal); // STOP, START, or an opt-out that Twilio reports
//!     Ok(())
//! });
//!
//! // In any framework: raw request in, response out. A forged request gets an empty 403.
//! let response = receiver.handle(request, |verified| async move {
//!     let answer = match verified.parse::<InboundMessage>() {
//!         Ok(reply) if reply.opt_out().is_none() => MessagingResponse::new().append(Message::text("We will call you.")),
//!         _ => MessagingResponse::new(), // no reply
//!     };
//!     answer.into_response()
//! });
//! # Ok(response.await)
//! # }
//! ```
//!
//! # Modules
//!
//! Each module imports only modules above it in this list.
//!
//! | Module | Description |
//! |---|---|
//! | [`types`] | SIDs, open vocabularies, secrets, dates |
//! | [`codes`] | meaning and advice of Twilio's error codes |
//! | [`phone`] | parser of typed phone numbers, which refuses ambiguous ones; addresses |
//! | [`sms`] | encoding and segments of a text before it is sent; opt-outs in replies |
//! | [`twiml`] | documents with instructions for Twilio; an invalid nesting does not compile |
//! | [`webhook`] | receiver of webhooks: signature, opt-outs, typed payloads; start with [`Receiver`] |
//! | [`voice_token`] | access tokens of the Voice SDK |
#![cfg_attr(
    feature = "sandbox",
    doc = "| [`sandbox`] | an embedded Twilio on loopback, for examples and tests |"
)]
#![cfg_attr(
    feature = "client",
    doc = "| [`client`] | REST API; an error states whether anything may have been sent |"
)]
#![cfg_attr(
    feature = "templates",
    doc = "| [`template`] | templates of texts: merge tags, checked before anything is sent |"
)]
#![cfg_attr(
    feature = "client",
    doc = "| [`messenger`] | texts and calls that pass consent, quiet hours and delivery guard |"
)]
#![cfg_attr(
    feature = "outbox",
    doc = "| [`outbox`] | batches: each person is texted exactly once, on one machine or many |"
)]
#![cfg_attr(
    feature = "client",
    doc = "| [`clinspark`] | settings of one ClinSpark instance; check and set-up of its account |"
)]
#![cfg_attr(
    feature = "client",
    doc = "| [`guide`] | guides, one page for each subject |"
)]
//!
//! # Features
//!
//! A feature only adds items, and never changes the behaviour of others.
//!
//! - **`rustls`** (default): the client on its stock transport, reqwest with rustls.
//! - **`client`**: the client on a transport of your own, `messenger` and `clinspark`.
//! - **`tracing`**: a span for each attempt of the client (operation, SID, status and time), a
//!   warning for each refused webhook, and counts of batches; never a number, a message body or a
//!   secret.
//! - **`tower`**: the receiver as a layer, for axum and other frameworks on tower.
//! - **`axum`**: extractors and responses for axum; includes `tower`.
//! - **`templates`**: templates of texts with merge tags.
//! - **`outbox`**: batches of texts, with a queue and send ledger in your database; includes `templates`.
//! - **`phonenumber`**: conversions to and from the number type of the `phonenumber` crate.
//! - **`sandbox`**: an embedded Twilio for tests and examples, not for a running service.
//!
//! Without features, the first seven modules are available. A service that only answers webhooks
//! then compiles neither tokio nor an HTTP client.
//!
//! Not affiliated with Twilio or IQVIA.

#![forbid(unsafe_code)]
// Published docs have every feature. With fewer, links to items of the others lead nowhere.
#![cfg_attr(
    not(all(
        feature = "rustls",
        feature = "axum",
        feature = "sandbox",
        feature = "outbox"
    )),
    allow(rustdoc::broken_intra_doc_links)
)]
#![cfg_attr(clinspark_twilio_docs, feature(doc_cfg))]

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod clinspark;
pub mod codes;
#[cfg(feature = "client")]
pub mod guide;
#[cfg(feature = "client")]
pub mod messenger;
#[cfg(feature = "outbox")]
pub mod outbox;
pub mod phone;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod sms;
#[cfg(feature = "templates")]
pub mod template;
pub mod twiml;
pub mod types;
pub mod voice_token;
pub mod webhook;

#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "client")]
pub use clinspark::Settings;
#[cfg(feature = "client")]
pub use messenger::Messenger;
pub use phone::E164;
pub use webhook::{Receiver, Validator};

/// The README's examples compile.
#[cfg(all(doctest, feature = "rustls"))]
#[doc = include_str!("../README.md")]
struct Readme;
