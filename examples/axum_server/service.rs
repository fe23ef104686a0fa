//! Service of the clinic: responds to webhooks, and sends reminders and calls for receptionists.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clinspark_twilio::client::Outcome;
use clinspark_twilio::messenger::{Error, ErrorKind, MessageId, Messenger};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Gather, Message, MessagingResponse, Redirect, Say, VoiceResponse};
use clinspark_twilio::types::{CallStatus, MessageStatus, Redacted};
use clinspark_twilio::webhook::{
    CallStatusCallback, GatherResult, InboundCall, InboundMessage, MessageStatusCallback,
    StatusTracker, Verified, Webhook, WebhookLayer,
};
use http::StatusCode;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};

/// Path of the webhook for keys pressed in the menu.
const MENU: &str = "/twilio/menu";

/// State of one clinic. In production, keep the journal in a database.
pub(crate) struct Clinic {
    messenger: Messenger,
    journal: Mutex<HashMap<MessageId, Entry>>,
    confirmed: Mutex<usize>,
}

/// Known state of a text or a call.
enum Entry {
    /// The request to Twilio has begun. It may have no response yet, or its response was lost.
    Begun,
    Text(StatusTracker<MessageStatus>),
    Call(StatusTracker<CallStatus>),
}

impl Clinic {
    pub(crate) fn new(messenger: Messenger) -> Arc<Self> {
        Arc::new(Self {
            messenger,
            journal: Mutex::default(),
            confirmed: Mutex::default(),
        })
    }

    fn confirm(&self) {
        *self
            .confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += 1;
    }

    fn journal(&self) -> MutexGuard<'_, HashMap<MessageId, Entry>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the menu of a call. Its `action` is an absolute URL, because TwiML in an API request
    /// has no URL that a relative one could refer to.
    fn menu(&self) -> VoiceResponse {
        let origin = self.messenger.origin();
        VoiceResponse::new()
            .append(
                Gather::new()
                    .num_digits(1)
                    .timeout(Duration::from_secs(5))
                    .action(origin.url(MENU))
                    .append(Say::new(
                        "Press one to confirm your visit, or two to speak to a nurse.",
                    )),
            )
            .append(Say::new("We did not hear you. Goodbye."))
    }
}

/// Returns the routes for Twilio. Through the messenger's layer come only signed requests about this
/// clinic, each once, after the consent gate has heard them.
///
/// # Errors
///
/// Returns a message if a path is not set.
pub(crate) fn webhooks(clinic: &Arc<Clinic>, layer: WebhookLayer) -> Result<Router, String> {
    let paths = clinic.messenger.webhook_paths().without_overrides();
    let mut router = Router::new().route(MENU, post(pressed));
    for (path, handler) in [
        (&paths.message, post(message)),
        (&paths.message_status, post(message_status)),
        (&paths.voice, post(voice)),
        (&paths.call_status, post(call_status)),
    ] {
        let path = path.as_ref().ok_or("set all four webhook paths")?;
        router = router.route(path, handler);
    }
    Ok(router.layer(layer).with_state(Arc::clone(clinic)))
}

/// Returns the routes for the receptionists' system, which sends the token with each request:
/// `Authorization: Bearer ...`.
///
/// A port of loopback alone is no protection: any web page that a receptionist opens can post a
/// form there. A web page does not know the token, and a browser does not add it as it adds
/// cookies.
///
/// # Errors
///
/// Returns a message if the token is shorter than 32 characters.
pub(crate) fn desk(clinic: &Arc<Clinic>, token: &str) -> Result<Router, String> {
    if token.len() < 32 {
        let wrong = "too short; set at least 32 random characters, such as `openssl rand -hex 32`";
        return Err(wrong.to_owned());
    }
    let expected = Sha256::digest(token);
    let router = Router::new()
        .route("/reminders", post(remind))
        .route("/calls", post(call))
        .route("/status/{id}", get(status))
        .route("/confirmed", get(confirmed))
        .layer(from_fn_with_state(expected.into(), with_token));
    Ok(router.with_state(Arc::clone(clinic)))
}

/// Accepts only requests with the desk's token. Compares hashes, so that the duration of a
/// comparison reveals nothing about the token.
async fn with_token(
    State(expected): State<[u8; 32]>,
    request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let header = request.headers().get(AUTHORIZATION);
    let token = header.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    match token {
        Some(token) if *Sha256::digest(token) == expected => Ok(next.run(request).await),
        _ => Err(StatusCode::UNAUTHORIZED),
    }
}

/// Handles a text from a volunteer.
async fn message(
    State(clinic): State<Arc<Clinic>>,
    Webhook(message): Webhook<InboundMessage>,
) -> MessagingResponse {
    let says_yes = message.body.expose().trim().eq_ignore_ascii_case("yes");
    match message.opt_out() {
        // Twilio has replied to STOP itself. A nurse reads a text that may mean STOP.
        Some(OptOut::Stop | OptOut::MaybeStop) => MessagingResponse::new(),
        _ if says_yes => {
            clinic.confirm();
            MessagingResponse::new().append(Message::text("See you at 9:00."))
        }
        _ => MessagingResponse::new().append(Message::text("A nurse will call you.")),
    }
}

/// Handles a call from a volunteer.
async fn voice(State(clinic): State<Arc<Clinic>>, _: Webhook<InboundCall>) -> VoiceResponse {
    clinic.menu()
}

/// Handles a key pressed in the menu.
async fn pressed(
    State(clinic): State<Arc<Clinic>>,
    Webhook(gathered): Webhook<GatherResult>,
) -> VoiceResponse {
    let keys = gathered.digits.map(Redacted::into_inner);
    match keys.as_deref() {
        Some("1") => {
            clinic.confirm();
            VoiceResponse::new().append(Say::new("Thank you. See you at nine."))
        }
        Some("2") => VoiceResponse::new().append(Say::new("A nurse will call you. Goodbye.")),
        _ => {
            let voice = clinic.messenger.webhook_paths().voice.clone();
            VoiceResponse::new()
                .append(Say::new("We did not understand."))
                .append(Redirect::new(voice.unwrap_or_default()))
        }
    }
}

/// Handles the status callback of a text.
async fn message_status(
    State(clinic): State<Arc<Clinic>>,
    signed: Verified<Bytes>,
    Webhook(report): Webhook<MessageStatusCallback>,
) -> StatusCode {
    if let Some(id) = MessageId::from_callback(&signed) {
        let mut journal = clinic.journal();
        match journal.get_mut(&id) {
            Some(Entry::Text(tracker)) => {
                tracker.observe(report.status);
            }
            // The response was lost or has not arrived yet. The callback shows that it was sent.
            Some(entry) => *entry = Entry::Text(StatusTracker::new(report.status)),
            None => {}
        }
    }
    StatusCode::NO_CONTENT
}

/// Handles the status callback of a call.
async fn call_status(
    State(clinic): State<Arc<Clinic>>,
    signed: Verified<Bytes>,
    Webhook(report): Webhook<CallStatusCallback>,
) -> StatusCode {
    if let Some(id) = MessageId::from_callback(&signed) {
        let mut journal = clinic.journal();
        match journal.get_mut(&id) {
            Some(Entry::Call(tracker)) => {
                tracker.observe(report.call.status);
            }
            Some(entry) => *entry = Entry::Call(StatusTracker::new(report.call.status)),
            None => {}
        }
    }
    StatusCode::NO_CONTENT
}

/// Parses a request of the receptionists' system, which chooses the id and uses it once.
fn order(body: &Bytes) -> Option<(MessageId, HashMap<String, String>)> {
    let mut form: HashMap<String, String> = serde_urlencoded::from_bytes(body).ok()?;
    let id = MessageId::parse(&form.remove("id")?).ok()?;
    Some((id, form))
}

async fn remind(State(clinic): State<Arc<Clinic>>, body: Bytes) -> Response {
    let Some((id, form)) = order(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (Some(to), Some(body)) = (form.get("to"), form.get("body")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if !begin(&clinic, &id) {
        return StatusCode::CONFLICT.into_response();
    }
    match clinic
        .messenger
        .text(to, body.as_str())
        .id(id.clone())
        .await
    {
        Ok(sent) => {
            let status = sent.status.unwrap_or(MessageStatus::Queued);
            arrived(&clinic, id, Entry::Text(StatusTracker::new(status)))
        }
        Err(error) => failed(&clinic, &id, &error),
    }
}

async fn call(State(clinic): State<Arc<Clinic>>, body: Bytes) -> Response {
    let Some((id, form)) = order(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(to) = form.get("to") else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if !begin(&clinic, &id) {
        return StatusCode::CONFLICT.into_response();
    }
    let menu = clinic.menu();
    match clinic.messenger.call(to, &menu).id(id.clone()).await {
        Ok(placed) => {
            let status = placed.status.unwrap_or(CallStatus::Queued);
            arrived(&clinic, id, Entry::Call(StatusTracker::new(status)))
        }
        Err(error) => failed(&clinic, &id, &error),
    }
}

/// Returns Twilio's status of a text or a call.
async fn status(State(clinic): State<Arc<Clinic>>, Path(id): Path<String>) -> Response {
    let journal = clinic.journal();
    let id = MessageId::parse(&id).ok();
    match id.and_then(|id| journal.get(&id)) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Entry::Begun) => "unknown".into_response(),
        Some(Entry::Text(tracker)) => tracker.status().to_string().into_response(),
        Some(Entry::Call(tracker)) => tracker.status().to_string().into_response(),
    }
}

/// Returns the number of visits that were confirmed, by text or by key.
async fn confirmed(State(clinic): State<Arc<Clinic>>) -> String {
    let confirmed = clinic.confirmed.lock();
    confirmed
        .unwrap_or_else(PoisonError::into_inner)
        .to_string()
}

/// Records an id before the request to Twilio, so that a repeated request sends no second reminder.
fn begin(clinic: &Clinic, id: &MessageId) -> bool {
    let mut journal = clinic.journal();
    if journal.contains_key(id) {
        return false;
    }
    journal.insert(id.clone(), Entry::Begun);
    true
}

/// Records the result of a request, unless a callback has arrived first.
fn arrived(clinic: &Clinic, id: MessageId, entry: Entry) -> Response {
    let mut journal = clinic.journal();
    if let Some(Entry::Begun) = journal.get(&id) {
        journal.insert(id, entry);
    }
    StatusCode::ACCEPTED.into_response()
}

fn failed(clinic: &Clinic, id: &MessageId, error: &Error) -> Response {
    match error.outcome() {
        // No one was texted or called, so the id may be used again.
        Outcome::NotSent | Outcome::Rejected => {
            clinic.journal().remove(id);
            let status = match error.kind() {
                ErrorKind::Client => StatusCode::BAD_GATEWAY,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, error.to_string()).into_response()
        }
        // The entry stays `Begun` until a callback arrives or a person checks. A second attempt
        // could text or call the volunteer twice.
        Outcome::Unknown { .. } => (StatusCode::ACCEPTED, error.to_string()).into_response(),
    }
}
