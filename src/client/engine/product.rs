//! Products of Twilio: host and path prefix of an operation.

use super::base_url::Host;
use crate::types::AccountSid;

/// Product of Twilio that an operation belongs to. It determines the host and the path prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub enum Product {
    /// 2010 API, with the account in the path.
    Api,
    /// 2010 API, without the account in the path, for requests about accounts.
    ApiRoot,
    /// Messaging Services and registrations.
    Messaging,
    /// Data about phone numbers.
    Lookups,
    /// Settings of the account.
    Accounts,
    /// Debugger and audit log.
    Monitor,
    /// Settings of calls.
    Voice,
    /// Access tokens of OAuth apps. The path has the version.
    Oauth,
    /// Any host. The path is complete, and names the account or not.
    #[non_exhaustive]
    Raw {
        /// Host of the API.
        host: Host,
        /// `true` if the path names the account.
        names_account: bool,
    },
}

impl Product {
    pub(in crate::client) const fn host(self) -> Host {
        match self {
            Self::Api | Self::ApiRoot => Host::Api,
            Self::Messaging => Host::Messaging,
            Self::Lookups => Host::Lookups,
            Self::Accounts => Host::Accounts,
            Self::Monitor => Host::Monitor,
            Self::Voice => Host::Voice,
            Self::Oauth => Host::Oauth,
            Self::Raw { host, .. } => host,
        }
    }

    /// Returns `true` if the paths of the product name the account.
    pub(in crate::client) const fn names_account(self) -> bool {
        match self {
            Self::Api | Self::ApiRoot => true,
            Self::Raw { names_account, .. } => names_account,
            Self::Messaging
            | Self::Lookups
            | Self::Accounts
            | Self::Monitor
            | Self::Voice
            | Self::Oauth => false,
        }
    }

    /// Returns `true` if requests contain the client's credentials. Access tokens are granted to an
    /// app, which has credentials of its own.
    pub(in crate::client) const fn signs_in(self) -> bool {
        !matches!(self.host(), Host::Oauth)
    }

    /// Returns the prefix of the product's paths.
    pub(in crate::client) fn prefix(self, account_sid: AccountSid) -> String {
        match self {
            Self::Api => format!("/2010-04-01/Accounts/{account_sid}"),
            Self::ApiRoot => "/2010-04-01".to_owned(),
            Self::Lookups => "/v2".to_owned(),
            Self::Messaging | Self::Accounts | Self::Monitor | Self::Voice => "/v1".to_owned(),
            Self::Oauth | Self::Raw { .. } => String::new(),
        }
    }
}
