//! Twilio webhooks of a hospital: answers texts, takes voicemail in English and Spanish, follows
//! delivery reports, and lists who must not be contacted. The list is in memory: a deployment
//! stores it, and the answers of the replay guard, in the hospital's database.
//!
//! [`router`] serves it on axum; [`Gateway::handle`] answers one plain request on any other host.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::routing::post;
use clinspark_twilio::phone::Address;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{
    Gather, Hangup, Language, Message, MessagingResponse, Record, Redirect, Say, VoiceResponse,
};
use clinspark_twilio::types::{AccountSid, MessageSid, MessageStatus};
use clinspark_twilio::webhook::{
    GatherResult, InboundCall, InboundMessage, Lookup, MemoryReplayGuard, MessageStatusCallback,
    OptOutScope, Payload, RecordResult, RecordingStatusCallback, ReplayGuard, ReplayKey,
    StatusTracker, Validator, Verified, VerifyLayer,
};
use http::{Request, Response, StatusCode};

const EN_US: Language = Language::EN_US;
const ES_MX: Language = Language::ES_MX;

type Answer = Result<Response<String>, StatusCode>;

pub struct Gateway {
    account: AccountSid,
    validator: Validator,
    log: Box<dyn Fn(&str) + Send + Sync>,
    answered: MemoryReplayGuard<Response<String>>,
    /// Persons, each with the sender or the Messaging Service that they silenced.
    opted_out: Mutex<BTreeSet<(String, String)>>,
    statuses: Mutex<HashMap<MessageSid, StatusTracker<MessageStatus>>>,
}

impl Gateway {
    /// Creates the service. `log` receives lines without numbers, words or secrets.
    pub fn new(
        account: AccountSid,
        validator: Validator,
        log: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            account,
            validator,
            log: Box::new(log),
            answered: MemoryReplayGuard::new(50_000),
            opted_out: Mutex::default(),
            statuses: Mutex::default(),
        }
    }

    /// Answers one request exactly as it arrived: path, query, headers and body unchanged.
    pub fn handle(&self, request: Request<Vec<u8>>) -> Response<String> {
        match self.validator.verify(request) {
            Ok(verified) => self.respond(&verified),
            Err(refusal) => {
                (self.log)(&format!("refused: {refusal}"));
                refusal.into_response()
            }
        }
    }

    pub fn may_contact(&self, person: &Address) -> bool {
        let who = key(person);
        !lock(&self.opted_out).iter().any(|(held, _)| *held == who)
    }

    /// Lifts the hold of a text that might have meant STOP, once a person has read it.
    pub fn reviewed(&self, person: &Address) {
        lock(&self.opted_out).remove(&(key(person), "review".to_owned()));
    }

    /// Answers a signed request. A repeated one gets the first answer, unless that was a failure.
    fn respond<B: AsRef<[u8]>>(&self, verified: &Verified<B>) -> Response<String> {
        if verified.parameter("AccountSid").as_deref() != Some(self.account.as_str()) {
            (self.log)("refused: signed, but of another account");
            return bare(StatusCode::FORBIDDEN);
        }
        let Some(key) = ReplayKey::of(verified) else {
            return self.route(verified).unwrap_or_else(bare);
        };
        match self.answered.claim(key) {
            Ok(claim) => match self.route(verified) {
                Ok(answer) => claim.finish(answer),
                Err(status) => bare(status),
            },
            Err(Lookup::Answered(first)) => first,
            Err(_) => bare(StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    fn route<B: AsRef<[u8]>>(&self, verified: &Verified<B>) -> Answer {
        let voice = match verified.path() {
            "/sms" => return Ok(self.sms(&self.read(verified)?).into_response()),
            "/status" => {
                self.message_status(self.read(verified)?);
                return Ok(bare(StatusCode::NO_CONTENT));
            }
            "/recording" => {
                let recording: RecordingStatusCallback = self.read(verified)?;
                let (sid, status) = (recording.recording_sid, recording.status);
                (self.log)(&format!("voicemail {sid}: {status}"));
                return Ok(bare(StatusCode::NO_CONTENT));
            }
            "/voice" => self.read(verified).map(|_: InboundCall| welcome())?,
            "/voice/menu" => {
                let pressed: GatherResult = self.read(verified)?;
                match pressed.digits.as_ref().map_or("", |keys| keys.expose()) {
                    "1" => voicemail(say(EN_US, "Leave a message after the tone."), "en"),
                    "2" => voicemail(say(ES_MX, "Deje su mensaje después del tono."), "es"),
                    _ => VoiceResponse::new().append(Redirect::new("/voice")),
                }
            }
            "/voice/done" => {
                let _: RecordResult = self.read(verified)?;
                VoiceResponse::new().append(match verified.query_parameter("lang").as_deref() {
                    Some("es") => say(ES_MX, "Gracias. Adiós."),
                    _ => say(EN_US, "Thank you. Goodbye."),
                })
            }
            _ => return Err(StatusCode::NOT_FOUND),
        };
        Ok(voice.into_response())
    }

    fn read<P: Payload>(&self, verified: &Verified<impl AsRef<[u8]>>) -> Result<P, StatusCode> {
        verified.parse().map_err(|error| {
            (self.log)(&format!("signed, but not for this URL: {error}"));
            StatusCode::UNPROCESSABLE_ENTITY
        })
    }

    fn sms(&self, message: &InboundMessage) -> MessagingResponse {
        let silenced = match message.opt_out_scope() {
            OptOutScope::Service(service) => service.to_string(),
            _ => key(&message.to),
        };
        let entry = (key(&message.from), silenced);
        let yes = message.body.expose().trim().eq_ignore_ascii_case("yes");
        let meaning = message.opt_out();
        match meaning {
            Some(OptOut::Stop) => drop(lock(&self.opted_out).insert(entry)),
            // YES lifts Twilio's block, but it answers a question as often.
            Some(OptOut::Start) if !yes => drop(lock(&self.opted_out).remove(&entry)),
            // May mean STOP: a person reads it, and no START lifts it.
            Some(other) if other.forbids_texting() => {
                lock(&self.opted_out).insert((entry.0, "review".to_owned()));
            }
            _ => {}
        }
        // Twilio itself answers STOP, START and HELP.
        if meaning.is_some_and(|_| !yes) || !self.may_contact(&message.from) {
            return MessagingResponse::new();
        }
        MessagingResponse::new().append(Message::text("Thank you. A nurse will read this today."))
    }

    fn message_status(&self, report: MessageStatusCallback) {
        if let (Some(21610), Some(to)) = (report.error_code, &report.to) {
            let service = report.messaging_service_sid.map(|sid| sid.to_string());
            let silenced = service.or_else(|| report.from.as_ref().map(key));
            lock(&self.opted_out).insert((key(to), silenced.unwrap_or_default()));
        }
        let (sid, status) = (report.message_sid, report.status);
        let mut statuses = lock(&self.statuses);
        let unknown = StatusTracker::new(MessageStatus::Accepted);
        let tracker = statuses.entry(sid).or_insert(unknown);
        if tracker.observe(status) {
            let code = report.error_code.unwrap_or_default();
            (self.log)(&format!("{sid}: {}, error {code}", tracker.status()));
        }
    }
}

/// Serves the gateway on axum.
pub fn router(gateway: Arc<Gateway>) -> axum::Router {
    let told = Arc::clone(&gateway);
    let layer = VerifyLayer::new(gateway.validator.clone())
        .on_refusal(move |refusal| (told.log)(&format!("refused: {refusal}")));
    axum::Router::new()
        .fallback(post(webhook))
        .layer(layer)
        .with_state(gateway)
}

async fn webhook(
    State(gateway): State<Arc<Gateway>>,
    Extension(verified): Extension<Verified<bytes::Bytes>>,
) -> Response<String> {
    gateway.respond(&verified)
}

fn say(language: Language, words: &str) -> Say {
    Say::new(words).language(language)
}

fn welcome() -> VoiceResponse {
    let keys = Gather::new().num_digits(1).action("/voice/menu");
    let keys = keys.append(say(EN_US, "To leave a message, press one."));
    let keys = keys.append(say(ES_MX, "Para dejar un mensaje en español, oprima dos."));
    VoiceResponse::new()
        .append(keys)
        .append(say(EN_US, "Goodbye."))
        .append(say(ES_MX, "Adiós."))
}

fn voicemail(prompt: Say, lang: &str) -> VoiceResponse {
    let record = Record::new()
        .max_length(Duration::from_secs(120))
        .action(format!("/voice/done?lang={lang}"))
        .recording_status_callback("/recording");
    VoiceResponse::new()
        .append(prompt)
        .append(record)
        .append(Hangup::new())
}

/// One key for a person, on every channel of the number and however it is written.
fn key(address: &Address) -> String {
    match address.phone() {
        Some(number) => number.uniqueness_key().as_str().to_owned(),
        None => address.expose(),
    }
}

fn bare(status: StatusCode) -> Response<String> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
