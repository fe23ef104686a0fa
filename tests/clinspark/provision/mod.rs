//! Set-up: planned, applied, interrupted anywhere, undone. Against the sandbox, by a transport that
//! fails on request.

mod faulty_transport;
mod interruptions;
mod plan;
mod records;
mod undo;

use clinspark_twilio::client::applications::CreateApplication;
use clinspark_twilio::client::numbers::UpdateIncomingPhoneNumber;
use clinspark_twilio::client::{Client, RetryPolicy};
use clinspark_twilio::clinspark::{
    Action, Plan, Provisioned, Settings, SettingsBuilder, Setup, SetupError, Step, Undo,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{ApplicationSid, MessagingServiceSid, Method};
use faulty_transport::FaultyTransport;

const CLINIC: &str = "+61255501234";

/// An account, the instance's settings, and the transport between them.
pub(crate) struct Fixture {
    pub(crate) twilio: Sandbox,
    pub(crate) settings: Settings,
    pub(crate) transport: FaultyTransport,
}

impl Fixture {
    /// An account with a number in a Messaging Service, which the settings name.
    pub(crate) async fn new() -> Self {
        let twilio = Sandbox::start().await.unwrap();
        let number = twilio.add_number(E164::parse(CLINIC).unwrap());
        let service = twilio.add_service(&[("FriendlyName", "clinic")]).unwrap();
        twilio.add_number_to_service(service, number).unwrap();
        Self::with_sandbox(twilio, |settings| {
            settings.messaging_service_sid(service.as_str())
        })
    }

    pub(crate) fn service(&self) -> MessagingServiceSid {
        self.twilio.services()[0].sid
    }

    pub(crate) async fn with(more: impl FnOnce(SettingsBuilder) -> SettingsBuilder) -> Self {
        let twilio = Sandbox::start().await.unwrap();
        twilio.add_number(E164::parse(CLINIC).unwrap());
        Self::with_sandbox(twilio, more)
    }

    pub(crate) fn with_sandbox(
        twilio: Sandbox,
        more: impl FnOnce(SettingsBuilder) -> SettingsBuilder,
    ) -> Self {
        let settings = twilio
            .settings()
            .domain("acme.clinspark.com")
            .voice_path("/hooks/voice")
            .call_status_path("/hooks/call-status")
            .message_path("/hooks/message")
            .message_status_path("/hooks/message-status")
            .delivery("off");
        Self {
            twilio,
            settings: more(settings).build().unwrap(),
            transport: FaultyTransport::new(),
        }
    }

    pub(crate) fn client(&self) -> Client {
        let credentials = self.settings.credentials().clone();
        let delivery = self.settings.delivery().clone();
        Client::builder(credentials, delivery)
            .with_transport(self.transport.clone())
            .base_url(self.twilio.base_url())
            .retry(RetryPolicy::none())
            .build()
            .unwrap()
    }

    pub(crate) async fn plan(&self) -> Result<Plan, SetupError> {
        Setup::new(&self.settings, &self.client()).plan().await
    }

    pub(crate) async fn apply(&self, plan: &Plan) -> Result<Provisioned, SetupError> {
        Setup::new(&self.settings, &self.client()).apply(plan).await
    }

    pub(crate) async fn provision(&self) -> Result<Provisioned, SetupError> {
        Setup::new(&self.settings, &self.client()).provision().await
    }

    pub(crate) async fn undo(&self, undo: &Undo) -> Result<(), SetupError> {
        Setup::new(&self.settings, &self.client()).undo(undo).await
    }

    /// State of the whole account, without SIDs and dates.
    pub(crate) fn state(&self) -> State {
        let apps = self.twilio.applications();
        let index =
            |sid: Option<ApplicationSid>| sid.map(|sid| apps.iter().position(|app| app.sid == sid));
        State {
            apps: apps
                .iter()
                .map(|app| APP.map(|name| app.setting(name).unwrap_or(unset(name)).to_owned()))
                .collect(),
            numbers: self
                .twilio
                .numbers()
                .iter()
                .map(|number| {
                    let voice = index(number.voice_application_sid());
                    let messaging = index(number.sms_application_sid());
                    (number.number.as_str().to_owned(), voice, messaging)
                })
                .collect(),
            defers: self
                .twilio
                .services()
                .iter()
                .any(|service| service.setting("UseInboundWebhookOnNumber") == Some("true")),
        }
    }
}

/// The app that answers, by its place among the apps; `Some(None)` for one that is gone.
pub(crate) type Bound = Option<Option<usize>>;

#[derive(Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) apps: Vec<[String; 14]>,
    pub(crate) numbers: Vec<(String, Bound, Bound)>,
    pub(crate) defers: bool,
}

/// Twilio's default of a setting.
pub(crate) fn unset(parameter: &str) -> &'static str {
    match parameter {
        _ if parameter.ends_with("Method") => "POST",
        "PublicApplicationConnectEnabled" => "false",
        _ => "",
    }
}

pub(crate) const APP: [&str; 14] = [
    "FriendlyName",
    "VoiceUrl",
    "VoiceMethod",
    "VoiceFallbackUrl",
    "VoiceFallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsFallbackMethod",
    "SmsStatusCallback",
    "MessageStatusCallback",
    "PublicApplicationConnectEnabled",
];

pub(crate) fn expected_state(name: &str) -> State {
    let at = |path: &str| format!("https://acme.clinspark.com{path}#rc=2&rp=5xx,ct,rt");
    let app = [
        name.to_owned(),
        at("/hooks/voice"),
        "POST".to_owned(),
        at("/hooks/voice"),
        "POST".to_owned(),
        at("/hooks/call-status"),
        "POST".to_owned(),
        at("/hooks/message"),
        "POST".to_owned(),
        at("/hooks/message"),
        "POST".to_owned(),
        String::new(),
        at("/hooks/message-status"),
        "false".to_owned(),
    ];
    State {
        apps: vec![app],
        numbers: vec![(CLINIC.to_owned(), Some(Some(0)), Some(Some(0)))],
        defers: true,
    }
}

pub(crate) fn new_app() -> State {
    expected_state("ClinSpark acme.clinspark.com")
}

pub(crate) fn actions(plan: &Plan) -> Vec<Action> {
    plan.steps().iter().map(Step::action).collect()
}

pub(crate) const EMPTY_ACCOUNT: [Action; 3] = [
    Action::CreateApplication,
    Action::BindNumber,
    Action::DeferService,
];

/// An app of another owner, with every setting wrong.
pub(crate) fn foreign_app() -> CreateApplication {
    CreateApplication::new()
        .friendly_name("left over")
        .voice_url("https://user:hush@old.example.com/voice?key=hush")
        .voice_method(Method::Get)
        .voice_fallback_url("https://old.example.com/fallback")
        .status_callback("https://old.example.com/status")
        .status_callback_method(Method::Get)
        .sms_url("https://old.example.com/sms")
        .sms_fallback_url("https://old.example.com/fallback")
        .sms_fallback_method(Method::Get)
        .sms_status_callback("https://old.example.com/status")
        .public_application_connect_enabled(true)
}

/// An account whose app, number and service have the settings of another owner.
pub(crate) async fn with_foreign_app() -> (Fixture, ApplicationSid) {
    let fixture = Fixture::new().await;
    let old = fixture.client().execute(foreign_app()).await.unwrap().sid;
    let number = fixture.twilio.numbers()[0].sid;
    let bind = UpdateIncomingPhoneNumber::new(number).voice_application_sid(old);
    fixture.client().execute(bind).await.unwrap();
    let service = fixture.service();
    let fixture = Fixture::with_sandbox(fixture.twilio, |settings| {
        settings
            .messaging_service_sid(service.as_str())
            .application_sid(old.as_str())
    });
    (fixture, old)
}
