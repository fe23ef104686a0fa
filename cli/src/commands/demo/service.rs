//! Webhook server of the clinic: a small axum service, as an application would write it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::post};
use bytes::Bytes;
use clinspark_twilio::messenger::Messenger;
use clinspark_twilio::twiml::{Hangup, Message, MessagingResponse, Say, VoiceResponse};
use clinspark_twilio::types::{CallSid, CallStatus, MessageSid, MessageStatus, Redacted};
use clinspark_twilio::webhook::{
    CallStatusCallback, GatherResult, InboundCall, InboundMessage, MessageStatusCallback,
    RefusalKind, Verified,
};
use http::StatusCode;
use tokio::net::TcpListener;

/// Limit for a request body. Twilio's requests are below 10 KB.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// A webhook that the service received or refused.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Reply {
        body: String,
    },
    MessageStatus {
        sid: MessageSid,
        status: MessageStatus,
    },
    Pressed {
        call: CallSid,
        keys: String,
    },
    CallStatus {
        sid: CallSid,
        status: CallStatus,
    },
    Refused {
        kind: RefusalKind,
        reason: String,
    },
}

#[derive(Clone)]
pub(crate) struct Service {
    messenger: Messenger,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Service {
    pub(crate) fn new(messenger: Messenger) -> Self {
        Self {
            messenger,
            events: Arc::default(),
        }
    }

    /// Serves until the program ends.
    pub(crate) fn serve(&self, listener: TcpListener) {
        let router = Router::new()
            .route("/hooks/voice", post(voice))
            .route("/hooks/message", post(message))
            .route("/hooks/message-status", post(message_status))
            .route("/hooks/call-status", post(call_status))
            .route("/hooks/confirm", post(confirm))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn record(&self, event: Event) {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }

    /// Verifies that Twilio signed the request for this clinic. Any other request gets an empty
    /// 403.
    async fn receive(&self, request: Request) -> Result<Verified<Bytes>, Response> {
        let (parts, body) = request.into_parts();
        // The signature covers the raw bytes, so the body is not parsed before it is verified.
        let body = to_bytes(body, MAX_BODY_BYTES)
            .await
            .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        self.messenger
            .receive(http::Request::from_parts(parts, body))
            .await
            .map_err(|refusal| {
                self.record(Event::Refused {
                    kind: refusal.kind(),
                    reason: refusal.to_string(),
                });
                refusal.into_response().into_response()
            })
    }
}

/// Handles a text from a volunteer.
async fn message(State(clinic): State<Service>, request: Request) -> Result<Response, Response> {
    let reply: InboundMessage = clinic.receive(request).await?.parse().map_err(unreadable)?;
    let body = reply.body.expose().trim().to_owned();
    let answer = match body.to_uppercase().as_str() {
        "YES" => "Thank you, see you at 9:00.",
        _ => "Thank you, a nurse will call you.",
    };
    clinic.record(Event::Reply { body });
    Ok(MessagingResponse::new()
        .append(Message::text(answer))
        .into_response()
        .into_response())
}

/// Handles a call from a volunteer.
async fn voice(State(clinic): State<Service>, request: Request) -> Result<Response, Response> {
    let _call: InboundCall = clinic.receive(request).await?.parse().map_err(unreadable)?;
    let answer = VoiceResponse::new().append(Say::new("Thank you for calling. Please text us."));
    Ok(answer.into_response().into_response())
}

/// Handles the status callback of a message.
async fn message_status(
    State(clinic): State<Service>,
    request: Request,
) -> Result<StatusCode, Response> {
    let progress: MessageStatusCallback =
        clinic.receive(request).await?.parse().map_err(unreadable)?;
    clinic.record(Event::MessageStatus {
        sid: progress.message_sid,
        status: progress.status,
    });
    Ok(StatusCode::NO_CONTENT)
}

/// Handles the status callback of a call.
async fn call_status(
    State(clinic): State<Service>,
    request: Request,
) -> Result<StatusCode, Response> {
    let progress: CallStatusCallback =
        clinic.receive(request).await?.parse().map_err(unreadable)?;
    let call = progress.call;
    clinic.record(Event::CallStatus {
        sid: call.call_sid,
        status: call.status,
    });
    Ok(StatusCode::NO_CONTENT)
}

/// Handles a key that a volunteer pressed in the menu.
async fn confirm(State(clinic): State<Service>, request: Request) -> Result<Response, Response> {
    let gathered: GatherResult = clinic.receive(request).await?.parse().map_err(unreadable)?;
    let keys = gathered
        .digits
        .map(Redacted::into_inner)
        .unwrap_or_default();
    let confirmation = match keys.as_str() {
        "1" => "Thank you. Your visit is confirmed.",
        _ => "Thank you. A nurse will call you.",
    };
    clinic.record(Event::Pressed {
        call: gathered.call.call_sid,
        keys,
    });
    let answer = VoiceResponse::new()
        .append(Say::new(confirmation))
        .append(Hangup::new());
    Ok(answer.into_response().into_response())
}

/// Returns the response to a request that Twilio signed but that is invalid for its route.
fn unreadable(_: impl std::error::Error) -> Response {
    StatusCode::BAD_REQUEST.into_response()
}
