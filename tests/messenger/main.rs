//! Parameters of texts and calls, the gates that stop them, and received webhooks.

#![cfg(feature = "client")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a table of cases is long"
)]

mod audit;
mod configuration;
mod consent;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod conversation;
mod gate_bypasses;
mod gates;
mod handover;
#[cfg(feature = "phonenumber")]
mod kinds;
mod look_for;
mod merge_tags;
mod options;
mod quiet;
mod quiet_hours;
mod ready_gates;
mod receive;
mod retention;
mod retryable;
#[cfg(feature = "tower")]
mod router;
mod schedule;
mod sending;
#[cfg(all(feature = "rustls", feature = "sandbox"))]
#[cfg(all(feature = "rustls", feature = "sandbox"))]
mod set_up;
mod templates;
mod webhooks;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clinspark_twilio::client::Clock;
use clinspark_twilio::client::testing::{FakeTransport, RecordedRequest, Reply};
use clinspark_twilio::clinspark::{Settings, SettingsBuilder};
use clinspark_twilio::messenger::{MessageId, Messenger, MessengerBuilder, WithoutConsentGate};
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::{AuthToken, BoxFuture};
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const SERVICE: &str = "MG00000000000000000000000000000003";
pub(crate) const VOLUNTEER: &str = "+61491570156";
pub(crate) const TYPED: &str = "0491 570 156";
pub(crate) const BODY: &str = "Your visit is tomorrow at 9:00.";
pub(crate) const MESSAGE_JSON: &str =
    r#"{"sid": "SM00000000000000000000000000000004", "status": "queued"}"#;
pub(crate) const CALL_JSON: &str =
    r#"{"sid": "CA00000000000000000000000000000005", "status": "queued"}"#;

/// Noon of 1 January 2026 in Sydney.
pub(crate) const NOON: u64 = 1_767_229_200;

pub(crate) fn settings() -> SettingsBuilder {
    Settings::builder()
        .domain("demo")
        .account_sid(ACCOUNT)
        .auth_token("the-auth-token")
        .application_sid("AP00000000000000000000000000000002")
        .number("+61255501234")
        .default_country_prefix("61")
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .delivery("live")
}

/// A clock that stands still.
pub(crate) struct FixedClock(pub(crate) SystemTime);

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn messenger(settings: SettingsBuilder, transport: &FakeTransport) -> Messenger {
    builder(settings, transport).build().unwrap()
}

pub(crate) fn builder(settings: SettingsBuilder, transport: &FakeTransport) -> MessengerBuilder {
    let settings = settings.build().unwrap();
    let builder = settings
        .messenger_builder(WithoutConsentGate)
        .with_transport(transport.clone());
    builder.client(|client| client.clock(FixedClock(at(NOON))))
}

pub(crate) fn transport_replying(reply: &str) -> FakeTransport {
    FakeTransport::new().reply(Reply::json(201, reply))
}

pub(crate) fn twiml() -> VoiceResponse {
    VoiceResponse::new().append(Say::new("Your visit is tomorrow."))
}

pub(crate) fn id(id: &str) -> MessageId {
    MessageId::parse(id).unwrap()
}

pub(crate) fn only_request(transport: &FakeTransport) -> RecordedRequest {
    let [sent] = transport.requests().try_into().unwrap();
    sent
}

pub(crate) fn inbound_message(body: &str, more: &str) -> String {
    format!(
        "MessageSid=SM00000000000000000000000000000006&AccountSid={ACCOUNT}\
         &From=%2B61491570156&To=%2B61255501234&Body={body}&NumMedia=0&NumSegments=1{more}"
    )
}

pub(crate) fn signed(path: &str, form: &str) -> http::Request<String> {
    signed_as("application/x-www-form-urlencoded", path, form)
}

pub(crate) fn signed_as(content_type: &str, path: &str, body: &str) -> http::Request<String> {
    let mut request = http::Request::post(path)
        .header("content-type", content_type)
        .body(body.to_owned())
        .unwrap();
    let origin = PublicOrigin::parse("https://demo.clinspark.com").unwrap();
    let token = AuthToken::new("the-auth-token").unwrap();
    let signature = Validator::new(token, origin).sign(&request);
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, signature.parse().unwrap());
    request
}
