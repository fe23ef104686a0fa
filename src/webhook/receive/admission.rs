//! Admission of signed requests that are for this messenger, and consent events in them.

use super::consent::ConsentEvent;
use super::paths::{PathKind, WebhookPaths};
use super::refusal::{Refusal, RefusalKind};
use crate::phone::{Address, E164};
use crate::sms::OptOutKeywords;
use crate::types::{AccountSid, ApplicationSid, CallSid, MessagingServiceSid};
use crate::webhook::{InboundMessage, MessageStatusCallback, Verified};

/// Rules of admission: whose requests are admitted, and at which paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub(super) paths: WebhookPaths,
    pub(super) account: Option<AccountSid>,
    pub(super) number: Option<E164>,
    pub(super) service: Option<MessagingServiceSid>,
    pub(super) application: Option<ApplicationSid>,
    /// Set when messages and reports on messages are refused.
    pub(super) is_calls_only: bool,
}

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
    rules: &Rules,
    verified: &Verified<B>,
) -> Result<WebhookContent, Refusal> {
    if verified.is_websocket() {
        // A handshake names neither account nor number. Its URL is signed, and at this origin.
        return Ok(WebhookContent::Other);
    }
    let request = SignedRequest { rules, verified };
    if !verified.has_parameters() {
        // JSON names neither account nor number. The URL contains its hash, is on this origin, and
        // is signed with this account's token.
        if verified.request().body().as_ref().is_empty() {
            return Err(Refusal::new(RefusalKind::Account));
        }
        return request.content();
    }
    if let Some(account) = rules.account
        && !request.is("AccountSid", account.as_str())
    {
        return Err(Refusal::new(RefusalKind::Account));
    }
    let content = request.content()?;
    if !request.is_ours(&content) {
        return Err(Refusal::new(RefusalKind::Number));
    }
    Ok(content)
}

/// Returns the kind of the path of a request, if exactly one is configured for it.
pub(super) fn path_kind<B>(rules: &Rules, verified: &Verified<B>) -> Option<PathKind> {
    match rules.paths.kinds_at(verified.path()).as_slice() {
        [kind] => Some(*kind),
        _ => None,
    }
}

impl WebhookContent {
    /// Returns the consent event in the request, if there is one.
    pub(super) fn consent_event(self, keywords: &OptOutKeywords) -> Option<ConsentEvent> {
        match self {
            Self::Inbound(message) => ConsentEvent::of_message(*message, keywords),
            Self::Status(callback) => ConsentEvent::of_status(*callback),
            Self::Call | Self::Other => None,
        }
    }
}

struct SignedRequest<'r, B> {
    rules: &'r Rules,
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
        let paths = &self.rules.paths;
        let kinds = paths.kinds_at(self.verified.path());
        let content = self.content_by_parameters();
        let is_about_message = matches!(
            content,
            WebhookContent::Inbound(_) | WebhookContent::Status(_)
        );
        if is_about_message && self.rules.is_calls_only {
            return Err(Refusal::new(RefusalKind::CallsOnly));
        }
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
        let rules = self.rules;
        if rules.number.is_none() && rules.service.is_none() && rules.application.is_none() {
            return true;
        }
        let parties = [
            self.verified.parameter("From"),
            self.verified.parameter("To"),
        ];
        if parties.iter().all(Option::is_none) {
            // The status callback of a recording names a call and no number.
            return true;
        }
        let is_number = rules.number.is_some()
            && parties
                .iter()
                .flatten()
                .any(|party| Address::parse(party).phone() == rules.number);
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
        let service = self.rules.service;
        service.is_some_and(|service| self.is("MessagingServiceSid", service.as_str()))
    }

    /// Returns `true` for a call of the Voice SDK to the messenger's app.
    fn names_our_application(&self) -> bool {
        let application = self.rules.application;
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
