//! URLs of the status callback and of further callbacks of a request.

use super::config::Config;
use super::connection_overrides;
use super::error::Cause;
use super::message_id::MessageId;
use crate::client::calls::PlaceCall;
use crate::types::has_whole_escapes;
use crate::webhook::{PathKind, parse_path};

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
        let path = config.origin.signed_path_of(&url).ok_or(Cause::Request(
            "the status callback is not on the messenger's origin; make its URL with \
                 Messenger::origin",
        ))?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let found = config.paths.find(path).kind();
        let is_configured = found.is_some() || config.paths.get(kind).is_some();
        if is_configured && found != Some(kind) {
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

/// Refuses further callbacks of a call on another origin. The messenger cannot verify what arrives
/// there, and the host would learn about the call.
pub(super) fn check_further(request: &PlaceCall, config: &Config) -> Result<(), Cause> {
    match request
        .further_callbacks()
        .find(|(_, url)| config.origin.signed_path_of(url).is_none())
    {
        None => Ok(()),
        Some(("RecordingStatusCallback", _)) => Err(Cause::Request(
            "the recording status callback is not on the messenger's origin; make its URL with \
             Messenger::callback_url",
        )),
        Some(("AsyncAmdStatusCallback", _)) => Err(Cause::Request(
            "the callback of the answering machine detection is not on the messenger's origin; \
             make its URL with Messenger::callback_url",
        )),
        Some(_) => Err(Cause::Request(
            "the fallback URL is not on the messenger's origin; make it with \
             Messenger::callback_url",
        )),
    }
}

/// Returns the whole URL of a callback at this path, with the default retries.
pub(super) fn url_at(path: &str, config: &Config) -> Result<String, Cause> {
    let (address, fragment) = connection_overrides::split(path);
    let (bare, query) = match address.split_once('?') {
        Some((bare, query)) => (bare, Some(query)),
        None => (address, None),
    };
    let is_written = |query: &str| {
        query.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && has_whole_escapes(query)
    };
    parse_path(bare).map_err(Cause::Request)?;
    if let Some(fragment) = fragment {
        connection_overrides::parse(fragment).map_err(Cause::Request)?;
    }
    if !query.is_none_or(is_written) {
        return Err(Cause::Request(
            "write the query with ASCII characters only, and with whole escapes such as %20",
        ));
    }
    Ok(connection_overrides::with_default_retries(
        &config.origin.url(path),
    ))
}
