//! State of the account: status, balance, permissions, keys, tokens, debugger, clock.

use std::time::Duration;

use super::sandbox::Sandbox;
use crate::phone::Region;
use crate::sandbox::api::{api_keys, auth_tokens, oauth};
use crate::sandbox::faults::{Fault, FaultRule};
use crate::sandbox::state::Alert;
use crate::types::{ApiKeySecret, ApiKeySid, AuthToken, ClientSecret, OauthAppSid};

impl Sandbox {
    /// Sets the account's status: `active`, `suspended` or `closed`. Default `active`. An account
    /// that is not active sends and receives nothing (error 20005).
    pub fn set_account_status(&self, status: &str) {
        self.context
            .update(|state| status.clone_into(&mut state.account.status));
    }

    /// Sets the account's type: `Full` or `Trial`. Default `Full`. A trial account texts (21608) and
    /// calls (21219) only its own numbers and its caller IDs
    /// ([`add_caller_id`](Self::add_caller_id)).
    pub fn set_account_type(&self, account_type: &str) {
        self.context
            .update(|state| account_type.clone_into(&mut state.account.tier));
    }

    /// Sets the account's balance. Default 100.00 USD. An account without money sends and receives
    /// nothing, as if it were suspended.
    pub fn set_balance(&self, amount: &str, currency: &str) {
        let balance = (amount.to_owned(), currency.to_owned());
        self.context.update(|state| state.account.balance = balance);
    }

    /// Enables or disables texts to a country. Every country is enabled by default.
    pub fn set_messaging_permission(&self, country: Region, enabled: bool) {
        self.context
            .update(|state| state.account.set_messaging_permission(country, enabled));
    }

    /// Enables or disables calls to the ordinary numbers of a country. Every country is enabled by
    /// default.
    pub fn set_dialing_permission(&self, country: Region, enabled: bool) {
        self.context
            .update(|state| state.account.set_dialing_permission(country, enabled));
    }

    /// Adds an API key, which authenticates requests in place of SID and token. It cannot read
    /// `Accounts`, and it signs no webhooks.
    #[must_use]
    pub fn add_api_key(&self) -> (ApiKeySid, ApiKeySecret) {
        let key = api_keys::add(&self.context, "");
        (key.sid, key.secret)
    }

    /// Adds a restricted API key. A request with this key whose path contains one of `path_parts`,
    /// such as `/Alerts`, is answered with 403 (20003).
    #[must_use]
    pub fn add_restricted_key(&self, path_parts: &[&str]) -> (ApiKeySid, ApiKeySecret) {
        let key = self.add_api_key();
        let restrictions = path_parts.iter().map(|part| (key.0, (*part).to_owned()));
        self.context
            .update(|state| state.account.key_restrictions.extend(restrictions));
        key
    }

    /// Adds an OAuth app. `POST /v2/token` exchanges its ID and secret for an access token, which
    /// permits every request for an hour of the sandbox's clock. It then has error 20104.
    ///
    /// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
    #[must_use]
    pub fn add_oauth_app(&self) -> (OauthAppSid, ClientSecret) {
        oauth::add_app(&self.context)
    }

    /// Adds an OAuth app without the permission for paths that contain one of these parts, such as
    /// `/Calls`. A request for them with its access token has status 403 and error 20003.
    #[must_use]
    pub fn add_restricted_oauth_app(&self, path_parts: &[&str]) -> (OauthAppSid, ClientSecret) {
        let app = self.add_oauth_app();
        let restrictions = path_parts.iter().map(|part| (app.0, (*part).to_owned()));
        self.context
            .update(|state| state.account.app_restrictions.extend(restrictions));
        app
    }

    /// Rejects every request whose path contains `part`, such as `/Alerts`. The response has the
    /// HTTP status `status`, such as 403, and Twilio's error `code`, such as 20003.
    ///
    /// Short for [`add_fault`](Self::add_fault) with [`Fault::Error`]. It replaces an earlier
    /// rejection of the same `part`.
    pub fn reject_path(&self, part: &str, status: u16, code: u32) {
        let rule = FaultRule::new(Fault::Error { status, code }).path(part);
        self.context.change_faults(|faults| {
            faults.remove_rejection(part);
            faults.add(rule);
        });
    }

    /// Sets the seconds by which the `Date` header of responses is ahead of this machine's clock.
    /// Negative values set it behind. Default 0.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.context
            .update(|state| state.account.clock_offset = seconds);
    }

    /// Creates a secondary auth token. It authenticates requests at once, and signs webhooks after
    /// it is [promoted](Self::promote_auth_token).
    #[must_use]
    pub fn add_secondary_auth_token(&self) -> AuthToken {
        auth_tokens::add_secondary(&self.context)
    }

    /// Deletes the secondary auth token.
    pub fn remove_secondary_auth_token(&self) {
        auth_tokens::remove_secondary(&self.context);
    }

    /// Promotes the secondary auth token to the account's auth token. It then signs webhooks, and
    /// the old token no longer authenticates requests.
    ///
    /// Has no effect without a secondary token.
    pub fn promote_auth_token(&self) {
        auth_tokens::promote(&self.context);
    }

    /// Adds an alert to Twilio's debugger, created now. `level` is `error`, `warning`, `notice` or
    /// `debug`.
    pub fn add_alert(&self, code: u32, level: &str) {
        self.add_alert_with_age(code, level, Duration::ZERO);
    }

    /// Adds an alert to Twilio's debugger, created `age` ago; see [`add_alert`](Self::add_alert).
    pub fn add_alert_with_age(&self, code: u32, level: &str, age: Duration) {
        let (now, sid) = (self.context.now(), self.context.alert_sid());
        self.context.update(|state| {
            state.add_alert(Alert {
                sid,
                code,
                level: level.to_owned(),
                message: "added by the test".into(),
                resource_sid: String::new(),
                date_generated: now.checked_sub(age).unwrap_or(now),
                request: None,
                group: None,
            });
        });
    }
}
