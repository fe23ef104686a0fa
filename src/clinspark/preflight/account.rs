//! Checks of the account: its status, its type, its balance and its credentials.

use http::StatusCode;

use super::check::Check;
use super::run::Run;
use crate::client::Error;
use crate::client::accounts::{Account, AccountStatus, AccountType, FetchAccount, FetchBalance};

/// Balance, in the account's currency, below which a finding is added: the cost of some hundred
/// texts.
const LOW_BALANCE: f64 = 10.0;

const CHECK_CONSOLE: &str =
    "look for the reason in Twilio's console (often the balance), and ask Twilio";

const ACCOUNT_CHECKS: &[Check] = &[
    Check::AccountSuspended,
    Check::AccountClosed,
    Check::AccountTrial,
];

/// Makes the first request: reads the account with its auth token. API keys may not read it, and the
/// token must be valid in any case, because it verifies the webhooks.
pub(super) async fn check(run: &mut Run<'_>) {
    let client = run.client.signed_in_with(&run.token_credentials());
    let account = FetchAccount::new(run.settings.account_sid());
    match client.execute(account).await {
        Ok(account) => check_account(run, &account),
        Err(error) => check_token_error(run, &error),
    }
    check_balance(run).await;
}

fn check_token_error(run: &mut Run<'_>, error: &Error) {
    if error.is_account_inactive() {
        run.add_failure(&[Check::AccountTrial], error);
        return run.add(
            Check::AccountSuspended,
            "the account is suspended or closed: Twilio refuses everything (20005)",
            "an active account",
            CHECK_CONSOLE,
        );
    }
    run.add_failure(ACCOUNT_CHECKS, error);
    let refused = error.status() == Some(StatusCode::UNAUTHORIZED);
    if !refused || run.signs_in_with_token() {
        // The token is the only credential, so the other requests show whether it is valid.
        run.inconclusive(
            &[Check::AuthTokenRefused],
            "Twilio neither accepted nor rejected the auth token",
        );
        return;
    }
    run.add(
        Check::AuthTokenRefused,
        "Twilio rejected the auth token of the settings: webhooks are not signed with it, \
         so the instance refuses all of them as forged",
        "the account's primary auth token",
        "set auth_token to the primary token of the account; after a promotion, to what was \
         secondary_auth_token",
    );
}

fn check_account(run: &mut Run<'_>, account: &Account) {
    match account.status {
        Some(AccountStatus::Suspended) => run.add(
            Check::AccountSuspended,
            "the account is suspended: nothing is sent and nothing is received",
            "an active account",
            CHECK_CONSOLE,
        ),
        Some(AccountStatus::Closed) => run.add(
            Check::AccountClosed,
            "the account is closed permanently",
            "an active account",
            "open another account, buy a number in it, and set the instance up again",
        ),
        Some(AccountStatus::Active) => {}
        _ => run.inconclusive(
            &[Check::AccountSuspended, Check::AccountClosed],
            "Twilio returns no account status that this version knows",
        ),
    }
    match account.r#type {
        Some(AccountType::Trial) => run.add(
            Check::AccountTrial,
            "the account is a trial: it reaches only verified numbers",
            "a paid account",
            "upgrade the account in Twilio's console",
        ),
        Some(AccountType::Full) => {}
        _ => run.inconclusive(
            &[Check::AccountTrial],
            "Twilio returns no account type that this version knows",
        ),
    }
}

async fn check_balance(run: &mut Run<'_>) {
    let checks = &[Check::BalanceLow];
    let Some(left) = run.read(FetchBalance::new(), checks).await else {
        return;
    };
    let amount = left.balance.as_deref().map(str::parse::<f64>);
    let currency = left.currency.unwrap_or_default();
    match amount {
        Some(Ok(amount)) if amount < LOW_BALANCE => run.add(
            Check::BalanceLow,
            format!(
                "the balance is {amount:.2} {currency}: Twilio suspends an account without balance"
            ),
            format!("{LOW_BALANCE:.0} {currency} or more"),
            "add funds, or enable automatic recharge in Twilio's console",
        ),
        Some(Ok(amount)) if amount.is_finite() => {}
        _ => run.inconclusive(checks, "Twilio's response has no amount"),
    }
}

/// Adds a finding when Twilio rejected the credentials for every request.
pub(super) fn check_credentials(run: &mut Run<'_>) {
    if run.are_credentials_rejected() {
        run.add(
            Check::CredentialsRefused,
            "Twilio rejected the credentials for every request",
            "credentials of the account, in the region where they were made",
            "compare account_sid, auth_token and the API key with Twilio's console",
        );
    }
}
