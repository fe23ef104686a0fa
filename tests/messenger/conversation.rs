//! Texts, calls and set-up of one instance, against the embedded Twilio.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use clinspark_twilio::client::applications::{CreateApplication, UpdateApplication};
use clinspark_twilio::client::calls::RedirectCall;
use clinspark_twilio::client::messages::SendMessage;
use clinspark_twilio::client::{ErrorKind as ClientErrorKind, Outcome};
use clinspark_twilio::clinspark::{Settings, SettingsBuilder, Setup, SetupErrorKind};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, Error, ErrorKind, MessageId, Messenger, MessengerBuilder,
    WithoutConsentGate,
};
use clinspark_twilio::phone::{E164, PhoneErrorKind};
use clinspark_twilio::sandbox::{Sandbox, StoredApplication, WebhookKind};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Dial, Gather, Number, Redirect, Say, Sip, VoiceResponse};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::types::Method;
use clinspark_twilio::webhook::{ConsentError, ConsentEvent, ConsentSignal};

const CLINIC: &str = "+61255501234";
const VOLUNTEER: &str = "+61491570156";
const TYPED: &str = "0491 570 156";

fn settings(twilio: &Sandbox) -> SettingsBuilder {
    let settings = twilio.settings().domain("acme.example.com");
    settings.number(CLINIC)
}

fn with_paths(settings: SettingsBuilder) -> SettingsBuilder {
    settings
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
}

/// A messenger, and the settings that it is made of.
struct Clinic {
    settings: Settings,
    messenger: Messenger,
}

impl Clinic {
    fn setup(&self) -> Setup<'_> {
        Setup::new(&self.settings, self.client())
    }
}

impl Deref for Clinic {
    type Target = Messenger;

    fn deref(&self) -> &Messenger {
        &self.messenger
    }
}

fn messenger(settings: SettingsBuilder) -> Clinic {
    messenger_with(settings, |builder| builder)
}

fn messenger_with(
    settings: SettingsBuilder,
    configure: impl FnOnce(MessengerBuilder) -> MessengerBuilder,
) -> Clinic {
    let settings = settings.build().unwrap();
    Clinic {
        messenger: configure(settings.messenger_builder(WithoutConsentGate))
            .build()
            .unwrap(),
        settings,
    }
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
    let clinic = messenger(settings(&twilio));
    let sent = clinic.text(TYPED, "See you at 9:00.").await.unwrap();
    let text = phone.next_text().await.unwrap();
    assert_eq!(
        (text.sid, text.body.expose().as_str()),
        (sent.sid, "See you at 9:00.")
    );
    assert_eq!(text.from.expose(), CLINIC);

    let twiml = VoiceResponse::new().append(Say::new("See you at nine."));
    let placed = clinic.call(TYPED, &twiml).await.unwrap();
    let call = phone.answer().await.unwrap();
    assert_eq!(
        (call.sid(), call.hear().await.unwrap().as_str()),
        (placed.sid, "See you at nine.")
    );
}

#[tokio::test]
async fn statuses_are_reported_to_the_configured_paths() {
    let twilio = account().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    twilio
        .map_origin("https://acme.example.com", server)
        .unwrap();
    let router = axum::Router::new().fallback(async || http::StatusCode::NO_CONTENT);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let _phone = twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let clinic = messenger(with_paths(settings(&twilio)));
    let twiml = VoiceResponse::new().append(Say::new("See you at nine."));
    let id = |id: &str| MessageId::parse(id).unwrap();
    let text = clinic.text(TYPED, "See you at 9:00.").id(id("text-1"));
    text.await.unwrap();
    clinic.call(TYPED, &twiml).id(id("call-1")).await.unwrap();
    twilio.wait_idle().await.unwrap();

    let reported = |kind| {
        let webhooks = twilio
            .webhooks()
            .into_iter()
            .filter(move |w| w.kind == kind);
        webhooks
            .map(|w| (w.url.into_inner(), status(w.parameters.expose())))
            .collect::<Vec<_>>()
    };
    let domain = "https://acme.example.com";
    let at = |path: &str, status: &str| (format!("{domain}{path}"), status.to_owned());
    assert_eq!(
        reported(WebhookKind::MessageStatus),
        ["sent", "delivered"].map(|status| at("/hooks/message-status?message_id=text-1.", status))
    );
    assert_eq!(
        reported(WebhookKind::CallStatus),
        ["initiated", "ringing", "in-progress", "completed"]
            .map(|status| at("/hooks/call-status?message_id=call-1.", status))
    );
}

fn status(parameters: &[(String, String)]) -> String {
    let named =
        |(name, _): &&(String, String)| matches!(name.as_str(), "MessageStatus" | "CallStatus");
    parameters.iter().find(named).unwrap().1.clone()
}

#[tokio::test]
async fn a_refused_number_a_guard_or_the_switch_stops_every_request() {
    let twilio = account().await;
    let twiml = VoiceResponse::new().append(Say::new("See you at nine."));

    let clinic = messenger(settings(&twilio));
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

    let disabled = messenger(settings(&twilio).enabled("false"));
    let texted = disabled.text(TYPED, "See you at 9:00.").await.unwrap_err();
    let called = disabled.call(TYPED, &twiml).await.unwrap_err();
    for error in [texted, called] {
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Disabled, &Outcome::NotSent)
        );
        assert_eq!(
            error.to_string(),
            "texts and calls are switched off; enable the messenger to send"
        );
    }
    let sender = disabled.sender().clone();
    let past_it = SendMessage::new(E164::parse(VOLUNTEER).unwrap(), sender, "See you at 9:00.");
    let error = disabled.client().execute(past_it).await.unwrap_err();
    assert_eq!(error.kind(), ClientErrorKind::Blocked);

    for delivery in ["off", "only:+61491570157"] {
        let guarded = messenger(settings(&twilio).delivery(delivery));
        let texted = guarded.text(TYPED, "See you at 9:00.").await.unwrap_err();
        let called = guarded.call(TYPED, &twiml).await.unwrap_err();
        for error in [texted, called] {
            assert_guarded(&error);
        }
    }
    assert!(twilio.messages().is_empty());
    assert!(twilio.calls().is_empty());
}

#[track_caller]
fn assert_guarded(error: &Error) {
    assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Blocked);
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Client, &Outcome::NotSent)
    );
}

#[tokio::test]
async fn twiml_cannot_dial_past_the_delivery_guard() {
    let twilio = account().await;
    let _phone = twilio.phone(E164::parse(VOLUNTEER).unwrap());
    let clinic = messenger(settings(&twilio).delivery("only:+61491570156"));
    let stranger = "+61491570157";
    let dials = |dial: Dial| VoiceResponse::new().append(dial);
    for twiml in [
        dials(Dial::number(stranger)),
        dials(
            Dial::new()
                .append(Number::new(VOLUNTEER))
                .append(Number::new(stranger)),
        ),
        dials(Dial::new().append(Sip::uri("sip:stranger@example.com"))),
    ] {
        assert_guarded(&clinic.call(TYPED, &twiml).await.unwrap_err());
    }
    assert!(twilio.calls().is_empty());
    let placed = clinic
        .call(TYPED, &dials(Dial::number(VOLUNTEER)))
        .await
        .unwrap();

    let redirect = RedirectCall::new(placed.sid, dials(Dial::number(stranger)));
    let error = clinic.client().execute(redirect).await.unwrap_err();
    assert_eq!(error.kind(), ClientErrorKind::Blocked);
}

#[tokio::test]
async fn inline_twiml_needs_absolute_urls() {
    let twilio = account().await;
    let clinic = messenger(settings(&twilio));
    for twiml in [
        VoiceResponse::new().append(Gather::new().action("/hooks/confirm")),
        VoiceResponse::new().append(Redirect::new("next")),
    ] {
        let error = clinic.call(TYPED, &twiml).await.unwrap_err();
        assert_eq!(error.client().unwrap().kind(), ClientErrorKind::Invalid);
        assert_eq!(
            error.to_string(),
            "PlaceCall: Twiml has a relative URL: inline TwiML needs absolute URLs; nothing was sent"
        );
    }
    assert!(twilio.calls().is_empty());
}

#[tokio::test]
async fn wrong_credentials_and_a_wrong_app_name_the_setting() {
    let twilio = account().await;
    let wrong = messenger(settings(&twilio).auth_token("another"));
    let error = wrong.text(TYPED, "See you at 9:00.").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Twilio rejected the credentials; check the account SID, the auth token and the API key"
    );
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Client, &Outcome::Rejected)
    );

    let gone = "AP00000000000000000000000000000009";
    let clinic = messenger(with_paths(settings(&twilio)).application_sid(gone));
    let error = clinic.setup().provision().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the account has no such TwiML App; check application_sid (TWILIO_APPLICATION_SID)"
    );
}

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
#[derive(Clone, Default)]
struct FailingOnceGate(Arc<Mutex<Vec<ConsentSignal>>>);

impl ConsentGate for FailingOnceGate {
    fn check<'a>(&'a self, _: &'a ContactAttempt) -> BoxFuture<'a, Result<Consent, ConsentError>> {
        Box::pin(async { Ok(Consent::Given) })
    }

    fn on_event<'a>(&'a self, event: &'a ConsentEvent) -> BoxFuture<'a, Result<(), ConsentError>> {
        let mut heard = self.0.lock().unwrap();
        heard.push(event.signal);
        let is_down = heard.len() == 1;
        Box::pin(async move {
            if is_down {
                Err("no database".into())
            } else {
                Ok(())
            }
        })
    }
}

/// Twilio does not retry after a 503 on its own. The provisioned fallback brings the STOP again.
#[tokio::test]
async fn a_failed_stop_is_sent_again_to_the_provisioned_fallback() {
    let twilio = account().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let origin = "https://acme.example.com";
    twilio.map_origin(origin, server).unwrap();
    let gate = FailingOnceGate::default();
    let clinic = messenger_with(with_paths(settings(&twilio)), |builder| {
        builder.consent_gate(gate.clone())
    });
    clinic.setup().provision().await.unwrap();
    let receiver = clinic.clone();
    let answer = async move |request: http::Request<axum::body::Body>| {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 16).await.unwrap();
        let verified = receiver
            .receive(http::Request::from_parts(parts, body))
            .await;
        verified.map_or_else(|refusal| refusal.status(), |_| http::StatusCode::NO_CONTENT)
    };
    let router = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let phone = twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone
        .text(E164::parse(CLINIC).unwrap(), "STOP")
        .await
        .unwrap();
    let stop = ConsentSignal::Replied(OptOut::Stop);
    assert_eq!(*gate.0.lock().unwrap(), [stop, stop]);
    // Overrides are Twilio's own: neither sent nor signed.
    for webhook in twilio.webhooks() {
        assert_eq!(webhook.url.expose(), &format!("{origin}/hooks/message"));
    }
}

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
