//! One error for the module, and whether anything may have been sent.

use std::error::Error as StdError;
use std::fmt;
use std::time::SystemTime;

use crate::client::{self, Outcome};
use crate::phone::{NumberKind, PhoneError};

use super::consent::ConsentError;
use super::message_id::MessageId;
use super::webhook_paths::PathKind;

/// A text or a call failed, or the configuration cannot be used.
///
/// [`outcome`](Self::outcome) answers the question that matters: may it be tried again?
pub struct Error {
    cause: Cause,
    id: Option<MessageId>,
}

/// Cause of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Texts and calls are switched off: see [`MessengerBuilder::enabled`].
    ///
    /// [`MessengerBuilder::enabled`]: super::MessengerBuilder::enabled
    Disabled,
    /// The number was typed so that it is not exactly one, or is in no numbering plan: see
    /// [`Error::phone`].
    Number,
    /// The number is of a kind that is not texted, or not called: see [`Error::number_kind`].
    NumberKind,
    /// The recipient has no telephone number, so its kind and consent cannot be judged.
    Recipient,
    /// The request names another sender than the messenger's, or a status callback elsewhere.
    Request,
    /// The client failed: see [`Error::client`].
    Client,
    /// The hour is quiet where the person is: see [`Error::quiet_until`]. Or their time zone is
    /// unknown, and [`UnknownTimeZone`](super::UnknownTimeZone) says to refuse.
    QuietHours,
    /// The [`ConsentGate`](super::ConsentGate) withholds consent for the person.
    Consent,
    /// The consent gate did not answer, or failed to record that the person has opted out.
    ConsentGate,
    /// Something that the request needs is not configured, such as a Messaging Service; the
    /// sender, the origin or a webhook path cannot be used; or the client is not the one that was
    /// configured.
    Configuration,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error("texts and calls are switched off; enable the messenger to send")]
    Disabled,
    #[error(transparent)]
    Phone(#[from] PhoneError),
    #[error(transparent)]
    Client(client::Error),
    #[error(
        "Twilio rejected the credentials; check the account SID, the auth token and the API key"
    )]
    Credentials(#[source] client::Error),
    #[error(
        "the recipient's number is of the kind {0}, which is not contacted this way; the kinds that \
         are contacted are set by {1}"
    )]
    NumberKind(NumberKind, &'static str),
    #[error(
        "the recipient has no telephone number, so consent cannot be checked; give a telephone \
         number"
    )]
    NoRecipientNumber,
    #[error("{0}")]
    Request(&'static str),
    #[error("it is a quiet hour where the person is")]
    QuietHours(Option<SystemTime>),
    #[error("the person's time zone is not known, and quiet hours refuse to guess it")]
    UnknownTimeZone,
    #[error("the consent gate withholds consent to contact the person this way")]
    ConsentWithheld,
    #[error("the consent gate did not answer, so nothing was sent")]
    ConsentGate(#[source] ConsentError),
    #[error("the person has opted out, and the consent gate failed to record it")]
    OptOutNotRecorded(client::Error, #[source] ConsentError),
    #[error("a scheduled message needs a Messaging Service; name one as the sender")]
    NoMessagingService,
    #[error("a call needs a number to call from; name one as the sender")]
    NoSenderNumber,
    #[error(
        "the client has another account or delivery than the messenger was configured with; give \
         one with the same"
    )]
    ClientMismatch,
    #[error(
        "a ready client and a configured one were given; configure the client before it is ready"
    )]
    ConflictingClients,
    #[error(
        "the sender is neither a number nor a Messaging Service; a messenger needs one whose \
         replies reach it"
    )]
    Sender,
    #[error("the origin must be https, or http on a loopback host")]
    Origin,
    #[error("the {0} cannot be used: {1}")]
    Path(PathKind, &'static str),
}

impl Error {
    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.cause {
            Cause::Disabled => ErrorKind::Disabled,
            Cause::Phone(_) => ErrorKind::Number,
            Cause::NumberKind(..) => ErrorKind::NumberKind,
            Cause::NoRecipientNumber => ErrorKind::Recipient,
            Cause::Request(_) => ErrorKind::Request,
            Cause::Client(_) | Cause::Credentials(_) => ErrorKind::Client,
            Cause::QuietHours(_) | Cause::UnknownTimeZone => ErrorKind::QuietHours,
            Cause::ConsentWithheld => ErrorKind::Consent,
            Cause::ConsentGate(_) | Cause::OptOutNotRecorded(..) => ErrorKind::ConsentGate,
            Cause::NoMessagingService
            | Cause::NoSenderNumber
            | Cause::ClientMismatch
            | Cause::ConflictingClients
            | Cause::Sender
            | Cause::Origin
            | Cause::Path(..) => ErrorKind::Configuration,
        }
    }

    /// Returns whether anything may have been sent. Every failure but the client's is detected
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
            | Cause::OptOutNotRecorded(error, _) => Some(error),
            _ => None,
        }
    }

    /// The service's own id of the text or the call: given by the caller, or random. Where the
    /// outcome is unknown, a status callback with this id tells that it went out after all.
    #[must_use]
    pub const fn message_id(&self) -> Option<&MessageId> {
        self.id.as_ref()
    }

    /// End of the quiet hours that forbade the text or call.
    #[must_use]
    pub const fn quiet_until(&self) -> Option<SystemTime> {
        match self.cause {
            Cause::QuietHours(until) => until,
            _ => None,
        }
    }

    pub(super) fn with_message_id(mut self, id: MessageId) -> Self {
        self.id = Some(id);
        self
    }

    /// Kind of the number, for [`ErrorKind::NumberKind`].
    #[must_use]
    pub const fn number_kind(&self) -> Option<NumberKind> {
        match self.cause {
            Cause::NumberKind(kind, _) => Some(kind),
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
        if error.rejects_credentials() {
            Cause::Credentials(error).into()
        } else {
            Cause::Client(error).into()
        }
    }
}
