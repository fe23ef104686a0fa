//! Reminds volunteers of their visits by text and by call, and takes their answers.
//!
//! The clinic's own system orders reminders with a bearer token; Twilio reports what came of them.
//! A visit is confirmed by a text of YES or by key 1. Who says STOP is not contacted again until
//! the clinic records consent anew. Journal and replay guard last as long as the process.
use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get, routing::post};
use bytes::Bytes;
use clinspark_twilio::client::Outcome;
use clinspark_twilio::messenger::*;
use clinspark_twilio::phone::{E164, UniquenessKey};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Gather, Message, MessagingResponse, Say, VoiceResponse};
use clinspark_twilio::types::{BoxError, CallStatus, MessageStatus};
use clinspark_twilio::webhook::*;
use http::StatusCode;
use http::header::AUTHORIZATION;
use subtle::ConstantTimeEq;

/// Who agreed to be texted and called. Whoever is not in it did not.
pub trait ConsentTable: Send + Sync + 'static {
    fn agrees(&self, person: E164) -> Result<bool, BoxError>;
    fn record(&self, person: E164, agrees: bool) -> Result<(), BoxError>;
}

/// Keyed by person and not by spelling: some mobiles can be written in two ways.
#[derive(Default)]
pub struct MemoryConsent(Mutex<HashMap<UniquenessKey, bool>>);

impl ConsentTable for MemoryConsent {
    fn agrees(&self, person: E164) -> Result<bool, BoxError> {
        let table = self.0.lock().map_err(|_| "consent table is poisoned")?;
        Ok(table.get(&person.uniqueness_key()) == Some(&true))
    }

    fn record(&self, person: E164, agrees: bool) -> Result<(), BoxError> {
        let mut table = self.0.lock().map_err(|_| "consent table is poisoned")?;
        table.insert(person.uniqueness_key(), agrees);
        Ok(())
    }
}

/// Asks the table before each text and call, and records each STOP in it.
pub fn gate(consent: &Arc<dyn ConsentTable>) -> impl ConsentGate {
    let (reader, writer) = (Arc::clone(consent), Arc::clone(consent));
    consent_gate_fn(
        move |contact| ready(reader.agrees(contact.to).map(Consent::given_if)),
        move |event| {
            let person = event.person.phone().filter(|_| event.is_withdrawal());
            ready(person.map_or(Ok(()), |person| writer.record(person, false)))
        },
    )
}

/// A text or a call, by the id that the clinic's system gave it.
struct Reminder {
    id: MessageId,
    to: UniquenessKey,
    text: StatusTracker<MessageStatus>,
    call: StatusTracker<CallStatus>,
    answer: Option<&'static str>,
}

struct Clinic {
    messenger: Messenger,
    consent: Arc<dyn ConsentTable>,
    menu: String,
    journal: Mutex<Vec<Reminder>>,
}

type Shared = State<Arc<Clinic>>;
/// Status and reason, for the clinic's system.
type Told = (StatusCode, String);

/// The desk's routes behind its token; whatever else arrives must be a webhook that Twilio signed.
/// The messenger has the [`gate`] of the same table.
pub fn router(
    messenger: MessengerBuilder,
    consent: Arc<dyn ConsentTable>,
    desk_token: &str,
) -> Result<Router, BoxError> {
    if desk_token.len() < 32 {
        return Err("the desk's token needs at least 32 characters".into());
    }
    let messenger = messenger
        .replay_guard(MemoryReplayGuard::new(10_000))
        .on_refusal(|_, refusal| eprintln!("webhook refused: {refusal}"))
        .build()?;
    let paths = messenger.webhook_paths().without_overrides();
    paths.message.and(paths.message_status).and(paths.call_status).ok_or("a path is not set")?;
    let menu = paths.voice.ok_or("the voice path is not set")? + "/menu";
    let layer = messenger.layer();
    let clinic = Arc::new(Clinic { messenger, consent, menu, journal: Mutex::default() });
    let desk = Router::new()
        .route("/consents", post(agree))
        .route("/reminders", post(remind))
        .route("/calls", post(call))
        .route("/reminders/{id}", get(state))
        .route_layer(from_fn_with_state(desk_token.to_owned(), with_token));
    Ok(desk.merge(Router::new().fallback(webhook).layer(layer)).with_state(clinic))
}

async fn with_token(State(token): State<String>, request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION);
    match header.and_then(|value| value.as_bytes().strip_prefix(b"Bearer ")) {
        Some(given) if given.ct_eq(token.as_bytes()).into() => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// An order of the clinic's system, which uses each id for one text or call.
#[derive(serde::Deserialize)]
struct Order {
    id: String,
    to: String,
    when: String,
}

async fn agree(State(clinic): Shared, Json(typed): Json<String>) -> Result<StatusCode, Told> {
    let recorded = clinic.consent.record(clinic.read(&typed)?, true);
    recorded.map_err(|_| (StatusCode::SERVICE_UNAVAILABLE, String::new()))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remind(State(clinic): Shared, Json(order): Json<Order>) -> Result<StatusCode, Told> {
    let (id, to) = clinic.begin(&order)?;
    let words = format!("Your visit is {}. Reply YES to confirm, STOP to end.", order.when);
    let sent = clinic.messenger.text(to.as_str(), words).id(id.clone()).await;
    let status = sent.map_err(|error| clinic.failed(&id, &error))?.status;
    clinic.update(id.as_str(), |it| status.map(|status| it.text.observe(status)));
    Ok(StatusCode::ACCEPTED)
}

async fn call(State(clinic): Shared, Json(order): Json<Order>) -> Result<StatusCode, Told> {
    let (id, to) = clinic.begin(&order)?;
    let menu = clinic.menu(id.as_str(), &format!("Your visit is {}.", order.when));
    let placed = clinic.messenger.call(to.as_str(), &menu).id(id.clone()).await;
    let status = placed.map_err(|error| clinic.failed(&id, &error))?.status;
    clinic.update(id.as_str(), |it| status.map(|status| it.call.observe(status)));
    Ok(StatusCode::ACCEPTED)
}

async fn state(State(clinic): Shared, Path(id): Path<String>) -> Result<Response, StatusCode> {
    let journal = clinic.journal();
    let it = journal.iter().find(|it| it.id.as_str() == id).ok_or(StatusCode::NOT_FOUND)?;
    let (text, call) = (it.text.status(), it.call.status());
    Ok(Json(serde_json::json!({"text": text, "call": call, "answer": it.answer})).into_response())
}

async fn webhook(State(clinic): Shared, verified: Verified<Bytes>) -> Result<Response, Told> {
    let answer = clinic.answer(&verified);
    answer.map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}

impl Clinic {
    fn journal(&self) -> MutexGuard<'_, Vec<Reminder>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update<T>(&self, id: &str, change: impl FnOnce(&mut Reminder) -> T) {
        self.journal().iter_mut().find(|it| it.id.as_str() == id).map(change);
    }

    fn read(&self, typed: &str) -> Result<E164, Told> {
        let number = self.messenger.normalizer().normalize(typed);
        Ok(number.map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?.e164())
    }

    /// Enters the reminder before it is sent: a lost answer must not lead to a second one.
    fn begin(&self, order: &Order) -> Result<(MessageId, E164), Told> {
        let id = MessageId::parse(&order.id);
        let id = id.map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
        let (to, mut journal) = (self.read(&order.to)?, self.journal());
        if journal.iter().any(|it| it.id == id) {
            return Err((StatusCode::CONFLICT, "this id is taken".to_owned()));
        }
        journal.push(Reminder {
            id: id.clone(),
            to: to.uniqueness_key(),
            text: StatusTracker::new(MessageStatus::from("unknown")),
            call: StatusTracker::new(CallStatus::from("unknown")),
            answer: None,
        });
        Ok((id, to))
    }

    fn failed(&self, id: &MessageId, error: &Error) -> Told {
        let status = match (error.outcome(), error.kind()) {
            // It may have gone out: the id stays taken, and a callback will tell.
            (Outcome::Unknown { .. }, _) => return (StatusCode::ACCEPTED, error.to_string()),
            (_, ErrorKind::Consent) => StatusCode::FORBIDDEN,
            (Outcome::NotSent, ErrorKind::Client) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        self.journal().retain(|it| it.id != *id);
        (status, error.to_string())
    }

    /// The id stands in the signed URL, so a key answers one reminder and no other.
    fn menu(&self, id: &str, intro: &str) -> VoiceResponse {
        let path = format!("{}?reminder={id}", self.menu);
        let words = format!("{intro} Press 1 to confirm, 2 to be called back.");
        let keys = Gather::new().num_digits(1).action(self.messenger.origin().url(&path));
        VoiceResponse::new().append(keys.append(Say::new(words))).append(Say::new("Goodbye."))
    }

    /// TwiML, or nothing for a report.
    fn answer(&self, webhook: &Verified<Bytes>) -> Result<Response, PayloadError> {
        let id = MessageId::from_callback(webhook);
        match (webhook.path_kind(), id) {
            (Some(PathKind::Message), _) => {
                let reply = self.replied(&webhook.parse()?);
                return Ok(IntoResponse::into_response(reply));
            }
            (Some(PathKind::Voice), _) if webhook.path() == self.menu => {
                let id = webhook.query_parameter("reminder").unwrap_or_default();
                let answer = self.pressed(&id, &webhook.parse()?);
                return Ok(IntoResponse::into_response(answer));
            }
            (Some(PathKind::Voice), _) => {
                let words = "Thank you for calling. Please text us, and we will call you.";
                let answer = VoiceResponse::new().append(Say::new(words));
                return Ok(IntoResponse::into_response(answer));
            }
            (Some(PathKind::MessageStatus), Some(id)) => {
                let report: MessageStatusCallback = webhook.parse()?;
                self.update(id.as_str(), |it| it.text.observe(report.status));
            }
            (Some(PathKind::CallStatus), Some(id)) => {
                let report: CallStatusCallback = webhook.parse()?;
                self.update(id.as_str(), |it| it.call.observe(report.call.status));
            }
            _ => {}
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    /// YES confirms the last reminder to this number. TwiML does not pass the gate, so the table is
    /// asked here; to START and HELP Twilio has replied itself.
    fn replied(&self, text: &InboundMessage) -> MessagingResponse {
        let Some(person) = text.from.phone() else {
            return MessagingResponse::new();
        };
        let word = text.body.expose().trim_matches(|sign: char| !sign.is_alphanumeric());
        let yes = word.eq_ignore_ascii_case("yes");
        let (mut journal, key) = (self.journal(), person.uniqueness_key());
        let words = match journal.iter_mut().rev().find(|it| yes && it.to == key) {
            Some(it) => {
                it.answer = Some("confirmed");
                "Thank you, your visit is confirmed."
            }
            None => "Thank you. We cannot answer this by text: please call the clinic.",
        };
        let answered = !yes && matches!(text.opt_out(), Some(OptOut::Start | OptOut::Help));
        match self.consent.agrees(person) {
            Ok(true) if !answered => MessagingResponse::new().append(Message::text(words)),
            _ => MessagingResponse::new(),
        }
    }

    fn pressed(&self, id: &str, gathered: &GatherResult) -> VoiceResponse {
        let (answer, words) = match gathered.digits.as_ref().map(|keys| keys.expose().as_str()) {
            Some("1") => ("confirmed", "Thank you. Your visit is confirmed."),
            Some("2") => ("call back", "Thank you. We will call you back."),
            _ => return self.menu(id, "Sorry, there is nothing on that key."),
        };
        // A captured key can be replayed, so the first answer stays.
        self.update(id, |it| *it.answer.get_or_insert(answer));
        VoiceResponse::new().append(Say::new(words))
    }
}
