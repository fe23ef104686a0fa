//! `Send`, `Sync`, `Unpin` and `'static` of public types, so that a service can share and keep
//! them.

use clinspark_twilio::{E164, Validator, phone, twiml, types, webhook};

fn is_shared<T: Send + Sync + 'static>() {}
#[cfg(feature = "client")]
fn is_sent<T: Send + 'static>() {}
#[cfg(feature = "client")]
fn is_sendable<T: Send>(_: T) {}
fn is_value<T: Clone + std::fmt::Debug + Send + Sync + Unpin + 'static>() {}
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

#[test]
fn types_of_the_default_features_can_be_shared() {
    is_value::<types::AuthToken>();
    is_value::<types::Redacted<String>>();
    is_value::<types::Timestamp>();
    is_value::<E164>();
    is_value::<phone::Normalizer>();
    is_value::<phone::PhoneNumber>();
    is_value::<phone::Recipient>();
    is_value::<phone::Address>();
    is_value::<twiml::VoiceResponse>();
    is_value::<twiml::MessagingResponse>();
    is_value::<Validator>();
    is_value::<webhook::PublicOrigin>();
    is_value::<webhook::Verified<Vec<u8>>>();
    is_value::<webhook::InboundMessage>();
    is_value::<webhook::CallStatusCallback>();
    is_value::<webhook::WebhookEvent>();
    is_value::<webhook::websocket::stream::StreamMessage>();
    is_value::<webhook::websocket::stream::StreamCommand>();
    is_value::<webhook::websocket::relay::RelayMessage>();
    is_value::<webhook::websocket::relay::RelayCommand>();
    is_error::<webhook::websocket::ParseError>();
    is_error::<webhook::websocket::relay::DigitsError>();
    is_shared::<types::UnknownValue>();
    is_error::<types::SidError>();
    is_error::<types::SecretError>();
    is_error::<phone::PhoneError>();
    is_error::<phone::AddressError>();
    is_error::<twiml::ReadError>();
    is_error::<webhook::SignatureError>();
    is_error::<webhook::PayloadError>();
}

#[cfg(feature = "client")]
#[test]
fn types_of_the_client_and_the_messenger_can_be_shared() {
    use std::sync::Arc;

    use clinspark_twilio::client::{
        AuditEntry, AuditSink, Body, Client, Credentials, Delivery, Error, TokenSource,
        TransportError,
    };
    use clinspark_twilio::{clinspark, messenger};

    is_value::<Client>();
    is_value::<Credentials>();
    is_value::<Delivery>();
    is_value::<AuditEntry>();
    is_shared::<Arc<dyn AuditSink>>();
    is_shared::<Arc<dyn TokenSource>>();
    is_value::<clinspark::Settings>();
    is_value::<messenger::Messenger>();
    is_value::<clinspark::Provisioned>();
    is_value::<clinspark::Plan>();
    is_value::<clinspark::Undo>();
    is_value::<clinspark::SettingsBuilder>();
    is_value::<messenger::MessageId>();
    is_value::<messenger::QuietHours>();
    is_value::<messenger::TimeZone>();
    is_value::<messenger::ContactAttempt>();
    is_value::<webhook::ConsentEvent>();
    is_sent::<messenger::OutgoingText<'static>>();
    is_sent::<messenger::OutgoingCall<'static>>();
    is_error::<messenger::MessageIdError>();
    is_error::<messenger::QuietHoursError>();
    is_value::<clinspark::preflight::Report>();
    is_value::<clinspark::preflight::Check>();
    is_error::<Error>();
    is_error::<TransportError>();
    is_error::<clinspark::SetupError>();
    is_error::<messenger::Error>();
    is_error::<webhook::Refusal>();
    is_error::<clinspark::SettingsError>();
    // Not `Sync`: one reader at a time reads a body, on any thread.
    is_sent::<Body>();
    let _ = |preflight: clinspark::preflight::Preflight<'static>| {
        is_sendable(preflight.run());
        is_sendable(preflight.probe_webhooks());
    };
}

#[cfg(feature = "sandbox")]
#[test]
fn types_of_the_sandbox_can_be_shared() {
    use clinspark_twilio::sandbox::{Phone, PhoneCall, Sandbox, SandboxError};

    is_shared::<Sandbox>();
    is_value::<Phone>();
    is_shared::<PhoneCall>();
    is_error::<SandboxError>();
}
