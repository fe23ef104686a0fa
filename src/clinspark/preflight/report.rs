//! Report of a preflight, as data and as a table for people.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::severity::{Owner, Severity};
use crate::types::AccountSid;
use crate::webhook::WebhookPaths;

/// Report on an instance's account.
///
/// It contains no secret and no message, and its numbers are masked. It may be logged, stored, and
/// sent to the party that fixes a finding. `Display` prints a table for people.
///
/// ```
/// use clinspark_twilio::clinspark::preflight::{Check, Owner, Report};
///
/// let json = r#"{
///     "instance": "demo.clinspark.com",
///     "account": "AC00000000000000000000000000000001",
///     "findings": [{
///         "check": "account-trial", "severity": "blocker", "owner": "customer",
///         "actual": "the account is a trial: it reaches only verified numbers",
///         "expected": "a paid account", "remedy": "upgrade the account in Twilio's console",
///         "source": "https://www.twilio.com/docs/usage"
///     }],
///     "inconclusive": [], "paths": {}, "probes": []
/// }"#;
/// let report: Report = serde_json::from_str(json)?;
/// assert!(!report.passed());
/// for finding in report.findings.iter().filter(|finding| finding.owner == Owner::Customer) {
///     assert_eq!(finding.check, Check::AccountTrial);
///     println!("{}: {}; {}", finding.severity, finding.actual, finding.remedy);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// Domain of the instance.
    pub instance: String,
    /// Checked account.
    pub account: AccountSid,
    /// Findings: the most severe first, then in the order of [`Check`].
    pub findings: Vec<Finding>,
    /// Checks that could not be made. They count as not passed.
    pub inconclusive: Vec<Inconclusive>,
    /// Webhook paths of the settings. A path that the settings do not have is taken from the TwiML
    /// App's URL on the instance's own domain.
    pub paths: WebhookPaths,
    /// Answers of the instance to forged webhooks. Empty without
    /// [`probe_webhooks`](super::Preflight::probe_webhooks).
    pub probes: Vec<Probe>,
}

impl Report {
    /// Returns the highest severity of the findings.
    #[must_use]
    pub fn highest_severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }

    /// Returns `true` if there is no blocker, no warning and no inconclusive check. Notes do not
    /// count.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.inconclusive.is_empty()
            && self
                .highest_severity()
                .is_none_or(|severity| severity == Severity::Note)
    }

    /// Returns the findings of a check, usually one or none.
    pub fn findings_of(&self, check: &Check) -> impl Iterator<Item = &Finding> {
        let check = check.clone();
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.check == check)
    }

    pub(super) fn sort(&mut self) {
        self.findings
            .sort_by_key(|finding| (finding.severity, finding.check.clone()));
        self.inconclusive
            .sort_by_key(|inconclusive| inconclusive.check.clone());
    }

    /// Writes each reason once, with all checks that are inconclusive because of it.
    fn write_inconclusive(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut by_reason: Vec<(&str, Vec<&Check>)> = Vec::new();
        for Inconclusive { check, reason } in &self.inconclusive {
            match by_reason.iter_mut().find(|(known, _)| known == reason) {
                Some((_, checks)) => checks.push(check),
                None => by_reason.push((reason, vec![check])),
            }
        }
        for (reason, checks) in by_reason {
            writeln!(f, "{:<14}{reason}", "inconclusive")?;
            for check in checks {
                writeln!(f, "{:<14}{check}", "")?;
            }
        }
        Ok(())
    }

    fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// Fault of the account or of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Check that found the fault.
    pub check: Check,
    /// Severity of the finding.
    pub severity: Severity,
    /// Actual state.
    pub actual: String,
    /// Expected state.
    pub expected: String,
    /// Party that fixes the fault.
    pub owner: Owner,
    /// Remedy for the owner to apply.
    pub remedy: String,
    /// URL of Twilio's page about the fault.
    pub source: Cow<'static, str>,
}

/// Check that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Inconclusive {
    /// Check.
    pub check: Check,
    /// Reason why the check could not be made.
    pub reason: String,
}

/// Answer of one webhook of the instance to a forged request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Probe {
    /// Path of the webhook.
    pub path: String,
    /// HTTP status of the answer. `None` if there was no answer.
    pub status: Option<u16>,
    /// Time from the request to the last byte of the answer.
    pub elapsed: Duration,
}

impl Probe {
    /// Returns `true` if the forged request was refused.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        matches!(self.status, Some(400 | 401 | 403))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "instance {}, account {}", self.instance, self.account)?;
        for finding in &self.findings {
            let Finding {
                check,
                severity,
                actual,
                expected,
                owner,
                remedy,
                source,
            } = finding;
            writeln!(f, "{severity:<14}{check:<32}{actual}")?;
            writeln!(f, "{:<14}{:<32}expected: {expected}", "", "")?;
            writeln!(f, "{:<14}{:<32}fix: {owner}: {remedy}", "", "")?;
            writeln!(f, "{:<14}{:<32}see: {source}", "", "")?;
        }
        self.write_inconclusive(f)?;
        for probe in &self.probes {
            let what = match probe.status {
                Some(status) if probe.was_refused() => format!("refused with {status}"),
                Some(status) => format!("answered {status}"),
                None => "did not answer".to_owned(),
            };
            let elapsed = probe.elapsed.as_millis();
            writeln!(
                f,
                "{:<14}{:<32}{what} after {elapsed} ms",
                "probe", probe.path
            )?;
        }
        write!(
            f,
            "{}, {}, {}, {} inconclusive",
            count_of(self.count(Severity::Blocker), "blocker"),
            count_of(self.count(Severity::Warning), "warning"),
            count_of(self.count(Severity::Note), "note"),
            self.inconclusive.len()
        )
    }
}

fn count_of(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
