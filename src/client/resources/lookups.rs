//! What is known about a number before anybody texts or calls it.
//!
//! Looking a number up tells nobody anything: [`Delivery`](crate::client::Delivery) is not asked.
//!
//! ```no_run
//! use clinspark_twilio::client::lookups::{LineType, LookupPhoneNumber, LookupPackage};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # async fn example(client: &Client, volunteer: E164) -> Result<(), Error> {
//! let lookup = LookupPhoneNumber::new(volunteer).fields(LookupPackage::LineTypeIntelligence);
//! let found = client.execute(lookup).await?;
//! let line = found.line_type_intelligence.and_then(|line| line.r#type);
//! if line == Some(LineType::Landline) {
//!     println!("call instead of texting");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`LookupPhoneNumber`], [`LookupPackage`] | asks about one number |
//! | [`LookupResult`] | answer to a lookup |
//! | [`ValidationError`] | why it is no number |
//! | [`LineTypeIntelligence`], [`LineType`] | what kind of line it is, and whose |
//!
//! Source: <https://www.twilio.com/docs/lookup/v2-api>

use crate::client::engine::read::{part, vocabulary_fields};
use crate::client::engine::request::request;
use crate::phone::{Address, E164};
use crate::types::{Redacted, open_enum};

request! {
    /// Asks about one number. Without packages it is free, and says whether the number can exist.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#make-a-lookup-request>
    LookupPhoneNumber => LookupResult {
        GET Lookups "/PhoneNumbers/{phone_number}" Read;
        path {
            /// the number
            phone_number: E164,
        }

        takes {
            /// What else to find out, for a fee; once for each.
            fields = "Fields": joined_word(LookupPackage),
        }
    }
}

open_enum! {
    /// What a lookup finds out for a fee.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#data-packages>
    pub enum LookupPackage {
        /// Whether the number can exist: free, and always there.
        Validation = "validation",
        /// What kind of line it is, and whose: [`LookupResult::line_type_intelligence`].
        LineTypeIntelligence = "line_type_intelligence",
    }
}

part! {
    /// What is known about a number.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#properties>
    LookupResult {
        /// The number in E.164.
        phone_number: Address,
        /// Whether it can exist.
        valid: bool,
        /// Why it cannot.
        validation_errors: Vec<ValidationError>,
        /// Its country, in two letters.
        country_code: String,
        /// The country's calling code, without a plus sign.
        calling_country_code: String,
        /// As people in its country write it.
        national_format: Redacted<String>,
        /// What kind of line it is, when it was asked for.
        line_type_intelligence: LineTypeIntelligence,
        /// Its address at Twilio, which holds the number.
        url: Redacted<String>,
    }
}

part! {
    /// What kind of line a number is, and whose.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence>
    LineTypeIntelligence {
        /// What kind of line it is.
        r#type: LineType,
        /// The carrier that the number was given to, or moved to.
        carrier_name: String,
        /// The carrier's country, as mobile networks number it.
        mobile_country_code: String,
        /// The carrier, as mobile networks number it.
        mobile_network_code: String,
        /// Why nothing could be found out, such as 60600.
        error_code: u32,
    }
}

open_enum! {
    /// What kind of line a number is.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence>
    pub enum LineType {
        /// A mobile phone.
        Mobile = "mobile",
        /// A fixed line: no texts.
        Landline = "landline",
        /// Over the internet, at one address.
        FixedVoip = "fixedVoip",
        /// Over the internet, from anywhere.
        NonFixedVoip = "nonFixedVoip",
        /// A personal number, forwarded at will.
        Personal = "personal",
        /// Free for the caller.
        TollFree = "tollFree",
        /// Dear for the caller.
        Premium = "premium",
        /// Paid by both.
        SharedCost = "sharedCost",
        /// One number for many offices.
        Uan = "uan",
        /// A mailbox.
        Voicemail = "voicemail",
        /// A pager.
        Pager = "pager",
        /// Nobody knows.
        Undetermined = "unknown",
    }
}

open_enum! {
    /// Why a number cannot exist.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#validation-errors>
    pub enum ValidationError {
        /// Too few digits.
        TooShort = "TOO_SHORT",
        /// Too many digits.
        TooLong = "TOO_LONG",
        /// The digits could be a number, and are not.
        InvalidButPossible = "INVALID_BUT_POSSIBLE",
        /// No such country.
        InvalidCountryCode = "INVALID_COUNTRY_CODE",
        /// A count of digits that its country does not have.
        InvalidLength = "INVALID_LENGTH",
        /// No number at all.
        NotANumber = "NOT_A_NUMBER",
    }
}

vocabulary_fields!(LineType, ValidationError);
