//! Errors of set-up.

use std::error::Error as StdError;
use std::fmt;

use super::record::Undo;
use crate::client::{self, Outcome};
use crate::clinspark::settings::Setting;

/// Setting the account up failed.
pub struct SetupError {
    cause: Cause,
}

/// Cause of a [`SetupError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupErrorKind {
    /// The client failed: see [`SetupError::client`].
    Client,
    /// A setting is needed here that [`Settings`](crate::clinspark::Settings) can do without.
    Setting,
    /// The account has no such number, holds several apps that could be the instance's, or is not
    /// as it was when it was planned.
    Account,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error(transparent)]
    Client(client::Error),
    #[error("cannot continue without {}", SettingList(.0))]
    Missing(Vec<Setting>),
    #[error("{0}")]
    Account(&'static str),
    #[error(
        "Twilio rejected the credentials; check {}, {} and the API key",
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
    #[error(
        "set-up was interrupted with {done} of {of} steps done; fix the cause and run it again"
    )]
    Interrupted {
        done: usize,
        of: usize,
        undo: Box<Undo>,
        #[source]
        error: Box<SetupError>,
    },
}

impl SetupError {
    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> SetupErrorKind {
        match &self.cause {
            Cause::Client(_)
            | Cause::Credentials(_)
            | Cause::NoApplication(_)
            | Cause::NoService(_)
            | Cause::Forbidden(_) => SetupErrorKind::Client,
            Cause::Missing(_) => SetupErrorKind::Setting,
            Cause::Account(_) => SetupErrorKind::Account,
            Cause::Interrupted { error, .. } => error.kind(),
        }
    }

    /// Returns whether the failed request may have been carried out.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        match self.client() {
            Some(error) => error.outcome(),
            None => &Outcome::NotSent,
        }
    }

    /// The client's error, for [`SetupErrorKind::Client`].
    #[must_use]
    pub fn client(&self) -> Option<&client::Error> {
        match &self.cause {
            Cause::Client(error)
            | Cause::Credentials(error)
            | Cause::NoApplication(error)
            | Cause::NoService(error)
            | Cause::Forbidden(error) => Some(error),
            Cause::Interrupted { error, .. } => error.client(),
            Cause::Missing(_) | Cause::Account(_) => None,
        }
    }

    /// Returns the record for undoing what set-up had changed when it was interrupted, if it had changed anything.
    #[must_use]
    pub fn undo(&self) -> Option<&Undo> {
        match &self.cause {
            Cause::Interrupted { undo, .. } if !undo.is_empty() => Some(undo),
            _ => None,
        }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)
    }
}

impl fmt::Debug for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetupError")
            .field("cause", &self.cause)
            .finish()
    }
}

impl StdError for SetupError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.source()
    }
}

impl From<Cause> for SetupError {
    fn from(cause: Cause) -> Self {
        Self { cause }
    }
}

impl From<client::Error> for SetupError {
    fn from(error: client::Error) -> Self {
        if error.rejects_credentials() {
            Cause::Credentials(error).into()
        } else {
            Cause::Client(error).into()
        }
    }
}

/// Settings with a comma between them.
struct SettingList<'s>(&'s [Setting]);

impl fmt::Display for SettingList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, setting) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{setting}")?;
        }
        Ok(())
    }
}
