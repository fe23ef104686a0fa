//! Numbers, TwiML Apps, Messaging Services and short codes of the account.

use std::time::SystemTime;

use super::settings::ResourceSettings;
use crate::phone::{Address, E164, Normalizer};
use crate::types::{ApplicationSid, MessagingServiceSid, PhoneNumberSid, ShortCodeSid};

/// A number of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredNumber {
    /// SID of the number, `PN...`.
    pub sid: PhoneNumberSid,
    /// Phone number.
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

    /// Returns the ISO code of the country, or an empty string for a number of no country.
    pub(crate) fn country(&self) -> String {
        // Accounts of tests own fictitious numbers, which the normalizer rejects by default.
        let read = Normalizer::international()
            .test_numbers(true)
            .normalize(self.number.as_str());
        let region = read.ok().and_then(|number| number.region());
        region.map_or_else(String::new, |region| region.as_str().to_owned())
    }

    /// Returns a setting by Twilio's parameter name, such as `SmsUrl`; `None` if it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }

    /// Returns the SID of the TwiML App for messages. Its settings replace the number's own.
    #[must_use]
    pub fn sms_application_sid(&self) -> Option<ApplicationSid> {
        self.settings.application("SmsApplicationSid")
    }

    /// Returns the SID of the TwiML App for calls. Its settings replace the number's own.
    #[must_use]
    pub fn voice_application_sid(&self) -> Option<ApplicationSid> {
        self.settings.application("VoiceApplicationSid")
    }
}

/// A TwiML App of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredApplication {
    /// SID of the TwiML App, `AP...`.
    pub sid: ApplicationSid,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredApplication {
    /// Returns a setting by Twilio's parameter name, such as `VoiceUrl`; `None` if it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }
}

/// A Messaging Service of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredService {
    /// SID of the Messaging Service, `MG...`.
    pub sid: MessagingServiceSid,
    /// SIDs of the numbers in the sender pool.
    pub numbers: Vec<PhoneNumberSid>,
    /// SIDs of the short codes in the sender pool.
    pub short_codes: Vec<ShortCodeSid>,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredService {
    /// Returns a setting by Twilio's parameter name, such as `InboundRequestUrl`; `None` if it is
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
    /// SID of the short code, `SC...`.
    pub sid: ShortCodeSid,
    /// Short code, 3 to 6 digits.
    pub code: String,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
}

impl StoredShortCode {
    /// Returns a setting by Twilio's parameter name, such as `SmsUrl`; `None` if it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.get(parameter)
    }
}

/// Formats a number as Twilio does: `(415) 555-0123` in North America, E.164 elsewhere.
pub(crate) fn formatted(address: &Address) -> String {
    let text = address.expose();
    let parts = text
        .strip_prefix("+1")
        .and_then(|national| Some((national.get(..3)?, national.get(3..6)?, national.get(6..)?)));
    match parts {
        Some((area, exchange, line)) if line.len() == 4 => format!("({area}) {exchange}-{line}"),
        _ => text.clone(),
    }
}
