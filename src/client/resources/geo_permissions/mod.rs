//! Geo permissions: the countries that the account may text and call.
//!
//! To a country that is not enabled, each text fails with error 21408 and each call with 21215.
//! Check the permissions before a batch.
//!
//! ```
//! use clinspark_twilio::client::geo_permissions::FetchMessagingGeoPermissions;
//! use clinspark_twilio::phone::Region;
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
//! #         r#"{"permissions": [{"country_code": "DE", "enabled": true}]}"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let germany: Region = "DE".parse()?;
//! let request = FetchMessagingGeoPermissions::new().country_code(germany);
//! let found = client.execute(request).await?;
//! let may_text = found.permissions.iter().flatten().any(|country| country.enabled == Some(true));
//! assert!(may_text);
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`FetchMessagingGeoPermissions`], [`MessagingGeoPermissions`], [`MessagingGeoPermission`] | countries for texts |
//! | [`UpdateMessagingGeoPermissions`], [`MessagingGeoChanges`] | enable and disable countries for texts |
//! | [`ListDialingPermissionsCountries`], [`FetchDialingPermissionsCountry`], [`DialingPermissionsCountry`] | countries for calls |
//! | [`UpdateDialingPermissions`], [`DialingChanges`], [`DialingChange`], [`DialingPermissionsUpdate`] | change countries for calls |
//! | [`FetchDialingPermissionsSettings`], [`UpdateDialingPermissionsSettings`], [`DialingPermissionsSettings`] | inheritance of the dialing permissions by sub-accounts |

mod update;

pub use update::{
    DialingChange, DialingChanges, DialingPermissionsUpdate, MessagingGeoChanges,
    UpdateDialingPermissions, UpdateDialingPermissionsSettings, UpdateMessagingGeoPermissions,
};

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::part;
use crate::client::engine::request::{Product, request};
use crate::phone::Region;

request! {
    /// Fetches the countries that may receive messages.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/sms-geo-permissions>
    FetchMessagingGeoPermissions => MessagingGeoPermissions {
        // No `Page`: Twilio returns all countries in one response.
        GET Accounts "/Messaging/GeoPermissions" Read;

        takes {
            /// Filters by this country. Default: all countries.
            country_code = "CountryCode": sid(Region),
        }
    }
}

part! {
    /// Countries that may receive messages.
    MessagingGeoPermissions {
        /// One item for each requested country.
        permissions: Vec<MessagingGeoPermission>,
    }
}

part! {
    /// Permission to send messages to one country.
    MessagingGeoPermission {
        /// Country, in two letters.
        country_code: String,
        /// Type of the region, such as `country`.
        r#type: String,
        /// Calling code, with a plus sign.
        prefix: String,
        /// `true` if messages may be sent to the country.
        enabled: bool,
        /// Twilio's remark, such as `High Risk Country`.
        message: String,
        /// Twilio's error code of a change, 0 for success.
        error_code: u32,
        /// Reasons why a change failed.
        error_messages: Vec<String>,
    }
}

request! {
    /// Lists countries with their dialing permissions.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
    ListDialingPermissionsCountries => Page<DialingPermissionsCountry> {
        GET Voice "/DialingPermissions/Countries" Read;

        takes {
            /// Filters by this country.
            iso_code = "IsoCode": sid(Region),
            /// Filters by continent, such as `EUROPE`.
            continent = "Continent": text,
            /// Filters by calling code.
            country_code = "CountryCode": text,
            /// Filters by the permission to call low-risk (ordinary) numbers.
            low_risk_numbers_enabled = "LowRiskNumbersEnabled": flag,
            /// Filters by the permission to call high-risk special numbers.
            high_risk_special_numbers_enabled = "HighRiskSpecialNumbersEnabled": flag,
            /// Filters by the permission to call numbers known for toll fraud.
            high_risk_tollfraud_numbers_enabled = "HighRiskTollfraudNumbersEnabled": flag,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches the dialing permissions of one country.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
    FetchDialingPermissionsCountry => DialingPermissionsCountry {
        GET Voice "/DialingPermissions/Countries/{iso_code}" Read;
        path {
            /// country
            iso_code: Region,
        }
    }
}

part! {
    /// Dialing permissions of one country.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
    DialingPermissionsCountry {
        /// Country, in two letters.
        iso_code: String,
        /// Name of the country.
        name: String,
        /// Continent of the country.
        continent: String,
        /// Calling codes, with plus signs.
        country_codes: Vec<String>,
        /// `true` if low-risk (ordinary) numbers may be called.
        low_risk_numbers_enabled: bool,
        /// `true` if high-risk special numbers may be called.
        high_risk_special_numbers_enabled: bool,
        /// `true` if numbers known for toll fraud may be called.
        high_risk_tollfraud_numbers_enabled: bool,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for DialingPermissionsCountry {
    // Twilio's page gives the list of countries this general name.
    const KEY: &'static str = "content";
    const PRODUCT: Product = Product::Voice;
}

request! {
    /// Fetches the inheritance of dialing permissions by sub-accounts.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-settings-resource>
    FetchDialingPermissionsSettings => DialingPermissionsSettings {
        GET Voice "/Settings" Read;
    }
}

part! {
    /// Inheritance of dialing permissions by sub-accounts.
    DialingPermissionsSettings {
        /// `true` if sub-accounts inherit the dialing permissions of the main account.
        dialing_permissions_inheritance: bool,
        /// URL of this resource.
        url: String,
    }
}
