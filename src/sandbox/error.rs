//! Errors of the sandbox and its phones.

use std::error::Error;
use std::fmt;

/// Error of the sandbox or of a phone in it.
///
/// A wrong answer of the application to a webhook is no `SandboxError`: Twilio would not tell the
/// volunteer either. See [`Sandbox::alerts`](super::Sandbox::alerts).
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
    /// The server could not be started on loopback.
    Start,
    /// The event did not happen within the timeout; see
    /// [`Sandbox::set_timeout`](super::Sandbox::set_timeout).
    Timeout,
    /// A phone texted or called a number that the sandbox's account does not own.
    UnknownNumber,
    /// The call has ended, and everything that was said in it has been heard.
    CallEnded,
    /// The call went on or ended without asking for the keys or the speech.
    UnexpectedInput,
    /// The account has no such resource, or Twilio would refuse the setting; the source says why.
    InvalidSetting,
    /// The origin is not one, or its server is not on loopback, such as `127.0.0.1:8080`.
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

    pub(super) fn bad_setting(
        message: &'static str,
        cause: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            kind: SandboxErrorKind::InvalidSetting,
            message,
            source: Some(Box::new(cause)),
        }
    }

    pub(super) fn start(message: &'static str, cause: impl Error + Send + Sync + 'static) -> Self {
        Self {
            kind: SandboxErrorKind::Start,
            message,
            source: Some(Box::new(cause)),
        }
    }

    /// Kind of the error.
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
                "{message} within the sandbox's timeout; look at `Sandbox::alerts` and `webhooks`"
            ),
            SandboxErrorKind::UnknownNumber => {
                write!(
                    f,
                    "{message}: the account owns no such number; see `add_number`"
                )
            }
            SandboxErrorKind::CallEnded
            | SandboxErrorKind::UnexpectedInput
            | SandboxErrorKind::InvalidSetting => f.write_str(message),
            SandboxErrorKind::NotLoopback => {
                write!(
                    f,
                    "{message}: the sandbox never sends anything beyond this machine"
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
