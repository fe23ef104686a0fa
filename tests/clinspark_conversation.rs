//! Texts, calls and set-up of one instance, against the embedded Twilio.
#![cfg(all(feature = "rustls", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use clinspark_twilio::client::applications::CreateApplication;
use clinspark_twilio::client::{ErrorKind as ClientErrorKind, Outcome};
use clinspark_twilio::clinspark::{ErrorKind, Messenger, Settings, SettingsBuilder, Setup};
use clinspark_twilio::phone::{E164, PhoneErrorKind};
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::twiml::{Say, VoiceResponse};

const CLINIC: &str = "+61255501234";
const VOLUNTEER: &str = "+61491570156";
const TYPED: &str = "0491 570 156";

fn settings(twilio: &Sandbox) -> SettingsBuilder {
    Settings::builder()
        .domain("acme.example.com")
        .account_sid(twilio.account_sid().as_str())
        .auth_token(twilio.auth_token().expose())
        .number(CLINIC)
        .default_country_prefix("61")
        .delivery("live")
}

fn with_paths(settings: SettingsBuilder) -> SettingsBuilder {
    settings
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
}

fn messenger(twilio: &Sandbox, settings: SettingsBuilder) -> Messenger {
    let messenger = Messenger::new(settings.build().unwrap()).unwrap();
    messenger.base_url(twilio.base_url()).unwrap()
}

async fn account() -> Sandbox {
    let twilio = Sandbox::start().await.unwrap();
    twilio.add_number(E164::parse(CLINIC).unwrap());
    twilio
}

#[tokio::test]
async fn a_typed_number_is_texted_and_called() {
    let twilio = account().await;
    let phone = twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let clinic = messenger(&twilio, settings(&twilio));
    let sent = clinic.text(TYPED, "See you at 9:00.").await.unwrap();
    let text = phone.next_text().await.unwrap();
    assert_eq!(
        (text.sid, text.body.expose().as_str()),
        (sent.sid, "See you at 9:00.")
    );
    assert_eq!(text.from.as_str(), CLINIC);

    let says = VoiceResponse::new().append(Say::new("See you at nine."));
    let placed = clinic.call(TYPED, &says).await.unwrap();
    let call = phone.answers().await.unwrap();
    assert_eq!(
        (call.sid(), call.hears().await.unwrap().as_str()),
        (placed.sid, "See you at nine.")
    );
}

#[tokio::test]
async fn nothing_leaves_for_a_number_that_is_refused_or_guarded_or_when_disabled() {
    let twilio = account().await;
    let says = VoiceResponse::new().append(Say::new("See you at nine."));

    let clinic = messenger(&twilio, settings(&twilio));
    let error = clinic
        .text("1231231234", "See you at 9:00.")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Number, &Outcome::NotSent)
    );
    assert_eq!(
        error.phone().unwrap().kind(),
        PhoneErrorKind::NotInNumberingPlan
    );

    let disabled = messenger(&twilio, settings(&twilio).enabled("false"));
    let error = disabled.call(TYPED, &says).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Disabled, &Outcome::NotSent)
    );
    assert_eq!(
        error.to_string(),
        "twilio support is switched off for this instance"
    );

    for delivery in ["off", "only:+61491570157"] {
        let guarded = messenger(&twilio, settings(&twilio).delivery(delivery));
        let texted = guarded.text(TYPED, "See you at 9:00.").await.unwrap_err();
        let called = guarded.call(TYPED, &says).await.unwrap_err();
        for error in [texted, called] {
            assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Guarded);
            assert_eq!(
                (error.kind(), error.outcome()),
                (ErrorKind::Client, &Outcome::NotSent)
            );
        }
    }
    assert!(twilio.messages().is_empty());
    assert!(twilio.calls().is_empty());
}

#[tokio::test]
async fn an_empty_account_is_set_up_and_the_second_run_changes_nothing() {
    let twilio = account().await;
    let clinic = messenger(&twilio, with_paths(settings(&twilio)));
    let setup = Setup::new(clinic.settings(), clinic.client());
    let first = setup.provision().await.unwrap();
    assert!(first.created && first.changed);

    let [app] = twilio.applications().try_into().unwrap();
    assert_eq!(app.sid, first.application);
    let wanted = [
        ("VoiceUrl", "https://acme.example.com/hooks/voice"),
        ("VoiceMethod", "POST"),
        (
            "StatusCallback",
            "https://acme.example.com/hooks/call-status",
        ),
        ("SmsUrl", "https://acme.example.com/hooks/message"),
        ("SmsMethod", "POST"),
        (
            "MessageStatusCallback",
            "https://acme.example.com/hooks/message-status",
        ),
        ("FriendlyName", "ClinSpark acme.example.com"),
    ];
    for (parameter, value) in wanted {
        assert_eq!(app.setting(parameter), Some(value), "{parameter}");
    }
    let number = twilio.number(first.number).unwrap();
    assert_eq!(number.voice_application_sid(), Some(app.sid));
    assert_eq!(number.sms_application_sid(), Some(app.sid));

    let second = setup.provision().await.unwrap();
    assert_eq!(
        (second.application, second.number),
        (first.application, first.number)
    );
    assert!(!second.created && !second.changed);
    assert_eq!(twilio.applications().len(), 1);
}

#[tokio::test]
async fn the_app_that_the_settings_name_is_re_purposed() {
    let twilio = account().await;
    let plain = messenger(&twilio, settings(&twilio));
    let old = CreateApplication::new()
        .friendly_name("left over")
        .voice_url("https://old.example.com/voice");
    let old = plain.client().execute(old).await.unwrap();

    let named = with_paths(settings(&twilio)).application_sid(old.sid.as_str());
    let clinic = messenger(&twilio, named);
    let done = Setup::new(clinic.settings(), clinic.client())
        .provision()
        .await
        .unwrap();
    assert_eq!(
        (done.application, done.created, done.changed),
        (old.sid, false, true)
    );
    let [app] = twilio.applications().try_into().unwrap();
    assert_eq!(
        app.setting("VoiceUrl"),
        Some("https://acme.example.com/hooks/voice")
    );
    assert_eq!(app.setting("FriendlyName"), Some("left over"));
}

#[tokio::test]
async fn set_up_refuses_before_it_changes_anything() {
    let twilio = Sandbox::start().await.unwrap();
    // No path is guessed.
    let clinic = messenger(&twilio, settings(&twilio).voice_path("/hooks/voice"));
    let error = Setup::new(clinic.settings(), clinic.client())
        .provision()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
    assert_eq!(
        error.to_string(),
        "cannot go on without call_status_path (CLINSPARK_CALL_STATUS_PATH), message_path \
         (CLINSPARK_MESSAGE_PATH), message_status_path (CLINSPARK_MESSAGE_STATUS_PATH)"
    );
    // The number is another account's.
    let clinic = messenger(&twilio, with_paths(settings(&twilio)));
    let error = Setup::new(clinic.settings(), clinic.client())
        .provision()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Account);
    assert_eq!(
        error.to_string(),
        "the account does not own the instance's number"
    );
    assert!(twilio.applications().is_empty());

    // Two apps could be the instance's: a person decides.
    twilio.add_number(E164::parse(CLINIC).unwrap());
    for _ in 0..2 {
        let twin = CreateApplication::new().friendly_name("ClinSpark acme.example.com");
        clinic.client().execute(twin).await.unwrap();
    }
    let error = Setup::new(clinic.settings(), clinic.client())
        .provision()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Account);
    assert!(
        twilio
            .applications()
            .iter()
            .all(|app| app.setting("VoiceUrl").is_none_or(str::is_empty))
    );
}
