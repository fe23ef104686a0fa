//! Whom we may text or call, and whatever a webhook brings in `From` and `To`.

use std::fmt;

use super::e164::E164;
use super::endpoint::{
    AddressError, AlphanumericSender, ClientIdentity, MessengerId, RcsSender, ShortCode, SipUri,
};
use super::number::PhoneNumber;
use super::withheld::WithheldReason;

/// Whom a message may be sent to. Closed: nothing else is a recipient.
///
/// ```
/// use clinspark_twilio::phone::{Address, E164, Recipient};
///
/// let volunteer = Recipient::from(E164::parse("+14155550123")?);
/// # assert_eq!(volunteer.expose(), "+14155550123");
/// // A caller who withheld their number cannot be texted.
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
    /// A sender's name. Nobody can answer it.
    Alphanumeric(AlphanumericSender),
    /// A telephone number on `WhatsApp`.
    WhatsApp(E164),
    /// A telephone number on RCS.
    Rcs(E164),
    /// A company's agent on RCS.
    RcsSender(RcsSender),
    /// A page or a person on Facebook Messenger.
    Messenger(MessengerId),
    /// A user of the Voice SDK.
    Client(ClientIdentity),
    /// A SIP address.
    Sip(SipUri),
    /// The caller withheld their number. All such callers share this value: it identifies none.
    Withheld(WithheldReason),
    /// Anything else, as Twilio wrote it.
    Other(OtherAddress),
}

/// An address of a form that this version does not know.
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
        if let Some(withheld) = WithheldReason::parse(text) {
            return Some(Self::Withheld(withheld));
        }
        if text.starts_with('+') {
            return E164::parse(text).ok().map(Self::Phone);
        }
        if let Ok(code) = ShortCode::parse(text) {
            return Some(Self::ShortCode(code));
        }
        if let Ok(sender) = AlphanumericSender::parse(text) {
            return Some(Self::Alphanumeric(sender));
        }
        match text.split_once(':')? {
            ("whatsapp", number) => E164::parse(number).ok().map(Self::WhatsApp),
            ("rcs", number) if number.starts_with('+') => E164::parse(number).ok().map(Self::Rcs),
            ("rcs", id) => RcsSender::parse(id).ok().map(Self::RcsSender),
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
            Self::Alphanumeric(sender) => sender.as_str().to_owned(),
            Self::WhatsApp(number) => format!("whatsapp:{}", number.as_str()),
            Self::Rcs(number) => format!("rcs:{}", number.as_str()),
            Self::RcsSender(sender) => format!("rcs:{}", sender.expose()),
            Self::Messenger(id) => format!("messenger:{}", id.expose()),
            Self::Client(identity) => format!("client:{}", identity.expose()),
            Self::Sip(uri) => uri.expose().to_owned(),
            Self::Withheld(withheld) => withheld.keypad_digits().to_owned(),
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
            Self::Alphanumeric(sender) => fmt::Debug::fmt(sender, f),
            Self::WhatsApp(number) => write!(f, "WhatsApp({})", number.masked()),
            Self::Rcs(number) => write!(f, "Rcs({})", number.masked()),
            Self::RcsSender(sender) => fmt::Debug::fmt(sender, f),
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
            Address::Withheld(_) => Err(AddressError::new(
                "the caller withheld their number: there is no number to text",
            )),
            _ => Err(AddressError::new("this kind of address cannot be texted")),
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
            Address::Withheld(_) => Err(AddressError::new(
                "the caller withheld their number: there is no number to call",
            )),
            _ => Err(AddressError::new("this kind of address cannot be called")),
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
