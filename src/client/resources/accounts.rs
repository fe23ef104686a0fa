//! Account, sub-accounts and balance.
//!
//! ```
//! use clinspark_twilio::client::accounts::{AccountStatus, FetchAccount, FetchBalance};
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{"sid": "AC00000000000000000000000000000001", "status": "active"}"#,
//! #     ))
//! #     .reply(Reply::json(200, r#"{"balance": "8.50", "currency": "USD"}"#));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let account = client.execute(FetchAccount::new(client.account_sid())).await?;
//! assert_eq!(account.status, Some(AccountStatus::Active));
//!
//! // The amount is text, because a floating-point number would round it.
//! let balance = client.execute(FetchBalance::new()).await?;
//! assert_eq!(balance.balance.as_deref(), Some("8.50"));
//! assert_eq!(balance.currency.as_deref(), Some("USD"));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`FetchAccount`], [`ListAccounts`] | fetch one account, or list an account and its sub-accounts |
//! | [`FetchBalance`], [`Balance`] | the balance of the account |
//! | [`Account`], [`AccountStatus`], [`AccountType`] | an account, its status and its type |
//!
//! Source: <https://www.twilio.com/docs/iam/api/account>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, Redacted, Timestamp, open_enum};

request! {
    /// Fetches one account: the client's own, or one of its sub-accounts.
    ///
    /// Requires the auth token or a main API key. Twilio rejects the request with a standard API
    /// key.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource>
    FetchAccount => Account {
        // `ApiRoot`, because the path names the account itself.
        GET ApiRoot "/Accounts/{sid}.json" Read;
        path {
            /// SID of the account
            sid: AccountSid,
        }
    }
}

request! {
    /// Lists the account of the credentials, and its sub-accounts.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account#read-multiple-account-resources>
    ListAccounts => Page<Account> {
        GET ApiRoot "/Accounts.json" Read;

        takes {
            /// Filters by exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Filters by status.
            status = "Status": word(AccountStatus),
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches the balance of the client's account. Sub-accounts have no balance of their own.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api>
    FetchBalance => Balance {
        GET Api "/Balance.json" Read;
    }
}

model! {
    /// Account, as Twilio returns it. The client does not read its auth token.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account#account-properties>
    Account {
        /// SID of the account.
        sid: AccountSid,
        // `auth_token` is left out on purpose: a secret that is not read cannot get into a log.
        /// SID of the parent account. The account's own SID for a main account.
        owner_account_sid: AccountSid,
        /// Friendly name of the account.
        friendly_name: Redacted<String>,
        /// Status of the account.
        status: AccountStatus,
        /// Trial account or paid account.
        r#type: AccountType,
        /// Time at which the account was created.
        date_created: Timestamp,
        /// Time of the last update of the account.
        date_updated: Timestamp,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Account {
    const KEY: &'static str = "accounts";
    const PRODUCT: Product = Product::ApiRoot;
}

part! {
    /// Balance of an account.
    Balance {
        /// SID of the account.
        account_sid: AccountSid,
        // Text, because a floating-point number would round the amount.
        /// Amount in `currency`, a decimal number.
        balance: String,
        /// Currency of `balance`, such as `USD`.
        currency: String,
    }
}

open_enum! {
    /// Status of an account.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account>
    pub enum AccountStatus {
        /// Active.
        Active = "active",
        /// Suspended: it cannot be used for now.
        Suspended = "suspended",
        /// Closed: it can never be used again.
        Closed = "closed",
    }
}

open_enum! {
    /// Type of an account.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account>
    pub enum AccountType {
        /// Trial account. It can reach verified numbers only.
        Trial = "Trial",
        /// Paid account.
        Full = "Full",
    }
}

vocabulary_fields!(AccountStatus, AccountType);
