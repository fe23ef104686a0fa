//! One error for the room, and whether anything may have been sent.

use std::fmt;

use crate::client::{self, Outcome};
use crate::phone::PhoneError;

use super::provision::Undo;
use super::settings::Setting;

/// Texting, calling or setting up failed.
///
/// [`outcome`](Self::outcome) answers the question that matters: may it be tried again?
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Cause);

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Twilio support is switched off in the settings.
    Disabled,
    /// The number that was typed is refused: see [`Error::phone`].
    Number,
    /// The client failed: see [`Error::client`].
    Client,
    /// A setting is needed here that [`Settings`](super::Settings) can live without.
    Setting,
    /// The account has no such number, holds several apps that could be the instance's, or is not
    /// as it was when it was planned.
    Account,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error("twilio support is switched off for this instance")]
    Disabled,
    #[error(transparent)]
    Phone(#[from] PhoneError),
    #[error(transparent)]
    Client(client::Error),
    #[error("cannot go on without {}", Listed(.0))]
    Missing(Vec<Setting>),
    #[error("{0}")]
    Account(&'static str),
    #[error(
        "twilio does not take the credentials; check {}, {} and the API key",
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
        "twilio forbids {} to these credentials; give the API key that right, or use one that has \
         it",
        .0.operation()
    )]
    Forbidden(#[source] client::Error),
    #[error("set-up broke off with {done} of {of} steps done; mend the cause and run it again")]
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
        match &self.0 {
            Cause::Disabled => ErrorKind::Disabled,
            Cause::Phone(_) => ErrorKind::Number,
            Cause::Client(_)
            | Cause::Credentials(_)
            | Cause::NoApplication(_)
            | Cause::NoService(_)
            | Cause::Forbidden(_) => ErrorKind::Client,
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
        match &self.0 {
            Cause::Client(error)
            | Cause::Credentials(error)
            | Cause::NoApplication(error)
            | Cause::NoService(error)
            | Cause::Forbidden(error) => Some(error),
            Cause::BrokeOff { error, .. } => error.client(),
            _ => None,
        }
    }

    /// How to put back what set-up had changed when it broke off, if it had changed anything.
    #[must_use]
    pub fn undo(&self) -> Option<&Undo> {
        match &self.0 {
            Cause::BrokeOff { undo, .. } => Some(undo),
            _ => None,
        }
    }

    /// Why the typed number was refused, if it was.
    #[must_use]
    pub const fn phone(&self) -> Option<PhoneError> {
        match &self.0 {
            Cause::Phone(error) => Some(*error),
            _ => None,
        }
    }
}

impl From<PhoneError> for Error {
    fn from(error: PhoneError) -> Self {
        Self(error.into())
    }
}

impl From<client::Error> for Error {
    fn from(error: client::Error) -> Self {
        Self(match error.status() {
            Some(http::StatusCode::UNAUTHORIZED) => Cause::Credentials(error),
            _ => Cause::Client(error),
        })
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
