//! The clinic: webhooks in, answers out; reminders and calls at the receptionists' word.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Extension, Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use clinspark_twilio::client::Outcome;
use clinspark_twilio::messenger::{Error, ErrorKind, MessageId, Messenger};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Gather, Message, MessagingResponse, Redirect, Say, VoiceResponse};
use clinspark_twilio::types::{CallStatus, MessageStatus, Redacted};
use clinspark_twilio::webhook::{
    CallStatusCallback, GatherResult, InboundCall, InboundMessage, Lookup, MemoryReplayGuard,
    MessageStatusCallback, ReplayGuard, ReplayKey, StatusTracker, Verified, VerifyLayer,
};
use http::StatusCode;
use http::header::AUTHORIZATION;
use sha2::{Digest as _, Sha256};

/// Where the keys pressed in the menu arrive.
const MENU: &str = "/twilio/menu";

/// No answer of ours is longer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// One clinic. A real one keeps its journal, and what it has seen, in its database.
pub(crate) struct Clinic {
    messenger: Messenger,
    seen: MemoryReplayGuard<http::Response<Bytes>>,
    journal: Mutex<HashMap<MessageId, Entry>>,
    confirmed: Mutex<usize>,
}

/// What is known of a text or a call.
enum Entry {
    /// It is on its way to Twilio, or was when the answer was lost.
    Begun,
    Text(StatusTracker<MessageStatus>),
    Call(StatusTracker<CallStatus>),
}

impl Clinic {
    pub(crate) fn new(messenger: Messenger) -> Arc<Self> {
        Arc::new(Self {
            messenger,
            seen: MemoryReplayGuard::new(10_000),
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

    /// The menu of a call. Twilio asks back at a whole URL: the document may be sent along.
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

/// What Twilio asks. Behind the layer every request is signed; behind `admit` it is about this
/// clinic, and new.
///
/// # Errors
///
/// A sentence when a path is not set.
pub(crate) fn webhooks(clinic: &Arc<Clinic>, layer: VerifyLayer) -> Result<Router, String> {
    let paths = clinic.messenger.webhook_paths().without_overrides();
    let admitted = |handler: MethodRouter<Arc<Clinic>>| -> MethodRouter<Arc<Clinic>> {
        handler.route_layer(from_fn_with_state(Arc::clone(clinic), admit))
    };
    let mut router = Router::new().route(MENU, admitted(post(pressed)));
    for (path, handler) in [
        (&paths.message, post(message)),
        (&paths.message_status, post(message_status)),
        (&paths.voice, post(voice)),
        (&paths.call_status, post(call_status)),
    ] {
        let path = path.as_ref().ok_or("set all four paths of the webhooks")?;
        router = router.route(path, admitted(handler));
    }
    Ok(router.layer(layer).with_state(Arc::clone(clinic)))
}

/// Serves the receptionists' system, which sends the token with each request:
/// `Authorization: Bearer ...`.
///
/// A port of loopback is no protection: any web page that a receptionist opens can post a form
/// there. A page does not know the token, and no browser adds it by itself as it does a cookie.
///
/// # Errors
///
/// A sentence when the token is shorter than 32 characters.
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

/// Lets in requests with the desk's token. Hashes are compared, so that the time of a comparison
/// tells nothing of the token.
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

/// Lets in what is about this clinic, and handles it once: a repeat gets the first answer again.
async fn admit(
    State(clinic): State<Arc<Clinic>>,
    Extension(verified): Extension<Verified<Bytes>>,
    request: Request,
    next: Next,
) -> Response {
    let verified = match clinic.messenger.admit(verified).await {
        Ok(verified) => verified,
        Err(refusal) => return refusal.into_response().map(Body::from),
    };
    // A caller in the menu presses more than one key: those requests are never dropped.
    let Some(key) = ReplayKey::of(&verified) else {
        return next.run(request).await;
    };
    let claim = match clinic.seen.claim(key) {
        Ok(claim) => claim,
        Err(Lookup::Answered(answer)) => return answer.map(Body::from),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let (head, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_ANSWER).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let answer = Response::from_parts(head, body);
    if answer.status().is_success() {
        claim.finish(answer).map(Body::from)
    } else {
        answer.map(Body::from) // it failed: the repeat is to be handled
    }
}

type Signed = Extension<Verified<Bytes>>;

/// Twilio was wired to the wrong URL.
const UNREADABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// A volunteer wrote.
async fn message(State(clinic): State<Arc<Clinic>>, Extension(signed): Signed) -> Response {
    let Ok(message) = signed.parse::<InboundMessage>() else {
        return UNREADABLE.into_response();
    };
    let says_yes = message.body.expose().trim().eq_ignore_ascii_case("yes");
    let answer = match message.opt_out() {
        // Twilio has answered STOP itself; what may mean it, a nurse reads.
        Some(OptOut::Stop | OptOut::MaybeStop) => MessagingResponse::new(),
        _ if says_yes => {
            clinic.confirm();
            MessagingResponse::new().append(Message::text("See you at 9:00."))
        }
        _ => MessagingResponse::new().append(Message::text("A nurse will call you.")),
    };
    answer.into_response().into_response()
}

/// A volunteer calls.
async fn voice(State(clinic): State<Arc<Clinic>>, Extension(signed): Signed) -> Response {
    match signed.parse::<InboundCall>() {
        Ok(_) => clinic.menu().into_response().into_response(),
        Err(_) => UNREADABLE.into_response(),
    }
}

/// A key was pressed in the menu.
async fn pressed(State(clinic): State<Arc<Clinic>>, Extension(signed): Signed) -> Response {
    let Ok(gathered) = signed.parse::<GatherResult>() else {
        return UNREADABLE.into_response();
    };
    let keys = gathered.digits.map(Redacted::into_inner);
    let answer = match keys.as_deref() {
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
    };
    answer.into_response().into_response()
}

/// A text of ours made progress.
async fn message_status(State(clinic): State<Arc<Clinic>>, Extension(signed): Signed) -> Response {
    let Ok(report) = signed.parse::<MessageStatusCallback>() else {
        return UNREADABLE.into_response();
    };
    if let Some(id) = MessageId::of(&signed) {
        let mut journal = clinic.journal();
        match journal.get_mut(&id) {
            Some(Entry::Text(tracker)) => {
                tracker.observe(report.status);
            }
            // The answer was lost, or is not here yet: this says that it went out.
            Some(entry) => *entry = Entry::Text(StatusTracker::new(report.status)),
            None => {}
        }
    }
    StatusCode::NO_CONTENT.into_response()
}

/// A call of ours made progress.
async fn call_status(State(clinic): State<Arc<Clinic>>, Extension(signed): Signed) -> Response {
    let Ok(report) = signed.parse::<CallStatusCallback>() else {
        return UNREADABLE.into_response();
    };
    if let Some(id) = MessageId::of(&signed) {
        let mut journal = clinic.journal();
        match journal.get_mut(&id) {
            Some(Entry::Call(tracker)) => {
                tracker.observe(report.call.status);
            }
            Some(entry) => *entry = Entry::Call(StatusTracker::new(report.call.status)),
            None => {}
        }
    }
    StatusCode::NO_CONTENT.into_response()
}

/// What the receptionists' system sends: the id is its own, and is used once.
fn order(body: &Bytes) -> Option<(MessageId, HashMap<String, String>)> {
    let mut form: HashMap<String, String> = serde_urlencoded::from_bytes(body).ok()?;
    let id = MessageId::parse(&form.remove("id")?).ok()?;
    Some((id, form))
}

async fn remind(State(clinic): State<Arc<Clinic>>, body: Bytes) -> Response {
    let Some((id, form)) = order(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (Some(to), Some(words)) = (form.get("to"), form.get("words")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if !begin(&clinic, &id) {
        return StatusCode::CONFLICT.into_response();
    }
    match clinic
        .messenger
        .text(to, words.as_str())
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

/// Where a text or a call is, in Twilio's word.
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

/// How many visits were confirmed, by text or by key.
async fn confirmed(State(clinic): State<Arc<Clinic>>) -> String {
    let confirmed = clinic.confirmed.lock();
    confirmed
        .unwrap_or_else(PoisonError::into_inner)
        .to_string()
}

/// Takes an id before anything leaves: asked twice for the same reminder, it goes out once.
fn begin(clinic: &Clinic, id: &MessageId) -> bool {
    let mut journal = clinic.journal();
    if journal.contains_key(id) {
        return false;
    }
    journal.insert(id.clone(), Entry::Begun);
    true
}

/// A callback may have been faster than the answer.
fn arrived(clinic: &Clinic, id: MessageId, entry: Entry) -> Response {
    let mut journal = clinic.journal();
    if let Some(Entry::Begun) = journal.get(&id) {
        journal.insert(id, entry);
    }
    StatusCode::ACCEPTED.into_response()
}

fn failed(clinic: &Clinic, id: &MessageId, error: &Error) -> Response {
    match error.outcome() {
        // Nobody was reached: the id may be used again.
        Outcome::NotSent | Outcome::Rejected => {
            clinic.journal().remove(id);
            let status = match error.kind() {
                ErrorKind::Client => StatusCode::BAD_GATEWAY,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, error.to_string()).into_response()
        }
        // It stays begun: a callback will tell, or a person looks. It is never sent again by
        // guess.
        Outcome::Unknown { .. } => (StatusCode::ACCEPTED, error.to_string()).into_response(),
    }
}
