//! Usage and its cost, by category.
//!
//! ```no_run
//! use clinspark_twilio::client::usage::ListUsageRecords;
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let mut records = client.list(ListUsageRecords::new().category("sms-outbound"));
//! while let Some(record) = records.next().await {
//!     let record = record?;
//!     println!("{:?} {:?} {:?}", record.count, record.price, record.price_unit);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListUsageRecords`] | lists usage by category |
//! | [`UsageRecord`] | usage of one category |
//!
//! Source: <https://www.twilio.com/docs/usage/api/usage-record>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::part;
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, Timestamp};

request! {
    /// Lists the usage of the account by category, over its whole life or a range of days.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/usage-record#read-multiple-usagerecord-resources>
    ListUsageRecords => Page<UsageRecord> {
        GET Api "/Usage/Records.json" Read;

        takes {
            /// Filters by category, such as `sms-outbound`.
            category = "Category": text,
            /// First day, in UTC.
            start_date = "StartDate": day,
            /// Last day, in UTC.
            end_date = "EndDate": day,
            /// Includes the usage of sub-accounts. Default `true`.
            include_subaccounts = "IncludeSubaccounts": flag,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

part! {
    /// Usage of one category.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/usage-record#usagerecord-properties>
    UsageRecord {
        /// SID of the account.
        account_sid: AccountSid,
        /// Category, such as `sms-outbound`.
        category: String,
        /// Twilio's description of the category.
        description: String,
        // Text, because counts of some categories have decimal places.
        /// Number of items, such as messages or calls.
        count: String,
        /// Unit of `count`, such as `messages`.
        count_unit: String,
        /// Amount that Twilio bills.
        usage: String,
        /// Unit of `usage`, such as `minutes`.
        usage_unit: String,
        // Text, because a floating-point number would round the amount.
        /// Cost in `price_unit`, a decimal number.
        price: String,
        /// Currency of `price`, such as `usd`.
        price_unit: String,
        /// First day of the record, such as `2026-11-30`, in UTC.
        start_date: String,
        /// Last day of the record, such as `2026-11-30`, in UTC.
        end_date: String,
        /// Time until which usage was counted.
        as_of: Timestamp,
        /// Version of the API.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for UsageRecord {
    const KEY: &'static str = "usage_records";
    const PRODUCT: Product = Product::Api;
}
