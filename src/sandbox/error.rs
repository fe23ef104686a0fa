//! Why the sandbox, or a phone in it, could not do as asked.

use std::error::Error;
use std::fmt;

/// The sandbox could not do as asked.
///
/// What an application answers wrongly to a webhook is no `SandboxError`: Twilio would not tell
/// the volunteer either. It stands in [`Sandbox::alerts`](super::Sandbox::alerts).
#[derive(Debug)]
pub struct SandboxError {
    kind: SandboxErrorKind,
    what: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What went wrong in the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SandboxErrorKind {
    /// The server could not be started on loopback.
    Start,
    /// What was waited for did not happen within [`Sandbox::timeout`](super::Sandbox::timeout).
    Timeout,
    /// A phone texted or called a number that the sandbox's account does not own.
    UnknownNumber,
    /// The call is over, and everything that was said in it has been heard.
    CallEnded,
    /// Keys were pressed or words spoken, and the call went on or ended without asking for them.
    UnexpectedInput,
    /// The account owns no such number, or Twilio would refuse the setting; the cause says which.
    InvalidSetting,
    /// The address is not an origin on loopback, such as `http://127.0.0.1:8080`.
    NotLoopback,
}

impl SandboxError {
    pub(super) const fn new(kind: SandboxErrorKind, what: &'static str) -> Self {
        Self {
            kind,
            what,
            source: None,
        }
    }

    pub(super) fn bad_setting(
        what: &'static str,
        cause: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            kind: SandboxErrorKind::InvalidSetting,
            what,
            source: Some(Box::new(cause)),
        }
    }

    pub(super) fn start(what: &'static str, cause: impl Error + Send + Sync + 'static) -> Self {
        Self {
            kind: SandboxErrorKind::Start,
            what,
            source: Some(Box::new(cause)),
        }
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> SandboxErrorKind {
        self.kind
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match self.kind {
            SandboxErrorKind::Start => write!(f, "the sandbox could not start: {what}"),
            SandboxErrorKind::Timeout => write!(
                f,
                "{what} within the sandbox's timeout; look at `Sandbox::alerts` and `webhooks`"
            ),
            SandboxErrorKind::UnknownNumber => {
                write!(
                    f,
                    "{what}: the account owns no such number; see `add_number`"
                )
            }
            SandboxErrorKind::CallEnded
            | SandboxErrorKind::UnexpectedInput
            | SandboxErrorKind::InvalidSetting => f.write_str(what),
            SandboxErrorKind::NotLoopback => {
                write!(
                    f,
                    "{what}: the sandbox never sends anything beyond this machine"
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
