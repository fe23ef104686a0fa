//! Short codes of the account, and the URLs that handle messages to them.
//!
//! ```
//! use clinspark_twilio::client::short_codes::ListShortCodes;
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
//! #             "short_codes": [{
//! #                 "sid": "SC00000000000000000000000000000001",
//! #                 "short_code": "894546"
//! #             }]
//! #         }"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let mut codes = client.list(ListShortCodes::new());
//! while let Some(code) = codes.next().await {
//!     assert_eq!(code?.short_code.as_deref(), Some("894546"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`ListShortCodes`], [`FetchShortCode`] | list all, or fetch one |
//! | [`UpdateShortCode`] | sets the URLs of a short code |
//! | [`ShortCode`] | a short code and its URLs |
//!
//! Source: <https://www.twilio.com/docs/sms/api/short-code>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::client::engine::webhook_url::WebhookUrl;
use crate::types::{AccountSid, Method, Redacted, ShortCodeSid, Timestamp};

request! {
    /// Lists the short codes of the account.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#read-multiple-shortcode-resources>
    ListShortCodes => Page<ShortCode> {
        GET Api "/SMS/ShortCodes.json" Read;

        takes {
            /// Filters by exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Filters by exactly these digits.
            short_code = "ShortCode": text,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one short code.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#fetch-a-shortcode-resource>
    FetchShortCode => ShortCode {
        GET Api "/SMS/ShortCodes/{sid}.json" Read;
        path {
            /// SID of the short code
            sid: ShortCodeSid,
        }
    }
}

request! {
    /// Updates a short code. Parameters that are not set keep their value; an empty string clears a
    /// URL.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#update-a-shortcode-resource>
    UpdateShortCode => ShortCode {
        POST Api "/SMS/ShortCodes/{sid}.json" Update;
        path {
            /// SID of the short code
            sid: ShortCodeSid,
        }

        takes {
            /// Friendly name, at most 64 characters. It must not contain a phone number.
            friendly_name = "FriendlyName": name,
            /// URL that Twilio requests for each incoming message.
            sms_url = "SmsUrl": link,
            /// HTTP method for `sms_url`. Default `POST`.
            sms_method = "SmsMethod": word(Method),
            /// URL that Twilio requests when `sms_url` fails.
            sms_fallback_url = "SmsFallbackUrl": link,
            /// HTTP method for `sms_fallback_url`. Default `POST`.
            sms_fallback_method = "SmsFallbackMethod": word(Method),
        }
    }
}

model! {
    /// Short code of the account, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#shortcode-properties>
    ShortCode {
        /// SID of the short code.
        sid: ShortCodeSid,
        /// SID of the account that owns the short code.
        account_sid: AccountSid,
        /// Friendly name of the short code.
        friendly_name: Redacted<String>,
        /// Digits of the short code.
        short_code: String,
        /// URL that Twilio requests for each incoming message.
        sms_url: WebhookUrl,
        /// HTTP method for `sms_url`.
        sms_method: Method,
        /// URL that Twilio requests when `sms_url` fails.
        sms_fallback_url: WebhookUrl,
        /// HTTP method for `sms_fallback_url`.
        sms_fallback_method: Method,
        /// Time at which the short code was created.
        date_created: Timestamp,
        /// Time of the last update of the short code.
        date_updated: Timestamp,
        /// Version of the API that handles messages to the short code.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for ShortCode {
    const KEY: &'static str = "short_codes";
    const PRODUCT: Product = Product::Api;
}
