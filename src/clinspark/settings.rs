//! The settings of one instance: read as text, every mistake listed at once.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use crate::client::messages::Sender;
use crate::client::{Credentials, Delivery};
use crate::phone::{CountryPrefix, E164, Normalizer, Region};
use crate::types::{
    AccountSid, ApiKeySecret, ApiKeySid, ApplicationSid, AuthToken, MessagingServiceSid,
};
use crate::webhook::PublicOrigin;

/// One ClinSpark instance and its Twilio account, checked.
///
/// ```
/// use clinspark_twilio::clinspark::{Setting, Settings};
///
/// let settings = Settings::builder()
///     .domain("acme.example.com")
///     .account_sid("AC00000000000000000000000000000001")
///     .auth_token("the-auth-token")
///     .number("+14155550123")
///     .default_country_prefix("1")
///     .delivery("only:+14155550199")
///     .build()?;
/// assert!(settings.enabled());
///
/// // Every mistake at once, each naming its setting.
/// let error = Settings::builder().domain("acme").number("555").build().unwrap_err();
/// assert!(error.mistakes().iter().any(|m| m.setting() == Setting::Delivery));
/// # Ok::<(), clinspark_twilio::clinspark::SettingsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    enabled: bool,
    origin: PublicOrigin,
    account: AccountSid,
    token: AuthToken,
    credentials: Credentials,
    application: Option<ApplicationSid>,
    sender: Sender,
    normalizer: Normalizer,
    paths: WebhookPaths,
    delivery: Delivery,
}

impl Settings {
    /// Starts from nothing.
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder {
            given: BTreeMap::new(),
        }
    }

    /// Reads the environment: each setting from the variable that [`Setting::variable`] names.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake.
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads variables from a look-up of your own; one that is empty counts as absent.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake.
    pub fn from_vars(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut builder = Self::builder();
        for setting in Setting::ALL {
            if let Some(value) = look_up(setting.variable()).filter(|value| !value.is_empty()) {
                builder = builder.set(*setting, value);
            }
        }
        builder.build()
    }

    /// Whether Twilio support is switched on. A disabled instance refuses to send.
    #[must_use]
    pub const fn enabled(&self) -> bool {
        self.enabled
    }

    /// Where Twilio reaches the instance.
    #[must_use]
    pub const fn origin(&self) -> &PublicOrigin {
        &self.origin
    }

    /// The account that owns the number.
    #[must_use]
    pub const fn account_sid(&self) -> AccountSid {
        self.account
    }

    /// The key of the account's webhook signatures.
    #[must_use]
    pub const fn auth_token(&self) -> &AuthToken {
        &self.token
    }

    /// What signs in to the REST API: the API key if one is set, else the auth token.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// ClinSpark's Application SID: the `TwiML` App, once it is known.
    #[must_use]
    pub const fn application_sid(&self) -> Option<ApplicationSid> {
        self.application
    }

    /// Who sends: the number, the Messaging Service, or the number within the service.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The instance's number; `None` when only a Messaging Service is set.
    #[must_use]
    pub const fn number(&self) -> Option<E164> {
        match self.sender {
            Sender::Number(number) | Sender::NumberInService { number, .. } => Some(number),
            _ => None,
        }
    }

    /// The Messaging Service that the instance sends through, if any.
    #[must_use]
    pub const fn messaging_service_sid(&self) -> Option<MessagingServiceSid> {
        match self.sender {
            Sender::Service(service) | Sender::NumberInService { service, .. } => Some(service),
            _ => None,
        }
    }

    /// Reads typed numbers under the instance's default country.
    #[must_use]
    pub const fn normalizer(&self) -> Normalizer {
        self.normalizer
    }

    /// Where on the instance's domain the webhooks arrive.
    #[must_use]
    pub const fn paths(&self) -> &WebhookPaths {
        &self.paths
    }

    /// Who may be reached from here.
    #[must_use]
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
    }
}

/// The paths of an instance's webhooks. None has a default: instances differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookPaths {
    /// Where an incoming call asks for `TwiML`.
    pub voice: Option<String>,
    /// Where a call's progress is reported.
    pub call_status: Option<String>,
    /// Where an incoming message asks for `TwiML`.
    pub message: Option<String>,
    /// Where a message's progress is reported.
    pub message_status: Option<String>,
}

/// Collects settings as text; [`build`](Self::build) reads them.
#[derive(Clone)]
#[must_use = "settings do nothing until they are built"]
pub struct SettingsBuilder {
    // Some are secrets, so all are wiped.
    given: BTreeMap<Setting, Zeroizing<String>>,
}

impl fmt::Debug for SettingsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.given.keys()).finish()
    }
}

macro_rules! settings {
    ($( $(#[$doc:meta])* $name:ident, $setter:ident, $variable:literal; )+) => {
        /// A setting, by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Setting {
            $( $(#[$doc])* $name, )+
        }

        impl Setting {
            /// Every setting.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The method of [`SettingsBuilder`] that takes it, such as `auth_token`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($setter), )+ }
            }

            /// The environment variable that holds it, such as `TWILIO_AUTH_TOKEN`.
            #[must_use]
            pub const fn variable(self) -> &'static str {
                match self { $( Self::$name => $variable, )+ }
            }
        }

        impl SettingsBuilder {
            $(
                $(#[$doc])*
                pub fn $setter(self, value: impl Into<String>) -> Self {
                    self.set(Setting::$name, value)
                }
            )+
        }
    };
}

settings! {
    /// Whether Twilio support is switched on: `true` (the default) or `false`.
    Enabled, enabled, "CLINSPARK_TWILIO_ENABLED";
    /// The instance's own domain, such as `acme.example.com`. It is reached by https; only a
    /// loopback address may be written with `http://`.
    Domain, domain, "CLINSPARK_DOMAIN";
    /// The account that owns the number: `AC` and 32 digits.
    AccountSid, account_sid, "TWILIO_ACCOUNT_SID";
    /// The account's primary auth token. Always needed: it is the key of webhook signatures.
    AuthToken, auth_token, "TWILIO_AUTH_TOKEN";
    /// An API key to sign in with instead of the auth token: `SK` and 32 digits.
    ApiKeySid, api_key_sid, "TWILIO_API_KEY_SID";
    /// The secret of the API key.
    ApiKeySecret, api_key_secret, "TWILIO_API_KEY_SECRET";
    /// ClinSpark's Application SID: `AP` and 32 digits. Absent until the app exists.
    ApplicationSid, application_sid, "TWILIO_APPLICATION_SID";
    /// The instance's number in E.164 form, such as `+14155550123`.
    Number, number, "TWILIO_PHONE_NUMBER";
    /// The Messaging Service to send through, beside the number or instead of it.
    MessagingServiceSid, messaging_service_sid, "TWILIO_MESSAGING_SERVICE_SID";
    /// The country calling code of numbers typed without one: `44`, `+44` or `0044`.
    DefaultCountryPrefix, default_country_prefix, "CLINSPARK_DEFAULT_COUNTRY_PREFIX";
    /// The region of numbers typed without a country code, such as `GB`.
    DefaultPhoneRegion, default_phone_region, "CLINSPARK_DEFAULT_PHONE_REGION";
    /// The path where an incoming call asks for `TwiML`, such as `/hooks/voice`. No default.
    VoicePath, voice_path, "CLINSPARK_VOICE_PATH";
    /// The path where a call's progress is reported. No default.
    CallStatusPath, call_status_path, "CLINSPARK_CALL_STATUS_PATH";
    /// The path where an incoming message asks for `TwiML`. No default.
    MessagePath, message_path, "CLINSPARK_MESSAGE_PATH";
    /// The path where a message's progress is reported. No default.
    MessageStatusPath, message_status_path, "CLINSPARK_MESSAGE_STATUS_PATH";
    /// Who may be reached from here: `live`, `off`, or `only:` and numbers in E.164 form, comma
    /// between them. Must be named: a copy of production on a test server must not text people.
    Delivery, delivery, "CLINSPARK_DELIVERY";
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.variable())
    }
}

impl SettingsBuilder {
    /// Gives a setting by name.
    pub fn set(mut self, setting: Setting, value: impl Into<String>) -> Self {
        self.given.insert(setting, Zeroizing::new(value.into()));
        self
    }

    /// Reads every setting.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake, not only the first.
    pub fn build(self) -> Result<Settings, SettingsError> {
        let mut reader = Reader {
            given: &self.given,
            mistakes: Vec::new(),
        };
        let enabled = reader
            .optional(Setting::Enabled, parse_flag)
            .unwrap_or(true);
        let origin = reader.required(Setting::Domain, parse_domain);
        let account = reader.required(Setting::AccountSid, AccountSid::parse);
        let token = reader.required(Setting::AuthToken, AuthToken::new);
        let api_key = reader.api_key();
        let application = reader.optional(Setting::ApplicationSid, ApplicationSid::parse);
        let sender = reader.sender();
        let normalizer = reader.normalizer();
        let paths = WebhookPaths {
            voice: reader.optional(Setting::VoicePath, parse_path),
            call_status: reader.optional(Setting::CallStatusPath, parse_path),
            message: reader.optional(Setting::MessagePath, parse_path),
            message_status: reader.optional(Setting::MessageStatusPath, parse_path),
        };
        let delivery = reader.required(Setting::Delivery, parse_delivery);

        let mistakes = reader.mistakes;
        match (origin, account, token, sender, delivery) {
            (Some(origin), Some(account), Some(token), Some(sender), Some(delivery))
                if mistakes.is_empty() =>
            {
                let credentials = match api_key {
                    Some((key, secret)) => Credentials::api_key(account, key, secret),
                    None => Credentials::auth_token(account, token.clone()),
                };
                Ok(Settings {
                    enabled,
                    origin,
                    account,
                    token,
                    credentials,
                    application,
                    sender,
                    normalizer,
                    paths,
                    delivery,
                })
            }
            _ => Err(SettingsError { mistakes }),
        }
    }
}

/// Settings that cannot be used: every mistake, in the order of [`Setting::ALL`] where it matters.
///
/// Neither its message nor its `Debug` holds a value: people paste secrets into the wrong field.
#[derive(Clone, PartialEq, Eq)]
pub struct SettingsError {
    mistakes: Vec<Mistake>,
}

impl SettingsError {
    /// The mistakes; at least one.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.mistakes.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{mistake}")?;
        }
        Ok(())
    }
}

/// As `Display`: it is what a `main` that returns the error prints.
impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SettingsError({self})")
    }
}

impl std::error::Error for SettingsError {}

/// One setting and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    setting: Setting,
    problem: String,
}

impl Mistake {
    /// The setting.
    #[must_use]
    pub const fn setting(&self) -> Setting {
        self.setting
    }

    /// What is wrong, such as `is missing`.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.problem)
    }
}

/// Reads settings one by one and keeps the mistakes.
struct Reader<'b> {
    given: &'b BTreeMap<Setting, Zeroizing<String>>,
    mistakes: Vec<Mistake>,
}

impl<'b> Reader<'b> {
    fn mistake(&mut self, setting: Setting, problem: impl Into<String>) {
        self.mistakes.push(Mistake {
            setting,
            problem: problem.into(),
        });
    }

    fn text(&self, setting: Setting) -> Option<&'b str> {
        self.given.get(&setting).map(|text| text.as_str())
    }

    fn optional<T, E: fmt::Display>(
        &mut self,
        setting: Setting,
        parse: impl FnOnce(&'b str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.text(setting)?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.mistake(setting, format!("cannot be used: {error}"));
                None
            }
        }
    }

    fn required<T, E: fmt::Display>(
        &mut self,
        setting: Setting,
        parse: impl FnOnce(&'b str) -> Result<T, E>,
    ) -> Option<T> {
        if self.text(setting).is_none() {
            self.mistake(setting, "is missing");
        }
        self.optional(setting, parse)
    }

    /// The two halves of an API key come together or not at all.
    fn api_key(&mut self) -> Option<(ApiKeySid, ApiKeySecret)> {
        let given = |setting| self.text(setting).is_some();
        if !given(Setting::ApiKeySid) && !given(Setting::ApiKeySecret) {
            return None;
        }
        let key = self.required(Setting::ApiKeySid, ApiKeySid::parse);
        let secret = self.required(Setting::ApiKeySecret, ApiKeySecret::new);
        key.zip(secret)
    }

    fn sender(&mut self) -> Option<Sender> {
        let service = self.optional(Setting::MessagingServiceSid, MessagingServiceSid::parse);
        if self.text(Setting::Number).is_none() && self.text(Setting::MessagingServiceSid).is_some()
        {
            return service.map(Sender::Service);
        }
        let number = self.required(Setting::Number, E164::parse)?;
        Some(match service {
            Some(service) => Sender::NumberInService { number, service },
            None => Sender::Number(number),
        })
    }

    fn normalizer(&mut self) -> Normalizer {
        let prefix = self.optional(Setting::DefaultCountryPrefix, CountryPrefix::parse);
        let region = self.optional(Setting::DefaultPhoneRegion, Region::parse);
        Normalizer::from_defaults(prefix, region).unwrap_or_else(|error| {
            self.mistake(
                Setting::DefaultPhoneRegion,
                format!("cannot be used: {error}"),
            );
            Normalizer::international()
        })
    }
}

fn parse_flag(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("write true or false"),
    }
}

/// A host name stands for its https origin; http is for loopback only, where tests run.
fn parse_domain(text: &str) -> Result<PublicOrigin, String> {
    let with_scheme;
    let text = if text.contains("://") {
        text
    } else {
        if !text.contains('.') {
            return Err("write the full domain, such as acme.example.com".to_owned());
        }
        with_scheme = format!("https://{text}");
        &with_scheme
    };
    let origin = PublicOrigin::parse(text).map_err(|error| error.to_string())?;
    if origin.is_https() || is_loopback(origin.host()) {
        Ok(origin)
    } else {
        Err("webhooks must be reached by https".to_owned())
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

fn parse_path(text: &str) -> Result<String, &'static str> {
    if !text.starts_with('/') {
        return Err("a path begins with /");
    }
    if text.starts_with("//") || text.contains(['?', '#', '\\']) {
        return Err("write a path alone, without host, query or fragment");
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("a path holds neither blanks nor characters outside ASCII");
    }
    Ok(text.to_owned())
}

fn parse_delivery(text: &str) -> Result<Delivery, String> {
    match text {
        "live" => Ok(Delivery::Live),
        "off" => Ok(Delivery::Off),
        _ => {
            let numbers = text
                .strip_prefix("only:")
                .ok_or("write live, off, or only: and numbers such as only:+14155550123")?;
            let numbers: Result<Vec<E164>, _> = numbers
                .split(',')
                .map(|number| E164::parse(number.trim()))
                .collect();
            numbers
                .map(Delivery::only)
                .map_err(|error| error.to_string())
        }
    }
}
