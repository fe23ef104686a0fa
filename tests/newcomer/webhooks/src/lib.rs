//! Twilio webhooks of a hospital: answers texts, takes voicemail in English and Spanish, follows
//! delivery reports, and lists who must not be contacted. The list is in memory: a deployment
//! stores it, and the answers of the replay guard, in the hospital's database.
//!
//! [`Gateway::router`] serves it on axum; [`Gateway::handle`] answers one plain request on any other
//! host.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use clinspark_twilio::phone::Address;
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{
    Gather, Hangup, Language, Message, MessagingResponse, Record, Redirect, Say, VoiceResponse,
};
use clinspark_twilio::types::{AccountSid, MessageSid, MessageStatus};
use clinspark_twilio::webhook::{
    ConsentEvent, ConsentSignal, GatherResult, InboundCall, InboundMessage, MemoryReplayGuard,
    MessageStatusCallback, OptOutScope, Payload, Receiver, RecordResult, RecordingStatusCallback,
    StatusTracker, Validator, Verified, WebhookLayer, WebhookPaths,
};
use http::{Request, Response, StatusCode};

const EN_US: Language = Language::EN_US;
const ES_MX: Language = Language::ES_MX;

type Answer = Result<Response<String>, StatusCode>;

#[derive(Clone)]
pub struct Gateway {
    receiver: Receiver,
    state: Arc<Shared>,
}

struct Shared {
    log: Box<dyn Fn(&str) + Send + Sync>,
    /// Persons, each with the Messaging Service that they silenced, or all senders.
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
        let state = Arc::new(Shared {
            log: Box::new(log),
            opted_out: Mutex::default(),
            statuses: Mutex::default(),
        });
        let (heard, told) = (Arc::clone(&state), Arc::clone(&state));
        let receiver = Receiver::new(validator, move |event| {
            heard.hear(&event);
            async { Ok(()) }
        })
        .account_sid(account)
        .paths(WebhookPaths::new().message("/sms").message_status("/status").voice("/voice"))
        .expect("the paths are valid")
        .replay_guard(MemoryReplayGuard::new(50_000))
        .on_refusal(move |_, refusal| (told.log)(&format!("refused: {refusal}")));
        Self { receiver, state }
    }

    /// Answers one request exactly as it arrived: path, query, headers and body unchanged.
    pub async fn handle(&self, request: Request<Vec<u8>>) -> Response<bytes::Bytes> {
        let answer = |verified| async move { self.state.answer(&verified) };
        self.receiver.handle(request, answer).await
    }

    /// Serves the gateway on axum.
    pub fn router(&self) -> axum::Router {
        axum::Router::new()
            .fallback(post(webhook))
            .layer(WebhookLayer::new(self.receiver.clone()))
            .with_state(Arc::clone(&self.state))
    }

    pub fn may_contact(&self, person: &Address) -> bool {
        self.state.may_contact(person)
    }

    /// Lifts the hold of a text that might have meant STOP, once a person has read it.
    pub fn reviewed(&self, person: &Address) {
        lock(&self.state.opted_out).remove(&(key(person), "review".to_owned()));
    }
}

async fn webhook(
    State(state): State<Arc<Shared>>,
    verified: Verified<bytes::Bytes>,
) -> Response<String> {
    state.answer(&verified)
}

impl Shared {
    fn answer<B: AsRef<[u8]>>(&self, verified: &Verified<B>) -> Response<String> {
        self.route(verified).unwrap_or_else(bare)
    }

    fn may_contact(&self, person: &Address) -> bool {
        let who = key(person);
        !lock(&self.opted_out).iter().any(|(held, _)| *held == who)
    }

    /// Records who must not be contacted.
    fn hear(&self, event: &ConsentEvent) {
        let silenced = match event.scope {
            OptOutScope::Service(service) => service.to_string(),
            _ => "all senders".to_owned(),
        };
        let entry = (key(&event.person), silenced);
        let mut opted_out = lock(&self.opted_out);
        match event.signal {
            ConsentSignal::OptedOut | ConsentSignal::Replied(OptOut::Stop) => {
                opted_out.insert(entry);
            }
            ConsentSignal::Replied(OptOut::Start) => {
                opted_out.remove(&entry);
            }
            // May mean STOP: a person reads it, and no START lifts it.
            ConsentSignal::Replied(other) if other.forbids_texting() => {
                opted_out.insert((entry.0, "review".to_owned()));
            }
            _ => {}
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
        // Twilio itself answers STOP, START and HELP.
        if message.opt_out().is_some() || !self.may_contact(&message.from) {
            return MessagingResponse::new();
        }
        MessagingResponse::new().append(Message::text("Thank you. A nurse will read this today."))
    }

    fn message_status(&self, report: MessageStatusCallback) {
        let (sid, status) = (report.message_sid, report.status);
        let mut statuses = lock(&self.statuses);
        let unknown = StatusTracker::new(MessageStatus::Accepted);
        let tracker = statuses.entry(sid).or_insert(unknown);
        if tracker.observe(status) {
            let code = report.error_code.map_or(0, |code| code.get());
            (self.log)(&format!("{sid}: {}, error {code}", tracker.status()));
        }
    }
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
