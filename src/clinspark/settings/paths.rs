//! Where on the instance's domain the webhooks arrive.

use serde::{Deserialize, Serialize};

use crate::client::WebhookUrl;
use crate::client::applications::Application;
use crate::webhook::PublicOrigin;

use super::Setting;
use super::reader::parse_path;

/// The paths of an instance's webhooks. None has a default: instances differ.
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

    /// The paths that a `TwiML` App sends webhooks to, as far as they are at this origin: for an
    /// instance whose app was set up by hand. URLs of other places, and those with a query, are
    /// left out.
    #[must_use]
    pub fn of_application(app: &Application, origin: &PublicOrigin) -> Self {
        let path = |url: &Option<WebhookUrl>| {
            let path = url.as_ref()?.as_str().strip_prefix(origin.as_str())?;
            parse_path(path).ok()
        };
        Self {
            voice: path(&app.voice_url),
            call_status: path(&app.status_callback),
            message: path(&app.sms_url),
            message_status: path(&app.message_status_callback),
        }
    }
}
