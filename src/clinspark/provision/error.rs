//! Errors of set-up.

use std::error::Error as StdError;
use std::fmt;

use super::record::Undo;
use crate::client::{self, Outcome};
use crate::clinspark::settings::Setting;

/// Failure of the set-up of an account.
///
/// ```
/// use clinspark_twilio::clinspark::{Settings, Setup, SetupErrorKind};
/// # use clinspark_twilio::client::Outcome;
/// # use clinspark_twilio::client::testing::FakeTransport;
/// # let settings = Settings::builder()
/// #     .domain("demo")
/// #     .account_sid("AC00000000000000000000000000000001")
/// #     .auth_token("the-auth-token")
/// #     .number("+14155550100")
/// #     .delivery("live")
/// #     .build()?;
/// # use clinspark_twilio::messenger::WithoutConsentGate;
/// # let messenger = settings.messenger_builder(WithoutConsentGate).with_transport(FakeTransport::new()).build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
///
/// // The settings have no webhook paths, and set-up never guesses them.
/// let error = Setup::new(&settings, messenger.client()).plan().await.unwrap_err();
/// assert_eq!((error.kind(), error.outcome()), (SetupErrorKind::Setting, &Outcome::NotSent));
/// assert!(error.to_string().contains("voice_path (CLINSPARK_VOICE_PATH)"));
/// assert!(error.undo().is_none()); // nothing was changed
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SetupError {
    cause: Cause,
}

/// Kind of a [`SetupError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupErrorKind {
    /// The client failed; see [`SetupError::client`].
    Client,
    /// A setting is missing that is optional in [`Settings`](crate::clinspark::Settings) but required
    /// for set-up.
    Setting,
    /// The account does not own the number, has several apps that could be the instance's, or has
    /// changed since the plan was made.
    Account,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error(transparent)]
    Client(client::Error),
    #[error("set-up needs settings that are missing; set {}", SettingList(.0))]
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
        "Twilio forbids {} to these credentials; give the API key this permission, or use another \
         key",
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

    /// Returns whether the failed request may have changed the account.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        match self.client() {
            Some(error) => error.outcome(),
            None => &Outcome::NotSent,
        }
    }

    /// Returns the client's error, for [`SetupErrorKind::Client`].
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

    /// Returns the record for reverting the changes made before the failure. `None` if there were no
    /// changes.
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

/// Formats settings as a comma-separated list.
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
