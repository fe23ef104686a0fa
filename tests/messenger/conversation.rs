//! Texts, calls and set-up of one instance, against the embedded Twilio.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use clinspark_twilio::client::calls::RedirectCall;
use clinspark_twilio::client::messages::SendMessage;
use clinspark_twilio::client::{ErrorKind as ClientErrorKind, Outcome};
use clinspark_twilio::clinspark::{Settings, SettingsBuilder, Setup};
use clinspark_twilio::messenger::{
    Consent, ConsentGate, ContactAttempt, Error, ErrorKind, MessageId, Messenger, MessengerBuilder,
    WithoutConsentGate,
};
use clinspark_twilio::phone::{E164, PhoneErrorKind};
use clinspark_twilio::sandbox::{Sandbox, WebhookKind};
use clinspark_twilio::sms::OptOut;
use clinspark_twilio::twiml::{Dial, Gather, Number, Redirect, Say, Sip, VoiceResponse};
use clinspark_twilio::types::BoxFuture;
use clinspark_twilio::webhook::{ConsentError, ConsentEvent, ConsentSignal};

pub(crate) const CLINIC: &str = "+61255501234";
pub(crate) const VOLUNTEER: &str = "+61491570156";
pub(crate) const TYPED: &str = "0491 570 156";

pub(crate) fn settings(twilio: &Sandbox) -> SettingsBuilder {
    let settings = twilio.settings().domain("acme.example.com");
    settings.number(CLINIC)
}

pub(crate) fn with_paths(settings: SettingsBuilder) -> SettingsBuilder {
    settings
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
}

/// A messenger, and the settings that it is made of.
pub(crate) struct Clinic {
    settings: Settings,
    messenger: Messenger,
}

impl Clinic {
    pub(crate) fn setup(&self) -> Setup<'_> {
        Setup::new(&self.settings, self.client())
    }
}

impl Deref for Clinic {
    type Target = Messenger;

    fn deref(&self) -> &Messenger {
        &self.messenger
    }
}

pub(crate) fn messenger(settings: SettingsBuilder) -> Clinic {
    messenger_with(settings, |builder| builder)
}

pub(crate) fn messenger_with(
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

pub(crate) async fn account() -> Sandbox {
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
