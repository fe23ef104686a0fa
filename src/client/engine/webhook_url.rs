//! An address that Twilio calls, as it is set in the account.

use std::fmt;

use super::read::Field;
use crate::types::redacted_url;

/// An address that Twilio calls, as it is set in the account.
///
/// Connection overrides, such as `#rc=2&rp=5xx`, are part of it. `Debug` hides what may be secret or
/// about a person: a user name and password before the host (Twilio signs in with them), each part
/// of the path with five digits or more, the query, and the fragment.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WebhookUrl(Box<str>);

impl WebhookUrl {
    /// The URL as Twilio has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for WebhookUrl {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for WebhookUrl {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({})", redacted_url(&self.0))
    }
}

impl Field for WebhookUrl {
    fn read(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }
}
