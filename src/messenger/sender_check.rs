//! Check that a message is sent by the messenger's own number or Messaging Service.

use super::config::Config;
use super::error::Cause;
use crate::client::messages::{ChannelSender, SendMessage, Sender};
use crate::webhook::OptOutScope;

/// Returns the senders to which an opt-out by a reply to this message applies.
///
/// Another sender than the messenger's is an error, because replies and STOP would not reach this
/// messenger.
pub(super) fn check_sender(request: &SendMessage, config: &Config) -> Result<OptOutScope, Cause> {
    let application = config.application.map(|ours| ours.to_string());
    if request
        .option("ApplicationSid")
        .is_some_and(|other| application.as_deref() != Some(other))
    {
        return Err(Cause::Request(
            "the TwiML App is not the messenger's, so status callbacks would go elsewhere; leave it out",
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
            "the fallback sender is not the messenger's number; use Messenger::number or leave it out",
        ));
    }
    Ok(match request.sender() {
        Sender::Service(service) | Sender::NumberInService { service, .. } => {
            OptOutScope::Service(*service)
        }
        _ => OptOutScope::Sender,
    })
}
