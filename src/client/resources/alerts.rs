//! Debugger alerts: errors and warnings that Twilio logged for the account.
//!
//! ```
//! use clinspark_twilio::client::alerts::{ListAlerts, LogLevel};
//! use clinspark_twilio::codes::ErrorCode;
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
//! #         r#"{
//! #             "alerts": [{
//! #                 "sid": "NO00000000000000000000000000000001",
//! #                 "error_code": "11200"
//! #             }]
//! #         }"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let mut alerts = client.list(ListAlerts::new().log_level(LogLevel::Error));
//! let newest = alerts.next().await.ok_or("no errors")??;
//! assert_eq!(newest.error_code, Some(ErrorCode::from(11200)));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`ListAlerts`], [`FetchAlert`] | list alerts, or fetch one with the HTTP request that caused it |
//! | [`Alert`], [`LogLevel`] | an alert and its log level |
//!
//! Source: <https://www.twilio.com/docs/usage/monitor-alert>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, vocabulary_fields};
use crate::client::engine::request::{Product, request};
use crate::codes::ErrorCode;
use crate::types::{AccountSid, AlertSid, Method, Redacted, Timestamp, open_enum};

request! {
    /// Lists debugger alerts, the newest first.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert#read-multiple-alert-resources>
    ListAlerts => Page<Alert> {
        GET Monitor "/Alerts" Read;

        takes {
            /// Filters by log level.
            log_level = "LogLevel": word(LogLevel),
            /// Filters by time of the alert: this time or later. At most 30 days ago.
            start_date = "StartDate": time,
            /// Filters by time of the alert: this time or earlier.
            end_date = "EndDate": time,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one alert, with the HTTP request and response that caused it.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert#fetch-an-alert-resource>
    FetchAlert => Alert {
        GET Monitor "/Alerts/{sid}" Read;
        path {
            /// SID of the alert
            sid: AlertSid,
        }
    }
}

model! {
    /// Debugger alert. Its quotes of requests and responses can contain personal data.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert#alert-properties>
    Alert {
        /// SID of the alert.
        sid: AlertSid,
        /// SID of the account that owns the alert.
        account_sid: AccountSid,
        // Text, because the alert can be about any type of resource.
        /// SID of the resource that the alert is about, such as a call or a message.
        resource_sid: String,
        /// SID of the service that the alert is about.
        service_sid: String,
        /// Twilio's error code.
        error_code: ErrorCode,
        /// Log level of the alert.
        log_level: LogLevel,
        /// URL of Twilio's page about the code.
        more_info: String,
        /// Twilio's text of the alert, with its parameters.
        alert_text: Redacted<String>,
        // The request and the response can be about a person, so their texts are redacted.
        /// HTTP method of Twilio's request to the webhook.
        request_method: Method,
        /// URL of Twilio's request to the webhook.
        request_url: Redacted<String>,
        /// Parameters of Twilio's request. [`FetchAlert`] only.
        request_variables: Redacted<String>,
        /// Headers of Twilio's request. [`FetchAlert`] only.
        request_headers: Redacted<String>,
        /// Headers of the webhook's response. [`FetchAlert`] only.
        response_headers: Redacted<String>,
        /// Body of the webhook's response. [`FetchAlert`] only.
        response_body: Redacted<String>,
        /// Time of the error.
        date_generated: Timestamp,
        /// Time at which the alert was created.
        date_created: Timestamp,
        /// Time of the last update of the alert.
        date_updated: Timestamp,
        /// Version of the API in use at the error.
        api_version: String,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for Alert {
    const KEY: &'static str = "alerts";
    const PRODUCT: Product = Product::Monitor;
}

open_enum! {
    /// Log level of an alert.
    ///
    /// Source: <https://www.twilio.com/docs/usage/monitor-alert>
    pub enum LogLevel {
        /// Error: Twilio did not carry out an action.
        Error = "error",
        /// Warning: Twilio carried out an action differently than requested.
        Warning = "warning",
        /// Notice, for information.
        Notice = "notice",
        /// Detail for debugging.
        Debug = "debug",
    }
}

vocabulary_fields!(LogLevel);
