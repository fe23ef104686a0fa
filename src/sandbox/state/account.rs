//! State of the account: status, balance, permissions, keys, tokens, audit log.

use std::collections::{BTreeSet, HashMap};
use std::time::SystemTime;

use super::table::Log;
use crate::phone::{E164, Region};
use crate::types::{
    AccountSid, ApiKeySecret, ApiKeySid, AuthToken, ClientSecret, OauthAppSid, SafeListSid,
};

/// An API key of the account.
#[derive(Clone)]
pub(crate) struct ApiKey {
    pub(crate) sid: ApiKeySid,
    pub(crate) secret: ApiKeySecret,
    pub(crate) friendly_name: String,
    pub(crate) date_created: SystemTime,
    pub(crate) date_updated: SystemTime,
}

/// An access token of an OAuth app.
pub(crate) struct AccessToken {
    /// SHA-256 hash of the token.
    pub(crate) hash: [u8; 32],
    pub(crate) app: OauthAppSid,
    pub(crate) expires: SystemTime,
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
    /// Regions with permission to call special services of high risk.
    pub(crate) high_risk_special: BTreeSet<Region>,
    /// Regions with permission to call numbers known for toll fraud.
    pub(crate) high_risk_toll_fraud: BTreeSet<Region>,
    /// Set if subaccounts inherit the dialing permissions.
    pub(crate) dialing_inheritance: bool,
    /// Numbers that the protection against fraud does not block.
    pub(crate) safe_list: HashMap<E164, SafeListSid>,
    pub(crate) api_keys: Vec<ApiKey>,
    /// OAuth apps, each with its secret.
    pub(crate) oauth_apps: Vec<(OauthAppSid, ClientSecret)>,
    pub(crate) access_tokens: Vec<AccessToken>,
    /// Parts of paths that an API key may not request, with the key's SID.
    pub(crate) key_restrictions: Vec<(ApiKeySid, String)>,
    /// Parts of paths that the access tokens of an OAuth app may not request, with the app's SID.
    pub(crate) app_restrictions: Vec<(OauthAppSid, String)>,
    /// Seconds by which the `Date` header of responses is ahead.
    pub(crate) clock_offset: i64,
    pub(crate) secondary_token: Option<AuthToken>,
    /// Event types of the audit log, newest last.
    pub(crate) events: Log<(&'static str, SystemTime)>,
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
            high_risk_special: BTreeSet::new(),
            high_risk_toll_fraud: BTreeSet::new(),
            dialing_inheritance: false,
            safe_list: HashMap::new(),
            api_keys: Vec::new(),
            oauth_apps: Vec::new(),
            access_tokens: Vec::new(),
            key_restrictions: Vec::new(),
            app_restrictions: Vec::new(),
            clock_offset: 0,
            secondary_token: None,
            events: Log::default(),
        }
    }
}

impl Account {
    /// Enables or disables texts to a country.
    pub(crate) fn set_messaging_permission(&mut self, country: Region, enabled: bool) {
        set_enabled(&mut self.messaging_disabled, country, enabled);
    }

    /// Enables or disables calls to the ordinary numbers of a country.
    pub(crate) fn set_dialing_permission(&mut self, country: Region, enabled: bool) {
        set_enabled(&mut self.dialing_disabled, country, enabled);
    }
}

fn set_enabled(disabled: &mut BTreeSet<Region>, country: Region, enabled: bool) {
    if enabled {
        disabled.remove(&country);
    } else {
        disabled.insert(country);
    }
}
