//! Set-up ends where preflight has nothing to say.

use clinspark_twilio::clinspark::preflight::{Check, Owner};
use clinspark_twilio::clinspark::{Setting, Settings, SettingsBuilder};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;

use super::clinic::{Clinic, Instance, found};

const NUMBER: &str = "+61255501234";

fn settings(twilio: &Sandbox) -> SettingsBuilder {
    Settings::builder()
        .domain("acme.clinspark.com")
        .account_sid(twilio.account_sid().as_str())
        .auth_token(twilio.auth_token().expose())
        .number(NUMBER)
        .default_country_prefix("61")
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .delivery("live")
}

#[tokio::test]
async fn an_empty_account_passes_after_set_up() {
    let twilio = Sandbox::start().await.unwrap();
    twilio.add_number(E164::parse(NUMBER).unwrap());
    let instance =
        |settings: SettingsBuilder| Instance::new(settings.build().unwrap(), twilio.base_url());
    let before = instance(settings(&twilio));
    let report = before.preflight().await;
    let missing = [
        Check::ApplicationNotSet,
        Check::NumberVoiceBinding,
        Check::NumberMessagingBinding,
    ];
    assert_eq!(found(&report), missing, "{report}");

    let setup = before.setup();
    let done = setup.provision().await.unwrap();
    let after = instance(settings(&twilio).application_sid(done.application.as_str()));
    let report = after.preflight().await;
    assert!(report.passed(), "{report}");
    assert_eq!(found(&report), []);
}

/// set-up fixes every finding whose owner is this program.
#[tokio::test]
async fn provision_fixes_every_finding_that_it_owns() {
    let clinic = Clinic::sound().await;
    clinic.app_has("VoiceUrl", "https://old.example.com/voice");
    clinic.app_has("VoiceMethod", "GET");
    clinic.app_has("SmsUrl", "http://acme.clinspark.com/hooks/message");
    clinic.app_has("StatusCallback", "");
    clinic.app_has("MessageStatusCallback", "https://old.example.com/status");
    clinic.app_has("SmsFallbackUrl", "https://old.example.com/down");
    clinic.app_has("PublicApplicationConnectEnabled", "true");
    clinic.number_has("VoiceApplicationSid", "");
    clinic.number_has("SmsApplicationSid", "");
    let report = clinic.preflight().await;
    let expected = [
        Check::ApplicationNotHttps,
        Check::ApplicationVoiceUrl,
        Check::ApplicationMethod,
        Check::NumberVoiceBinding,
        Check::NumberMessagingBinding,
        Check::ApplicationCallStatusUrl,
        Check::ApplicationMessageStatusUrl,
        Check::ApplicationFallback,
        Check::ApplicationPublic,
    ];
    assert_eq!(found(&report), expected, "{report}");
    let mut owners = report.findings.iter().map(|finding| finding.owner);
    assert!(owners.all(|owner| owner == Owner::Program));

    let messenger = clinic.instance();
    let setup = messenger.setup();
    setup.provision().await.unwrap();
    let report = clinic.preflight().await;
    assert!(report.passed(), "{report}");
    assert_eq!(found(&report), []);
}

/// Replies that a Messaging Service swallows, or asks for by GET, come back once set-up is
/// told the service; for one that the settings do not name, support is the owner.
#[tokio::test]
async fn provision_fixes_only_the_configured_messaging_service() {
    for (method, check) in [
        ("", Check::ServiceInboundUrl),
        ("GET", Check::ServiceInboundMethod),
    ] {
        let mut clinic = Clinic::sound().await;
        clinic.service_has("UseInboundWebhookOnNumber", "false");
        if method == "GET" {
            let ours = "https://acme.clinspark.com/hooks/message";
            clinic.service_has("InboundRequestUrl", ours);
            clinic.service_has("InboundMethod", method);
        }
        // Not named: not fixed, and the owner is support.
        let unnamed = clinic.instance();
        let report = unnamed.preflight().await;
        assert_eq!(found(&report), std::slice::from_ref(&check), "{report}");
        assert_eq!(report.findings[0].owner, Owner::Support);
        let how = &report.findings[0].remedy;
        assert!(how.starts_with("set messaging_service_sid"), "{how}");
        assert!(unnamed.setup().plan().await.unwrap().is_empty());

        let service = clinic.service;
        clinic.set(Setting::MessagingServiceSid, service.as_str());
        let named = clinic.instance();
        let report = named.preflight().await;
        assert_eq!(found(&report), [check], "{report}");
        assert_eq!(report.findings[0].owner, Owner::Program);
        named.setup().provision().await.unwrap();
        let report = named.preflight().await;
        assert!(report.passed(), "{report}");
        assert_eq!(found(&report), []);
    }
}
