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
    /// Message or report on one that lacks a required parameter. It may hold a STOP.
    MalformedMessage,
    /// Any other webhook: a conference, an event in JSON.
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

impl WebhookContent {
    /// Returns the consent event in the request, if there is one.
    pub(super) fn consent_event(self, keywords: &OptOutKeywords) -> Option<ConsentEvent> {
        match self {
            Self::Inbound(message) => ConsentEvent::of_message(*message, keywords),
            Self::Status(callback) => ConsentEvent::of_status(*callback),
            Self::Call | Self::MalformedMessage | Self::Other => None,
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
        let content = self.content_by_parameters();
        let is_about_message = !matches!(content, WebhookContent::Call | WebhookContent::Other);
        if is_about_message && self.rules.is_calls_only {
            return Err(Refusal::new(RefusalKind::CallsOnly));
        }
        let (expected, alternative) = match &content {
            // At any path: a handler that takes it would miss the consent event.
            WebhookContent::MalformedMessage => return Err(Refusal::new(RefusalKind::Unreadable)),
            WebhookContent::Inbound(_) => (PathKind::Message, None),
            WebhookContent::Status(_) => (PathKind::MessageStatus, None),
            WebhookContent::Call | WebhookContent::Other => {
                (PathKind::Voice, Some(PathKind::CallStatus))
            }
        };
        let found = paths.find(self.verified.path()).kinds;
        let is_expected = |kind: &PathKind| *kind == expected || Some(*kind) == alternative;
        let belongs = match found.first() {
            Some(_) => found.iter().any(is_expected),
            // Further paths, such as action URLs of `<Gather>`, are set in TwiML and not
            // configured.
            None => !is_about_message || paths.get(expected).is_none(),
        };
        if belongs {
            Ok(content)
        } else {
            let path = found.first().copied();
            Err(Refusal::wrong_path(path.unwrap_or(expected)))
        }
    }

    fn content_by_parameters(&self) -> WebhookContent {
        // Every request about a call carries its SID, whatever other parameters the caller adds.
        let mut parameters = self.verified.parameters();
        if parameters.any(|(name, value)| name == "CallSid" && !value.is_empty()) {
            return WebhookContent::Call;
        }
        let is_inbound = !self.has("MessageStatus") && self.has("Body");
        if is_inbound && let Ok(message) = self.verified.parse() {
            return WebhookContent::Inbound(Box::new(message));
        }
        if !is_inbound && let Ok(callback) = self.verified.parse() {
            return WebhookContent::Status(Box::new(callback));
        }
        if self.resembles_message() {
            return WebhookContent::MalformedMessage;
        }
        WebhookContent::Other
    }

    /// Returns `true` if the request has a parameter of messages.
    fn resembles_message(&self) -> bool {
        const MESSAGE: [&str; 6] = [
            "Body",
            "MessageSid",
            "MessageStatus",
            "SmsMessageSid",
            "SmsSid",
            "SmsStatus",
        ];
        // Events of Conversations also carry `Body` and `MessageSid`. `ChannelSid` is the older name
        // of `ConversationSid`.
        let is_conversation = self.has("ConversationSid") || self.has("ChannelSid");
        !is_conversation && MESSAGE.iter().any(|name| self.has(name))
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
                _ => self.names_our_service(),
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
