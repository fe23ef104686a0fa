//! A webhook is believed when Twilio signed it, and it is about this instance.

use std::fmt;

use crate::client::codes::{ErrorClass, ErrorCode};
use crate::phone::Address;
use crate::types::Method;
use crate::webhook::{
    InboundMessage, MessageStatusCallback, OptOutScope, SignatureError, Verified,
};

use super::consent::{ConsentNews, GateError, Heard};
use super::settings::Settings;

/// A webhook that was not believed.
///
/// What it tells is for the operator: the answer to the sender, [`into_response`], says nothing
/// but the status.
///
/// [`into_response`]: Self::into_response
#[derive(Debug)]
pub struct Refusal {
    kind: RefusalKind,
    signature: Option<SignatureError>,
    gate: Option<GateError>,
}

/// Why a webhook was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The signature does not hold: see [`Refusal::signature`].
    Signature,
    /// Not a POST, which is what the `TwiML` App is set to. A POST's parameters can be moved into
    /// the query and replayed as GET under the same signature.
    Method,
    /// The request is about another account, or names none.
    Account,
    /// Neither side of the conversation is this instance's number, service or app.
    Number,
    /// It is genuine, and the [`ConsentGate`](super::ConsentGate) could not be told what it says.
    Gate,
}

impl Refusal {
    const fn new(kind: RefusalKind) -> Self {
        Self {
            kind,
            signature: None,
            gate: None,
        }
    }

    pub(super) fn untold(error: GateError) -> Self {
        Self {
            gate: Some(error),
            ..Self::new(RefusalKind::Gate)
        }
    }

    /// Why.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// What was wrong with the signature, if it was that.
    #[must_use]
    pub const fn signature(&self) -> Option<&SignatureError> {
        self.signature.as_ref()
    }

    /// The status to answer with: 403, or 413 for a body over the limit, or 503 when the consent
    /// gate could not be told.
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        if self.kind == RefusalKind::Gate {
            return http::StatusCode::SERVICE_UNAVAILABLE;
        }
        self.signature
            .as_ref()
            .map_or(http::StatusCode::FORBIDDEN, SignatureError::status)
    }

    /// The answer to the sender: the status and an empty body.
    #[must_use]
    pub fn into_response(self) -> http::Response<String> {
        let mut response = http::Response::new(String::new());
        *response.status_mut() = self.status();
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            RefusalKind::Signature => "the webhook is not signed by twilio for this instance",
            RefusalKind::Method => "the webhook is not a POST, as the instance's are",
            RefusalKind::Account => "the webhook is about another account",
            RefusalKind::Number => "the webhook is about another number",
            RefusalKind::Gate => "the consent gate could not be told what the webhook says",
        })
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let signature = self.signature.as_ref().map(|error| error as _);
        signature.or_else(|| self.gate.as_deref().map(|error| error as _))
    }
}

impl From<SignatureError> for Refusal {
    fn from(error: SignatureError) -> Self {
        Self {
            signature: Some(error),
            ..Self::new(RefusalKind::Signature)
        }
    }
}

/// Looks at a request whose signature holds: is it for this instance?
pub(super) fn check<B: AsRef<[u8]>>(
    settings: &Settings,
    verified: &Verified<B>,
) -> Result<(), Refusal> {
    if verified.request().method().as_str() != Method::Post.as_str() {
        return Err(Refusal::new(RefusalKind::Method));
    }
    if verified.parameters().next().is_none() && !verified.request().body().as_ref().is_empty() {
        // JSON, whose hash the signature covers: the account's own token made it.
        return Ok(());
    }
    if !is(verified, "AccountSid", settings.account_sid().as_str()) {
        return Err(Refusal::new(RefusalKind::Account));
    }
    if is_our_conversation(settings, verified) {
        Ok(())
    } else {
        Err(Refusal::new(RefusalKind::Number))
    }
}

/// What a request says about a person's consent, if it does.
pub(super) fn news<B: AsRef<[u8]>>(verified: &Verified<B>) -> Option<ConsentNews> {
    let has = |name| verified.parameter(name).is_some();
    if has("MessageStatus") {
        let callback: MessageStatusCallback = verified.parse().ok()?;
        let class = ErrorCode::from(callback.error_code?).class();
        return (class == ErrorClass::OptedOut).then_some(ConsentNews {
            person: callback.to?,
            heard: Heard::Refused,
            scope: callback
                .messaging_service_sid
                .map_or(OptOutScope::Sender, OptOutScope::Service),
            message_sid: Some(callback.message_sid),
        });
    }
    let message: InboundMessage = verified.parse().ok()?;
    Some(ConsentNews {
        heard: Heard::Said(message.opt_out()?),
        scope: message.opt_out_scope(),
        message_sid: Some(message.message_sid),
        person: message.from,
    })
}

/// Several instances may share an account: one must not read another's volunteers.
fn is_our_conversation<B: AsRef<[u8]>>(settings: &Settings, verified: &Verified<B>) -> bool {
    let sides = [verified.parameter("From"), verified.parameter("To")];
    if sides.iter().all(Option::is_none) {
        // A recording's status names a call, and no number.
        return true;
    }
    let number = settings.number();
    let by_number = number.is_some()
        && sides
            .iter()
            .flatten()
            .any(|side| Address::parse(side).phone() == number);
    // A service picks among its senders; calls of the Voice SDK come from a client to the app.
    // The second leg of a `<Dial>` may show two other numbers: of it only signature and account
    // are known.
    let by_service = settings
        .messaging_service_sid()
        .is_some_and(|service| is(verified, "MessagingServiceSid", service.as_str()));
    let by_application = settings
        .application_sid()
        .is_some_and(|application| is(verified, "ApplicationSid", application.as_str()));
    by_number || by_service || by_application || verified.parameter("ParentCallSid").is_some()
}

fn is<B: AsRef<[u8]>>(verified: &Verified<B>, name: &str, value: &str) -> bool {
    verified.parameter(name).is_some_and(|found| found == value)
}
