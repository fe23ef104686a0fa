//! What the sandbox keeps, as a test reads it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use crate::phone::{E164, Normalizer};
use crate::types::{
    ApplicationSid, CallDirection, CallSid, CallStatus, MessageDirection, MessageSid,
    MessageStatus, MessagingServiceSid, Method, PhoneNumberSid, Redacted, ShortCodeSid,
};

/// A message of the account, sent or received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredMessage {
    /// `SM...`, or `MM...` with media.
    pub sid: MessageSid,
    /// Who sent it.
    pub from: E164,
    /// Whom it is for.
    pub to: E164,
    /// The words.
    pub body: Redacted<String>,
    /// The media's addresses, as they were given.
    pub media_urls: Vec<Redacted<String>>,
    /// Which way it went.
    pub direction: MessageDirection,
    /// The Messaging Service that it was sent through, or that its number is in.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// When it is to be sent, if it was scheduled. The sandbox waits for nothing: a scheduled
    /// message stays so until it is canceled.
    pub send_at: Option<SystemTime>,
    /// Where it is on its way.
    pub status: MessageStatus,
    /// Why it was not delivered.
    pub error_code: Option<u32>,
    /// How many SMS the words fill.
    pub num_segments: u32,
    /// When it was created.
    pub date_created: SystemTime,
    pub(super) date_updated: SystemTime,
    pub(super) date_sent: Option<SystemTime>,
    pub(super) callback: Option<Hook>,
}

/// A call of the account, or one leg of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredCall {
    /// `CA...`.
    pub sid: CallSid,
    /// The call whose `<Dial>` placed this one.
    pub parent_call_sid: Option<CallSid>,
    /// Who calls.
    pub from: E164,
    /// Who is called.
    pub to: E164,
    /// Which way it goes.
    pub direction: CallDirection,
    /// Where it is.
    pub status: CallStatus,
    /// Seconds, once it is over: what the TwiML asked to pause and to wait, and a second for each
    /// thing said. The sandbox counts time, it does not spend it.
    pub duration: Option<u64>,
    /// When it was created.
    pub date_created: SystemTime,
    /// When it was answered.
    pub start_time: Option<SystemTime>,
    /// When it ended.
    pub end_time: Option<SystemTime>,
}

/// A number of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredNumber {
    /// `PN...`.
    pub sid: PhoneNumberSid,
    /// The number.
    pub number: E164,
    pub(super) settings: Settings,
    /// What it cannot do.
    pub(super) lacks: Vec<String>,
    pub(super) date_created: SystemTime,
    pub(super) date_updated: SystemTime,
}

impl StoredNumber {
    pub(super) fn can(&self, capability: &str) -> bool {
        !self.lacks.iter().any(|lacking| lacking == capability)
    }

    /// The country in two letters; empty when the number belongs to none.
    pub(super) fn country(&self) -> String {
        let read = Normalizer::international()
            .test_numbers(true)
            .normalize(self.number.as_str());
        let region = read.ok().and_then(|number| number.region());
        region.map_or_else(String::new, |region| region.as_str().to_owned())
    }

    /// A setting by Twilio's name of the parameter, such as `SmsUrl`; `None` when it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.text(parameter)
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
    pub(super) settings: Settings,
    pub(super) date_created: SystemTime,
    pub(super) date_updated: SystemTime,
}

impl StoredApplication {
    /// A setting by Twilio's name of the parameter, such as `VoiceUrl`; `None` when it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.text(parameter)
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
    pub(super) settings: Settings,
    pub(super) date_created: SystemTime,
    pub(super) date_updated: SystemTime,
}

impl StoredService {
    /// A setting by Twilio's name of the parameter, such as `InboundRequestUrl`; `None` when it is
    /// not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.text(parameter)
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
    pub(super) settings: Settings,
    pub(super) date_created: SystemTime,
}

impl StoredShortCode {
    /// A setting by Twilio's name of the parameter, such as `SmsUrl`; `None` when it is not set.
    #[must_use]
    pub fn setting(&self, parameter: &str) -> Option<&str> {
        self.settings.text(parameter)
    }
}

/// A text as a volunteer's phone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMessage {
    /// The message's SID, which a real phone does not see.
    pub sid: MessageSid,
    /// Who sent it.
    pub from: E164,
    /// The words.
    pub body: Redacted<String>,
    /// The media's addresses.
    pub media_urls: Vec<Redacted<String>>,
}

/// What a webhook was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookKind {
    /// A text came in; answered in TwiML.
    InboundMessage,
    /// A message moved on.
    MessageStatus,
    /// A call wants instructions: its first, or those of a `<Redirect>`; answered in TwiML.
    Voice,
    /// Digits or speech from a `<Gather>`; answered in TwiML.
    GatherAction,
    /// A `<Record>` has ended; answered in TwiML.
    RecordAction,
    /// A `<Dial>` has ended; answered in TwiML.
    DialAction,
    /// A call moved on.
    CallStatus,
}

/// A webhook that the sandbox sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// What it was sent for.
    pub kind: WebhookKind,
    /// The message or call that it is about.
    pub sid: String,
    /// The method.
    pub method: Method,
    /// The address as it was signed, its query included.
    pub url: Redacted<String>,
    /// The form's fields, in the order sent; with `GET` they stand in the address.
    pub parameters: Redacted<Vec<(String, String)>>,
    /// The value of `X-Twilio-Signature`.
    pub signature: Redacted<String>,
    /// The HTTP status that was answered; `None` while it is under way, and when nothing was
    /// answered.
    pub status: Option<u16>,
}

/// Something that Twilio's debugger would show.
///
/// Source: <https://www.twilio.com/docs/api/errors>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// Twilio's error code, such as 12100.
    pub code: u32,
    /// What happened, in the sandbox's words.
    pub message: &'static str,
    /// The message or call that it is about.
    pub sid: String,
    pub(super) level: String,
    pub(super) at: SystemTime,
}

/// A URL that Twilio is to request, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hook {
    pub(super) url: Redacted<String>,
    pub(super) method: Method,
}

impl Hook {
    pub(super) fn new(url: &str, method: Method) -> Self {
        Self {
            url: Redacted::new(url.to_owned()),
            method,
        }
    }
}

/// The settings of a number or a TwiML App by Twilio's names of the parameters.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Settings(BTreeMap<&'static str, String>);

impl Settings {
    /// Sets a parameter; empty text clears it.
    pub(super) fn set(&mut self, parameter: &'static str, value: &str) {
        if value.is_empty() {
            self.0.remove(parameter);
        } else {
            self.0.insert(parameter, value.to_owned());
        }
    }

    pub(super) fn text(&self, parameter: &str) -> Option<&str> {
        self.0.get(parameter).map(String::as_str)
    }

    pub(super) fn method(&self, parameter: &str) -> Method {
        match self.text(parameter) {
            Some("GET") => Method::Get,
            _ => Method::Post,
        }
    }

    pub(super) fn hook(&self, url: &str, method: &str) -> Option<Hook> {
        self.text(url)
            .map(|url| Hook::new(url, self.method(method)))
    }

    pub(super) fn application(&self, parameter: &str) -> Option<ApplicationSid> {
        ApplicationSid::parse(self.text(parameter)?).ok()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: a query may hold anything.
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A number as Twilio shows it: `(415) 555-0123` in North America, else as it is.
pub(super) fn formatted(number: E164) -> String {
    let text = number.as_str();
    let parts = text
        .strip_prefix("+1")
        .and_then(|national| Some((national.get(..3)?, national.get(3..6)?, national.get(6..)?)));
    match parts {
        Some((area, exchange, line)) if line.len() == 4 => format!("({area}) {exchange}-{line}"),
        _ => text.to_owned(),
    }
}
