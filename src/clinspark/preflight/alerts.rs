//! Checks of Twilio's debugger: errors of the last 24 hours by code, each with its remedy.

use std::collections::BTreeMap;
use std::time::Duration;

use super::check::Check;
use super::report::Finding;
use super::run::Run;
use super::severity::{Owner, Severity};
use crate::client::alerts::{Alert, ListAlerts, LogLevel};
use crate::codes::{ErrorClass, ErrorCode};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Largest number of debugger entries that are read.
const MAX_ALERTS: u32 = 1_000;

pub(super) async fn check(run: &mut Run<'_>) {
    let checks = &[Check::RecentErrors, Check::RecentWarnings];
    let now = run.client.now();
    let since = now.checked_sub(DAY).unwrap_or(now);
    let request = ListAlerts::new().start_date(since).page_size(MAX_ALERTS);
    let Some(page) = run.read(request, checks).await else {
        return;
    };
    let has_more = page.next.is_some();
    let mut by_code: BTreeMap<(bool, Option<ErrorCode>), usize> = BTreeMap::new();
    for alert in &page.items {
        if let Some(is_error_entry) = is_error(alert) {
            let code = alert.error_code.filter(|code| code.get() != 0);
            *by_code.entry((!is_error_entry, code)).or_default() += 1;
        }
    }
    for ((is_warning, code), count) in by_code {
        let check = if is_warning {
            Check::RecentWarnings
        } else {
            Check::RecentErrors
        };
        report(run, check, code, count, has_more);
    }
}

/// Returns `true` for an error, `false` for a warning, `None` for a harmless entry.
fn is_error(alert: &Alert) -> Option<bool> {
    match alert.log_level {
        Some(LogLevel::Warning) => Some(false),
        Some(LogLevel::Notice | LogLevel::Debug) => None,
        // An entry with an unknown level is reported, because it may be an error.
        _ => Some(true),
    }
}

fn report(run: &mut Run<'_>, check: Check, code: Option<ErrorCode>, count: usize, has_more: bool) {
    let at_least = if has_more { "at least " } else { "" };
    let times = match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let class = code.map_or(ErrorClass::Unclassified, ErrorCode::class);
    let (owner, remedy) = remedy(class);
    let has_remedy = !matches!(
        class,
        ErrorClass::OptedOut | ErrorClass::Unreachable | ErrorClass::TwilioFault
    );
    // Errors without a remedy are notes, so that they do not bury those that need one.
    let severity = if has_remedy {
        check.metadata().0
    } else {
        Severity::Note
    };
    run.add_finding(Finding {
        check,
        severity,
        actual: match code {
            Some(code) => format!("{code} {at_least}{times} in 24 hours: {}", code.meaning()),
            None => format!("an entry without a code {at_least}{times} in 24 hours"),
        },
        expected: "no such entry in Twilio's debugger".to_owned(),
        owner,
        remedy: match code.and_then(ErrorCode::advice) {
            // The advice of the other classes is about sending one message or call again.
            Some(advice) if has_remedy => advice.to_owned(),
            _ => remedy.to_owned(),
        },
        source: match code {
            Some(code) => code.url().into(),
            None => "https://www.twilio.com/docs/api/errors".into(),
        },
    });
}

/// Returns the owner and the remedy of an entry.
const fn remedy(class: ErrorClass) -> (Owner, &'static str) {
    match class {
        ErrorClass::OptedOut => (Owner::Support, "nothing to fix: do not text these people"),
        ErrorClass::InvalidRecipient => (
            Owner::Support,
            "ask these people for a number that can receive it",
        ),
        ErrorClass::Unreachable => (
            Owner::Support,
            "nothing to fix; if it continues for days, ask Twilio",
        ),
        ErrorClass::Filtered => (
            Owner::Customer,
            "check the message bodies, and ask Twilio with the SIDs from the debugger",
        ),
        ErrorClass::Registration => (
            Owner::Customer,
            "finish the registration of the number, its brand and its campaign",
        ),
        ErrorClass::Account => (
            Owner::Customer,
            "check the status and the permissions of the account in Twilio's console",
        ),
        ErrorClass::RateLimit => (
            Owner::Support,
            "send more slowly, or ask Twilio for a higher limit",
        ),
        ErrorClass::GeoPermission => (
            Owner::Customer,
            "enable the country in Twilio's console, if people there are to be reached",
        ),
        ErrorClass::TwilioFault => (Owner::Support, "nothing to fix; see Twilio's status page"),
        ErrorClass::ApplicationFault => (
            Owner::Support,
            "look at the requests in the debugger: the fault is in the instance, its webhooks or \
             its settings",
        ),
        ErrorClass::Unclassified => (Owner::Support, "see Twilio's page about the code"),
    }
}
