//! Errors of the sandbox and its phones.

use std::error::Error;
use std::fmt;

/// Error of the sandbox or of a phone in it.
///
/// An invalid response of the application to a webhook is not a `SandboxError`. Twilio reports it
/// to the account, not to the phone, so it is in [`Sandbox::alerts`](super::Sandbox::alerts).
///
/// ```
/// use clinspark_twilio::phone::E164;
/// use clinspark_twilio::sandbox::{Sandbox, SandboxErrorKind};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::start().await?;
/// let phone = sandbox.phone(E164::parse("+14155550123")?);
/// let not_owned = E164::parse("+14155550100")?;
/// let error = phone.text(not_owned, "Yes").await.unwrap_err();
/// assert_eq!(error.kind(), SandboxErrorKind::UnknownNumber);
/// assert!(error.to_string().contains("add it with `Sandbox::add_number`"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SandboxError {
    kind: SandboxErrorKind,
    message: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Kind of a [`SandboxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SandboxErrorKind {
    /// The server could not be started on 127.0.0.1.
    Start,
    /// The awaited event did not happen within the timeout; see
    /// [`Sandbox::set_timeout`](super::Sandbox::set_timeout).
    Timeout,
    /// A phone texted or called a number that the account does not own.
    UnknownNumber,
    /// The call has ended, and [`PhoneCall::hear`](super::PhoneCall::hear) has returned all its
    /// audio; or the caller hung up before the phone was answered.
    CallEnded,
    /// The call went on or ended without accepting the keys or the speech. Or the keys contain a
    /// character that no phone has.
    UnexpectedInput,
    /// The account has no such resource, or Twilio would reject the setting. After a rejection, the
    /// source names Twilio's error code.
    InvalidSetting,
    /// The saved state is damaged, or a newer release has written it; see
    /// [`Sandbox::load_state`](super::Sandbox::load_state).
    InvalidState,
    /// [`Sandbox::map_origin`](super::Sandbox::map_origin) was called with an invalid origin, or
    /// with a server that is not on loopback. `127.0.0.1:8080` is on loopback.
    NotLoopback,
}

impl SandboxError {
    pub(super) const fn new(kind: SandboxErrorKind, message: &'static str) -> Self {
        Self {
            kind,
            message,
            source: None,
        }
    }

    pub(crate) fn bad_setting(
        message: &'static str,
        cause: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            kind: SandboxErrorKind::InvalidSetting,
            message,
            source: Some(Box::new(cause)),
        }
    }

    pub(crate) fn start(message: &'static str, cause: impl Error + Send + Sync + 'static) -> Self {
        Self {
            kind: SandboxErrorKind::Start,
            message,
            source: Some(Box::new(cause)),
        }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> SandboxErrorKind {
        self.kind
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message;
        match self.kind {
            SandboxErrorKind::Start => write!(f, "the sandbox could not start: {message}"),
            SandboxErrorKind::Timeout => write!(
                f,
                "{message} within the timeout; see `Sandbox::alerts` and `Sandbox::webhooks`"
            ),
            SandboxErrorKind::UnknownNumber => {
                write!(
                    f,
                    "{message} that the account does not own; add it with `Sandbox::add_number`"
                )
            }
            SandboxErrorKind::CallEnded
            | SandboxErrorKind::UnexpectedInput
            | SandboxErrorKind::InvalidSetting
            | SandboxErrorKind::InvalidState => f.write_str(message),
            SandboxErrorKind::NotLoopback => {
                write!(
                    f,
                    "{message}; map a public origin, such as `https://example.com`, to this machine only"
                )
            }
        }
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}
