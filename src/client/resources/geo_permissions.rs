//! Which countries may be texted and called from the account.
//!
//! A country that is not enabled fails with 21408 for texts and 21215 for calls, person by
//! person: look before a batch.
//!
//! ```no_run
//! use clinspark_twilio::client::geo_permissions::FetchMessagingGeoPermissions;
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::Region;
//! # async fn example(client: &Client, country: Region) -> Result<(), Error> {
//! let request = FetchMessagingGeoPermissions::new().country_code(country);
//! let found = client.execute(request).await?;
//! let may_text = found.permissions.iter().flatten().any(|country| country.enabled == Some(true));
//! println!("{may_text}");
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`FetchMessagingGeoPermissions`], [`MessagingGeoPermissions`], [`MessagingGeoPermission`] | texts |
//! | [`ListDialingPermissionsCountries`], [`FetchDialingPermissionsCountry`], [`DialingPermissionsCountry`] | calls |
//! | [`FetchDialingPermissionsSettings`], [`DialingPermissionsSettings`] | whether sub-accounts inherit those |

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::part;
use crate::client::engine::request::{Product, request};
use crate::phone::Region;

request! {
    /// Reads which countries may be texted.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/sms-geo-permissions>
    FetchMessagingGeoPermissions => MessagingGeoPermissions {
        GET Accounts "/Messaging/GeoPermissions" Read;

        takes {
            /// Only this country. Default all.
            country_code = "CountryCode": sid(Region),
        }
    }
}

part! {
    /// Which countries may be texted.
    MessagingGeoPermissions {
        /// One for each country that was asked for.
        permissions: Vec<MessagingGeoPermission>,
    }
}

part! {
    /// Whether one country may be texted.
    MessagingGeoPermission {
        /// The country, in two letters.
        country_code: String,
        /// What it is, such as `country`.
        r#type: String,
        /// Its calling code, with a plus sign.
        prefix: String,
        /// Whether it may be texted.
        enabled: bool,
        /// Twilio's remark, such as `High Risk Country`.
        message: String,
    }
}

request! {
    /// Lists which countries may be called.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
    ListDialingPermissionsCountries => Page<DialingPermissionsCountry> {
        GET Voice "/DialingPermissions/Countries" Read;

        takes {
            /// This country.
            iso_code = "IsoCode": sid(Region),
            /// Countries of this continent, such as `EUROPE`.
            continent = "Continent": text,
            /// Countries with this calling code.
            country_code = "CountryCode": text,
            /// Countries whose ordinary numbers may, or may not, be called.
            low_risk_numbers_enabled = "LowRiskNumbersEnabled": flag,
            /// Countries whose special numbers may, or may not, be called.
            high_risk_special_numbers_enabled = "HighRiskSpecialNumbersEnabled": flag,
            /// Countries whose numbers known for fraud may, or may not, be called.
            high_risk_tollfraud_numbers_enabled = "HighRiskTollfraudNumbersEnabled": flag,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads whether one country may be called.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
    FetchDialingPermissionsCountry => DialingPermissionsCountry {
        GET Voice "/DialingPermissions/Countries/{iso_code}" Read;
        path {
            /// the country
            iso_code: Region,
        }
    }
}

part! {
    /// Whether one country may be called.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
    DialingPermissionsCountry {
        /// The country, in two letters.
        iso_code: String,
        /// Its name.
        name: String,
        /// Its continent.
        continent: String,
        /// Its calling codes, with plus signs.
        country_codes: Vec<String>,
        /// Whether its ordinary numbers may be called.
        low_risk_numbers_enabled: bool,
        /// Whether its special numbers may be called.
        high_risk_special_numbers_enabled: bool,
        /// Whether its numbers known for fraud may be called.
        high_risk_tollfraud_numbers_enabled: bool,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for DialingPermissionsCountry {
    const KEY: &'static str = "content";
    const PRODUCT: Product = Product::Voice;
}

request! {
    /// Reads whether sub-accounts inherit which countries may be called.
    ///
    /// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-settings-resource>
    FetchDialingPermissionsSettings => DialingPermissionsSettings {
        GET Voice "/Settings" Read;
    }
}

part! {
    /// Whether sub-accounts inherit which countries may be called.
    DialingPermissionsSettings {
        /// Whether they do.
        dialing_permissions_inheritance: bool,
        /// Its address at Twilio.
        url: String,
    }
}
