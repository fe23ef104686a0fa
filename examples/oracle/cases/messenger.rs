//! The messenger of a clinic, with scripted responses from Twilio.

use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::clinspark::Settings;
use clinspark_twilio::messenger::{ErrorKind, MemoryConsentGate, Messenger};
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{SIGNATURE_HEADER, Validator};
use http::{HeaderValue, Request, header};

use super::script::{self, ACCOUNT, NUMBER, PERSON, TOKEN};
use super::{Answer, Case, NotRun, Outcome};

const MESSAGE_PATH: &str = "/hooks/message";

/// `typed-recipient`: the number that was texted, or the error.
pub(super) fn typed_recipient(case: &Case) -> Outcome {
    let typed: String = case.input()?;
    let transport = script::taking_one();
    let settings = settings(case.default_region.as_deref())?;
    let messenger = messenger_of(&settings, &transport)?;
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
    let messenger = messenger_of(&settings, &transport)?;
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

fn messenger_of(settings: &Settings, transport: &FakeTransport) -> Result<Messenger, NotRun> {
    let builder = settings.messenger_builder(MemoryConsentGate::new());
    let builder = builder.with_transport(transport.clone());
    builder.build().map_err(|error| NotRun(error.to_string()))
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
