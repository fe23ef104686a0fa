//! Senders of messages.

use std::fmt;

use crate::client::engine::form::Form;
use crate::client::engine::request::Argument;
use crate::phone::{AlphanumericSender, E164, MessengerId, RcsSender, ShortCode};
use crate::types::MessagingServiceSid;

/// Sender of a message.
///
/// There is no conversion from a bare number, so that recipient and sender cannot be swapped by
/// mistake.
///
/// ```
/// use clinspark_twilio::client::messages::{AlphanumericSender, Sender};
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::types::MessagingServiceSid;
///
/// let number = Sender::Number(E164::parse("+14155550100")?);
/// let name = Sender::from(AlphanumericSender::parse("Clinic")?);
/// let service = Sender::from(MessagingServiceSid::parse("MG00000000000000000000000000000001")?);
/// # let _ = (name, service);
/// assert!(!format!("{number:?}").contains("+14155550100"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sender {
    /// Phone number of the account.
    Number(E164),
    /// Short code of the account.
    ShortCode(ShortCode),
    /// Alphanumeric sender, where the recipient's country permits it. Recipients cannot reply.
    Alphanumeric(AlphanumericSender),
    /// Sender on WhatsApp, RCS or Messenger.
    Channel(ChannelSender),
    /// Messaging Service, which picks one of its senders.
    Service(MessagingServiceSid),
    /// One number of a Messaging Service, with the features of the service.
    NumberInService {
        /// SID of the Messaging Service.
        service: MessagingServiceSid,
        /// Number in the service's sender pool.
        number: E164,
    },
}

impl Sender {
    pub(super) const fn number(&self) -> Option<E164> {
        match self {
            Self::Number(number) | Self::NumberInService { number, .. } => Some(*number),
            _ => None,
        }
    }
}

impl Argument for Sender {
    const NAMES: &'static [&'static str] = &["From", "MessagingServiceSid"];

    fn write(&self, form: &mut Form) {
        match self {
            Self::Number(number) => form.set("From", number.as_str()),
            Self::ShortCode(code) => form.set("From", code.as_str()),
            Self::Alphanumeric(name) => form.set("From", name.as_str()),
            Self::Channel(sender) => form.set("From", sender.expose()),
            Self::Service(service) => form.set("MessagingServiceSid", service.as_str()),
            Self::NumberInService { service, number } => {
                form.set("MessagingServiceSid", service.as_str());
                form.set("From", number.as_str());
            }
        }
    }
}

impl From<MessagingServiceSid> for Sender {
    fn from(service: MessagingServiceSid) -> Self {
        Self::Service(service)
    }
}

impl From<ShortCode> for Sender {
    fn from(code: ShortCode) -> Self {
        Self::ShortCode(code)
    }
}

impl From<AlphanumericSender> for Sender {
    fn from(name: AlphanumericSender) -> Self {
        Self::Alphanumeric(name)
    }
}

impl From<ChannelSender> for Sender {
    fn from(sender: ChannelSender) -> Self {
        Self::Channel(sender)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "Number({})", number.masked()),
            Self::ShortCode(code) => fmt::Debug::fmt(code, f),
            Self::Alphanumeric(name) => fmt::Debug::fmt(name, f),
            Self::Channel(sender) => fmt::Debug::fmt(sender, f),
            Self::Service(service) => write!(f, "Service({service})"),
            Self::NumberInService { service, number } => {
                write!(f, "NumberInService({service}, {})", number.masked())
            }
        }
    }
}

/// Sender on a channel other than SMS.
///
/// ```
/// use clinspark_twilio::client::messages::{ChannelSender, Sender};
/// use clinspark_twilio::phone::E164;
///
/// let clinic = ChannelSender::whatsapp(E164::parse("+14155550100")?);
/// assert_eq!(clinic.expose(), "whatsapp:+14155550100");
/// assert_eq!(format!("{clinic:?}"), "ChannelSender(whatsapp:[redacted])");
/// let sender = Sender::from(clinic);
/// # let _ = sender;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ChannelSender(Box<str>);

impl ChannelSender {
    /// Creates a sender from a `WhatsApp` number of the account.
    #[must_use]
    pub fn whatsapp(number: E164) -> Self {
        Self(format!("whatsapp:{}", number.as_str()).into())
    }

    /// Creates a sender from a Facebook page.
    #[must_use]
    pub fn messenger(page: &MessengerId) -> Self {
        Self(format!("messenger:{}", page.expose()).into())
    }

    /// Creates a sender from an RCS agent.
    #[must_use]
    pub fn rcs(agent: &RcsSender) -> Self {
        Self(format!("rcs:{}", agent.expose()).into())
    }

    /// Returns the sender in full, as Twilio writes it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ChannelSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channel = self.0.split(':').next().unwrap_or_default();
        write!(f, "ChannelSender({channel}:[redacted])")
    }
}
