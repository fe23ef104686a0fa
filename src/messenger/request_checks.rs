//! Checks of a request before it leaves: its sender is this messenger's, and so is the place that its status is reported to.

use super::config::Config;
use super::connection_overrides;
use super::error::Cause;
use super::message_id::MessageId;
use super::webhook_paths::PathKind;
use crate::client::messages::{ChannelSender, SendMessage, Sender};
use crate::webhook::OptOutScope;

/// Subject of a status report.
#[derive(Clone, Copy, Debug)]
pub(super) enum Report {
    Message,
    Call,
}

impl Report {
    /// The URL of the status callback, marked with the id: the request's own, else the configured
    /// one. `None` when there is neither.
    ///
    /// A report tells the consent gate of opt-outs, so it must reach this origin.
    pub(super) fn callback(
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
            .mark(&connection_overrides::complete(&url))
            .ok_or(Cause::Request(
                "the status callback holds a message_id already; set the id with `id` instead",
            ))?;
        Ok(Some(marked))
    }
}

/// For which senders an opt-out from this message holds; an error if another than this messenger
/// sends it: replies to it, and STOP, would reach another.
pub(super) fn check_sender(request: &SendMessage, config: &Config) -> Result<OptOutScope, Cause> {
    let application = config.application.map(|ours| ours.to_string());
    if request
        .option("ApplicationSid")
        .is_some_and(|other| application.as_deref() != Some(other))
    {
        return Err(Cause::Request(
            "the reports would go to another TwiML App than the messenger's; leave the app out",
        ));
    }
    let (number, service) = (config.number(), config.messaging_service_sid());
    let is_ours = match request.sender() {
        Sender::Number(from) => number == Some(*from),
        Sender::Service(from) => service == Some(*from),
        Sender::NumberInService {
            service: in_service,
            number: from,
        } => number == Some(*from) && service == Some(*in_service),
        Sender::Channel(from) => number.is_some_and(|ours| *from == ChannelSender::whatsapp(ours)),
        _ => false,
    };
    if !is_ours {
        return Err(Cause::Request(
            "the sender is neither the messenger's number nor its Messaging Service; use \
             Messenger::sender",
        ));
    }
    let fallback = request.option("FallbackFrom");
    if fallback.is_some_and(|from| number.is_none_or(|ours| ours.as_str() != from)) {
        return Err(Cause::Request(
            "the fallback sender is not the messenger's number",
        ));
    }
    Ok(match request.sender() {
        Sender::Service(service) | Sender::NumberInService { service, .. } => {
            OptOutScope::Service(*service)
        }
        _ => OptOutScope::Sender,
    })
}
