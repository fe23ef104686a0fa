//! The account itself: its state, what is left on it, its keys and tokens, its debugger, its clock.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use super::Sandbox;
use super::records::Alert;
use crate::phone::Region;
use crate::types::{ApiKeySecret, ApiKeySid, AuthToken};

/// What a test may change about the account. Words are Twilio's, kept as they were given.
pub(super) struct Account {
    pub(super) status: String,
    pub(super) kind: String,
    /// Amount and currency.
    pub(super) balance: (String, String),
    /// Regions that may not be texted. All others may.
    pub(super) not_texted: BTreeSet<Region>,
    /// Regions that may not be called. All others may.
    pub(super) not_called: BTreeSet<Region>,
    /// Parts of paths that nobody may ask for, with status and code.
    pub(super) forbidden: BTreeMap<String, (u16, u32)>,
    /// Parts of paths that a key may not ask for.
    pub(super) restricted: Vec<(ApiKeySid, String)>,
    /// How far the clock of the answers is ahead, in seconds.
    pub(super) clock_ahead: i64,
    pub(super) secondary_token: Option<AuthToken>,
    /// What the audit log holds, newest last.
    pub(super) events: Vec<(&'static str, SystemTime)>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            status: "active".to_owned(),
            kind: "Full".to_owned(),
            balance: ("100.00".to_owned(), "USD".to_owned()),
            not_texted: BTreeSet::new(),
            not_called: BTreeSet::new(),
            forbidden: BTreeMap::new(),
            restricted: Vec::new(),
            clock_ahead: 0,
            secondary_token: None,
            events: Vec::new(),
        }
    }
}

impl Sandbox {
    /// Sets the account's state: `active`, `suspended` or `closed`. It is told to who asks; the
    /// sandbox goes on sending all the same.
    pub fn set_account_status(&self, status: &str) {
        self.world
            .update(|state| status.clone_into(&mut state.account.status));
    }

    /// Sets what the account is: `Full` (from the start) or `Trial`.
    pub fn set_account_type(&self, kind: &str) {
        self.world
            .update(|state| kind.clone_into(&mut state.account.kind));
    }

    /// Sets what is left on the account: 100.00 USD from the start.
    pub fn set_balance(&self, amount: &str, currency: &str) {
        let balance = (amount.to_owned(), currency.to_owned());
        self.world.update(|state| state.account.balance = balance);
    }

    /// Sets whether a country may be texted. Every country may from the start.
    pub fn set_messaging_permission(&self, country: Region, enabled: bool) {
        self.world
            .update(|state| permit(&mut state.account.not_texted, country, enabled));
    }

    /// Sets whether the ordinary numbers of a country may be called. Those of every country may
    /// from the start.
    pub fn set_dialing_permission(&self, country: Region, enabled: bool) {
        self.world
            .update(|state| permit(&mut state.account.not_called, country, enabled));
    }

    /// Gives the account an API key, which signs in in place of SID and token. It signs no
    /// webhooks, and reads no accounts.
    #[must_use]
    pub fn add_api_key(&self) -> (ApiKeySid, ApiKeySecret) {
        let key = (self.world.sid("SK"), self.world.secret());
        self.world.update(|state| state.keys.push(key.clone()));
        key
    }

    /// Gives the account a restricted API key: what has one of these parts in its path, such as
    /// `/Alerts`, is answered 403 (20003).
    #[must_use]
    pub fn add_restricted_key(&self, forbidden: &[&str]) -> (ApiKeySid, ApiKeySecret) {
        let key = self.add_api_key();
        let parts = forbidden.iter().map(|part| (key.0, (*part).to_owned()));
        self.world
            .update(|state| state.account.restricted.extend(parts));
        key
    }

    /// Refuses whoever asks for what has this part in its path, such as `/Alerts`: with an HTTP
    /// status, such as 403, and Twilio's code, such as 20003.
    pub fn reject_path(&self, part: &str, status: u16, code: u32) {
        self.world.update(|state| {
            let forbidden = &mut state.account.forbidden;
            forbidden.insert(part.to_owned(), (status, code));
        });
    }

    /// Sets the clock that the `Date` of answers shows ahead of this machine's by so many
    /// seconds; behind it, if they are negative.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.world
            .update(|state| state.account.clock_ahead = seconds);
    }

    /// Makes a secondary auth token. It signs in from now on; webhooks are signed with it once it
    /// is [promoted](Self::promote_auth_token).
    #[must_use]
    pub fn add_secondary_auth_token(&self) -> AuthToken {
        let token = self.world.token();
        self.world.update(|state| {
            state.account.secondary_token = Some(token.clone());
            let made = ("account-auth-token.secondary-created", SystemTime::now());
            state.account.events.push(made);
        });
        token
    }

    /// Drops the secondary auth token.
    pub fn remove_secondary_auth_token(&self) {
        self.world.update(|state| {
            state.account.secondary_token = None;
            let dropped = ("account-auth-token.secondary-deleted", SystemTime::now());
            state.account.events.push(dropped);
        });
    }

    /// Makes the secondary auth token the account's token: it signs webhooks from now on, and the
    /// one before signs in no more. Without a secondary token nothing happens; a second promotion
    /// in one sandbox does not either.
    pub fn promote_auth_token(&self) {
        self.world.update(|state| {
            if let Some(token) = state.account.secondary_token.take() {
                // Who holds a reference to the first token keeps it: only one may follow.
                let _ = self.world.promoted.set(token);
                let promoted = ("account-auth-token.promoted", SystemTime::now());
                state.account.events.push(promoted);
            }
        });
    }

    /// Puts an entry into Twilio's debugger, made just now, at the level `error`, `warning`,
    /// `notice` or `debug`.
    pub fn add_alert(&self, code: u32, level: &str) {
        self.add_alert_with_age(code, level, Duration::ZERO);
    }

    /// The same, made some time ago.
    pub fn add_alert_with_age(&self, code: u32, level: &str, age: Duration) {
        let now = SystemTime::now();
        self.world.update(|state| {
            state.alerts.push(Alert {
                code,
                message: "the test put it here",
                sid: String::new(),
                level: level.to_owned(),
                at: now.checked_sub(age).unwrap_or(now),
            });
        });
    }
}

fn permit(forbidden: &mut BTreeSet<Region>, country: Region, enabled: bool) {
    if enabled {
        forbidden.remove(&country);
    } else {
        forbidden.insert(country);
    }
}
