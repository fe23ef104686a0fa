//! One error for the module, and whether anything may have been sent.

use std::error::Error as StdError;
use std::fmt;
use std::time::SystemTime;

use crate::client::{self, Outcome};
use crate::phone::{NumberKind, PhoneError};

use super::MessageId;
use super::consent::GateError;
use super::provision::Undo;
use super::settings::Setting;

/// Texting, calling or setting up failed.
///
/// [`outcome`](Self::outcome) answers the question that matters: may it be tried again?
pub struct Error {
    cause: Cause,
    id: Option<MessageId>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Twilio support is switched off in the settings.
    Disabled,
    /// The number was typed so that it is not exactly one, or is in no numbering plan: see
    /// [`Error::phone`].
    Number,
    /// The number is of a kind that is not texted, or not called: see [`Error::number_kind`].
    NumberKind,
    /// The recipient has no telephone number, so its kind and consent cannot be judged.
    Recipient,
    /// The request names another sender than this instance, or a status callback elsewhere.
    Request,
    /// The client failed: see [`Error::client`].
    Client,
    /// It is a quiet hour where the person is: see [`Error::quiet_until`]. Or their zone is not
    /// known, and [`UnknownZone`](super::UnknownZone) says to refuse.
    Quiet,
    /// The [`ConsentGate`](super::ConsentGate) withholds consent for the person.
    Consent,
    /// The consent gate did not answer, or failed to record that the person has opted out.
    Gate,
    /// A setting is needed here that [`Settings`](super::Settings) can live without.
    Setting,
    /// The account has no such number, holds several apps that could be the instance's, or is not
    /// as it was when it was planned.
    Account,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error(
        "Twilio support is switched off for this instance; see {}",
        Setting::Enabled
    )]
    Disabled,
    #[error(transparent)]
    Phone(#[from] PhoneError),
    #[error(transparent)]
    Client(client::Error),
    #[error(
        "the recipient's number is of the kind {0}, which this instance does not contact this way; \
         the kinds that it does are set by {1}"
    )]
    Kind(NumberKind, Setting),
    #[error(
        "the recipient has no telephone number, so consent cannot be checked; give a telephone \
         number"
    )]
    NoNumber,
    #[error("{0}")]
    Request(&'static str),
    #[error("it is a quiet hour where the person is")]
    Quiet(Option<SystemTime>),
    #[error("the person's time zone is not known, and quiet hours refuse to guess it")]
    UnknownZone,
    #[error("the consent gate withholds consent to contact the person this way")]
    Withheld,
    #[error("the consent gate did not answer, so nothing was sent")]
    Gate(#[source] GateError),
    #[error("the person has opted out, and the consent gate failed to record it")]
    Untold(client::Error, #[source] GateError),
    #[error("cannot go on without {}", Listed(.0))]
    Missing(Vec<Setting>),
    #[error("{0}")]
    Account(&'static str),
    #[error(
        "Twilio does not accept the credentials; check {}, {} and the API key",
        Setting::AccountSid,
        Setting::AuthToken
    )]
    Credentials(#[source] client::Error),
    #[error("the account has no such TwiML App; check {}", Setting::ApplicationSid)]
    NoApplication(#[source] client::Error),
    #[error(
        "the account has no such Messaging Service; check {}",
        Setting::MessagingServiceSid
    )]
    NoService(#[source] client::Error),
    #[error(
        "Twilio forbids {} to these credentials; give the API key that right, or use one that has \
         it",
        .0.operation()
    )]
    Forbidden(#[source] client::Error),
    #[error("set-up broke off with {done} of {of} steps done; fix the cause and run it again")]
    BrokeOff {
        done: usize,
        of: usize,
        undo: Box<Undo>,
        #[source]
        error: Box<Error>,
    },
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.cause {
            Cause::Disabled => ErrorKind::Disabled,
            Cause::Phone(_) => ErrorKind::Number,
            Cause::Kind(..) => ErrorKind::NumberKind,
            Cause::NoNumber => ErrorKind::Recipient,
            Cause::Request(_) => ErrorKind::Request,
            Cause::Client(_)
            | Cause::Credentials(_)
            | Cause::NoApplication(_)
            | Cause::NoService(_)
            | Cause::Forbidden(_) => ErrorKind::Client,
            Cause::Quiet(_) | Cause::UnknownZone => ErrorKind::Quiet,
            Cause::Withheld => ErrorKind::Consent,
            Cause::Gate(_) | Cause::Untold(..) => ErrorKind::Gate,
            Cause::Missing(_) => ErrorKind::Setting,
            Cause::Account(_) => ErrorKind::Account,
            Cause::BrokeOff { error, .. } => error.kind(),
        }
    }

    /// Whether anything may have been sent. Everything but a client's failure is found out
    /// before anything is sent.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        match self.client() {
            Some(error) => error.outcome(),
            None => &Outcome::NotSent,
        }
    }

    /// The client's error, if it was the client that failed.
    #[must_use]
    pub fn client(&self) -> Option<&client::Error> {
        match &self.cause {
            Cause::Client(error)
            | Cause::Credentials(error)
            | Cause::NoApplication(error)
            | Cause::NoService(error)
            | Cause::Forbidden(error)
            | Cause::Untold(error, _) => Some(error),
            Cause::BrokeOff { error, .. } => error.client(),
            _ => None,
        }
    }

    /// The service's own id of the text or the call: given by the caller, or made up. Where the
    /// outcome is unknown, a status callback with this id tells that it went out after all.
    #[must_use]
    pub const fn message_id(&self) -> Option<&MessageId> {
        self.id.as_ref()
    }

    /// When the quiet hours end that forbade it.
    #[must_use]
    pub const fn quiet_until(&self) -> Option<SystemTime> {
        match self.cause {
            Cause::Quiet(until) => until,
            _ => None,
        }
    }

    pub(super) fn about(mut self, id: MessageId) -> Self {
        self.id = Some(id);
        self
    }

    /// How to put back what set-up had changed when it broke off, if it had changed anything.
    #[must_use]
    pub fn undo(&self) -> Option<&Undo> {
        match &self.cause {
            Cause::BrokeOff { undo, .. } if !undo.is_empty() => Some(undo),
            _ => None,
        }
    }

    /// Kind of the number, for [`ErrorKind::NumberKind`].
    #[must_use]
    pub const fn number_kind(&self) -> Option<NumberKind> {
        match self.cause {
            Cause::Kind(kind, _) => Some(kind),
            _ => None,
        }
    }

    /// Reason why the number was refused, for [`ErrorKind::Number`].
    #[must_use]
    pub const fn phone(&self) -> Option<PhoneError> {
        match &self.cause {
            Cause::Phone(error) => Some(*error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("cause", &self.cause)
            .field("message_id", &self.id)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.source()
    }
}

impl From<Cause> for Error {
    fn from(cause: Cause) -> Self {
        Self { cause, id: None }
    }
}

impl From<PhoneError> for Error {
    fn from(error: PhoneError) -> Self {
        Cause::Phone(error).into()
    }
}

impl From<client::Error> for Error {
    fn from(error: client::Error) -> Self {
        // 20005: the credentials are right, and the account is suspended or closed.
        let inactive = error.code().is_some_and(|code| code.get() == 20005);
        match error.status() {
            Some(http::StatusCode::UNAUTHORIZED) if !inactive => Cause::Credentials(error).into(),
            _ => Cause::Client(error).into(),
        }
    }
}

/// Settings with a comma between them.
struct Listed<'s>(&'s [Setting]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, setting) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{setting}")?;
        }
        Ok(())
    }
}
