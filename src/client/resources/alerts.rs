//! The debugger: what Twilio could not do for us, and why.
//!
//! ```no_run
//! use clinspark_twilio::client::alerts::{ListAlerts, LogLevel};
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let mut alerts = client.list(ListAlerts::new().log_level(LogLevel::Error));
//! while let Some(alert) = alerts.next().await {
//!     let alert = alert?;
//!     println!("{:?} {:?} {:?}", alert.date_generated, alert.error_code, alert.resource_sid);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListAlerts`], [`FetchAlert`] | read many, or one with the request that went wrong |
//! | [`Alert`], [`LogLevel`] | an entry of the debugger |
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-alert>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::types::{AccountSid, AlertSid, Method, Redacted, Timestamp, open_enum};

request! {
    /// Lists entries of the debugger, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert#read-multiple-alert-resources>
    ListAlerts => Page<Alert> {
        GET Monitor "/Alerts" Read;

        takes {
            /// Entries of this weight.
            log_level = "LogLevel": word(LogLevel),
            /// Entries made at this time or after; at most 30 days ago.
            start_date = "StartDate": time,
            /// Entries made at this time or before.
            end_date = "EndDate": time,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one entry, with the request and the answer that went wrong.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert#fetch-an-alert-resource>
    FetchAlert => Alert {
        GET Monitor "/Alerts/{sid}" Read;
        path {
            /// the entry
            sid: AlertSid,
        }
    }
}

model! {
    /// An entry of the debugger. What it quotes of requests and answers is about people.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert#alert-properties>
    Alert {
        /// Its SID.
        sid: AlertSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The SID of what it is about, such as a call or a message.
        resource_sid: String,
        /// The SID of the service that it is about.
        service_sid: String,
        /// Twilio's error code.
        error_code: u32,
        /// How grave it is.
        log_level: LogLevel,
        /// The page about the code.
        more_info: String,
        /// What went wrong, in Twilio's words and parameters.
        alert_text: Redacted<String>,
        /// How Twilio asked us.
        request_method: Method,
        /// Where Twilio asked us.
        request_url: Redacted<String>,
        /// With what parameters. Only when read alone.
        request_variables: Redacted<String>,
        /// With what headers. Only when read alone.
        request_headers: Redacted<String>,
        /// The headers that we answered with. Only when read alone.
        response_headers: Redacted<String>,
        /// What we answered. Only when read alone.
        response_body: Redacted<String>,
        /// When it went wrong.
        date_generated: Timestamp,
        /// When the entry was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that was used.
        api_version: String,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for Alert {
    const KEY: &'static str = "alerts";
    const PRODUCT: Product = Product::Monitor;
}

open_enum! {
    /// How grave an entry is.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert>
    pub enum LogLevel {
        /// Something was not done.
        Error = "error",
        /// Something was done otherwise.
        Warning = "warning",
        /// For information.
        Notice = "notice",
        /// For looking closely.
        Debug = "debug",
    }
}

vocabulary_fields!(LogLevel);
