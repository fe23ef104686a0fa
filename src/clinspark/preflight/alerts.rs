//! Twilio's debugger: what went wrong in the last 24 hours, by code, with what to do about it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Check;
use super::run::Run;
use crate::client::alerts::{Alert, ListAlerts, LogLevel};
use crate::client::codes::{Advice, ErrorCode};

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many entries are looked at.
const MOST: u32 = 1_000;

pub(super) async fn check(run: &mut Run<'_>) {
    let checks = &[Check::RecentErrors, Check::RecentWarnings];
    let now = run.client.now();
    let since = now.checked_sub(A_DAY).unwrap_or(now);
    let request = ListAlerts::new().start_date(since).page_size(MOST);
    let Some(page) = run.read(request, checks).await else {
        return;
    };
    let more = page.next.is_some();
    let mut by_code: BTreeMap<(bool, u32), usize> = BTreeMap::new();
    for alert in &page.items {
        if let Some(grave) = is_grave(alert) {
            let code = alert.error_code.unwrap_or_default();
            *by_code.entry((!grave, code)).or_default() += 1;
        }
    }
    for ((light, code), count) in by_code {
        let check = if light {
            Check::RecentWarnings
        } else {
            Check::RecentErrors
        };
        report(run, check, code, count, more);
    }
}

/// Whether something was not done, or only otherwise. `None` for what is no trouble.
fn is_grave(alert: &Alert) -> Option<bool> {
    match alert.log_level {
        Some(LogLevel::Warning) => Some(false),
        Some(LogLevel::Notice | LogLevel::Debug) => None,
        // A word that Twilio adds tomorrow is looked at rather than passed over.
        _ => Some(true),
    }
}

fn report(run: &mut Run<'_>, check: Check, code: u32, count: usize, more: bool) {
    let code = ErrorCode::from(code);
    let meaning = code
        .meaning()
        .unwrap_or("a code that this version does not know");
    let at_least = if more { "at least " } else { "" };
    let times = match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let how = match code.advice() {
        Advice::Mend => "mend what the code's page names",
        Advice::Later => "it passes by itself; look again in some hours",
        Advice::Again => "it was not done, and may be tried again",
    };
    let how = format!(
        "{how}: https://www.twilio.com/docs/api/errors/{}",
        code.get()
    );
    run.find(
        check,
        format!(
            "{} happened {at_least}{times} in 24 hours: {meaning}",
            code.get()
        ),
        "no entry in Twilio's debugger",
        how,
    );
}
