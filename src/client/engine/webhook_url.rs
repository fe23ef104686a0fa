//! Webhook URLs in the settings of an account.

use std::fmt;

use super::read::Field;
use crate::types::redacted_url;

/// Webhook URL in the settings of an account.
///
/// Connection overrides, such as `#rc=2&rp=5xx`, are part of it. `Debug` redacts the parts that may
/// contain a secret or personal data:
///
/// - user name and password before the host, with which Twilio signs in;
/// - each part of the path with five digits or more;
/// - query and fragment.
///
/// ```
/// use clinspark_twilio::client::applications::Application;
///
/// let application: Application = serde_json::from_str(
///     r#"{
///         "sid": "AP00000000000000000000000000000001",
///         "sms_url": "https://twilio:secret@clinic.example/sms?token=secret"
///     }"#,
/// )?;
/// let url = application.sms_url.ok_or("the TwiML App has no URL for messages")?;
/// assert!(url.as_str().ends_with("token=secret"));
/// assert!(!format!("{url:?}").contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WebhookUrl(Box<str>);

impl WebhookUrl {
    /// Returns the URL as Twilio stores it.
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
