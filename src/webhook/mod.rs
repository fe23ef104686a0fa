//! Verification and payloads of Twilio's webhooks.
//!
//! **Start with [`Receiver`].** It takes a raw request, verifies that Twilio signed it, records each
//! STOP, and gives the handler a [`Verified`] request, from which alone a payload can be read.
//!
//! ```
//! use clinspark_twilio::types::AuthToken;
//! use clinspark_twilio::webhook::{
//!     MessageStatusCallback, PublicOrigin, Receiver, SIGNATURE_HEADER, Validator, WebhookPaths,
//! };
//! # fn answer(status: u16) -> http::Response<String> {
//! #     let mut response = http::Response::new(String::new());
//! #     *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
//! #     response
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let origin = PublicOrigin::parse("https://acme.example.com")?;
//! let receiver = Receiver::new(Validator::new(AuthToken::new("12345")?, origin), |event| async move {
//!     println!("record it: {:?}", event.signal); // STOP, START, or an opt-out that Twilio reports
//!     Ok(())
//! })
//! .paths(WebhookPaths::new().message("/twilio/sms").message_status("/twilio/status"))?;
//!
//! // Twilio sends this when a message is delivered. A test signs it with the same token.
//! let mut request = http::Request::post("/twilio/status")
//!     .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
//!     .body("MessageSid=SM00000000000000000000000000000001&MessageStatus=delivered\
//!            &AccountSid=AC00000000000000000000000000000001&To=%2B14155550123")?;
//! let signature = receiver.validator().sign(&request);
//! request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
//!
//! // In any server: raw request in, response out.
//! let response = receiver.handle(request, |verified| async move {
//!     match verified.parse::<MessageStatusCallback>() {
//!         Ok(callback) => {
//!             println!("{} is {}", callback.message_sid, callback.status);
//!             answer(204)
//!         }
//!         Err(_) => answer(422), // signed, but of another kind
//!     }
//! });
//! assert_eq!(response.await.status(), 204);
//! # Ok(())
//! # }
//! ```
//!
//! | Type | Purpose |
//! |---|---|
//! | [`Receiver`] | start here: every step between a raw request and a handler |
#![cfg_attr(
    feature = "tower",
    doc = "| [`WebhookLayer`] | the receiver as a layer, for axum and other frameworks on tower |"
)]
#![cfg_attr(
    feature = "axum",
    doc = "| [`Webhook`] | extractor of a payload, for axum handlers behind the layer |"
)]
//! | [`WebhookPaths`], [`PathKind`] | paths of the webhooks, which tell their kind |
//! | [`ConsentEvent`], [`ConsentSignal`] | STOP, START, or an opt-out that Twilio reports |
//! | [`Refusal`], [`RefusalKind`] | reason why a receiver refused a request |
//! | [`Validator`] | signature check alone, and signatures for tests. **Behind it alone, every STOP is lost** unless the service handles it |
//! | [`PublicOrigin`] | scheme, host and port under which Twilio reaches this service |
//! | [`TrustedProxies`] | proxies whose `Forwarded` headers are trusted |
//! | [`Keys`], [`KeySource`] | keys of one account, or of several |
//! | [`SharedKey`], [`Algorithm`] | key that signs in place of the auth token |
//! | [`Verified`], [`SignedBy`] | request that Twilio signed, and the key that signed it |
//! | [`InboundMessage`], [`MessageStatusCallback`] | message from a person; delivery status of a sent message |
//! | [`InboundCall`], [`GatherResult`], [`CallStatusCallback`] | inbound call; keys and speech; call status |
//! | [`DialResult`], [`EnqueueResult`], [`QueueWait`], [`Dequeue`] | results of `<Dial>` and `<Enqueue>`; waiting in a queue |
//! | [`RecordResult`], [`RecordingStatusCallback`], [`TranscriptionCallback`] | recordings |
//! | [`ConferenceStatusCallback`], [`AmdStatusCallback`] | conferences; answering machines |
//! | [`StreamStatusCallback`], [`SiprecStatusCallback`] | copies of a call's audio |
//! | [`RealTimeTranscription`], [`IntelligenceCallback`] | speech of a call as text |
//! | [`ConversationRelayResult`], [`VirtualAgentResult`] | results of `<Connect>` |
//! | [`PayResult`], [`PayStatusCallback`] | payments |
//! | [`ReferResult`], [`ReferRequest`] | SIP transfers |
//! | [`websocket`] | WebSocket messages of `<Stream>` and `<ConversationRelay>` |
//! | [`VoiceFallback`], [`MessageFallback`], [`DebuggerEvent`] | errors that Twilio reports |
//! | [`WebhookEvent`] | webhook of any kind, for a single handler of all webhooks |
//! | [`StatusTracker`] | prevents a late `sent` from replacing `delivered` |
//! | [`ReplayGuard`], [`ReplayKey`] | protection against replays and retries: each webhook is handled once; [`conformance`] is the suite that every guard passes |
//! | [`SignatureError`] | reason why a request was refused, for the operator only |
//! | [`diagnose`], [`Cause`] | cause of a signature mismatch, found by trying the usual mistakes |
//! | [`PayloadError`] | reason why a verified request is not the expected kind |

#[cfg(feature = "axum")]
mod axum;
mod check;
pub mod conformance;
pub(crate) mod connection_overrides;
mod diagnose;
mod error;
mod form;
mod json;
mod key;
mod opt_out;
mod order;
mod payload;
mod proxy;
mod receive;
mod replay;
mod replay_key;
mod signature;
mod sorted;
mod url;
mod validator;
mod verified;
pub mod websocket;

pub use crate::types::{RecordingSource, RecordingStatus, RecordingTrack};
#[cfg(feature = "axum")]
pub use axum::{Webhook, WebhookRejection};
#[cfg(feature = "client")]
pub(crate) use check::has_form;
pub use check::{RequestKind, SIGNATURE_HEADER};
pub use diagnose::{Cause, Diagnosis, diagnose};
pub use error::{PayloadError, PayloadErrorKind, SignatureError, SignatureErrorKind};
pub use key::{KeySource, Keys, SharedKey, SignedBy};
pub use opt_out::OptOutScope;
pub use order::{Ranked, StatusTracker};
pub use payload::{
    AmdStatusCallback, Button, CallParameters, CallStatusCallback, ConferenceEndReason,
    ConferenceStatusCallback, ConferenceStatusEvent, ConversationRelayResult, DebuggerEvent,
    DebuggerLevel, Dequeue, DialCallStatus, DialResult, EnqueueResult, ExtraParameters,
    GatherPartial, GatherResult, InboundCall, InboundMedia, InboundMessage, IntelligenceCallback,
    Location, MessageFallback, MessageStatusCallback, OptOutType, ParticipantLeaveReason,
    PayResult, PayStatusCallback, Payload, PaymentDetails, PaymentErrorType, PaymentResult,
    PaymentStep, Place, QueueResult, QueueWait, RealTimeTranscription, RealTimeTranscriptionEvent,
    RecordResult, RecordingStatusCallback, ReferRequest, ReferResult, Referral, SessionStatus,
    SipParameters, SiprecEvent, SiprecStatusCallback, StirVerstat, StreamEvent,
    StreamStatusCallback, TranscriptionCallback, TranscriptionContent, TranscriptionFailure,
    TranscriptionStart, TranscriptionStatus, TranscriptionTrack, UsedPaymentMethod,
    VirtualAgentResult, VirtualAgentStatus, VoiceFallback, WebhookEvent,
};
pub use proxy::{ForwardedHeaders, Network, NetworkError, TrustedProxies};
pub use receive::{
    ConsentError, ConsentEvent, ConsentSignal, PathKind, Receiver, Refusal, RefusalKind,
    WebhookPathError, WebhookPaths,
};
#[cfg(all(feature = "client", feature = "tower"))]
pub(crate) use receive::{ReceiverSource, log_refusal};
#[cfg(feature = "tower")]
pub use receive::{WebhookLayer, WebhookService};
#[cfg(feature = "client")]
pub(crate) use receive::{claimed_account, log_unrecorded_withdrawal, parse_path, requested_host};
pub use replay::{ClaimToken, Lookup, MemoryReplayGuard, ReplayGuard, StoredAnswer};
pub use replay_key::ReplayKey;
pub use signature::Algorithm;
pub use url::{OriginError, PublicOrigin};
pub use validator::Validator;
pub use verified::Verified;

/// Returns the hash of a body as Twilio's `bodySHA256`: SHA-256 in lower-case hexadecimal.
///
/// Tests of JSON webhooks put it in the query of the URL that they sign.
///
/// Source: <https://www.twilio.com/docs/usage/security>
#[must_use]
pub fn body_sha256(body: &[u8]) -> String {
    signature::sha256_hex(body)
}
