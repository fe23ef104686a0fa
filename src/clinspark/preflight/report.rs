//! The report, as data and as a table for people.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::severity::{Owner, Severity};
use crate::messenger::WebhookPaths;
use crate::types::AccountSid;

/// Report on an instance's account.
///
/// It holds no secret and no message, and numbers masked: it may be logged, stored, and sent to
/// the party that has to fix it. Its `Display` is a table for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The instance's domain.
    pub instance: String,
    /// The account that was looked at.
    pub account: AccountSid,
    /// Findings: the most severe first, then in the order of the guide.
    pub findings: Vec<Finding>,
    /// Checks that could not be made, and may fail too.
    pub inconclusive: Vec<Inconclusive>,
    /// The webhook paths as the settings have them; where they have none, as the TwiML App has
    /// them on the instance's own domain.
    pub paths: WebhookPaths,
    /// Answers of the instance to forged webhooks. Empty unless they were probed.
    pub probes: Vec<Probe>,
}

impl Report {
    /// Highest severity of the findings.
    #[must_use]
    pub fn highest_severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }

    /// Returns whether the account passed: no blocker, no warning and no inconclusive check. Notes may
    /// remain.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.inconclusive.is_empty()
            && self
                .highest_severity()
                .is_none_or(|severity| severity == Severity::Note)
    }

    /// Findings of a check: mostly one or none.
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

    /// Writes each reason once, with every check that it makes inconclusive.
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

/// One fault of the account or the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The check that found it.
    pub check: Check,
    /// Severity of the finding.
    pub severity: Severity,
    /// State that was found.
    pub actual: String,
    /// State that is expected instead.
    pub expected: String,
    /// Party that fixes it.
    pub owner: Owner,
    /// Remedy: what to do.
    pub remedy: String,
    /// Twilio's page about it.
    pub source: Cow<'static, str>,
}

/// A check that could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Inconclusive {
    /// The check.
    pub check: Check,
    /// Reason why it could not be made.
    pub reason: String,
}

/// Answer of one webhook of the instance to a forged request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Probe {
    /// The path that was asked.
    pub path: String,
    /// The HTTP status that was answered; `None` when nothing was.
    pub status: Option<u16>,
    /// Time until the last byte of the answer.
    pub elapsed: Duration,
}

impl Probe {
    /// Returns whether the forged request was refused.
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
