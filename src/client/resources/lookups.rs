//! Lookups: validity, line type and carrier of a number, before you text or call it.
//!
//! A lookup contacts no one, so [`Delivery`](crate::client::Delivery) does not restrict it.
//!
//! ```
//! use clinspark_twilio::client::lookups::{LineType, LookupPackage, LookupPhoneNumber};
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let volunteer = E164::parse("+14155550123")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{"valid": true, "line_type_intelligence": {"type": "landline"}}"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let lookup = LookupPhoneNumber::new(volunteer).fields(LookupPackage::LineTypeIntelligence);
//! let found = client.execute(lookup).await?;
//! let line = found.line_type_intelligence.and_then(|line| line.r#type);
//! // A landline cannot receive texts: call it instead.
//! assert_eq!(line, Some(LineType::Landline));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`LookupPhoneNumber`], [`LookupPackage`] | looks up one number |
//! | [`LookupResult`] | the result |
//! | [`ValidationError`] | the reason why a number is invalid |
//! | [`LineTypeIntelligence`], [`LineType`] | line type and carrier |
//!
//! Source: <https://www.twilio.com/docs/lookup/v2-api>

use crate::client::engine::read::{part, vocabulary_fields};
use crate::client::engine::request::request;
use crate::codes::ErrorCode;
use crate::phone::{Address, E164};
use crate::types::{Redacted, open_enum};

request! {
    /// Looks up a phone number.
    ///
    /// Without packages the lookup is free, and checks only whether the number can exist.
    ///
    /// ```
    /// use clinspark_twilio::client::lookups::LookupPhoneNumber;
    /// # use clinspark_twilio::phone::E164;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let volunteer = E164::parse("+14155550123")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(200, r#"{"valid": true, "country_code": "US"}"#));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let found = client.execute(LookupPhoneNumber::new(volunteer)).await?;
    /// assert_eq!((found.valid, found.country_code.as_deref()), (Some(true), Some("US")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#make-a-lookup-request>
    LookupPhoneNumber => LookupResult {
        GET Lookups "/PhoneNumbers/{phone_number}" Read;
        path {
            /// phone number to look up
            phone_number: E164,
        }

        takes {
            // `joined_word`: Twilio takes all packages in one value, separated by commas.
            /// Data package to request, for a fee. Call once for each package.
            fields = "Fields": joined_word(LookupPackage),
        }
    }
}

open_enum! {
    /// Data package of a lookup.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#data-packages>
    pub enum LookupPackage {
        /// Validity of the number: free, and part of every lookup.
        Validation = "validation",
        /// Line type and carrier: [`LookupResult::line_type_intelligence`].
        // The other packages are left out: most of them ask about a person, not about a number.
        LineTypeIntelligence = "line_type_intelligence",
    }
}

part! {
    /// Result of a lookup.
    ///
    /// ```
    /// use clinspark_twilio::client::lookups::{LookupResult, ValidationError};
    ///
    /// let found: LookupResult = serde_json::from_str(
    ///     r#"{
    ///         "phone_number": "+1415555012",
    ///         "valid": false,
    ///         "validation_errors": ["TOO_SHORT"]
    ///     }"#,
    /// )?;
    /// assert_eq!(found.valid, Some(false));
    /// assert_eq!(found.validation_errors, Some(vec![ValidationError::TooShort]));
    /// assert!(!format!("{found:?}").contains("+1415555012"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#properties>
    LookupResult {
        /// Phone number, in E.164 format.
        phone_number: Address,
        /// `true` if the number is valid.
        valid: bool,
        /// Reasons why the number is invalid.
        validation_errors: Vec<ValidationError>,
        /// Country, in two letters.
        country_code: String,
        /// Calling code of the country, without a plus sign.
        calling_country_code: String,
        /// Number in its country's format.
        national_format: Redacted<String>,
        /// Line type and carrier, if the lookup requested that package.
        line_type_intelligence: LineTypeIntelligence,
        /// URL of this resource. It contains the number.
        url: Redacted<String>,
    }
}

part! {
    /// Line type and carrier of a number.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence>
    LineTypeIntelligence {
        /// Type of line.
        r#type: LineType,
        /// Carrier that the number was assigned or ported to.
        carrier_name: String,
        /// Mobile country code (MCC) of the carrier.
        mobile_country_code: String,
        /// Mobile network code (MNC) of the carrier.
        mobile_network_code: String,
        /// Twilio's error code if the package has no data, such as 60600.
        error_code: ErrorCode,
    }
}

open_enum! {
    /// Type of line.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence>
    pub enum LineType {
        /// Mobile phone.
        Mobile = "mobile",
        /// Landline. It cannot receive texts.
        Landline = "landline",
        /// Internet telephony at a fixed address.
        FixedVoip = "fixedVoip",
        /// Internet telephony without a fixed address.
        NonFixedVoip = "nonFixedVoip",
        /// Personal number, which its owner can forward.
        Personal = "personal",
        /// Toll-free number.
        TollFree = "tollFree",
        /// Premium-rate number: expensive for the caller.
        Premium = "premium",
        /// Shared-cost number: caller and owner each pay a part.
        SharedCost = "sharedCost",
        /// Universal access number (UAN): one number for many offices.
        Uan = "uan",
        /// Voicemail.
        Voicemail = "voicemail",
        /// Pager.
        Pager = "pager",
        /// Unknown to Twilio.
        // Not named `Unknown`: `open_enum!` gives that name to values newer than the crate.
        Undetermined = "unknown",
    }
}

open_enum! {
    /// Reason why a number is invalid.
    ///
    /// Source: <https://www.twilio.com/docs/lookup/v2-api#validation-errors>
    pub enum ValidationError {
        /// Too few digits.
        TooShort = "TOO_SHORT",
        /// Too many digits.
        TooLong = "TOO_LONG",
        /// Possible number of digits, but in no assigned range.
        InvalidButPossible = "INVALID_BUT_POSSIBLE",
        /// Unknown country code.
        InvalidCountryCode = "INVALID_COUNTRY_CODE",
        /// Number of digits that the country does not use.
        InvalidLength = "INVALID_LENGTH",
        /// Not a phone number.
        NotANumber = "NOT_A_NUMBER",
    }
}

vocabulary_fields!(LineType, ValidationError);
