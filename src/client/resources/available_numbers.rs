//! Phone numbers for sale. To buy one, see
//! [`BuyPhoneNumber`](crate::client::numbers::BuyPhoneNumber).
//!
//! ```no_run
//! use clinspark_twilio::client::available_numbers::ListAvailableLocalNumbers;
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::Region;
//! # async fn example(client: &Client, country: Region) -> Result<(), Error> {
//! let request = ListAvailableLocalNumbers::new(country).sms_enabled(true).voice_enabled(true);
//! let found = client.execute(request).await?;
//! for number in found.available_phone_numbers.iter().flatten() {
//!     println!("{:?} {:?}", number.locality, number.capabilities);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListAvailableCountries`], [`AvailableCountries`], [`AvailableCountry`] | countries with numbers for sale |
//! | [`ListAvailableLocalNumbers`], [`ListAvailableTollFreeNumbers`] | find numbers for sale in a country |
//! | [`AvailablePhoneNumbers`], [`AvailablePhoneNumber`] | numbers for sale |
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource>

use super::create_and_update::create_and_update;
use super::numbers::Capabilities;
use crate::client::engine::read::part;
use crate::client::engine::request::request;
use crate::phone::{Address, Region};
use crate::types::Redacted;

request! {
    /// Lists the countries in which numbers are for sale.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource#read-a-list-of-countries>
    ListAvailableCountries => AvailableCountries {
        // No `Page`: Twilio returns one response without a link to another.
        GET Api "/AvailablePhoneNumbers.json" Read;

        takes {
            /// Maximum number of countries, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

part! {
    /// Countries in which numbers are for sale.
    AvailableCountries {
        /// One item for each country.
        countries: Vec<AvailableCountry>,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

part! {
    /// Country in which numbers are for sale.
    AvailableCountry {
        /// Country, in two letters.
        country_code: String,
        /// Name of the country.
        country: String,
        /// `true` if all numbers of the country are new to Twilio's network.
        beta: bool,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

create_and_update! {
    options {
        /// Filters by area code, in the USA and Canada.
        area_code = "AreaCode": number(1..=999),
        /// Filters by digits, such as `555****`, or by letters on a keypad. `*` is any digit. At
        /// least two characters.
        contains = "Contains": text,
        /// Filters by numbers that can send and receive texts.
        sms_enabled = "SmsEnabled": flag,
        /// Filters by numbers that can send and receive texts with media.
        mms_enabled = "MmsEnabled": flag,
        /// Filters by numbers that can make and receive calls.
        voice_enabled = "VoiceEnabled": flag,
        /// Filters by numbers that can receive faxes.
        fax_enabled = "FaxEnabled": flag,
        /// Leaves out numbers that require an address of any kind. Default `false`.
        exclude_all_address_required = "ExcludeAllAddressRequired": flag,
        /// Leaves out numbers that require a local address. Default `false`.
        exclude_local_address_required = "ExcludeLocalAddressRequired": flag,
        /// Leaves out numbers that require a foreign address. Default `false`.
        exclude_foreign_address_required = "ExcludeForeignAddressRequired": flag,
        /// Includes numbers that are new to Twilio's network. Default `true`.
        beta = "Beta": flag,
        /// Filters by numbers near this number, in the USA and Canada.
        near_number = "NearNumber": e164,
        /// Filters by numbers near this place: latitude and longitude, such as
        /// `37.7749,-122.4194`. USA and Canada only.
        near_lat_long = "NearLatLong": text,
        /// Radius of the two filters above, up to 500 miles. Default 25 miles.
        distance = "Distance": number(1..=500),
        /// Filters by postal code, in the USA and Canada.
        in_postal_code = "InPostalCode": text,
        /// Filters by state or province, such as `CA`, in the USA and Canada.
        in_region = "InRegion": text,
        /// Filters by rate center, such as `OXNARD`. It requires `in_lata`. USA and Canada only.
        in_rate_center = "InRateCenter": text,
        /// Filters by local access and transport area (LATA), in the USA and Canada.
        in_lata = "InLata": text,
        /// Filters by city.
        in_locality = "InLocality": text,
        /// Maximum number of phone numbers, 1 to 1,000. Default 50.
        page_size = "PageSize": number(1..=1_000),
    }

    /// Finds local numbers for sale in a country.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource>
    ListAvailableLocalNumbers => AvailablePhoneNumbers {
        // No `Page`: Twilio returns one response without a link to another.
        GET Api "/AvailablePhoneNumbers/{country}/Local.json" Read;
        path {
            /// country
            country: Region,
        }
    }

    /// Finds toll-free numbers for sale in a country.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-tollfree-resource>
    ListAvailableTollFreeNumbers => AvailablePhoneNumbers {
        GET Api "/AvailablePhoneNumbers/{country}/TollFree.json" Read;
        path {
            /// country
            country: Region,
        }
    }
}

part! {
    /// Numbers for sale.
    AvailablePhoneNumbers {
        /// One item for each number.
        available_phone_numbers: Vec<AvailablePhoneNumber>,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

part! {
    /// Number for sale.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource#availablephonenumber-local-properties>
    AvailablePhoneNumber {
        /// Phone number, in E.164 format.
        phone_number: Address,
        /// Number in its country's format.
        friendly_name: Redacted<String>,
        /// Capabilities of the number.
        capabilities: Capabilities,
        /// Address that the country requires: `none`, `any`, `local` or `foreign`.
        address_requirements: String,
        /// `true` if the number is new to Twilio's network.
        beta: bool,
        /// Country, in two letters.
        iso_country: String,
        /// State or province, such as `CA`.
        region: String,
        /// City.
        locality: String,
        /// Postal code.
        postal_code: String,
        /// Rate center.
        rate_center: String,
        /// Local access and transport area (LATA).
        lata: String,
        // Text, because Twilio writes the coordinates as text.
        /// Latitude, in degrees.
        latitude: String,
        /// Longitude, in degrees.
        longitude: String,
    }
}
