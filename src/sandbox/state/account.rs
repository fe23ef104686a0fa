//! State of the account: status, balance, permissions, keys, tokens, audit log.

use std::collections::BTreeSet;
use std::time::SystemTime;

use crate::phone::Region;
use crate::types::{AccountSid, ApiKeySecret, ApiKeySid, AuthToken};

/// An API key of the account.
#[derive(Clone)]
pub(crate) struct ApiKey {
    pub(crate) sid: ApiKeySid,
    pub(crate) secret: ApiKeySecret,
    pub(crate) friendly_name: String,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

/// An account that the sandbox's account owns. It has a name, a status and a token, and no
/// resources.
#[derive(Clone)]
pub(crate) struct Subaccount {
    pub(crate) sid: AccountSid,
    pub(crate) auth_token: AuthToken,
    pub(crate) friendly_name: String,
    /// `active`, `suspended` or `closed`.
    pub(crate) status: String,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

/// State of the account. Statuses and types are Twilio's own words, stored as a test set them.
pub(crate) struct Account {
    pub(crate) friendly_name: String,
    /// Time of the last update through the API.
    pub(crate) date_updated: Option<SystemTime>,
    pub(crate) subaccounts: Vec<Subaccount>,
    pub(crate) status: String,
    /// `Full` or `Trial`.
    pub(crate) tier: String,
    /// Amount and currency.
    pub(crate) balance: (String, String),
    /// Regions without messaging permission. All others have it.
    pub(crate) messaging_disabled: BTreeSet<Region>,
    /// Regions without dialing permission. All others have it.
    pub(crate) dialing_disabled: BTreeSet<Region>,
    pub(crate) api_keys: Vec<ApiKey>,
    /// Parts of paths that an API key may not request, with the key's SID.
    pub(crate) key_restrictions: Vec<(ApiKeySid, String)>,
    /// Seconds by which the `Date` header of responses is ahead.
    pub(crate) clock_offset: i64,
    pub(crate) secondary_token: Option<AuthToken>,
    /// Event types of the audit log, newest last.
    pub(crate) events: Vec<(&'static str, SystemTime)>,
}

impl Account {
    /// Reports whether the account can send and receive: it is active and has money. Twilio
    /// suspends an account without money.
    pub(crate) fn is_active(&self) -> bool {
        let has_money = self
            .balance
            .0
            .parse()
            .map_or(true, |amount: f64| amount > 0.0);
        self.status == "active" && has_money
    }

    /// Reports whether the account is a trial account, which reaches verified numbers only.
    pub(crate) fn is_trial(&self) -> bool {
        self.tier == "Trial"
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            friendly_name: "The sandbox".to_owned(),
            date_updated: None,
            subaccounts: Vec::new(),
            status: "active".to_owned(),
            tier: "Full".to_owned(),
            balance: ("100.00".to_owned(), "USD".to_owned()),
            messaging_disabled: BTreeSet::new(),
            dialing_disabled: BTreeSet::new(),
            api_keys: Vec::new(),
            key_restrictions: Vec::new(),
            clock_offset: 0,
            secondary_token: None,
            events: Vec::new(),
        }
    }
}
