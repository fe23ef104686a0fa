//! Admission of signed requests that are for this messenger, and consent events in them.

use http::Method;

use super::config::Config;
use super::consent::{ConsentEvent, ConsentSignal};
use super::refusal::{Refusal, RefusalKind};
use super::webhook_paths::PathKind;
use crate::client::codes::{ErrorClass, ErrorCode};
use crate::phone::Address;
use crate::sms::OptOutKeywords;
use crate::types::CallSid;
use crate::webhook::{InboundMessage, MessageStatusCallback, OptOutScope, Verified};

/// Content of a webhook.
#[derive(Debug)]
pub(super) enum WebhookContent {
    /// Message from a person.
    Inbound(Box<InboundMessage>),
    /// Status callback of a message of the messenger.
    Status(Box<MessageStatusCallback>),
    /// Any webhook about a call.
    Call,
    /// Any other webhook: a conference, an event in JSON, a malformed message.
    Other,
}

/// Admits a request whose signature was verified, or refuses it.
pub(super) fn admit<B: AsRef<[u8]>>(
    config: &Config,
    verified: &Verified<B>,
) -> Result<WebhookContent, Refusal> {
    if verified.request().method() != Method::POST {
        return Err(Refusal::new(RefusalKind::Method));
    }
    let request = SignedRequest { config, verified };
    if !verified.is_form() {
        // JSON names neither account nor number. The URL contains its hash, is on this origin, and
        // is signed with this account's token.
        if verified.request().body().as_ref().is_empty() {
            return Err(Refusal::new(RefusalKind::Account));
        }
        return request.content();
    }
    if !request.is("AccountSid", config.account_sid().as_str()) {
        return Err(Refusal::new(RefusalKind::Account));
    }
    let content = request.content()?;
    if request.is_ours(&content) {
        Ok(content)
    } else {
        Err(Refusal::new(RefusalKind::Number))
    }
}

/// Returns the kind of the path of a request, if exactly one is configured for it.
pub(super) fn path_kind<B>(config: &Config, verified: &Verified<B>) -> Option<PathKind> {
    match config.paths.kinds_at(verified.path()).as_slice() {
        [kind] => Some(*kind),
        _ => None,
    }
}

impl WebhookContent {
    /// Returns the consent event in the request, if there is one.
    pub(super) fn consent_event(self, keywords: &OptOutKeywords) -> Option<ConsentEvent> {
        match self {
            Self::Inbound(message) => Some(ConsentEvent {
                signal: ConsentSignal::Replied(message.opt_out_with(keywords)?),
                scope: message.opt_out_scope(),
                message_sid: Some(message.message_sid),
                person: message.from,
            }),
            Self::Status(callback) => {
                let class = ErrorCode::from(callback.error_code?).class();
                (class == ErrorClass::OptedOut).then_some(ConsentEvent {
                    person: callback.to?,
                    signal: ConsentSignal::OptedOut,
                    scope: callback
                        .messaging_service_sid
                        .map_or(OptOutScope::Sender, OptOutScope::Service),
                    message_sid: Some(callback.message_sid),
                })
            }
            Self::Call | Self::Other => None,
        }
    }
}

struct SignedRequest<'r, B> {
    config: &'r Config,
    verified: &'r Verified<B>,
}

impl<B: AsRef<[u8]>> SignedRequest<'_, B> {
    fn has(&self, name: &str) -> bool {
        self.verified.parameter(name).is_some()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        let found = self.verified.parameter(name);
        found.is_some_and(|found| found == value)
    }

    /// Returns the content, if it belongs at the path.
    fn content(&self) -> Result<WebhookContent, Refusal> {
        let paths = &self.config.paths;
        let kinds = paths.kinds_at(self.verified.path());
        let content = self.content_by_parameters();
        let expected: &[PathKind] = match &content {
            WebhookContent::Inbound(_) => &[PathKind::Message],
            WebhookContent::Status(_) => &[PathKind::MessageStatus],
            WebhookContent::Call | WebhookContent::Other => {
                &[PathKind::Voice, PathKind::CallStatus]
            }
        };
        let is_at_expected_path = kinds.iter().any(|kind| expected.contains(kind));
        // Further paths, such as action URLs of `<Gather>`, are set in TwiML and not configured.
        let is_call = matches!(content, WebhookContent::Call | WebhookContent::Other);
        let is_at_other_path =
            kinds.is_empty() && (is_call || !expected.iter().any(|k| paths.get(*k).is_some()));
        if is_at_expected_path || is_at_other_path {
            return Ok(content);
        }
        let is_message =
            |kind: &PathKind| matches!(kind, PathKind::Message | PathKind::MessageStatus);
        let resembles_message = self.has("Body") || self.has("MessageStatus");
        if matches!(content, WebhookContent::Other)
            && resembles_message
            && kinds.iter().any(is_message)
        {
            return Err(Refusal::new(RefusalKind::Unreadable));
        }
        let path = kinds.first().or_else(|| expected.first());
        Err(path.map_or_else(
            || Refusal::new(RefusalKind::Path),
            |path| Refusal::wrong_path(*path),
        ))
    }

    fn content_by_parameters(&self) -> WebhookContent {
        // Every request about a call carries its SID, whatever other parameters the caller adds.
        if self.has("CallSid") {
            return WebhookContent::Call;
        }
        let is_inbound = !self.has("MessageStatus") && self.has("Body");
        if is_inbound && let Ok(message) = self.verified.parse() {
            return WebhookContent::Inbound(Box::new(message));
        }
        if !is_inbound && let Ok(callback) = self.verified.parse() {
            return WebhookContent::Status(Box::new(callback));
        }
        WebhookContent::Other
    }

    /// Returns `true` if the request is about this messenger's number, service or app. Several
    /// services may share an account, and one must not read the messages of another.
    fn is_ours(&self, content: &WebhookContent) -> bool {
        let parties = [
            self.verified.parameter("From"),
            self.verified.parameter("To"),
        ];
        if parties.iter().all(Option::is_none) {
            // The status callback of a recording names a call and no number.
            return true;
        }
        let number = self.config.number();
        let is_number = number.is_some()
            && parties
                .iter()
                .flatten()
                .any(|party| Address::parse(party).phone() == number);
        is_number
            || match content {
                WebhookContent::Call => self.names_our_application() || self.is_second_leg(),
                // A Messaging Service chooses among its senders, so the number may be another one.
                WebhookContent::Inbound(_) | WebhookContent::Status(_) | WebhookContent::Other => {
                    self.names_our_service()
                }
            }
    }

    fn names_our_service(&self) -> bool {
        let service = self.config.messaging_service_sid();
        service.is_some_and(|service| self.is("MessagingServiceSid", service.as_str()))
    }

    /// Returns `true` for a call of the Voice SDK to the messenger's app.
    fn names_our_application(&self) -> bool {
        let application = self.config.application;
        application.is_some_and(|application| self.is("ApplicationSid", application.as_str()))
    }

    /// Returns `true` for the second leg of a `<Dial>`, which may have two other numbers. Only its
    /// signed URL at this origin identifies it.
    fn is_second_leg(&self) -> bool {
        let is_call = |name| {
            let sid = self.verified.parameter(name);
            sid.is_some_and(|sid| CallSid::parse(&sid).is_ok())
        };
        is_call("CallSid") && is_call("ParentCallSid")
    }
}
