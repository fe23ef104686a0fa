//! Numbers, TwiML Apps, Messaging Services and short codes of the account.

use std::time::SystemTime;

use super::settings::ResourceSettings;
use crate::phone::{E164, Normalizer};
use crate::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid, ShortCodeSid};

/// A number of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredNumber {
    /// `PN...`.
    pub sid: PhoneNumberSid,
    /// The number.
    pub number: E164,
    pub(crate) settings: ResourceSettings,
    pub(crate) missing_capabilities: Vec<String>,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredNumber {
    pub(crate) fn has_capability(&self, capability: &str) -> bool {
        !self
            .missing_capabilities
            .iter()
            .any(|missing| missing == capability)
    }

    /// ISO code of the country; empty when the number belongs to none.
    pub(crate) fn country(&self) -> String {
        let read = Normalizer::international()
            .test_numbers(true)
            .normalize(self.number.as_str());
        let region = read.ok().and_then(|number| number.region());
        region.map_or_else(String::new, |region| region.as_str().to_owned())
    }

    /// A setting by Twilio's name of the parameter, such as `SmsUrl`; `None` when it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }

    /// The TwiML App that answers its messages.
    #[must_use]
    pub fn sms_application_sid(&self) -> Option<ApplicationSid> {
        self.settings.application("SmsApplicationSid")
    }

    /// The TwiML App that answers its calls.
    #[must_use]
    pub fn voice_application_sid(&self) -> Option<ApplicationSid> {
        self.settings.application("VoiceApplicationSid")
    }
}

/// A TwiML App of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredApplication {
    /// `AP...`.
    pub sid: ApplicationSid,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredApplication {
    /// A setting by Twilio's name of the parameter, such as `VoiceUrl`; `None` when it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }
}

/// A Messaging Service of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredService {
    /// `MG...`.
    pub sid: MessagingServiceSid,
    /// The numbers of its pool.
    pub numbers: Vec<PhoneNumberSid>,
    /// The short codes of its pool.
    pub short_codes: Vec<ShortCodeSid>,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredService {
    /// A setting by Twilio's name of the parameter, such as `InboundRequestUrl`; `None` when it is
    /// not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }
}

/// A short code of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredShortCode {
    /// `SC...`.
    pub sid: ShortCodeSid,
    /// The code, 3 to 6 digits.
    pub code: String,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
}

impl StoredShortCode {
    /// A setting by Twilio's name of the parameter, such as `SmsUrl`; `None` when it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }
}

/// A number as Twilio shows it: `(415) 555-0123` in North America, else as it is.
pub(crate) fn formatted(number: E164) -> String {
    let text = number.as_str();
    let parts = text
        .strip_prefix("+1")
        .and_then(|national| Some((national.get(..3)?, national.get(3..6)?, national.get(6..)?)));
    match parts {
        Some((area, exchange, line)) if line.len() == 4 => format!("({area}) {exchange}-{line}"),
        _ => text.to_owned(),
    }
}
