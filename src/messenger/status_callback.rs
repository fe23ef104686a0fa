//! URL of the status callback that a request asks for.

use super::config::Config;
use super::connection_overrides;
use super::error::Cause;
use super::message_id::MessageId;
use super::webhook_paths::PathKind;

/// A status callback, by the kind of request that asks for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum StatusCallback {
    Message,
    Call,
}

impl StatusCallback {
    /// Returns the URL of the status callback with the id in its query: the request's own URL, else
    /// the configured one. `None` when there is neither.
    ///
    /// A report of an opt-out has to reach the consent gate, so another origin is an error.
    pub(super) fn url(
        self,
        own: Option<&str>,
        config: &Config,
        id: &MessageId,
    ) -> Result<Option<String>, Cause> {
        let (kind, path) = match self {
            Self::Message => (PathKind::MessageStatus, &config.paths.message_status),
            Self::Call => (PathKind::CallStatus, &config.paths.call_status),
        };
        let url = match (own, path) {
            (Some(own), _) => own.to_owned(),
            (None, Some(path)) => config.origin.url(path),
            (None, None) => return Ok(None),
        };
        let path = url
            .strip_prefix(config.origin.as_str())
            .filter(|path| path.starts_with('/'))
            .ok_or(Cause::Request(
                "the status callback is not on the messenger's origin; make its URL with \
                 Messenger::origin",
            ))?;
        let kinds = config
            .paths
            .kinds_at(path.split(['?', '#']).next().unwrap_or_default());
        let is_misdirected = !kinds.is_empty() || config.paths.get(kind).is_some();
        if is_misdirected && !kinds.contains(&kind) {
            return Err(Cause::Request(
                "the status callback is not below the configured status path, where reports are \
                 believed",
            ));
        }
        // A report of an opt-out, too, is lost unless Twilio retries after a 5xx answer.
        let marked = id
            .add_to_url(&connection_overrides::with_default_retries(&url))
            .ok_or(Cause::Request(
                "the status callback holds a message_id already; set the id with `id` instead",
            ))?;
        Ok(Some(marked))
    }
}
