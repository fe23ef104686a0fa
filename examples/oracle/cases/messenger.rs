//! The messenger of a clinic, with scripted responses from Twilio.

use std::sync::atomic::{AtomicBool, Ordering};

use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, ErrorKind, Messenger, MessengerBuilder,
};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::{
    ConsentError, ConsentEvent, ConsentSignal, SIGNATURE_HEADER, Validator,
};
use http::{HeaderValue, Request, header};

use super::script::{self, ACCOUNT, NUMBER, PERSON, TOKEN};
use super::{Answer, Case, NotRun, Outcome};

const MESSAGE_PATH: &str = "/hooks/message";

/// `typed-recipient`: the number that was texted, or the error.
pub(super) fn typed_recipient(case: &Case) -> Outcome {
    let typed: String = case.input()?;
    let transport = script::taking_one();
    let messenger = messenger_of(
        &settings(case.default_region.as_deref())?,
        &transport,
        |builder| builder,
    )?;
    let text = text(&messenger, &transport, &typed);
    Ok(match script::run(text)? {
        Ok(to) => Answer::of(format!("sent to {to}")),
        Err(refusal) => refusal,
    })
}

/// `next-text`: outcome of the next text to a person who has sent `input`.
pub(super) fn next_text(case: &Case) -> Outcome {
    let said: String = case.input()?;
    let transport = script::taking_one();
    let settings = settings(None)?;
    let webhook = webhook(&settings, &said)?;
    let messenger = messenger_of(&settings, &transport, |builder| {
        builder.consent_gate(Gate::default())
    })?;
    let conversation = async {
        match messenger.receive(webhook).await {
            Ok(_) => text(&messenger, &transport, PERSON).await,
            Err(refusal) => Err(Answer::of(format!("webhook refused: {refusal}"))),
        }
    };
    Ok(match script::run(conversation)? {
        Ok(_) => Answer::of("sent"),
        Err(refusal) => refusal,
    })
}

fn messenger_of(
    settings: &Settings,
    transport: &FakeTransport,
    configure: impl FnOnce(MessengerBuilder) -> MessengerBuilder,
) -> Result<Messenger, NotRun> {
    let builder = settings
        .messenger_builder()
        .with_transport(transport.clone());
    configure(builder)
        .build()
        .map_err(|error| NotRun(error.to_string()))
}

/// Sends a text. Returns the recipient in the request to Twilio.
async fn text(
    messenger: &Messenger,
    transport: &FakeTransport,
    typed: &str,
) -> Result<String, Answer> {
    let sent = messenger
        .text(typed, "Your visit is tomorrow at 9:00.")
        .await;
    sent.map_err(|error| match error.kind() {
        ErrorKind::Client => Answer::of(format!("error: {error}")),
        kind => Answer::refusal(format!("refused: {}", format!("{kind:?}").to_lowercase())),
    })?;
    let requests = transport.requests();
    let to = requests.last().and_then(|request| request.parameter("To"));
    Ok(to.unwrap_or_default())
}

fn settings(region: Option<&str>) -> Result<Settings, NotRun> {
    let settings = Settings::builder()
        .domain("demo")
        .account_sid(ACCOUNT)
        .auth_token(TOKEN)
        .number(NUMBER)
        .message_path(MESSAGE_PATH)
        .delivery("live");
    let settings = match region {
        Some(region) => settings.default_phone_region(region),
        None => settings,
    };
    settings.build().map_err(|error| NotRun(error.to_string()))
}

/// Returns a message to the clinic, with Twilio's signature.
fn webhook(settings: &Settings, said: &str) -> Result<Request<String>, NotRun> {
    let bad = |error: &dyn std::fmt::Display| NotRun(error.to_string());
    let form = [
        ("MessageSid", "SM00000000000000000000000000000002"),
        ("AccountSid", ACCOUNT),
        ("From", PERSON),
        ("To", NUMBER),
        ("Body", said),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
    ];
    let form = serde_urlencoded::to_string(form).map_err(|error| bad(&error))?;
    let mut request = Request::post(MESSAGE_PATH)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form)
        .map_err(|error| bad(&error))?;
    let token = AuthToken::new(TOKEN).map_err(|error| bad(&error))?;
    let signature = Validator::new(token, settings.origin().clone()).sign(&request);
    let signature = HeaderValue::try_from(signature).map_err(|error| bad(&error))?;
    request.headers_mut().insert(SIGNATURE_HEADER, signature);
    Ok(request)
}

/// Consent of one person: given until the person or Twilio revokes it.
#[derive(Default)]
struct Gate {
    is_revoked: AtomicBool,
}

impl ConsentGate for Gate {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        let is_revoked = self.is_revoked.load(Ordering::SeqCst);
        let consent = if is_revoked {
            Consent::Withheld
        } else {
            Consent::Given
        };
        Box::pin(std::future::ready(Ok(consent)))
    }

    fn on_event<'a>(&'a self, news: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        if matches!(
            news.signal,
            ConsentSignal::OptedOut | ConsentSignal::Replied(OptOut::Stop | OptOut::MaybeStop)
        ) {
            self.is_revoked.store(true, Ordering::SeqCst);
        }
        Box::pin(std::future::ready(Ok(())))
    }
}
