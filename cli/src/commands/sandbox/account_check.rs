//! Preflight of the simulated account, for the page.

use clinspark_twilio::clinspark::preflight::{Finding, Inconclusive, Preflight, Severity};
use clinspark_twilio::clinspark::{Settings, SettingsError};
use clinspark_twilio::phone::Normalizer;
use clinspark_twilio::sandbox::{AccountFinding, CheckedAccount, FindingSeverity};

use crate::settings::messenger;

pub(super) async fn run(account: CheckedAccount) -> Result<Vec<AccountFinding>, String> {
    let settings = settings(&account).map_err(|error| error.to_string())?;
    let messenger = messenger(&settings).map_err(|failure| failure.to_string())?;
    let report = Preflight::new(&settings, messenger.client()).run().await;
    let findings = report.findings.into_iter().map(finding);
    let inconclusive = report.inconclusive.into_iter().map(inconclusive);
    Ok(findings.chain(inconclusive).collect())
}

fn settings(account: &CheckedAccount) -> Result<Settings, SettingsError> {
    let mut settings = Settings::builder()
        .domain(&account.domain)
        .account_sid(account.account_sid.as_str())
        .auth_token(account.auth_token.expose())
        .base_url(&account.base_url)
        .number(account.number.as_str())
        // The check only reads.
        .delivery("off");
    let number = Normalizer::international().normalize(account.number.as_str());
    if let Some(region) = number.ok().and_then(|number| number.region()) {
        settings = settings.default_phone_region(region.as_str());
    }
    if let Some(sid) = &account.application_sid {
        settings = settings.application_sid(sid.as_str());
    }
    if let Some(sid) = &account.messaging_service_sid {
        settings = settings.messaging_service_sid(sid.as_str());
    }
    settings.build()
}

fn finding(finding: Finding) -> AccountFinding {
    let severity = match finding.severity {
        Severity::Blocker => FindingSeverity::Blocker,
        Severity::Warning => FindingSeverity::Warning,
        _ => FindingSeverity::Note,
    };
    AccountFinding::new(severity, finding.check.to_string(), finding.actual)
        .expected(finding.expected)
        .remedy(finding.owner.to_string(), finding.remedy)
}

fn inconclusive(inconclusive: Inconclusive) -> AccountFinding {
    let (check, reason) = (inconclusive.check.to_string(), inconclusive.reason);
    AccountFinding::new(FindingSeverity::Inconclusive, check, reason)
}
