//! Extractors and responses for axum (feature `axum`).

use std::fmt;
use std::ops::Deref;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;

use super::receive::log_rejection;
use super::{Payload, PayloadError, Refusal, Verified};
use crate::twiml::{MessagingResponse, VoiceResponse};

/// Payload of a verified webhook, as an axum extractor.
///
/// It reads the request that a [`WebhookLayer`](super::WebhookLayer) has verified. Without the layer
/// around the route it refuses every request, so an unverified one is never read.
///
/// ```
/// use clinspark_twilio::twiml::{Message, MessagingResponse};
/// use clinspark_twilio::webhook::{InboundMessage, Webhook};
///
/// // Router::new().route("/hooks/message", post(reply)).layer(messenger.layer())
/// async fn reply(Webhook(message): Webhook<InboundMessage>) -> MessagingResponse {
///     match message.opt_out() {
///         Some(said) if said.forbids_texting() => MessagingResponse::new(), // no reply
///         _ => MessagingResponse::new().append(Message::text("We will call you.")),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a pattern in the arguments of a handler takes it apart"
)]
pub struct Webhook<T>(pub T);

impl<T> Deref for Webhook<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<S: Sync, T: Payload> FromRequestParts<S> for Webhook<T> {
    type Rejection = WebhookRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebhookRejection> {
        Ok(Self(verified(parts)?.parse()?))
    }
}

impl<S: Sync> FromRequestParts<S> for Verified<Bytes> {
    type Rejection = WebhookRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebhookRejection> {
        verified(parts).cloned()
    }
}

fn verified(parts: &Parts) -> Result<&Verified<Bytes>, WebhookRejection> {
    // Only the layer puts a `Verified` there. A client cannot set an extension.
    parts.extensions.get().ok_or(WebhookRejection::MissingLayer)
}

/// Rejection of the extractors [`Webhook`] and [`Verified`].
///
/// The response holds the status and the message, which names no value of the request. It is also
/// an event of `tracing` (feature `tracing`).
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// No [`WebhookLayer`](super::WebhookLayer) is around the route. Answered with 500.
    MissingLayer,
    /// The request is not the payload that the handler takes: Twilio is configured with another
    /// URL for it. Answered with 400.
    Payload(PayloadError),
}

impl WebhookRejection {
    /// Status of the response.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::MissingLayer => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Payload(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingLayer => {
                f.write_str("no WebhookLayer verified this request; put the layer around the route")
            }
            Self::Payload(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WebhookRejection {}

impl From<PayloadError> for WebhookRejection {
    fn from(error: PayloadError) -> Self {
        Self::Payload(error)
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        log_rejection(&self);
        (self.status(), self.to_string()).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

impl IntoResponse for VoiceResponse {
    fn into_response(self) -> Response {
        Self::into_response(self).into_response()
    }
}

impl IntoResponse for MessagingResponse {
    fn into_response(self) -> Response {
        Self::into_response(self).into_response()
    }
}
