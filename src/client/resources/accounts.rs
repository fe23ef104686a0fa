//! The account itself, its sub-accounts, and what is left on it.
//!
//! ```no_run
//! use clinspark_twilio::client::accounts::{AccountStatus, FetchAccount, FetchBalance};
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let account = client.execute(FetchAccount::new(client.account_sid())).await?;
//! if account.status != Some(AccountStatus::Active) {
//!     println!("nothing can be sent from {}", account.sid);
//! }
//! let left = client.execute(FetchBalance::new()).await?;
//! println!("{:?} {:?}", left.balance, left.currency);
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`FetchAccount`], [`ListAccounts`] | read one account, or an account and its sub-accounts |
//! | [`FetchBalance`], [`Balance`] | what is left |
//! | [`Account`], [`AccountStatus`], [`AccountType`] | an account as Twilio has it |
//!
//! Source: <https://www.twilio.com/docs/iam/api/account>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, Redacted, Timestamp, open_enum};

request! {
    /// Reads one account: the client's own, or a sub-account of it.
    ///
    /// It needs the auth token or a main API key: with a standard key Twilio refuses it.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource>
    FetchAccount => Account {
        GET ApiRoot "/Accounts/{sid}.json" Read;
        path {
            /// the account
            sid: AccountSid,
        }
    }
}

request! {
    /// Lists the account that signs in, and its sub-accounts.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account#read-multiple-account-resources>
    ListAccounts => Page<Account> {
        GET ApiRoot "/Accounts.json" Read;

        takes {
            /// Accounts with exactly this name.
            friendly_name = "FriendlyName": text,
            /// Accounts in this state.
            status = "Status": word(AccountStatus),
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads what is left on the client's account. Sub-accounts have no balance of their own.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api>
    FetchBalance => Balance {
        GET Api "/Balance.json" Read;
    }
}

model! {
    /// An account as Twilio has it. Its auth token, which Twilio sends along, is not read.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account#account-properties>
    Account {
        /// Its SID.
        sid: AccountSid,
        /// The account above it; its own SID for a main account.
        owner_account_sid: AccountSid,
        /// Its name.
        friendly_name: Redacted<String>,
        /// Whether it may be used.
        status: AccountStatus,
        /// Whether it is a trial.
        r#type: AccountType,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for Account {
    const KEY: &'static str = "accounts";
    const PRODUCT: Product = Product::ApiRoot;
}

part! {
    /// What is left on an account.
    Balance {
        /// The account.
        account_sid: AccountSid,
        /// The amount, a decimal number in `currency`.
        balance: String,
        /// The currency, such as `USD`.
        currency: String,
    }
}

open_enum! {
    /// Whether an account may be used.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account>
    pub enum AccountStatus {
        /// It may.
        Active = "active",
        /// It may not, for now.
        Suspended = "suspended",
        /// It never will again.
        Closed = "closed",
    }
}

open_enum! {
    /// Whether an account is a trial.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/account>
    pub enum AccountType {
        /// It reaches verified numbers only.
        Trial = "Trial",
        /// It is paid for.
        Full = "Full",
    }
}

vocabulary_fields!(AccountStatus, AccountType);
