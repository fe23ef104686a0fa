//! Error of a messenger: its kind, its cause, and whether anything may have been sent.

use std::error::Error as StdError;
use std::fmt;
use std::time::SystemTime;

use crate::client::{self, Outcome};
use crate::phone::{NumberKind, PhoneError};
#[cfg(feature = "templates")]
use crate::template::MergeError;
use crate::webhook::{ConsentError, PathKind, WebhookPathError};

use super::merge_tag::MergeTag;
use super::message_id::MessageId;

/// Failure of a text or a call, or an invalid configuration.
///
/// [`is_retryable`](Self::is_retryable) tells whether the same text or call may be sent again, and
/// [`outcome`](Self::outcome) whether it may have been sent already. `Display` and `Debug` contain
/// no number, message body or secret.
///
/// ```
/// use clinspark_twilio::Messenger;
/// use clinspark_twilio::client::Outcome;
/// use clinspark_twilio::messenger::{ErrorKind, MessageId};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::messages::Sender;
/// # use clinspark_twilio::messenger::MemoryConsentGate;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # use clinspark_twilio::webhook::PublicOrigin;
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let token = AuthToken::new("the-auth-token")?;
/// # let client = Client::builder(Credentials::auth_token(account, token.clone()), Delivery::Live);
/// # let number = Sender::Number(E164::parse("+14155550100")?);
/// # let origin = PublicOrigin::parse("https://acme.example.com")?;
/// # let transport = FakeTransport::new().reply(Reply::connection_lost());
/// # let messenger = Messenger::builder(client, number, origin, token, MemoryConsentGate::new())
/// #     .with_transport(transport)
/// #     .build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// // The connection breaks after the request was sent.
/// let id = MessageId::numbered("visit", 4711)?;
/// let text = messenger.text("+14155550123", "Your visit is tomorrow at 9:00.");
/// let error = text.id(id.clone()).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Client);
/// match error.outcome() {
///     _ if error.is_retryable() => unreachable!("a lost connection of a text is never retried"),
///     Outcome::NotSent | Outcome::Rejected => unreachable!("the person cannot have received it"),
///     // Do not send again. A status callback with this ID shows that it was sent.
///     _ => assert_eq!(error.message_id(), Some(&id)),
/// }
///
/// // A number that is not exactly one person's is refused before anything is sent. It would be
/// // refused again.
/// let error = messenger.text("555 0123", "Your visit is tomorrow.").await.unwrap_err();
/// assert_eq!((error.kind(), error.outcome()), (ErrorKind::Number, &Outcome::NotSent));
/// assert!(!error.is_retryable());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Error {
    cause: Cause,
    id: Option<MessageId>,
}

/// Kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Texts and calls are disabled; see [`MessengerBuilder::enabled`].
    ///
    /// [`MessengerBuilder::enabled`]: super::MessengerBuilder::enabled
    Disabled,
    /// The typed number is invalid or ambiguous, or it is in no numbering plan; see
    /// [`Error::phone`].
    Number,
    /// The number is of a kind that may not be texted or called; see [`Error::number_kind`].
    NumberKind,
    /// The recipient has no telephone number, so its kind and consent cannot be checked.
    Recipient,
    /// The request names another sender than the messenger's, a status callback outside its status
    /// path, or a further callback outside its origin.
    Request,
    /// The message still holds a merge tag such as `{{name}}`; see
    /// [`OutgoingText::literal_braces`](super::OutgoingText::literal_braces).
    MergeTag,
    /// The template has no text for the recipient; see [`Error::merge`].
    #[cfg(feature = "templates")]
    Template,
    /// The client failed; see [`Error::client`].
    Client,
    /// Twilio's response does not show that the message is canceled. The message may be canceled.
    Unconfirmed,
    /// The text or call would arrive in the person's quiet hours; see [`Error::quiet_until`]. Or
    /// the person's time zone is unknown, and the policy
    /// ([`UnknownTimeZone`](super::UnknownTimeZone)) is to refuse.
    QuietHours,
    /// The [`ConsentGate`](super::ConsentGate) withholds consent for the person.
    Consent,
    /// The consent gate failed to answer, or failed to record that the person has opted out.
    ConsentGate,
    /// A part of the configuration is missing or invalid: Messaging Service, sender, origin, webhook
    /// path or client.
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
    #[error(
        "the message still holds {0}; fill it, or call `literal_braces` if the person shall read the \
         braces"
    )]
    MergeTag(MergeTag),
    #[cfg(feature = "templates")]
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error(
        "Twilio did not confirm that the message is canceled; fetch the message before you continue"
    )]
    CancelUnconfirmed,
    #[error("it is a quiet hour in the person's time zone; send it when the quiet hours end")]
    QuietHours(Option<SystemTime>),
    #[error(
        "the person's time zone is unknown, and the quiet hours refuse to send without one; set it \
         with `time_zone`"
    )]
    UnknownTimeZone,
    #[error("the consent gate withholds consent to contact the person this way")]
    ConsentWithheld,
    #[error("the consent gate failed to answer, so nothing was sent")]
    ConsentGate(#[source] ConsentError),
    #[error("the person has opted out, and the consent gate failed to record it")]
    OptOutNotRecorded(client::Error, #[source] ConsentError),
    #[error("a scheduled message needs a Messaging Service; name one as the sender")]
    NoMessagingService,
    #[error("a call needs a number to call from; name one as the sender")]
    NoSenderNumber,
    #[error(
        "the client has another account or delivery than the messenger was configured with; use a \
         client that has the same"
    )]
    ClientMismatch,
    #[error(
        "a ready client and settings for a new one were given; apply the settings to the client that \
         is passed to `with_client`"
    )]
    ConflictingClients,
    #[error(
        "the sender is neither a number nor a Messaging Service; use one of these, so that replies \
         reach the messenger"
    )]
    Sender,
    #[error("the origin must be https, or http on a loopback host")]
    Origin,
    #[error(transparent)]
    Path(#[from] WebhookPathError),
    #[error(
        "the {0} is also the {1}; give each of them a path of its own, because the path tells the \
         kind of a webhook"
    )]
    DuplicatePath(PathKind, PathKind),
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
            Cause::MergeTag(_) => ErrorKind::MergeTag,
            #[cfg(feature = "templates")]
            Cause::Merge(_) => ErrorKind::Template,
            Cause::Client(_) | Cause::Credentials(_) => ErrorKind::Client,
            Cause::CancelUnconfirmed => ErrorKind::Unconfirmed,
            Cause::QuietHours(_) | Cause::UnknownTimeZone => ErrorKind::QuietHours,
            Cause::ConsentWithheld => ErrorKind::Consent,
            Cause::ConsentGate(_) | Cause::OptOutNotRecorded(..) => ErrorKind::ConsentGate,
            Cause::NoMessagingService
            | Cause::NoSenderNumber
            | Cause::ClientMismatch
            | Cause::ConflictingClients
            | Cause::Sender
            | Cause::Origin
            | Cause::Path(_)
            | Cause::DuplicatePath(..) => ErrorKind::Configuration,
        }
    }

    /// Returns whether anything may have been sent. All failures except those of the client happen
    /// before anything is sent.
    ///
    /// [`Outcome::NotSent`] alone is no reason to send again. A refusal by a gate is `NotSent` too:
    /// a person who withdrew consent, or a number of the wrong kind, must not be tried in a loop.
    /// [`is_retryable`](Self::is_retryable) separates the two.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        static UNKNOWN: Outcome = Outcome::Unknown { sid: None };
        match (self.client(), &self.cause) {
            (Some(error), _) => error.outcome(),
            (None, Cause::CancelUnconfirmed) => &UNKNOWN,
            (None, _) => &Outcome::NotSent,
        }
    }

    /// Returns `true` if the same text or call can be sent again without harm and could then
    /// succeed.
    ///
    /// | Failure | Retryable |
    /// |---|---|
    /// | client: no connection was made, or Twilio responded with 429 | yes |
    /// | client: refused by Twilio, or outcome unknown | no |
    /// | the consent gate failed to answer | yes: nothing was sent, and the gate is asked again |
    /// | the consent gate failed to record an opt-out | no: the person has opted out |
    /// | quiet hours | no: send it at [`quiet_until`](Self::quiet_until) |
    /// | any other refusal: disabled, number, kind, recipient, request, merge tag, template, consent, configuration | no |
    ///
    /// The client retries by itself first ([`client::Error::is_retryable`]). Wait before sending
    /// again, and keep the same [`MessageId`].
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.cause {
            Cause::Client(error) | Cause::Credentials(error) => error.is_retryable(),
            Cause::ConsentGate(_) => true,
            _ => false,
        }
    }

    /// Returns the client's error, if the client failed.
    #[must_use]
    pub fn client(&self) -> Option<&client::Error> {
        match &self.cause {
            Cause::Client(error)
            | Cause::Credentials(error)
            | Cause::OptOutNotRecorded(error, _) => Some(error),
            _ => None,
        }
    }

    /// Returns the service's own ID of the text or call, set by the caller or random.
    ///
    /// If the outcome is unknown, a status callback with this ID shows that the text or call was
    /// sent. `None` for an error of the configuration.
    #[must_use]
    pub const fn message_id(&self) -> Option<&MessageId> {
        self.id.as_ref()
    }

    /// Returns the end of the quiet hours, for [`ErrorKind::QuietHours`]. `None` if the time zone is
    /// unknown, or the quiet hours never end.
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

    /// Returns the kind of the number, for [`ErrorKind::NumberKind`].
    #[must_use]
    pub const fn number_kind(&self) -> Option<NumberKind> {
        match self.cause {
            Cause::NumberKind(kind, _) => Some(kind),
            _ => None,
        }
    }

    /// Returns the value or requirement that the recipient lacks, for [`ErrorKind::Template`].
    #[cfg(feature = "templates")]
    #[must_use]
    pub const fn merge(&self) -> Option<&MergeError> {
        match &self.cause {
            Cause::Merge(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the reason why the number was refused, for [`ErrorKind::Number`].
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
