//! URL of the status callback of a request.

use super::config::Config;
use super::connection_overrides;
use super::error::Cause;
use super::message_id::MessageId;
use crate::webhook::PathKind;

/// Status callback, by the kind of its request.
#[derive(Clone, Copy, Debug)]
pub(super) enum StatusCallback {
    Message,
    Call,
}

impl StatusCallback {
    /// Returns the URL of the status callback with the ID in its query: the request's own URL, or
    /// else the configured one. `None` if there is neither.
    ///
    /// Another origin is an error, because an opt-out in a status callback must reach the consent
    /// gate.
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
                "the status callback is not at or below the configured status path, so it would be \
                 refused; make its URL from that path",
            ));
        }
        // A status callback about an opt-out would also be lost if Twilio did not retry after a 5xx
        // answer.
        let marked = id
            .add_to_url(&connection_overrides::with_default_retries(&url))
            .map_err(|_| Cause::Request(
                "the status callback has a message_id already; remove it and set the ID with `id`",
            ))?;
        Ok(Some(marked))
    }
}
