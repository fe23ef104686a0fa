//! Numbers, TwiML Apps, Messaging Services and short codes of the account.

use std::time::SystemTime;

use super::settings::ResourceSettings;
use crate::phone::{Address, AlphanumericSender, E164, Normalizer, NumberKind, PhoneNumber};
use crate::types::{
    AlphaSenderSid, ApplicationSid, MessagingServiceSid, PhoneNumberSid, ShortCodeSid,
};

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

/// Type of a number, as Twilio sells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberType {
    Local,
    Mobile,
    TollFree,
}

impl NumberType {
    /// Returns the type that the numbering plan gives a number. Twilio's test numbers are local.
    pub(crate) fn of(number: E164) -> Self {
        match PhoneNumber::try_from(number).map(|number| number.kind()) {
            Ok(NumberKind::TollFree) => Self::TollFree,
            Ok(NumberKind::Mobile) => Self::Mobile,
            _ => Self::Local,
        }
    }

    /// Returns the value of the field `type`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Mobile => "mobile",
            Self::TollFree => "toll free",
        }
    }

    /// Returns the capabilities that bought numbers of this type lack. In North America a number
    /// has all of them.
    pub(crate) fn missing_capabilities(self, number: E164) -> Vec<String> {
        let missing: &[&str] = match self {
            _ if number.as_str().starts_with("+1") => &[],
            Self::Mobile => &["mms"],
            Self::Local | Self::TollFree => &["sms", "mms"],
        };
        missing.iter().map(|&name| name.to_owned()).collect()
    }
}

impl StoredNumber {
    /// Creates a number with the settings of a new one.
    pub(crate) fn new(sid: PhoneNumberSid, number: E164, now: SystemTime) -> Self {
        let mut settings = ResourceSettings::default();
        settings.set("FriendlyName", &formatted(&number.into()));
        Self {
            sid,
            number,
            settings,
            missing_capabilities: Vec::new(),
            date_created: now,
            date_updated: now,
        }
    }

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

/// Alphanumeric sender of a Messaging Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PooledAlphaSender {
    pub(crate) sid: AlphaSenderSid,
    pub(crate) name: AlphanumericSender,
    pub(crate) date_created: SystemTime,
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
    pub(crate) alpha_sender: Option<PooledAlphaSender>,
    pub(crate) settings: ResourceSettings,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

impl StoredService {
    /// Reports whether the sender pool is empty.
    pub(crate) fn has_no_sender(&self) -> bool {
        self.numbers.is_empty() && self.short_codes.is_empty() && self.alpha_sender.is_none()
    }

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
