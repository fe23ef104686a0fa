//! Addresses: recipients of texts, callees, and any value of `From` and `To` in a webhook.

use std::fmt;

use super::e164::E164;
use super::endpoint::{
    AddressError, AlphanumericSender, ClientIdentity, MessengerId, RcsSender, ShortCode, SipUri,
};
use super::number::PhoneNumber;
use super::withheld::WithheldReason;

/// Address to which a message can be sent. No other kind of address can be texted.
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
    /// Phone number, by SMS or MMS.
    Phone(E164),
    /// Phone number, by `WhatsApp`.
    WhatsApp(E164),
    /// Phone number, by RCS only.
    Rcs(E164),
    /// Person on Facebook Messenger, by the id that Facebook gave the page.
    Messenger(MessengerId),
}

impl Recipient {
    /// Returns the address in full, as Twilio writes it.
    #[must_use]
    pub fn expose(&self) -> String {
        match self {
            Self::Phone(number) => number.as_str().to_owned(),
            Self::WhatsApp(number) => format!("whatsapp:{}", number.as_str()),
            Self::Rcs(number) => format!("rcs:{}", number.as_str()),
            Self::Messenger(id) => format!("messenger:{}", id.expose()),
        }
    }

    /// Returns the address for people and logs, in the form of [`Address::masked`].
    #[must_use]
    pub fn masked(&self) -> String {
        Address::from(self.clone()).masked()
    }

    /// Returns the phone number of the address, if it has one.
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

/// Address to which a call can be placed. No other kind of address can be called.
///
/// ```
/// use clinspark_twilio::phone::{Callee, ClientIdentity, E164};
///
/// let volunteer = Callee::Phone(E164::parse("+14155550123")?);
/// assert_eq!(volunteer.expose(), "+14155550123");
/// assert_eq!(format!("{volunteer:?}"), "Phone(+*********23)");
///
/// let nurse = Callee::Client(ClientIdentity::parse("site_12_nurse")?);
/// assert_eq!(nurse.expose(), "client:site_12_nurse");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/voice/api/call-resource>
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callee {
    /// Phone number.
    Phone(E164),
    /// User of the Voice SDK.
    Client(ClientIdentity),
    /// SIP address.
    Sip(SipUri),
}

impl Callee {
    /// Returns the address in full, as Twilio writes it.
    #[must_use]
    pub fn expose(&self) -> String {
        match self {
            Self::Phone(number) => number.as_str().to_owned(),
            Self::Client(identity) => format!("client:{}", identity.expose()),
            Self::Sip(uri) => uri.expose().to_owned(),
        }
    }

    /// Returns the address for people and logs, in the form of [`Address::masked`].
    #[must_use]
    pub fn masked(&self) -> String {
        Address::from(self.clone()).masked()
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

/// Value of `From`, `To`, `Caller` or `Called` in a webhook. Parsing never fails.
///
/// ```
/// use clinspark_twilio::phone::{Address, WithheldReason};
///
/// let sender = Address::parse("whatsapp:+14155550123");
/// assert_eq!(sender.phone().unwrap().as_str(), "+14155550123");
/// assert_eq!(Address::parse("+266696687"), Address::Withheld(WithheldReason::Anonymous));
/// assert!(matches!(Address::parse("new-channel:42"), Address::Other(_)));
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/guides/webhook-request>
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// Phone number.
    Phone(E164),
    /// Short code.
    ShortCode(ShortCode),
    /// Alphanumeric sender. Recipients cannot reply to it.
    Alphanumeric(AlphanumericSender),
    /// Phone number on `WhatsApp`.
    WhatsApp(E164),
    /// Phone number on RCS.
    Rcs(E164),
    /// RCS agent of a company.
    RcsSender(RcsSender),
    /// Page or person on Facebook Messenger.
    Messenger(MessengerId),
    /// User of the Voice SDK.
    Client(ClientIdentity),
    /// SIP address.
    Sip(SipUri),
    /// Withheld number of a caller. All such callers share this value, so it identifies none of
    /// them.
    Withheld(WithheldReason),
    /// Any other address, as Twilio wrote it.
    Other(OtherAddress),
}

/// Address in a form that this version does not know.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherAddress(Box<str>);

impl OtherAddress {
    /// Returns the text as Twilio wrote it.
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
    /// Parses an address of any form.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self::Other(OtherAddress(text.into())))
    }

    fn read(text: &str) -> Option<Self> {
        // First, because `anonymous` is also a valid alphanumeric sender and `+266696687` looks
        // like a phone number.
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
            // Both a person's number and a company's agent follow `rcs:`.
            ("rcs", number) if number.starts_with('+') => E164::parse(number).ok().map(Self::Rcs),
            ("rcs", id) => RcsSender::parse(id).ok().map(Self::RcsSender),
            ("messenger", id) => MessengerId::parse(id).ok().map(Self::Messenger),
            ("client", identity) => ClientIdentity::parse(identity).ok().map(Self::Client),
            ("sip" | "sips", _) => SipUri::parse(text).ok().map(Self::Sip),
            _ => None,
        }
    }

    /// Returns the phone number of the address, if it has one.
    #[must_use]
    pub const fn phone(&self) -> Option<E164> {
        match self {
            Self::Phone(number) | Self::WhatsApp(number) | Self::Rcs(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the address in full, as Twilio writes it. Empty for a caller whose number is absent.
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

impl Address {
    /// Returns the address for people and logs: numbers with their last two digits, and identities
    /// of people as `[redacted]`. Short codes and names of companies are shown.
    ///
    /// ```
    /// use clinspark_twilio::phone::Address;
    ///
    /// let masked = |text| Address::parse(text).masked();
    /// assert_eq!(masked("whatsapp:+14155550123"), "whatsapp:+*********23");
    /// assert_eq!(masked("40404"), "40404");
    /// assert_eq!(masked("client:site_12_nurse"), "client:[redacted]");
    /// assert_eq!(masked("anonymous"), "withheld");
    /// ```
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(number) => number.masked().to_string(),
            Self::ShortCode(code) => code.as_str().to_owned(),
            Self::Alphanumeric(sender) => sender.as_str().to_owned(),
            Self::WhatsApp(number) => format!("whatsapp:{}", number.masked()),
            Self::Rcs(number) => format!("rcs:{}", number.masked()),
            Self::RcsSender(_) => "rcs:[redacted]".to_owned(),
            Self::Messenger(_) => "messenger:[redacted]".to_owned(),
            Self::Client(_) => "client:[redacted]".to_owned(),
            Self::Sip(_) => "sip:[redacted]".to_owned(),
            Self::Withheld(_) => "withheld".to_owned(),
            Self::Other(_) => "[redacted]".to_owned(),
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

/// An address equals a number if it is the address of that phone; the same number on `WhatsApp` is
/// another address.
impl PartialEq<E164> for Address {
    fn eq(&self, number: &E164) -> bool {
        matches!(self, Self::Phone(phone) if phone == number)
    }
}

impl From<Recipient> for Address {
    fn from(recipient: Recipient) -> Self {
        match recipient {
            Recipient::Phone(number) => Self::Phone(number),
            Recipient::WhatsApp(number) => Self::WhatsApp(number),
            Recipient::Rcs(number) => Self::Rcs(number),
            Recipient::Messenger(id) => Self::Messenger(id),
        }
    }
}

impl From<Callee> for Address {
    fn from(callee: Callee) -> Self {
        match callee {
            Callee::Phone(number) => Self::Phone(number),
            Callee::Client(identity) => Self::Client(identity),
            Callee::Sip(uri) => Self::Sip(uri),
        }
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

    /// Converts an address to which a message can be sent. Refuses all others.
    fn try_from(address: Address) -> Result<Self, AddressError> {
        match address {
            Address::Phone(number) => Ok(Self::Phone(number)),
            Address::WhatsApp(number) => Ok(Self::WhatsApp(number)),
            Address::Rcs(number) => Ok(Self::Rcs(number)),
            Address::Messenger(id) => Ok(Self::Messenger(id)),
            Address::Withheld(_) => Err(AddressError::new(
                "the caller withheld their number: there is no number to text",
            )),
            _ => Err(AddressError::new(
                "this kind of address cannot be texted; use a phone number, or an address on \
                 WhatsApp, RCS or Messenger",
            )),
        }
    }
}

impl TryFrom<Address> for Callee {
    type Error = AddressError;

    /// Converts an address to which a call can be placed. Refuses all others.
    fn try_from(address: Address) -> Result<Self, AddressError> {
        match address {
            Address::Phone(number) => Ok(Self::Phone(number)),
            Address::Client(identity) => Ok(Self::Client(identity)),
            Address::Sip(uri) => Ok(Self::Sip(uri)),
            Address::Withheld(_) => Err(AddressError::new(
                "the caller withheld their number: there is no number to call",
            )),
            _ => Err(AddressError::new(
                "this kind of address cannot be called; use a phone number, a client identity or a \
                 SIP address",
            )),
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
