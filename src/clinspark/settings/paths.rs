//! Where on the instance's domain the webhooks arrive.

use serde::{Deserialize, Serialize};

use crate::client::WebhookUrl;
use crate::client::applications::Application;
use crate::clinspark::overrides;
use crate::webhook::PublicOrigin;

use super::Setting;
use super::reader::parse_path;

/// The paths of an instance's webhooks. None has a default: instances differ.
///
/// A path may end in [connection overrides](Setting::VoicePath), such as `/hooks/voice#rc=5`.
/// [`without_overrides`](Self::without_overrides) gives the paths that a server sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookPaths {
    /// Where an incoming call asks for `TwiML`.
    pub voice: Option<String>,
    /// Where a call's progress is reported.
    pub call_status: Option<String>,
    /// Where an incoming message asks for `TwiML`.
    pub message: Option<String>,
    /// Where a message's progress is reported.
    pub message_status: Option<String>,
}

impl WebhookPaths {
    /// The settings of those that are not set.
    pub(in crate::clinspark) fn lacking(&self) -> Vec<Setting> {
        let paths = [
            (&self.voice, Setting::VoicePath),
            (&self.call_status, Setting::CallStatusPath),
            (&self.message, Setting::MessagePath),
            (&self.message_status, Setting::MessageStatusPath),
        ];
        let lacking = paths.into_iter().filter(|(path, _)| path.is_none());
        lacking.map(|(_, setting)| setting).collect()
    }

    /// Paths without connection overrides, for the routes of a server: Twilio does not send them.
    ///
    /// ```
    /// use clinspark_twilio::clinspark::WebhookPaths;
    ///
    /// let mut paths = WebhookPaths::default();
    /// paths.message = Some("/hooks/message#rc=5".to_owned());
    /// assert_eq!(paths.without_overrides().message.as_deref(), Some("/hooks/message"));
    /// ```
    #[must_use]
    pub fn without_overrides(&self) -> Self {
        let bare =
            |path: &Option<String>| path.as_deref().map(|p| overrides::without(p).to_owned());
        Self {
            voice: bare(&self.voice),
            call_status: bare(&self.call_status),
            message: bare(&self.message),
            message_status: bare(&self.message_status),
        }
    }

    /// The paths that a `TwiML` App sends webhooks to, as far as they are at this origin: for an
    /// instance whose app was set up by hand. URLs of other places, and those with a query, are
    /// left out. So are connection overrides: provisioning keeps those that the app has.
    #[must_use]
    pub fn of_application(app: &Application, origin: &PublicOrigin) -> Self {
        let path = |url: &Option<WebhookUrl>| {
            let path = url.as_ref()?.as_str().strip_prefix(origin.as_str())?;
            parse_path(overrides::without(path)).ok()
        };
        Self {
            voice: path(&app.voice_url),
            call_status: path(&app.status_callback),
            message: path(&app.sms_url),
            message_status: path(&app.message_status_callback),
        }
    }
}
