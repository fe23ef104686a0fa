//! Check of the account that a program offers on the page.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::phone::E164;
use crate::types::{AccountSid, ApplicationSid, AuthToken, BoxFuture, MessagingServiceSid};

/// Account that a check of [`SandboxBuilder::account_check`](super::SandboxBuilder::account_check)
/// looks at, from the point of view of one of its numbers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckedAccount {
    /// Base URL of the REST API, such as `http://127.0.0.1:4600`.
    pub base_url: String,
    /// SID of the account.
    pub account_sid: AccountSid,
    /// Auth token of the account.
    pub auth_token: AuthToken,
    /// Number of the account.
    pub number: E164,
    /// TwiML App to which the number is bound, for calls or else for texts.
    pub application_sid: Option<ApplicationSid>,
    /// Messaging Service whose sender pool contains the number.
    pub messaging_service_sid: Option<MessagingServiceSid>,
    /// Public domain of the application's webhooks, as written on the page: at most 255 characters,
    /// and not checked.
    pub domain: String,
}

/// Severity of an [`AccountFinding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingSeverity {
    /// People are not reached, or their replies are lost.
    Blocker,
    /// A function fails sometimes, or will fail.
    Warning,
    /// Information.
    Note,
    /// The check could not be made.
    Inconclusive,
}

/// Finding of a check, which the page shows. A text that does not apply is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountFinding {
    /// Severity.
    pub severity: FindingSeverity,
    /// Name of the check, such as `number-messaging-binding`.
    pub check: String,
    /// Actual state.
    pub actual: String,
    /// Expected state.
    pub expected: String,
    /// Party that applies the remedy.
    pub owner: String,
    /// Remedy.
    pub remedy: String,
}

impl AccountFinding {
    /// Creates a finding of a check, such as `number-messaging-binding`, with the actual state.
    #[must_use]
    pub fn new(
        severity: FindingSeverity,
        check: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            check: check.into(),
            actual: actual.into(),
            expected: String::new(),
            owner: String::new(),
            remedy: String::new(),
        }
    }

    /// Sets the expected state. Default: empty.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Sets the remedy, and the party that applies it. Default: empty.
    #[must_use]
    pub fn remedy(mut self, owner: impl Into<String>, remedy: impl Into<String>) -> Self {
        self.owner = owner.into();
        self.remedy = remedy.into();
        self
    }
}

/// Findings, or the reason for which nothing can be checked.
pub(crate) type CheckResult = Result<Vec<AccountFinding>, String>;

type Check = dyn Fn(CheckedAccount) -> BoxFuture<'static, CheckResult> + Send + Sync;

/// Check that a program supplies.
#[derive(Clone)]
pub(crate) struct AccountCheck(Arc<Check>);

impl AccountCheck {
    pub(crate) fn new<F, R>(check: F) -> Self
    where
        F: Fn(CheckedAccount) -> R + Send + Sync + 'static,
        R: Future<Output = CheckResult> + Send + 'static,
    {
        Self(Arc::new(move |account| Box::pin(check(account))))
    }

    pub(crate) fn run(&self, account: CheckedAccount) -> BoxFuture<'static, CheckResult> {
        (self.0)(account)
    }
}

impl fmt::Debug for AccountCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccountCheck").finish_non_exhaustive()
    }
}
