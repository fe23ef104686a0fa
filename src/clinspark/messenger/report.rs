//! Where Twilio reports on what was sent, and that it is sent in this instance's name.

use crate::client::messages::{ChannelSender, SendMessage, Sender};
use crate::clinspark::MessageId;
use crate::clinspark::error::Cause;
use crate::clinspark::overrides;
use crate::clinspark::path_kind::PathKind;
use crate::clinspark::settings::Settings;
use crate::webhook::OptOutScope;

/// What is reported on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Report {
    Message,
    Call,
}

impl Report {
    /// The URL of the status callback, marked with the id: the request's own, else the configured
    /// one. `None` when there is neither.
    ///
    /// A report tells the consent gate of opt-outs, so it must reach this instance.
    pub(super) fn callback(
        self,
        own: Option<&str>,
        settings: &Settings,
        id: &MessageId,
    ) -> Result<Option<String>, Cause> {
        let (kind, path) = match self {
            Self::Message => (PathKind::MessageStatus, &settings.paths().message_status),
            Self::Call => (PathKind::CallStatus, &settings.paths().call_status),
        };
        let url = match (own, path) {
            (Some(own), _) => own.to_owned(),
            (None, Some(path)) => settings.origin().url(path),
            (None, None) => return Ok(None),
        };
        let path = url
            .strip_prefix(settings.origin().as_str())
            .filter(|path| path.starts_with('/'))
            .ok_or(Cause::Request(
                "the status callback is not on this instance's domain; make its URL with \
                 Settings::origin",
            ))?;
        let kinds = PathKind::at(
            path.split(['?', '#']).next().unwrap_or_default(),
            settings.paths(),
        );
        let is_misdirected = !kinds.is_empty() || kind.is_set(settings.paths());
        if is_misdirected && !kinds.contains(&kind) {
            return Err(Cause::Request(
                "the status callback is not below the configured status path, where reports are \
                 believed",
            ));
        }
        // A report of an opt-out, too, is lost unless Twilio retries after a 5xx answer.
        let marked = id.mark(&overrides::complete(&url)).ok_or(Cause::Request(
            "the status callback holds a message_id already; set the id with `id` instead",
        ))?;
        Ok(Some(marked))
    }
}

/// For which senders an opt-out from this message holds; an error if another than this instance
/// sends it: replies to it, and STOP, would reach another.
pub(super) fn sent_by(request: &SendMessage, settings: &Settings) -> Result<OptOutScope, Cause> {
    let application = settings.application_sid().map(|ours| ours.to_string());
    if request
        .option("ApplicationSid")
        .is_some_and(|other| application.as_deref() != Some(other))
    {
        return Err(Cause::Request(
            "the reports would go to another TwiML App than this instance's; leave the app out",
        ));
    }
    let (number, service) = (settings.number(), settings.messaging_service_sid());
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
            "the sender is neither this instance's number nor its Messaging Service; use \
             Settings::sender",
        ));
    }
    let fallback = request.option("FallbackFrom");
    if fallback.is_some_and(|from| number.is_none_or(|ours| ours.as_str() != from)) {
        return Err(Cause::Request(
            "the fallback sender is not this instance's number",
        ));
    }
    Ok(match request.sender() {
        Sender::Service(service) | Sender::NumberInService { service, .. } => {
            OptOutScope::Service(*service)
        }
        _ => OptOutScope::Sender,
    })
}
