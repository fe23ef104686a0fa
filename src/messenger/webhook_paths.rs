//! Paths of the webhooks that an app is configured with.

use super::connection_overrides;
use crate::client::WebhookUrl;
use crate::client::applications::Application;
use crate::webhook::{PublicOrigin, WebhookPaths, parse_path};

impl Application {
    /// Returns the paths that this app sends webhooks to, as far as they are at this origin. URLs of
    /// another origin, URLs with a query, and connection overrides are left out.
    #[must_use]
    pub fn webhook_paths(&self, origin: &PublicOrigin) -> WebhookPaths {
        let path = |url: &Option<WebhookUrl>| {
            let path = origin.path_of(url.as_ref()?.as_str())?;
            parse_path(connection_overrides::without(path)).ok()
        };
        let mut paths = WebhookPaths::new();
        paths.voice = path(&self.voice_url);
        paths.call_status = path(&self.status_callback);
        paths.message = path(&self.sms_url);
        paths.message_status = path(&self.message_status_callback);
        paths
    }
}
