//! Preflight in progress: reads the account and collects findings and inconclusive checks.

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use http::StatusCode;

use super::check::Check;
use super::report::{Finding, Inconclusive, Report};
use crate::client::{Client, Credentials, Error, ErrorKind, List, Request, WebhookUrl};
use crate::clinspark::settings::Settings;

/// Preflight in progress.
pub(super) struct Run<'a> {
    pub(super) settings: &'a Settings,
    pub(super) client: &'a Client,
    pub(super) report: Report,
    /// Set once Twilio accepted the client's credentials.
    credentials_accepted: bool,
    /// Set once Twilio rejected them.
    credentials_rejected: bool,
    /// Reason why Twilio cannot be reached, once that is known. No more requests are made then.
    unreachable: Option<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(settings: &'a Settings, client: &'a Client) -> Self {
        Self {
            settings,
            client,
            report: Report {
                instance: settings.origin().host().to_owned(),
                account: settings.account_sid(),
                findings: Vec::new(),
                inconclusive: Vec::new(),
                paths: settings.webhook_paths().clone(),
                probes: Vec::new(),
            },
            credentials_accepted: false,
            credentials_rejected: false,
            unreachable: None,
        }
    }

    /// Returns the sorted report.
    pub(super) fn finish(mut self) -> Report {
        self.report.sort();
        self.report
    }

    /// Adds a finding whose owner, severity or source differ from the check's own.
    pub(super) fn add_finding(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }

    /// Adds a finding with the check's own severity, owner and source.
    pub(super) fn add(
        &mut self,
        check: Check,
        actual: impl Into<String>,
        expected: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (severity, owner, source) = check.metadata();
        self.add_finding(Finding {
            check,
            severity,
            actual: actual.into(),
            expected: expected.into(),
            owner,
            remedy: remedy.into(),
            source: source.into(),
        });
    }

    /// Marks checks as inconclusive.
    pub(super) fn inconclusive(&mut self, checks: &[Check], reason: &str) {
        let checks = checks.iter().cloned();
        self.report
            .inconclusive
            .extend(checks.map(|check| Inconclusive {
                check,
                reason: reason.to_owned(),
            }));
    }

    /// Executes a request with the instance's credentials. If it fails, the checks that depend on it
    /// become inconclusive.
    pub(super) async fn read<R: Request>(
        &mut self,
        request: R,
        checks: &[Check],
    ) -> Option<R::Output> {
        match self.execute(request, checks).await? {
            Ok(found) => Some(found),
            Err(error) => {
                self.add_failure(checks, &error);
                None
            }
        }
    }

    /// Executes a request for a resource that may not exist. Returns `Some(None)` if it does not.
    pub(super) async fn read_optional<R: Request>(
        &mut self,
        request: R,
        checks: &[Check],
    ) -> Option<Option<R::Output>> {
        match self.execute(request, checks).await? {
            Ok(found) => Some(Some(found)),
            Err(error) if is_missing(&error) => Some(None),
            Err(error) => {
                self.add_failure(checks, &error);
                None
            }
        }
    }

    async fn execute<R: Request>(
        &mut self,
        request: R,
        checks: &[Check],
    ) -> Option<Result<R::Output, Error>> {
        if self.is_unreachable(checks) {
            return None;
        }
        let answer = self.client.execute(request).await;
        self.record_credentials(answer.as_ref().err());
        Some(answer)
    }

    /// Reads a whole list.
    pub(super) async fn read_all<T>(
        &mut self,
        mut list: List<T>,
        checks: &[Check],
    ) -> Option<Vec<T>>
    where
        List<T>: Stream<Item = Result<T, Error>>,
    {
        if self.is_unreachable(checks) {
            return None;
        }
        let mut items = Vec::new();
        while let Some(item) = poll_fn(|cx| Pin::new(&mut list).poll_next(cx)).await {
            self.record_credentials(item.as_ref().err());
            match item {
                Ok(item) => items.push(item),
                Err(error) => {
                    self.add_failure(checks, &error);
                    return None;
                }
            }
        }
        // The response may be an empty list, which also shows that the credentials were accepted.
        self.record_credentials(None);
        Some(items)
    }

    /// Marks the checks of a failed request as inconclusive.
    pub(super) fn add_failure(&mut self, checks: &[Check], error: &Error) {
        let reason = reason_for(error);
        if error.kind() == ErrorKind::Connect {
            self.unreachable = Some(reason.clone());
        }
        self.inconclusive(checks, &reason);
    }

    /// Returns `true` if Twilio cannot be reached, and marks the checks as inconclusive.
    pub(super) fn is_unreachable(&mut self, checks: &[Check]) -> bool {
        let reason = self.unreachable.clone();
        if let Some(reason) = &reason {
            self.inconclusive(checks, reason);
        }
        reason.is_some()
    }

    /// Returns `true` if the instance authenticates with the auth token, not with an API key.
    pub(super) fn signs_in_with_token(&self) -> bool {
        *self.settings.credentials() == self.token_credentials()
    }

    pub(super) fn token_credentials(&self) -> Credentials {
        let token = self.settings.auth_token().clone();
        Credentials::auth_token(self.settings.account_sid(), token)
    }

    /// Returns `true` if Twilio rejected the credentials for every request.
    pub(super) const fn are_credentials_rejected(&self) -> bool {
        self.credentials_rejected && !self.credentials_accepted
    }

    /// Returns `true` if a URL is on the instance's domain.
    pub(super) fn is_at_instance(&self, url: &WebhookUrl) -> bool {
        self.settings.origin().path_of(url.as_str()).is_some()
    }

    fn record_credentials(&mut self, error: Option<&Error>) {
        match error {
            Some(error) if error.rejects_credentials() => self.credentials_rejected = true,
            Some(error) if !shows_acceptance(error) => {}
            _ => self.credentials_accepted = true,
        }
    }
}

/// Returns `true` if an error shows that Twilio accepted the credentials: an error of Twilio about the
/// request itself. A server error, 429 or the answer of a gateway comes before any credentials are
/// checked.
fn shows_acceptance(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS)
        && error.code().is_some()
}

/// Returns `true` if Twilio itself answers that the resource does not exist. A refusal or the answer
/// of a gateway does not count.
fn is_missing(error: &Error) -> bool {
    error.status() == Some(StatusCode::NOT_FOUND)
        && error.code().is_some_and(|code| code.get() == 20404)
}

/// Describes the reason of a failed request. The client's errors contain no number, body, URL or
/// secret.
fn reason_for(error: &Error) -> String {
    let code = error.code().map(|code| code.get().to_string());
    let code = code.map_or_else(String::new, |code| format!(", code {code}"));
    match error.status() {
        Some(_) if error.is_account_inactive() => {
            "the account is suspended or closed (20005)".to_owned()
        }
        Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => format!(
            "Twilio refused these credentials (HTTP {}{code}): {} needs more permissions",
            status.as_u16(),
            error.operation()
        ),
        Some(status) => format!(
            "Twilio answered {} with HTTP {}{code}",
            error.operation(),
            status.as_u16()
        ),
        None => format!("the request was not sent or got no response: {error}"),
    }
}
