//! Whom we may text or call, and whatever a webhook brings in `From` and `To`.

use std::fmt;
use std::str::FromStr;

use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};
use super::normalize::PhoneNumber;

/// Whom a message may be sent to. Closed: nothing else is a recipient.
///
/// ```
/// use clinspark_twilio::phone::{Address, E164, Recipient};
///
/// let volunteer = Recipient::from(E164::parse("+14155550123")?);
/// # assert_eq!(volunteer.expose(), "+14155550123");
/// // A withheld caller is nobody's number.
/// assert!(Recipient::try_from(Address::parse("+266696687")).is_err());
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recipient {
    /// A telephone number, by SMS or MMS.
    Phone(E164),
    /// A telephone number, by `WhatsApp`.
    WhatsApp(E164),
    /// A telephone number, by RCS only.
    Rcs(E164),
    /// A person on Facebook Messenger, by the id that Facebook gave the page.
    Messenger(MessengerId),
}

impl Recipient {
    /// The address in full, as Twilio writes it.
    #[must_use]
    pub fn expose(&self) -> String {
        match self {
            Self::Phone(number) => number.as_str().to_owned(),
            Self::WhatsApp(number) => format!("whatsapp:{}", number.as_str()),
            Self::Rcs(number) => format!("rcs:{}", number.as_str()),
            Self::Messenger(id) => format!("messenger:{}", id.expose()),
        }
    }

    /// The telephone number behind the address, if there is one.
    #[must_use]
    pub const fn phone(&self) -> Option<E164> {
        match self {
            Self::Phone(number) | Self::WhatsApp(number) | Self::Rcs(number) => Some(*number),
            Self::Messenger(_) => None,
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(number) => write!(f, "Phone({})", number.masked()),
            Self::WhatsApp(number) => write!(f, "WhatsApp({})", number.masked()),
            Self::Rcs(number) => write!(f, "Rcs({})", number.masked()),
            Self::Messenger(id) => fmt::Debug::fmt(id, f),
        }
    }
}

/// Whom a call may be placed to. Closed: nothing else is a callee.
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource>
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callee {
    /// A telephone number.
    Phone(E164),
    /// A user of the Voice SDK.
    Client(ClientIdentity),
    /// A SIP address.
    Sip(SipUri),
}

impl Callee {
    /// The address in full, as Twilio writes it.
    #[must_use]
    pub fn expose(&self) -> String {
        match self {
            Self::Phone(number) => number.as_str().to_owned(),
            Self::Client(identity) => format!("client:{}", identity.expose()),
            Self::Sip(uri) => uri.expose().to_owned(),
        }
    }
}

impl fmt::Debug for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(number) => write!(f, "Phone({})", number.masked()),
            Self::Client(identity) => fmt::Debug::fmt(identity, f),
            Self::Sip(uri) => fmt::Debug::fmt(uri, f),
        }
    }
}

/// Whatever stands in `From`, `To`, `Caller` or `Called` of a webhook. Reading never fails.
///
/// Source: <https://www.twilio.com/docs/messaging/guides/webhook-request>
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// A telephone number.
    Phone(E164),
    /// A short code.
    ShortCode(ShortCode),
    /// A telephone number on `WhatsApp`.
    WhatsApp(E164),
    /// A telephone number on RCS.
    Rcs(E164),
    /// A page or a person on Facebook Messenger.
    Messenger(MessengerId),
    /// A user of the Voice SDK.
    Client(ClientIdentity),
    /// A SIP address.
    Sip(SipUri),
    /// The caller hid their number. Never a person's key: everybody who hides shares it.
    Withheld(Withheld),
    /// Anything else, an alphanumeric sender for one, as Twilio wrote it.
    Other(OtherAddress),
}

/// An address of a form that this version does not know, or a sender's name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherAddress(Box<str>);

impl OtherAddress {
    /// The text as Twilio wrote it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OtherAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtherAddress([redacted])")
    }
}

impl Address {
    /// Reads an address of any form.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self::Other(OtherAddress(text.into())))
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(withheld) = Withheld::parse(text) {
            return Some(Self::Withheld(withheld));
        }
        if text.starts_with('+') {
            return E164::parse(text).ok().map(Self::Phone);
        }
        if let Ok(code) = ShortCode::parse(text) {
            return Some(Self::ShortCode(code));
        }
        match text.split_once(':')? {
            ("whatsapp", number) => E164::parse(number).ok().map(Self::WhatsApp),
            ("rcs", number) => E164::parse(number).ok().map(Self::Rcs),
            ("messenger", id) => MessengerId::parse(id).ok().map(Self::Messenger),
            ("client", identity) => ClientIdentity::parse(identity).ok().map(Self::Client),
            ("sip" | "sips", _) => SipUri::parse(text).ok().map(Self::Sip),
            _ => None,
        }
    }

    /// The telephone number behind the address, if there is one.
    #[must_use]
    pub const fn phone(&self) -> Option<E164> {
        match self {
            Self::Phone(number) | Self::WhatsApp(number) | Self::Rcs(number) => Some(*number),
            _ => None,
        }
    }

    /// The address in full, as Twilio writes it. Empty for a caller whose number is absent.
    #[must_use]
    pub fn expose(&self) -> String {
        match self {
            Self::Phone(number) => number.as_str().to_owned(),
            Self::ShortCode(code) => code.as_str().to_owned(),
            Self::WhatsApp(number) => format!("whatsapp:{}", number.as_str()),
            Self::Rcs(number) => format!("rcs:{}", number.as_str()),
            Self::Messenger(id) => format!("messenger:{}", id.expose()),
            Self::Client(identity) => format!("client:{}", identity.expose()),
            Self::Sip(uri) => uri.expose().to_owned(),
            Self::Withheld(withheld) => withheld.keypad().to_owned(),
            Self::Other(text) => text.expose().to_owned(),
        }
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl From<E164> for Address {
    fn from(number: E164) -> Self {
        Self::Phone(number)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(number) => write!(f, "Phone({})", number.masked()),
            Self::ShortCode(code) => fmt::Debug::fmt(code, f),
            Self::WhatsApp(number) => write!(f, "WhatsApp({})", number.masked()),
            Self::Rcs(number) => write!(f, "Rcs({})", number.masked()),
            Self::Messenger(id) => fmt::Debug::fmt(id, f),
            Self::Client(identity) => fmt::Debug::fmt(identity, f),
            Self::Sip(uri) => fmt::Debug::fmt(uri, f),
            Self::Withheld(withheld) => write!(f, "Withheld({withheld:?})"),
            Self::Other(text) => fmt::Debug::fmt(text, f),
        }
    }
}

impl TryFrom<Address> for Recipient {
    type Error = AddressError;

    /// Only an address that a message can be sent to becomes a recipient.
    fn try_from(address: Address) -> Result<Self, AddressError> {
        match address {
            Address::Phone(number) => Ok(Self::Phone(number)),
            Address::WhatsApp(number) => Ok(Self::WhatsApp(number)),
            Address::Rcs(number) => Ok(Self::Rcs(number)),
            Address::Messenger(id) => Ok(Self::Messenger(id)),
            Address::Withheld(_) => Err(AddressError("a withheld caller is nobody's number")),
            _ => Err(AddressError("this kind of address cannot be texted")),
        }
    }
}

impl TryFrom<Address> for Callee {
    type Error = AddressError;

    /// Only an address that a call can be placed to becomes a callee.
    fn try_from(address: Address) -> Result<Self, AddressError> {
        match address {
            Address::Phone(number) => Ok(Self::Phone(number)),
            Address::Client(identity) => Ok(Self::Client(identity)),
            Address::Sip(uri) => Ok(Self::Sip(uri)),
            Address::Withheld(_) => Err(AddressError("a withheld caller is nobody's number")),
            _ => Err(AddressError("this kind of address cannot be called")),
        }
    }
}

macro_rules! from_numbers {
    ($($name:ident),+) => {$(
        impl From<E164> for $name {
            fn from(number: E164) -> Self {
                Self::Phone(number)
            }
        }

        impl From<PhoneNumber> for $name {
            fn from(number: PhoneNumber) -> Self {
                Self::Phone(number.e164())
            }
        }
    )+};
}

from_numbers!(Recipient, Callee);

/// How a caller without a number shows: words that telephone networks spell on the keypad.
///
/// `+266696687` is ANONYMOUS. Texting it would reach a stranger, or nobody.
///
/// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Withheld {
    /// The field was empty.
    Absent,
    /// ANONYMOUS.
    Anonymous,
    /// BLOCKED.
    Blocked,
    /// RESTRICTED.
    Restricted,
    /// UNKNOWN.
    Unknown,
    /// UNAVAILABLE.
    Unavailable,
}

impl Withheld {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Absent, "", ""),
        (Self::Anonymous, "anonymous", "+266696687"),
        (Self::Blocked, "blocked", "+2562533"),
        (Self::Restricted, "restricted", "+7378742833"),
        (Self::Unknown, "unknown", "+8656696"),
        (Self::Unavailable, "unavailable", "+86282452253"),
    ];

    /// Reads the word, or its digits with or without `+`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(withheld, word, keypad)| {
            let digits = keypad.strip_prefix('+').unwrap_or(keypad);
            let same = text.eq_ignore_ascii_case(word) || text == keypad || text == digits;
            same.then_some(withheld)
        })
    }

    /// Reads the digits, with `+`.
    pub(crate) fn from_keypad(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find_map(|(w, _, keypad)| (text == keypad).then_some(w))
    }

    /// The digits that spell the word, with `+`; empty for [`Absent`](Self::Absent).
    #[must_use]
    pub fn keypad(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find_map(|(w, _, keypad)| (w == self).then_some(keypad))
            .unwrap_or("")
    }
}

/// A short code: 3 to 8 digits that send and receive within one country.
///
/// Source: <https://www.twilio.com/docs/glossary/what-is-a-short-code>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ShortCode(Box<str>);

impl ShortCode {
    /// Reads a short code.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::NotANumber`] when it is not 3 to 8 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        if (3..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(PhoneErrorKind::NotANumber.into())
        }
    }

    /// The digits. A short code belongs to a company, not to a person: it may be shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortCode({})", self.0)
    }
}

impl FromStr for ShortCode {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
    }
}

/// The text is no address of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AddressError(&'static str);

macro_rules! identities {
    ($( $(#[$doc:meta])* $name:ident, $check:expr, $error:literal; )+) => {$(
        $(#[$doc])*
        ///
        /// `Debug` hides it: it names a person.
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads it.
            ///
            /// # Errors
            ///
            /// [`AddressError`] when it is empty, over 255 bytes, or holds blanks or control
            /// characters.
            pub fn parse(text: &str) -> Result<Self, AddressError> {
                let plain = !text.is_empty()
                    && text.len() <= 255
                    && !text.chars().any(|c| c.is_whitespace() || c.is_control());
                let check: fn(&str) -> bool = $check;
                if plain && check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(AddressError($error))
                }
            }

            /// The text as given.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )+};
}

identities! {
    /// The identity of a user of the Voice SDK, without `client:`.
    ClientIdentity, |_| true, "a client identity is 1 to 255 characters without blanks";
    /// The id of a page or person on Facebook Messenger, without `messenger:`.
    MessengerId, |_| true, "a Messenger id is 1 to 255 characters without blanks";
    /// A SIP address, with `sip:` or `sips:`.
    SipUri,
    |text| {
        text.strip_prefix("sip:")
            .or_else(|| text.strip_prefix("sips:"))
            .and_then(|rest| rest.split_once('@'))
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
    },
    "a SIP address is sip:user@host, at most 255 characters without blanks";
}
