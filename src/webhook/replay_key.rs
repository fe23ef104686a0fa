//! Identity of a webhook: a retry has the same key as the first attempt.

use std::borrow::Cow;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::check::SIGNATURE_HEADER;
use super::payload::{
    CallStatusCallback, InboundMessage, MessageStatusCallback, RecordingStatusCallback,
    WebhookEvent,
};
use super::receive::PathKind;
use super::replay::StoredAnswer;
use super::signature::sha256_hex;
use super::verified::Verified;
use crate::twiml::MessagingResponse;

/// Identity of a webhook. A retry has the same key as the first attempt; another webhook has
/// another key.
///
/// | Webhook | Parts of the key |
/// |---|---|
/// | [`InboundMessage`], [`MessageFallback`](crate::webhook::MessageFallback) | `AccountSid`, `MessageSid` |
/// | [`MessageStatusCallback`] | `AccountSid`, `MessageSid`, `MessageStatus` |
/// | [`CallStatusCallback`] at the [call status path](crate::webhook::WebhookPaths::call_status) | `AccountSid`, `CallSid`, `CallStatus`, and `SequenceNumber` where Twilio sends it |
/// | [`RecordingStatusCallback`] | `AccountSid`, `RecordingSid`, `RecordingStatus` |
/// | other requests about a call, with `I-Twilio-Idempotency-Token` | hash of the signature and the token |
/// | all others | no key |
///
/// - The key of a message or a status callback holds signed fields only.
///   `I-Twilio-Idempotency-Token` is not signed, so a replayed request can carry another one.
/// - The account is part of the key, so that tenants can share a guard. A tenant who knows the auth
///   token of its own account can sign the SID of another tenant's message.
/// - A message keeps its key at the fallback URL, because it is the same message. It may have been
///   handled although Twilio did not receive the answer.
/// - A second callback of one message with the same status has the same key, because it reports
///   nothing new.
/// - Requests for the `TwiML` of a call repeat legitimately: each digit of a menu may have the same
///   parameters and thus the same signature. Only the token tells a retry from a repetition. It
///   does not protect against a replay, which may carry another token.
/// - A status callback of a call has its own key only at the configured call status path, not below
///   it. Anywhere else it has the key of a request for `TwiML`.
/// - A status that is not a word of lowercase letters is replaced by its SHA-256. A replayer can move
///   the end of the form into the status, and with it a phone number.
/// - WebSocket handshakes have no key.
/// - Conversations events have no key: several events of one message carry the same SID.
///
/// # Voice SDK clients
///
/// A client of the Voice SDK chooses `To`, and adds any parameter that Twilio does not send itself.
/// Twilio signs them all. The client controls neither the URL nor the headers, and removes no
/// parameter. It must not claim the key of a status callback, which would then be taken for a retry:
///
/// | Key | Obstacle for a client |
/// |---|---|
/// | message, status callback of a message | refused with `CallSid`, which every request of a call carries |
/// | status callback of a recording | refused with `CallStatus`, which every request for `TwiML` carries |
/// | status callback of a call | has the same parameters: only the path tells it, which the account configures |
/// | requests for `TwiML` | the signature covers the URL, and Twilio chooses the token |
///
/// ```
/// # use clinspark_twilio::types::AuthToken;
/// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
/// use clinspark_twilio::webhook::ReplayKey;
///
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let validator = Validator::new(AuthToken::new("12345")?, origin);
/// # let mut request = http::Request::post("/twilio")
/// #     .header("content-type", "application/x-www-form-urlencoded")
/// #     .body(
/// #         "MessageSid=SM00000000000000000000000000000001&MessageStatus=delivered\
/// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550123",
/// #     )?;
/// # let signature = validator.sign(&request);
/// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
/// let key = ReplayKey::of(&validator.verify(request)?).unwrap();
/// assert_eq!(
///     key.as_str(),
///     "AC00000000000000000000000000000001-SM00000000000000000000000000000001-delivered"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayKey {
    text: Box<str>,
    kind: Kind,
}

/// Kind of webhook, by what a retry gets when the first answer is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    /// A message: an answer with `TwiML` would text the person a second time.
    Message,
    /// A callback, whose answer Twilio ignores.
    Callback,
    /// A request for the `TwiML` of a call: without an answer the caller hears an error.
    CallTwiml,
}

impl ReplayKey {
    /// Returns the key of a verified request, or `None` for a kind that has none.
    ///
    /// The request is read as a [`WebhookEvent`]. A call whose Voice SDK client added `MessageSid`
    /// therefore does not get the key of a message.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(verified: &Verified<B>) -> Option<Self> {
        if verified.is_websocket() {
            return None;
        }
        match verified.parse() {
            Ok(WebhookEvent::InboundMessage(message)) => Some(Self::from(&*message)),
            Ok(WebhookEvent::MessageFallback(fallback)) => Some(Self::from(&fallback.message)),
            Ok(WebhookEvent::MessageStatusCallback(callback)) => Some(Self::from(&*callback)),
            // A path below may be an action URL, which a Voice SDK client's parameters reach.
            Ok(WebhookEvent::CallStatusCallback(callback))
                if verified.is_at(PathKind::CallStatus) =>
            {
                Some(Self::from(&*callback))
            }
            Ok(WebhookEvent::RecordingStatusCallback(callback)) => Some(Self::from(&*callback)),
            _ => Self::of_call_request(verified),
        }
    }

    /// Returns the key of a request for the `TwiML` of a call.
    fn of_call_request<B: AsRef<[u8]>>(verified: &Verified<B>) -> Option<Self> {
        verified.parameter("CallSid")?;
        let token = verified.idempotency_hint()?;
        let signature = verified.request().headers().get(SIGNATURE_HEADER)?;
        // Hashed, because a signature is as secret as a session cookie and keys are stored.
        let hash = sha256_hex(&[signature.as_bytes(), b" ", token.as_bytes()].concat());
        Some(Self::new(Kind::CallTwiml, &["request", &hash]))
    }

    /// Returns a key for the conformance suite of guards.
    pub(super) fn numbered(number: u32) -> Self {
        Self::new(Kind::Callback, &[&format!("AC{number:032x}"), "delivered"])
    }

    fn new(kind: Kind, parts: &[&str]) -> Self {
        Self {
            text: parts.join("-").into(),
            kind,
        }
    }

    /// Returns the answer to a retry when the first one is not stored, or `None` if the handler
    /// must make it again.
    pub(super) fn default_answer(&self) -> Option<StoredAnswer> {
        let response = match self.kind {
            Kind::CallTwiml => return None,
            Kind::Message => MessagingResponse::new().into_response().map(Bytes::from),
            Kind::Callback => {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::NO_CONTENT;
                response
            }
        };
        Some(StoredAnswer::new(response))
    }

    /// Returns the key as text, for your own guard. It holds SIDs, statuses and numbers, but no
    /// personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<&InboundMessage> for ReplayKey {
    fn from(message: &InboundMessage) -> Self {
        Self::new(
            Kind::Message,
            &[message.account_sid.as_str(), message.message_sid.as_str()],
        )
    }
}

impl From<&MessageStatusCallback> for ReplayKey {
    fn from(callback: &MessageStatusCallback) -> Self {
        Self::new(
            Kind::Callback,
            &[
                callback.account_sid.as_str(),
                callback.message_sid.as_str(),
                &status_part(callback.status.as_str()),
            ],
        )
    }
}

/// Key of a callback that came to a URL which Twilio requests for nothing but status callbacks.
///
/// At a URL that returns `TwiML`, a Voice SDK client can make a request that has this key.
impl From<&CallStatusCallback> for ReplayKey {
    fn from(callback: &CallStatusCallback) -> Self {
        let account = callback.call.account_sid.as_str();
        let call = callback.call.call_sid.as_str();
        // A Voice SDK client can add a sequence number but cannot change the status.
        let status = &*status_part(callback.call.status.as_str());
        match callback.sequence_number {
            Some(number) => Self::new(
                Kind::Callback,
                &[account, call, status, &number.to_string()],
            ),
            None => Self::new(Kind::Callback, &[account, call, status]),
        }
    }
}

impl From<&RecordingStatusCallback> for ReplayKey {
    fn from(callback: &RecordingStatusCallback) -> Self {
        Self::new(
            Kind::Callback,
            &[
                callback.account_sid.as_str(),
                callback.recording_sid.as_str(),
                &status_part(callback.status.as_str()),
            ],
        )
    }
}

/// Returns the part of a key for a status: the status if it is a word, otherwise its hash.
fn status_part(status: &str) -> Cow<'_, str> {
    const LONGEST: usize = 32;
    let is_word = status
        .bytes()
        .all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_'));
    if is_word && status.len() <= LONGEST {
        Cow::Borrowed(status)
    } else {
        Cow::Owned(sha256_hex(status.as_bytes()))
    }
}
