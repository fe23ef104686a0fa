//! Settings hand everything over to the messenger: each setting shows in what it does.

use std::fmt::Write as _;

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::clinspark::{Setting, Settings, SettingsBuilder};
use clinspark_twilio::messenger::{Messenger, WithoutConsentGate};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::AuthToken;
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};

use crate::{
    ACCOUNT, BODY, CALL_JSON, FixedClock, MESSAGE_JSON, NOON, SERVICE, VOLUNTEER, at, id, twiml,
};

fn required() -> SettingsBuilder {
    Settings::builder()
        .domain("demo")
        .account_sid(ACCOUNT)
        .auth_token("the-auth-token")
        .number("+61255501234")
        .delivery("live")
}

/// The same with another value of one setting.
fn with(setting: Setting) -> SettingsBuilder {
    let value = match setting {
        Setting::Enabled => "false",
        Setting::Domain => "acme",
        Setting::AccountSid => "AC00000000000000000000000000000009",
        Setting::AuthToken => "another-auth-token",
        Setting::SecondaryAuthToken => "the-second-token",
        // One is nothing without the other.
        Setting::ApiKeySid | Setting::ApiKeySecret => {
            return required()
                .api_key_sid("SK00000000000000000000000000000007")
                .api_key_secret("the-secret");
        }
        Setting::ApplicationSid => "AP00000000000000000000000000000002",
        Setting::Number => "+61255501299",
        Setting::MessagingServiceSid => SERVICE,
        Setting::DefaultCountryPrefix => "61",
        Setting::DefaultPhoneRegion => "AU",
        Setting::VoicePath => "/hooks/voice",
        Setting::CallStatusPath => "/hooks/call-status",
        Setting::MessagePath => "/hooks/message",
        Setting::MessageStatusPath => "/hooks/message-status",
        Setting::ContentRetention => "discard",
        Setting::AddressRetention => "obfuscate",
        Setting::TextKinds | Setting::CallKinds => "fixed-line",
        Setting::Region => "ie1",
        Setting::Edge => "dublin",
        Setting::BaseUrl => "http://127.0.0.1:4010",
        Setting::Delivery => "off",
        other => panic!("{other} has no case here: add one"),
    };
    required().set(setting, value)
}

fn signed(token: &str, path: &str, form: &str) -> http::Request<String> {
    let mut request = http::Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .unwrap();
    let origin = PublicOrigin::parse("https://demo.clinspark.com").unwrap();
    let token = AuthToken::new(token).unwrap();
    let signature = Validator::new(token, origin).sign(&request);
    request
        .headers_mut()
        .insert(SIGNATURE_HEADER, signature.parse().unwrap());
    request
}

/// Texts, calls and receives, and returns what could be seen from outside.
async fn behavior(settings: SettingsBuilder) -> String {
    let transport = FakeTransport::new()
        .reply(Reply::json(201, MESSAGE_JSON))
        .reply(Reply::json(201, CALL_JSON))
        .reply(Reply::json(201, MESSAGE_JSON));
    let settings = settings.build().unwrap();
    let messenger: Messenger = settings
        .messenger_builder(WithoutConsentGate)
        .with_transport(transport.clone())
        .client(|client| client.clock(FixedClock(at(NOON))))
        .build()
        .unwrap();
    let volunteer = E164::parse(VOLUNTEER).unwrap();
    let mut seen = String::new();
    // The order matters: each gets the reply that is meant for it, or none leaves.
    let texted = messenger.text(VOLUNTEER, BODY).id(id("a")).await;
    writeln!(seen, "{:?}", texted.map(|message| message.sid)).unwrap();
    let called = messenger.call(VOLUNTEER, &twiml()).id(id("b")).await;
    writeln!(seen, "{:?}", called.map(|call| call.sid)).unwrap();
    let typed = messenger.text("0491 570 156", BODY).id(id("c")).await;
    writeln!(seen, "{:?}", typed.map(|message| message.sid)).unwrap();
    for sent in transport.requests() {
        let authorization = sent.headers()["authorization"].to_str().unwrap();
        let (host, path, parameters) = (sent.host(), sent.path(), sent.parameters());
        writeln!(seen, "{host} {path} {authorization} {parameters:?}").unwrap();
    }
    let form = |more: &str| format!("AccountSid={ACCOUNT}&From=%2B61491570156{more}");
    let ours = form("&To=%2B61255501234");
    let call = "&CallSid=CA00000000000000000000000000000008&CallStatus=ringing";
    let message = "&MessageSid=SM00000000000000000000000000000006";
    for (token, form) in [
        ("the-auth-token", format!("{ours}{call}")),
        ("the-second-token", format!("{ours}{call}")),
        (
            "the-auth-token",
            format!("{ours}{message}&Body=Yes&NumMedia=0&NumSegments=1"),
        ),
        (
            "the-auth-token",
            format!("{ours}{message}&MessageStatus=sent"),
        ),
        (
            "the-auth-token",
            form(&format!(
                "{call}&To=&ApplicationSid=AP00000000000000000000000000000002"
            )),
        ),
        (
            "the-auth-token",
            form(&format!(
                "{message}&MessageStatus=sent&MessagingServiceSid={SERVICE}"
            )),
        ),
    ] {
        for path in [
            "/hooks/voice",
            "/hooks/call-status",
            "/hooks/message",
            "/hooks/message-status",
            "/hooks/other",
        ] {
            let refusal_kind = messenger.receive(signed(token, path, &form)).await;
            let refusal_kind = refusal_kind.map(|verified| verified.path_kind());
            let refusal_kind = refusal_kind.map_err(|refusal| refusal.kind());
            writeln!(seen, "{token} {path} {refusal_kind:?}").unwrap();
        }
    }
    writeln!(seen, "{:?}", messenger.number() == settings.number()).unwrap();
    assert_eq!(messenger.sender(), settings.sender());
    assert_eq!(messenger.origin(), settings.origin());
    assert_eq!(messenger.webhook_paths(), settings.webhook_paths());
    assert_eq!(messenger.client().account_sid(), settings.account_sid());
    assert_eq!(
        messenger.normalizer().normalize(VOLUNTEER).unwrap().e164(),
        volunteer
    );
    seen
}

#[tokio::test]
async fn each_setting_shows_in_what_the_messenger_does() {
    let plain = behavior(required()).await;
    assert_eq!(plain, behavior(required()).await);
    for setting in Setting::ALL {
        let changed = behavior(with(*setting)).await;
        assert_ne!(changed, plain, "{setting} is not handed over");
    }
}

/// What is taken over from the account counts as what was set.
#[tokio::test]
async fn what_is_added_to_settings_shows_too() {
    let application = "AP00000000000000000000000000000002";
    let given = with(Setting::ApplicationSid).message_status_path("/hooks/message-status");
    let added = required().build().unwrap();
    let paths = given.clone().build().unwrap().webhook_paths().clone();
    let added = added
        .with_application_sid(application.parse().unwrap())
        .with_missing_paths(&paths);
    let written = serde_json::to_string(&added.expose()).unwrap();
    let read: SettingsBuilder = serde_json::from_str(&written).unwrap();
    assert_eq!(behavior(read).await, behavior(given).await);
}
