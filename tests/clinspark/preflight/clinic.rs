//! A clinic with everything right, which a test breaks in one way.

use std::collections::BTreeMap;

use clinspark_twilio::client::ClientBuilder;
use clinspark_twilio::clinspark::preflight::{Check, Preflight, Report};
use clinspark_twilio::clinspark::{Setting, Settings, Setup};
use clinspark_twilio::messenger::{Messenger, WithoutConsentGate};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid};

pub(crate) const NUMBER: &str = "+14155550100";
const DOMAIN: &str = "https://acme.clinspark.com";
/// Twilio's parameters of the app, and the paths of the instance.
const HOOKS: [(&str, &str, Setting); 4] = [
    ("VoiceUrl", "/hooks/voice", Setting::VoicePath),
    ("StatusCallback", "/hooks/call", Setting::CallStatusPath),
    ("SmsUrl", "/hooks/message", Setting::MessagePath),
    (
        "MessageStatusCallback",
        "/hooks/message-status",
        Setting::MessageStatusPath,
    ),
];

pub(crate) struct Clinic {
    pub(crate) twilio: Sandbox,
    pub(crate) number: PhoneNumberSid,
    pub(crate) app: ApplicationSid,
    pub(crate) service: MessagingServiceSid,
    settings: BTreeMap<Setting, String>,
}

impl Clinic {
    /// An American clinic: app, number, service and campaign are right.
    pub(crate) async fn sound() -> Self {
        let twilio = Sandbox::start().await.unwrap();
        let app = twilio
            .add_application(&[("FriendlyName", "ClinSpark")])
            .unwrap();
        let service = twilio
            .add_service(&[
                ("FriendlyName", "Clinic"),
                ("UseInboundWebhookOnNumber", "true"),
            ])
            .unwrap();
        let number = twilio.add_number(E164::parse(NUMBER).unwrap());
        let mut clinic = Self {
            twilio,
            number,
            app,
            service,
            settings: BTreeMap::new(),
        };
        clinic.bind(number);
        clinic.twilio.set_campaign_status(service, "VERIFIED");
        clinic.domain(DOMAIN);
        let (account, token) = (
            clinic.twilio.account_sid().to_string(),
            clinic.twilio.auth_token().expose().to_owned(),
        );
        clinic
            .set(Setting::AccountSid, &account)
            .set(Setting::AuthToken, &token)
            .set(Setting::ApplicationSid, app.as_str())
            .set(Setting::Number, NUMBER)
            .set(Setting::DefaultCountryPrefix, "1")
            .set(Setting::Delivery, "live");
        for (_, path, setting) in HOOKS {
            clinic.set(setting, path);
        }
        clinic
    }

    /// Binds a number to the app and puts it into the service.
    fn bind(&mut self, number: PhoneNumberSid) {
        let app = self.app.as_str();
        let both = [("VoiceApplicationSid", app), ("SmsApplicationSid", app)];
        self.twilio.configure_number(number, &both).unwrap();
        self.twilio
            .add_number_to_service(self.service, number)
            .unwrap();
        self.number = number;
    }

    /// Takes another number, bound as the first one was.
    pub(crate) fn move_to(&mut self, number: &str) {
        self.twilio.remove_number(self.number);
        let sid = self.twilio.add_number(E164::parse(number).unwrap());
        self.bind(sid);
        self.set(Setting::Number, number);
    }

    /// Moves the instance, its app included, to another domain.
    pub(crate) fn domain(&mut self, domain: &str) {
        self.set(Setting::Domain, domain);
        for (parameter, path, _) in HOOKS {
            let url = format!("{domain}{path}#rc=2&rp=5xx,ct,rt");
            self.app_has(parameter, &url);
            if let Some(section) = parameter.strip_suffix("Url") {
                self.app_has(&format!("{section}FallbackUrl"), &url);
            }
        }
    }

    pub(crate) fn set(&mut self, setting: Setting, value: &str) -> &mut Self {
        self.settings.insert(setting, value.to_owned());
        self
    }

    pub(crate) fn unset(&mut self, setting: Setting) -> &mut Self {
        self.settings.remove(&setting);
        self
    }

    /// Signs in with an API key of the account from now on.
    pub(crate) fn with_key(&mut self) -> &mut Self {
        let (key, secret) = self.twilio.add_api_key();
        self.set(Setting::ApiKeySid, key.as_str())
            .set(Setting::ApiKeySecret, secret.expose())
    }

    pub(crate) fn app_has(&self, parameter: &str, value: &str) {
        let settings = [(parameter, value)];
        self.twilio
            .configure_application(self.app, &settings)
            .unwrap();
    }

    pub(crate) fn number_has(&self, parameter: &str, value: &str) {
        let settings = [(parameter, value)];
        self.twilio
            .configure_number(self.number, &settings)
            .unwrap();
    }

    pub(crate) fn service_has(&self, parameter: &str, value: &str) {
        let settings = [(parameter, value)];
        self.twilio
            .configure_service(self.service, &settings)
            .unwrap();
    }

    /// Puts the number into a service of its own that has no campaign.
    pub(crate) fn move_to_another_service(&self) -> MessagingServiceSid {
        self.twilio.remove_service(self.service);
        let other = self.add_service_that_defers();
        self.twilio
            .add_number_to_service(other, self.number)
            .unwrap();
        other
    }

    /// An empty service that defers.
    pub(crate) fn add_service_that_defers(&self) -> MessagingServiceSid {
        let settings = [
            ("FriendlyName", "Another"),
            ("UseInboundWebhookOnNumber", "true"),
        ];
        self.twilio.add_service(&settings).unwrap()
    }

    pub(crate) fn read(&self) -> Settings {
        let settings = self.settings.iter();
        let builder = settings.fold(Settings::builder(), |builder, (setting, value)| {
            builder.set(*setting, value.clone())
        });
        builder.build().unwrap()
    }

    pub(crate) fn instance(&self) -> Instance {
        Instance::new(self.read(), self.twilio.base_url())
    }

    pub(crate) async fn preflight(&self) -> Report {
        self.instance().preflight().await
    }
}

/// Settings, and the messenger that is made of them.
pub(crate) struct Instance {
    pub(crate) settings: Settings,
    messenger: Messenger,
}

impl Instance {
    pub(crate) fn new(settings: Settings, twilio: &str) -> Self {
        Self::with(settings, |client| client.base_url(twilio))
    }

    pub(crate) fn with(
        settings: Settings,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let builder = settings
            .messenger_builder(WithoutConsentGate)
            .client(configure);
        Self {
            messenger: builder.build().unwrap(),
            settings,
        }
    }

    pub(crate) fn setup(&self) -> Setup<'_> {
        Setup::new(&self.settings, self.messenger.client())
    }

    pub(crate) async fn preflight(&self) -> Report {
        let preflight = Preflight::new(&self.settings, self.messenger.client());
        preflight.run().await
    }

    pub(crate) async fn probe_webhooks(&self) -> Report {
        let preflight = Preflight::new(&self.settings, self.messenger.client());
        preflight.probe_webhooks().await
    }
}

/// The ids of what was found, in the report's order.
pub(crate) fn found(report: &Report) -> Vec<Check> {
    let findings = report.findings.iter();
    findings.map(|finding| finding.check.clone()).collect()
}

/// The ids of what could not be looked at.
pub(crate) fn inconclusive(report: &Report) -> Vec<Check> {
    let not_known = report.inconclusive.iter();
    not_known.map(|check| check.check.clone()).collect()
}
