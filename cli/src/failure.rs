//! Exit codes, and the errors that end a command.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use clinspark_twilio::client;
use clinspark_twilio::clinspark::{SetupError, SetupErrorKind};
use clinspark_twilio::messenger;
use clinspark_twilio::sandbox::SandboxError;

/// Exit code of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything is fine.
    Fine = 0,
    /// The answer is no: findings, a refusal, nothing sent.
    No = 1,
    /// The arguments, the input or the settings are invalid.
    Usage = 2,
    /// Twilio or the network failed.
    Twilio = 3,
}

impl Exit {
    /// Returns [`Fine`](Self::Fine) if the answer is yes.
    pub(crate) const fn fine_if(yes: bool) -> Self {
        if yes { Self::Fine } else { Self::No }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Error that ends a command. The message contains no number, message body or secret.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Creates a failure from an error and its causes, each on a line.
    pub(crate) fn of(exit: Exit, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str("\n  because: ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self { exit, message }
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Self {
        let exit = match error.kind() {
            client::ErrorKind::Invalid => Exit::Usage,
            client::ErrorKind::Blocked => Exit::No,
            _ => Exit::Twilio,
        };
        Self::of(exit, &error)
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        let exit = match error.kind() {
            SetupErrorKind::Setting => Exit::Usage,
            SetupErrorKind::Account => Exit::No,
            _ => Exit::Twilio,
        };
        Self::of(exit, &error)
    }
}

/// Errors of the configuration. Those of a text or a call are an answer of their own.
impl From<messenger::Error> for Failure {
    fn from(error: messenger::Error) -> Self {
        let exit = match error.kind() {
            messenger::ErrorKind::Configuration => Exit::Usage,
            _ => Exit::Twilio,
        };
        Self::of(exit, &error)
    }
}

impl From<SandboxError> for Failure {
    fn from(error: SandboxError) -> Self {
        Self::of(Exit::Twilio, &error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::of(Exit::Usage, &error)
    }
}
