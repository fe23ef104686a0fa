//! The rows: every setting, the method that takes it and the variable that holds it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::domain::parse_domain;
use super::error::SettingsError;
use super::reader::{Reader, parse_delivery, parse_flag, parse_kinds, parse_path, parse_word};
use super::variables::Variables;
use super::{Settings, WebhookPaths};
use crate::client::Credentials;
use crate::client::messages::{AddressRetention, ContentRetention};
use crate::phone::NumberKinds;
use crate::types::{AccountSid, ApplicationSid, AuthToken};

/// Collects settings as text; [`build`](Self::build) reads them.
///
/// It deserialises from a map of names ([`Setting::name`]) to values, as
/// [`Settings`] does, for files that leave some settings to be added: secrets, say, that come from
/// a vault.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are built"]
pub struct SettingsBuilder {
    pub(super) given: Given,
    pub(super) variables: Variables,
}

/// Settings as they were written. Some are secrets, so all are wiped, and none is shown. `None`
/// was given, but is no text.
#[derive(Clone, Default)]
pub(super) struct Given(pub(super) BTreeMap<Setting, Option<Zeroizing<String>>>);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
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
    /// The instance: its name below `clinspark.com`, such as `demo`, or its full domain, such as
    /// `demo.clinspark.com`. It is reached by https; only a loopback address may be written with
    /// `http://`.
    Domain, domain, "CLINSPARK_DOMAIN";
    /// The account that owns the number: `AC` and 32 digits.
    AccountSid, account_sid, "TWILIO_ACCOUNT_SID";
    /// The account's primary auth token. Always needed: it is the key of webhook signatures.
    AuthToken, auth_token, "TWILIO_AUTH_TOKEN";
    /// The account's other auth token, during a rotation: its signatures are believed too. Twilio
    /// signs with it only once it is promoted.
    SecondaryAuthToken, secondary_auth_token, "TWILIO_SECONDARY_AUTH_TOKEN";
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
    ///
    /// It may end in Twilio's connection overrides, such as `/hooks/voice#rc=5&ct=2000`, as may
    /// the other paths. Provisioning adds those of `#rc=2&rp=5xx,ct,rt` that the path does not
    /// set: Twilio then retries twice, also after a 5xx answer or a read timeout.
    ///
    /// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
    VoicePath, voice_path, "CLINSPARK_VOICE_PATH";
    /// The path where a call's progress is reported. No default.
    CallStatusPath, call_status_path, "CLINSPARK_CALL_STATUS_PATH";
    /// The path where an incoming message asks for `TwiML`. No default.
    MessagePath, message_path, "CLINSPARK_MESSAGE_PATH";
    /// The path where a message's progress is reported. No default.
    MessageStatusPath, message_status_path, "CLINSPARK_MESSAGE_STATUS_PATH";
    /// Whether Twilio keeps the words of a text: `retain` (its default) or `discard`. Needs Message
    /// Redaction on the account.
    ContentRetention, content_retention, "CLINSPARK_CONTENT_RETENTION";
    /// Whether Twilio keeps a volunteer's number in full: `retain` (its default) or `obfuscate`.
    /// Needs Message Redaction on the account.
    AddressRetention, address_retention, "CLINSPARK_ADDRESS_RETENTION";
    /// Kinds of number that are texted: names of [`NumberKind`](crate::phone::NumberKind) such as
    /// `mobile`, comma between them; or `mobiles`, which stands for
    /// [`NumberKinds::MOBILE`](crate::phone::NumberKinds::MOBILE). Default
    /// [`NumberKinds::ORDINARY`](crate::phone::NumberKinds::ORDINARY).
    TextKinds, text_kinds, "CLINSPARK_TEXT_KINDS";
    /// Kinds of number that are called, written as those of `text_kinds`. The same default.
    CallKinds, call_kinds, "CLINSPARK_CALL_KINDS";
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
        let value = Zeroizing::new(value.into());
        self.given.0.insert(setting, Some(value));
        self
    }

    /// Reads every setting.
    ///
    /// # Errors
    ///
    /// [`SettingsError`], listing every mistake, not only the first.
    pub fn build(self) -> Result<Settings, SettingsError> {
        let mut reader = Reader::new(&self.given.0, &self.variables);
        let enabled = reader
            .optional(Setting::Enabled, parse_flag)
            .unwrap_or(true);
        let origin = reader.required(Setting::Domain, parse_domain);
        let account = reader.required(Setting::AccountSid, AccountSid::parse);
        let token = reader.required(Setting::AuthToken, AuthToken::new);
        let secondary_token = reader.optional(Setting::SecondaryAuthToken, AuthToken::new);
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
        let content_retention = reader.optional(Setting::ContentRetention, |text| {
            parse_word::<ContentRetention>(text, ["retain", "discard"])
        });
        let address_retention = reader.optional(Setting::AddressRetention, |text| {
            parse_word::<AddressRetention>(text, ["retain", "obfuscate"])
        });
        let mut kinds = |setting| {
            let kinds = reader.optional(setting, parse_kinds);
            kinds.unwrap_or(NumberKinds::ORDINARY)
        };
        let text_kinds = kinds(Setting::TextKinds);
        let call_kinds = kinds(Setting::CallKinds);
        let delivery = reader.required(Setting::Delivery, parse_delivery);

        let mistakes = reader.mistakes();
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
                    secondary_token,
                    credentials,
                    application,
                    sender,
                    normalizer,
                    paths,
                    content_retention,
                    address_retention,
                    text_kinds,
                    call_kinds,
                    delivery,
                    given: Arc::new(self.given),
                })
            }
            _ => Err(SettingsError { mistakes }),
        }
    }
}
