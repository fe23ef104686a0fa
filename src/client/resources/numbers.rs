//! Phone numbers of the account, and the TwiML Apps or URLs for their calls and messages.
//!
//! ```
//! use clinspark_twilio::client::numbers::{ListIncomingPhoneNumbers, UpdateIncomingPhoneNumber};
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken, ApplicationSid};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let ours = E164::parse("+14155550100")?;
//! # let app = ApplicationSid::parse("AP00000000000000000000000000000001")?;
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         200,
//! #         r#"{"incoming_phone_numbers": [{"sid": "PN00000000000000000000000000000001"}]}"#,
//! #     ))
//! #     .reply(Reply::json(200, r#"{"sid": "PN00000000000000000000000000000001"}"#));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! // Bind our number to the TwiML App, for texts and calls.
//! let found = client.execute(ListIncomingPhoneNumbers::new().phone_number(ours)).await?;
//! let number = found.items.first().ok_or("the number is not in this account")?;
//! let bind = UpdateIncomingPhoneNumber::new(number.sid)
//!     .voice_application_sid(app)
//!     .sms_application_sid(app);
//! client.execute(bind).await?;
//!
//! let sent = &transport.requests()[1];
//! assert_eq!(sent.parameter("SmsApplicationSid").as_deref(), Some(app.as_str()));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`ListIncomingPhoneNumbers`] | lists the account's numbers, or finds one by its digits |
//! | [`FetchIncomingPhoneNumber`] | fetches one number |
//! | [`UpdateIncomingPhoneNumber`] | binds a number to a TwiML App or to URLs |
//! | [`BuyPhoneNumber`], [`NumberToBuy`], [`ReleasePhoneNumber`] | buy a number, or release one |
//! | [`IncomingPhoneNumber`] | a number and its settings |
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource>

use super::create_and_update::create_and_update;
use crate::client::engine::form::Form;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part};
use crate::client::engine::request::{Argument, Product, request};
use crate::client::engine::webhook_url::WebhookUrl;
use crate::phone::{Address, E164};
use crate::types::{AccountSid, ApplicationSid, Method, PhoneNumberSid, Redacted, Timestamp};

request! {
    /// Lists the phone numbers of the account.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#read-multiple-incomingphonenumber-resources>
    ListIncomingPhoneNumbers => Page<IncomingPhoneNumber> {
        GET Api "/IncomingPhoneNumbers.json" Read;

        takes {
            /// Filters by origin of the number, such as `twilio` or `hosted`.
            origin = "Origin": text,
            /// Filters by this phone number.
            phone_number = "PhoneNumber": e164,
            /// Filters by exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Includes numbers that are new to Twilio's network. Default `true`.
            beta = "Beta": flag,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one phone number.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#fetch-an-incomingphonenumber-resource>
    FetchIncomingPhoneNumber => IncomingPhoneNumber {
        GET Api "/IncomingPhoneNumbers/{sid}.json" Read;
        path {
            /// SID of the phone number
            sid: PhoneNumberSid,
        }
    }
}

create_and_update! {
    options {
        /// SID of the TwiML App for calls.
        voice_application_sid = "VoiceApplicationSid": binding(ApplicationSid),
        /// SID of the TwiML App for messages.
        sms_application_sid = "SmsApplicationSid": binding(ApplicationSid),
        /// Friendly name, at most 64 characters. It must not contain a phone number.
        friendly_name = "FriendlyName": name,
        /// URL that Twilio requests for each incoming call.
        voice_url = "VoiceUrl": link,
        /// HTTP method for `voice_url`. Default `POST`.
        voice_method = "VoiceMethod": word(Method),
        /// URL that Twilio requests when `voice_url` fails.
        voice_fallback_url = "VoiceFallbackUrl": link,
        /// HTTP method for `voice_fallback_url`. Default `POST`.
        voice_fallback_method = "VoiceFallbackMethod": word(Method),
        /// Looks up callers' names, for a fee.
        voice_caller_id_lookup = "VoiceCallerIdLookup": flag,
        /// URL that Twilio requests for each incoming message.
        sms_url = "SmsUrl": link,
        /// HTTP method for `sms_url`. Default `POST`.
        sms_method = "SmsMethod": word(Method),
        /// URL that Twilio requests when `sms_url` fails.
        sms_fallback_url = "SmsFallbackUrl": link,
        /// HTTP method for `sms_fallback_url`. Default `POST`.
        sms_fallback_method = "SmsFallbackMethod": word(Method),
        /// URL that Twilio requests at the end of each incoming call.
        status_callback = "StatusCallback": link,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "StatusCallbackMethod": word(Method),
        // Text, because an empty string removes the trunk.
        /// SID of the trunk that receives calls instead of the TwiML App and the URLs. An empty
        /// string removes the trunk.
        trunk_sid = "TrunkSid": text,
        /// Type of incoming calls: `voice` or `fax`.
        voice_receive_mode = "VoiceReceiveMode": text,
        /// Status of emergency calling: `Active` or `Inactive`.
        emergency_status = "EmergencyStatus": text,
        /// SID of the address for emergency services.
        emergency_address_sid = "EmergencyAddressSid": text,
        /// SID of the address that the country requires.
        address_sid = "AddressSid": text,
        /// SID of the identity that the country requires.
        identity_sid = "IdentitySid": text,
        /// SID of the regulatory bundle.
        bundle_sid = "BundleSid": text,
    }

    /// Buys a phone number. Twilio bills it from then on.
    ///
    /// The client that a messenger hands out refuses the request: it needs a client of your own.
    /// The client does not retry after a lost response: an area code could buy a second number.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#create-an-incomingphonenumber-resource>
    BuyPhoneNumber => IncomingPhoneNumber {
        POST Api "/IncomingPhoneNumbers.json" Create;
        needs {
            /// number to buy, or its area code
            number: NumberToBuy,
        }
        reserved true;
    }

    /// Updates a phone number. Parameters that are not set keep their value.
    ///
    /// While a TwiML App is bound, Twilio ignores the number's own URLs. `None` unbinds a TwiML
    /// App, and an empty string clears a URL.
    ///
    /// ```
    /// use clinspark_twilio::client::numbers::UpdateIncomingPhoneNumber;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, PhoneNumberSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = PhoneNumberSid::parse("PN00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(200, r#"{"sid": "PN00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// // Unbind the TwiML App, so that the number's own URL handles messages.
    /// let update = UpdateIncomingPhoneNumber::new(sid)
    ///     .sms_application_sid(None)
    ///     .sms_url("https://clinic.example/twilio/sms");
    /// client.execute(update).await?;
    ///
    /// let sent = &transport.requests()[0];
    /// assert_eq!(sent.parameter("SmsApplicationSid").as_deref(), Some(""));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#update-an-incomingphonenumber-resource>
    UpdateIncomingPhoneNumber => IncomingPhoneNumber {
        POST Api "/IncomingPhoneNumbers/{sid}.json" Update;
        path {
            /// SID of the phone number
            sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Releases a phone number. Twilio may sell it to another customer.
    ///
    /// The client that a messenger hands out refuses the request: it needs a client of your own.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#delete-an-incomingphonenumber-resource>
    ReleasePhoneNumber => () {
        DELETE Api "/IncomingPhoneNumbers/{sid}.json" Update;
        path {
            /// SID of the phone number
            sid: PhoneNumberSid,
        }
        reserved true;
    }
}

/// Number to buy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberToBuy {
    /// This number, such as one of
    /// [`available_numbers`](crate::client::available_numbers).
    Number(E164),
    /// Any number of this area code, in the USA and Canada.
    AreaCode(u16),
}

impl From<E164> for NumberToBuy {
    fn from(number: E164) -> Self {
        Self::Number(number)
    }
}

impl Argument for NumberToBuy {
    const NAMES: &'static [&'static str] = &["PhoneNumber", "AreaCode"];

    fn write(&self, form: &mut Form) {
        match self {
            Self::Number(number) => form.set("PhoneNumber", number.as_str()),
            Self::AreaCode(code) => form.set_number("AreaCode", (*code).into(), &(200..=999)),
        }
    }
}

model! {
    /// Phone number of the account, as Twilio returns it.
    ///
    /// ```
    /// use clinspark_twilio::client::numbers::IncomingPhoneNumber;
    /// use clinspark_twilio::types::ApplicationSid;
    ///
    /// /// Returns `true` if the number can text, and the TwiML App handles the replies.
    /// fn can_text(number: &IncomingPhoneNumber, app: ApplicationSid) -> bool {
    ///     let can_text = number.capabilities.as_ref().and_then(|number| number.sms);
    ///     can_text == Some(true) && number.sms_application_sid == Some(app)
    /// }
    ///
    /// let number: IncomingPhoneNumber = serde_json::from_str(
    ///     r#"{
    ///         "sid": "PN00000000000000000000000000000001",
    ///         "capabilities": {"voice": true, "sms": true},
    ///         "sms_application_sid": "AP00000000000000000000000000000001"
    ///     }"#,
    /// )?;
    /// let app = ApplicationSid::parse("AP00000000000000000000000000000001")?;
    /// assert!(can_text(&number, app));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#incomingphonenumber-properties>
    IncomingPhoneNumber {
        /// SID of the phone number.
        sid: PhoneNumberSid,
        /// SID of the account that owns the phone number.
        account_sid: AccountSid,
        /// Phone number, in E.164 format.
        phone_number: Address,
        /// Friendly name. By default, the formatted phone number.
        friendly_name: Redacted<String>,
        /// Capabilities of the number.
        capabilities: Capabilities,
        /// `true` if the number is new to Twilio's network.
        beta: bool,
        /// Origin of the number: `twilio` or `hosted`.
        origin: String,
        /// Status of the number, such as `in-use`.
        status: String,
        /// Type of number, such as `local`.
        r#type: String,
        /// SID of the TwiML App for calls.
        voice_application_sid: ApplicationSid,
        /// URL that Twilio requests for each incoming call when no TwiML App is bound.
        voice_url: WebhookUrl,
        /// HTTP method for `voice_url`.
        voice_method: Method,
        /// URL that Twilio requests when `voice_url` fails.
        voice_fallback_url: WebhookUrl,
        /// HTTP method for `voice_fallback_url`.
        voice_fallback_method: Method,
        /// `true` if Twilio looks up callers' names.
        voice_caller_id_lookup: bool,
        /// Type of incoming calls: `voice` or `fax`.
        voice_receive_mode: String,
        /// SID of the TwiML App for messages.
        sms_application_sid: ApplicationSid,
        /// URL that Twilio requests for each incoming message when no TwiML App is bound.
        sms_url: WebhookUrl,
        /// HTTP method for `sms_url`.
        sms_method: Method,
        /// URL that Twilio requests when `sms_url` fails.
        sms_fallback_url: WebhookUrl,
        /// HTTP method for `sms_fallback_url`.
        sms_fallback_method: Method,
        /// URL that Twilio requests at the end of each incoming call.
        status_callback: WebhookUrl,
        /// HTTP method for `status_callback`.
        status_callback_method: Method,
        /// SID of the trunk that receives calls. If it is set, Twilio ignores the TwiML App and the
        /// URLs for calls.
        trunk_sid: String,
        /// Address that the country requires: `none`, `any`, `local` or `foreign`.
        address_requirements: String,
        /// SID of the address that the country requires.
        address_sid: String,
        /// SID of the identity that the country requires.
        identity_sid: String,
        /// SID of the regulatory bundle.
        bundle_sid: String,
        /// Status of emergency calling: `Active` or `Inactive`.
        emergency_status: String,
        /// SID of the address for emergency services.
        emergency_address_sid: String,
        /// Registration status of the emergency address, such as `registered`.
        emergency_address_status: String,
        /// Time at which the number was bought or ported in.
        date_created: Timestamp,
        /// Time of the last update of the phone number.
        date_updated: Timestamp,
        /// Version of the API that handles calls and messages to the number.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for IncomingPhoneNumber {
    const KEY: &'static str = "incoming_phone_numbers";
    const PRODUCT: Product = Product::Api;
}

part! {
    /// Capabilities of a phone number.
    #[derive(Copy)]
    Capabilities {
        /// `true` if the number can make and receive calls.
        voice: bool,
        /// `true` if the number can send and receive texts.
        // Twilio writes these two keys in either case, depending on the endpoint.
        #[serde(alias = "SMS")]
        sms: bool,
        /// `true` if the number can send and receive texts with media.
        #[serde(alias = "MMS")]
        mms: bool,
        /// `true` if the number can send and receive faxes.
        fax: bool,
    }
}
