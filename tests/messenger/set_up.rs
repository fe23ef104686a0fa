//! Set-up of an account: app, number, and what belongs to others.

use clinspark_twilio::client::applications::{CreateApplication, UpdateApplication};
use clinspark_twilio::clinspark::SetupErrorKind;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Sandbox, StoredApplication};
use clinspark_twilio::types::Method;

use crate::conversation::{CLINIC, account, messenger, settings, with_paths};

#[tokio::test]
async fn an_empty_account_is_set_up_and_the_second_run_changes_nothing() {
    let twilio = account().await;
    let clinic = messenger(with_paths(settings(&twilio)));
    let setup = clinic.setup();
    let first = setup.provision().await.unwrap();
    assert!(first.created && first.changed);

    let [app] = twilio.applications().try_into().unwrap();
    assert_eq!(app.sid, first.application);
    assert_is_the_instances(&app);
    assert_eq!(
        app.setting("FriendlyName"),
        Some("ClinSpark acme.example.com")
    );
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
async fn the_configured_app_is_overwritten_in_full() {
    let twilio = account().await;
    let plain = messenger(settings(&twilio));
    let old = CreateApplication::new()
        .friendly_name("left over")
        .voice_url("https://old.example.com/voice")
        .voice_method(Method::Get)
        .voice_fallback_url("https://old.example.com/fallback")
        .sms_fallback_url("https://old.example.com/fallback")
        .sms_status_callback("https://old.example.com/status")
        .public_application_connect_enabled(true);
    let old = plain.client().execute(old).await.unwrap();

    let named = with_paths(settings(&twilio)).application_sid(old.sid.as_str());
    let clinic = messenger(named);
    let setup = clinic.setup();
    let done = setup.provision().await.unwrap();
    assert_eq!(
        (done.application, done.created, done.changed),
        (old.sid, false, true)
    );
    let [app] = twilio.applications().try_into().unwrap();
    assert_is_the_instances(&app);
    assert_eq!(app.setting("FriendlyName"), Some("left over"));
    let status = app.setting("SmsStatusCallback");
    assert!(status.is_none_or(str::is_empty));
    assert_eq!(
        app.setting("PublicApplicationConnectEnabled"),
        Some("false")
    );
    assert!(!setup.provision().await.unwrap().changed);

    // One wrong method is enough to change it again.
    for change in [
        UpdateApplication::new(old.sid).voice_method(Method::Get),
        UpdateApplication::new(old.sid).sms_method(Method::Get),
        UpdateApplication::new(old.sid).status_callback_method(Method::Get),
        UpdateApplication::new(old.sid).message_status_callback(""),
    ] {
        plain.client().execute(change).await.unwrap();
        assert!(setup.provision().await.unwrap().changed);
        let [app] = twilio.applications().try_into().unwrap();
        assert_is_the_instances(&app);
    }
}

#[tokio::test]
async fn a_number_bound_for_voice_alone_is_bound_for_messaging_too() {
    let twilio = account().await;
    let clinic = messenger(with_paths(settings(&twilio)));
    let setup = clinic.setup();
    let done = setup.provision().await.unwrap();
    for (parameter, bound) in [
        ("SmsApplicationSid", "voice"),
        ("VoiceApplicationSid", "sms"),
    ] {
        twilio
            .configure_number(done.number, &[(parameter, "")])
            .unwrap();
        assert!(
            setup.provision().await.unwrap().changed,
            "bound for {bound} alone"
        );
        let number = twilio.number(done.number).unwrap();
        assert_eq!(number.voice_application_sid(), Some(done.application));
        assert_eq!(number.sms_application_sid(), Some(done.application));
    }
}

#[tokio::test]
async fn other_apps_and_other_numbers_are_never_touched() {
    let twilio = Sandbox::start().await.unwrap();
    // Holds our digits, and is listed first.
    let longer = twilio.add_number(E164::parse("+612555012345").unwrap());
    let ours = twilio.add_number(E164::parse(CLINIC).unwrap());
    let clinic = messenger(with_paths(settings(&twilio)));
    for name in [
        "ClinSpark acme.example.com.au",
        "ClinSpark other.example.com",
    ] {
        let other = CreateApplication::new().friendly_name(name);
        clinic.client().execute(other).await.unwrap();
    }
    let done = clinic.setup().provision().await.unwrap();
    assert!(done.created);
    assert_eq!(done.number, ours);
    assert_eq!(twilio.number(longer).unwrap().voice_application_sid(), None);
    for app in twilio.applications() {
        let url = app.setting("VoiceUrl").unwrap_or_default();
        assert_eq!(url.is_empty(), app.sid != done.application);
    }
}

/// A record whose database is down for the first event.

#[tokio::test]
async fn two_long_domains_get_different_apps() {
    let twilio = account().await;
    let mut apps = Vec::new();
    for end in ["a", "b"] {
        let domain = format!("{}.{}.example.{end}", "x".repeat(40), "y".repeat(40));
        let clinic = messenger(with_paths(settings(&twilio)).domain(domain));
        let setup = clinic.setup();
        let done = setup.provision().await.unwrap();
        assert_eq!(
            setup.provision().await.unwrap().application,
            done.application
        );
        apps.push(done.application);
    }
    assert_ne!(apps[0], apps[1]);
    for app in twilio.applications() {
        assert_eq!(app.setting("FriendlyName").unwrap().len(), 64);
    }
}

#[track_caller]
fn assert_is_the_instances(app: &StoredApplication) {
    let wanted = [
        (
            "VoiceUrl",
            "https://acme.example.com/hooks/voice#rc=2&rp=5xx,ct,rt",
        ),
        ("VoiceMethod", "POST"),
        (
            "VoiceFallbackUrl",
            "https://acme.example.com/hooks/voice#rc=2&rp=5xx,ct,rt",
        ),
        ("VoiceFallbackMethod", "POST"),
        (
            "StatusCallback",
            "https://acme.example.com/hooks/call-status#rc=2&rp=5xx,ct,rt",
        ),
        ("StatusCallbackMethod", "POST"),
        (
            "SmsUrl",
            "https://acme.example.com/hooks/message#rc=2&rp=5xx,ct,rt",
        ),
        ("SmsMethod", "POST"),
        (
            "SmsFallbackUrl",
            "https://acme.example.com/hooks/message#rc=2&rp=5xx,ct,rt",
        ),
        ("SmsFallbackMethod", "POST"),
        (
            "MessageStatusCallback",
            "https://acme.example.com/hooks/message-status#rc=2&rp=5xx,ct,rt",
        ),
    ];
    for (parameter, value) in wanted {
        assert_eq!(app.setting(parameter), Some(value), "{parameter}");
    }
}

#[tokio::test]
async fn set_up_fails_before_any_change() {
    let twilio = Sandbox::start().await.unwrap();
    // No path is guessed.
    let clinic = messenger(settings(&twilio).voice_path("/hooks/voice"));
    let error = clinic.setup().provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Setting);
    assert_eq!(
        error.to_string(),
        "set-up needs settings that are missing; set call_status_path \
         (CLINSPARK_CALL_STATUS_PATH), message_path \
         (CLINSPARK_MESSAGE_PATH), message_status_path (CLINSPARK_MESSAGE_STATUS_PATH)"
    );
    // The number is another account's.
    let clinic = messenger(with_paths(settings(&twilio)));
    let error = clinic.setup().provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    assert_eq!(
        error.to_string(),
        "the account does not own the instance's number; check the account and the number in the \
         settings"
    );
    assert!(twilio.applications().is_empty());

    // Two apps could be the instance's: a person decides.
    twilio.add_number(E164::parse(CLINIC).unwrap());
    for _ in 0..2 {
        let twin = CreateApplication::new().friendly_name("ClinSpark acme.example.com");
        clinic.client().execute(twin).await.unwrap();
    }
    let error = clinic.setup().provision().await.unwrap_err();
    assert_eq!(error.kind(), SetupErrorKind::Account);
    assert!(
        twilio
            .applications()
            .iter()
            .all(|app| app.setting("VoiceUrl").is_none_or(str::is_empty))
    );
}
