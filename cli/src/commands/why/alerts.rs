//! Alerts of Twilio's debugger about the resource.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use clinspark_twilio::client::alerts::{Alert, ListAlerts, LogLevel};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::types::Timestamp;

use super::investigation::Investigation;

const TOPIC: &str = "alerts";
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Twilio lists alerts of the last 30 days.
const LONGEST: Duration = Duration::from_secs(29 * 24 * 60 * 60);

/// Lists the alerts about a message or a call since it was created.
pub(super) async fn about(run: &mut Investigation<'_>, sid: &str, created: Option<&Timestamp>) {
    let now = SystemTime::now();
    let oldest = now.checked_sub(LONGEST).unwrap_or(now);
    let created = created.and_then(Timestamp::time).unwrap_or(oldest);
    let since = created.checked_sub(HOUR).unwrap_or(created).max(oldest);
    let Some((alerts, complete)) = read(run, since).await else {
        return;
    };
    let about = |alert: &&Alert| alert.resource_sid.as_deref() == Some(sid);
    let found: Vec<&Alert> = alerts.iter().filter(about).collect();
    for alert in &found {
        let at = alert.date_generated.as_ref().map(ToString::to_string);
        let at = at.unwrap_or_else(|| "unknown time".to_owned());
        let Some(code) = alert.error_code else {
            run.note(TOPIC, format!("{at}: an alert without a code"));
            continue;
        };
        let text = format!("{at}: {code}: {}", code.meaning());
        let advice = code.advice().map_or_else(|| code.url(), str::to_owned);
        match alert.log_level {
            // After a warning, the message or call often went through.
            Some(LogLevel::Warning | LogLevel::Notice | LogLevel::Debug) => {
                run.note(TOPIC, format!("{text}; {advice}"));
            }
            _ => run.problem(TOPIC, text, advice),
        }
    }
    match (found.is_empty(), complete) {
        (true, true) => run.ok(TOPIC, "no alert about it"),
        (true, false) => run.unknown(TOPIC, "no alert about it among the newest 1,000"),
        _ => {}
    }
}

/// Counts the account's alerts of the last 24 hours, by code.
pub(super) async fn recent(run: &mut Investigation<'_>) {
    let now = SystemTime::now();
    let Some((alerts, _)) = read(run, now.checked_sub(24 * HOUR).unwrap_or(now)).await else {
        return;
    };
    let mut counts: BTreeMap<ErrorCode, usize> = BTreeMap::new();
    for code in alerts.iter().filter_map(|alert| alert.error_code) {
        *counts.entry(code).or_default() += 1;
    }
    if counts.is_empty() {
        run.ok(TOPIC, "the account has no alert of the last 24 hours");
    }
    for (code, count) in counts {
        let meaning = code.meaning();
        run.note(
            TOPIC,
            format!("of the account in 24 hours: {count} of {code}: {meaning}"),
        );
    }
}

async fn read(run: &mut Investigation<'_>, since: SystemTime) -> Option<(Vec<Alert>, bool)> {
    let request = ListAlerts::new().start_date(since).page_size(1_000);
    let page = run.read(TOPIC, request).await?;
    let complete = page.next.is_none();
    Some((page.items, complete))
}
