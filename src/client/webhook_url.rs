//! An address that Twilio calls, as it is set in the account.

use std::fmt;

use super::read::Field;

/// An address that Twilio calls, as it is set in the account.
///
/// `Debug` hides what may be secret in it: a user name and password before the host (Twilio
/// signs in with them), the query, and the fragment.
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
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return f.write_str("WebhookUrl([redacted])");
        };
        let (place, tail) = match rest.find(['?', '#']) {
            Some(at) => (rest.get(..at).unwrap_or_default(), "?[redacted]"),
            None => (rest, ""),
        };
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        write!(f, "WebhookUrl({scheme}://{place}{tail})")
    }
}

impl Field for WebhookUrl {
    fn read(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }
}
