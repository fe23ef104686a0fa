//! Checks of the secondary auth token. Once it is promoted, only this token signs webhooks.

use std::time::SystemTime;

use http::StatusCode;

use super::check::Check;
use super::run::Run;
use crate::client::Credentials;
use crate::client::accounts::FetchAccount;
use crate::client::events::ListEvents;

const CREATED: &str = "account-auth-token.secondary-created";
/// Events after which the secondary token no longer waits for its promotion.
const COMPLETED: [&str; 2] = [
    "account-auth-token.secondary-deleted",
    "account-auth-token.promoted",
];

pub(super) async fn check(run: &mut Run<'_>) {
    match run.settings.secondary_auth_token().cloned() {
        Some(token) => {
            let credentials = Credentials::auth_token(run.settings.account_sid(), token);
            check_secondary(run, &credentials).await;
        }
        None => check_pending(run).await,
    }
}

/// Checks that the secondary token of the settings is the account's.
async fn check_secondary(run: &mut Run<'_>, credentials: &Credentials) {
    let checks = &[Check::SecondaryTokenRefused];
    if run.is_unreachable(checks) {
        return;
    }
    let client = run.client.signed_in_with(credentials);
    let account = FetchAccount::new(run.settings.account_sid());
    match client.execute(account).await {
        Ok(_) => {}
        Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => run.add(
            Check::SecondaryTokenRefused,
            "Twilio rejected the secondary auth token of the settings",
            "the account's secondary auth token, or none",
            "set secondary_auth_token to the token that Twilio showed, or remove it from the \
             settings after the rotation",
        ),
        Err(error) => run.add_failure(checks, &error),
    }
}

/// Finds a secondary token of the account that the settings do not have. No request can read the
/// token itself, but the audit log shows its creation. A token older than the log is not found.
///
/// Source: <https://www.twilio.com/docs/usage/monitor-events>
async fn check_pending(run: &mut Run<'_>) {
    let checks = &[Check::SecondaryTokenPending];
    let Some(created) = last_event(run, CREATED, checks).await else {
        return;
    };
    let Some(created) = created else { return };
    for kind in COMPLETED {
        match last_event(run, kind, checks).await {
            None => return,
            Some(ended) if ended.is_some_and(|ended| ended >= created) => return,
            Some(_) => {}
        }
    }
    run.add(
        Check::SecondaryTokenPending,
        "the account has a secondary auth token that the settings do not have: once it is \
         promoted, every webhook is refused as forged",
        "both tokens in the settings during the rotation",
        "set secondary_auth_token before the token is promoted",
    );
}

/// Returns the time of the last event of a type in the audit log. `None` if Twilio does not return
/// the log.
async fn last_event(run: &mut Run<'_>, kind: &str, checks: &[Check]) -> Option<Option<SystemTime>> {
    let events = ListEvents::new().event_type(kind).page_size(20);
    let events = run.read(events, checks).await?.items;
    let times = events.into_iter().filter_map(|event| event.event_date);
    Some(times.filter_map(|time| time.time()).max())
}
