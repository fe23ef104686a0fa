//! The short codes of an account, and what answers texts to them.
//!
//! ```no_run
//! use clinspark_twilio::client::short_codes::ListShortCodes;
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let mut codes = client.list(ListShortCodes::new());
//! while let Some(code) = codes.next().await {
//!     println!("{:?}", code?.short_code);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListShortCodes`], [`FetchShortCode`] | read all, or one |
//! | [`ShortCode`] | a short code as Twilio has it |
//!
//! Source: <https://www.twilio.com/docs/sms/api/short-code>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::client::engine::webhook_url::WebhookUrl;
use crate::types::{AccountSid, Method, Redacted, ShortCodeSid, Timestamp};

request! {
    /// Lists the account's short codes.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#read-multiple-shortcode-resources>
    ListShortCodes => Page<ShortCode> {
        GET Api "/SMS/ShortCodes.json" Read;

        takes {
            /// Those with exactly this name.
            friendly_name = "FriendlyName": text,
            /// Those with these digits.
            short_code = "ShortCode": text,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one short code.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#fetch-a-shortcode-resource>
    FetchShortCode => ShortCode {
        GET Api "/SMS/ShortCodes/{sid}.json" Read;
        path {
            /// the short code's SID
            sid: ShortCodeSid,
        }
    }
}

model! {
    /// A short code of the account.
    ///
    /// Source: <https://www.twilio.com/docs/sms/api/short-code#shortcode-properties>
    ShortCode {
        /// Its SID.
        sid: ShortCodeSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// Its name.
        friendly_name: Redacted<String>,
        /// The digits.
        short_code: String,
        /// What answers messages.
        sms_url: WebhookUrl,
        /// How it is asked.
        sms_method: Method,
        /// What answers messages when the SMS URL fails.
        sms_fallback_url: WebhookUrl,
        /// How it is asked.
        sms_fallback_method: Method,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that answers on it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for ShortCode {
    const KEY: &'static str = "short_codes";
    const PRODUCT: Product = Product::Api;
}
