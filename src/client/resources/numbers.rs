//! The phone numbers of an account, and what answers on them.
//!
//! ```no_run
//! use clinspark_twilio::client::numbers::{ListIncomingPhoneNumbers, UpdateIncomingPhoneNumber};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::types::ApplicationSid;
//! # async fn example(client: &Client, ours: E164, app: ApplicationSid) -> Result<(), Error> {
//! // Let the TwiML App answer texts and calls to our number.
//! let found = client.execute(ListIncomingPhoneNumbers::new().phone_number(ours)).await?;
//! if let Some(number) = found.items.first() {
//!     let bind = UpdateIncomingPhoneNumber::new(number.sid)
//!         .voice_application_sid(app)
//!         .sms_application_sid(app);
//!     client.execute(bind).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`ListIncomingPhoneNumbers`] | the account's numbers, or the one with given digits |
//! | [`FetchIncomingPhoneNumber`] | one number |
//! | [`UpdateIncomingPhoneNumber`] | binds a number to a TwiML App or to URLs |
//! | [`IncomingPhoneNumber`] | a number as Twilio has it |
//!
//! Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part};
use crate::client::engine::request::{Product, request};
use crate::client::engine::webhook_url::WebhookUrl;
use crate::phone::Address;
use crate::types::{AccountSid, ApplicationSid, Method, PhoneNumberSid, Redacted, Timestamp};

request! {
    /// Lists the account's numbers.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#read-multiple-incomingphonenumber-resources>
    ListIncomingPhoneNumbers => Page<IncomingPhoneNumber> {
        GET Api "/IncomingPhoneNumbers.json" Read;

        takes {
            /// Where the numbers come from, such as `twilio` or `hosted`.
            origin = "Origin": text,
            /// The one number with these digits.
            phone_number = "PhoneNumber": e164,
            /// Numbers with exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Whether numbers new to Twilio's network are listed. Default `true`.
            beta = "Beta": flag,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one number.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#fetch-an-incomingphonenumber-resource>
    FetchIncomingPhoneNumber => IncomingPhoneNumber {
        GET Api "/IncomingPhoneNumbers/{sid}.json" Read;
        path {
            /// the number's SID
            sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Changes what answers on a number. What is not set stays as it was.
    ///
    /// While a TwiML App is bound, the number's own URLs are ignored. Passing `None` for an
    /// application, or an empty text for a URL, clears it.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#update-an-incomingphonenumber-resource>
    UpdateIncomingPhoneNumber => IncomingPhoneNumber {
        POST Api "/IncomingPhoneNumbers/{sid}.json" Update;
        path {
            /// the number's SID
            sid: PhoneNumberSid,
        }

        takes {
            /// The TwiML App that answers calls.
            voice_application_sid = "VoiceApplicationSid": binding(ApplicationSid),
            /// The TwiML App that answers messages.
            sms_application_sid = "SmsApplicationSid": binding(ApplicationSid),
            /// A name for the number, at most 64 characters, no number itself.
            friendly_name = "FriendlyName": name,
            /// What answers calls.
            voice_url = "VoiceUrl": link,
            /// How it is asked. Default POST.
            voice_method = "VoiceMethod": word(Method),
            /// What answers calls when the voice URL fails.
            voice_fallback_url = "VoiceFallbackUrl": link,
            /// How it is asked. Default POST.
            voice_fallback_method = "VoiceFallbackMethod": word(Method),
            /// Looks up the names of callers, for a fee.
            voice_caller_id_lookup = "VoiceCallerIdLookup": flag,
            /// What answers messages.
            sms_url = "SmsUrl": link,
            /// How it is asked. Default POST.
            sms_method = "SmsMethod": word(Method),
            /// What answers messages when the SMS URL fails.
            sms_fallback_url = "SmsFallbackUrl": link,
            /// How it is asked. Default POST.
            sms_fallback_method = "SmsFallbackMethod": word(Method),
            /// Where the end of incoming calls is reported.
            status_callback = "StatusCallback": link,
            /// How it is reported. Default POST.
            status_callback_method = "StatusCallbackMethod": word(Method),
            /// The SID of the trunk that takes its calls instead of app and URLs, or empty.
            trunk_sid = "TrunkSid": text,
            /// Whether calls are taken as `voice` or as `fax`.
            voice_receive_mode = "VoiceReceiveMode": text,
            /// Whether emergency calls are set up: `Active` or `Inactive`.
            emergency_status = "EmergencyStatus": text,
            /// The SID of the address given to emergency services.
            emergency_address_sid = "EmergencyAddressSid": text,
            /// The SID of the address that the country asks for.
            address_sid = "AddressSid": text,
            /// The SID of the identity that the country asks for.
            identity_sid = "IdentitySid": text,
            /// The SID of the regulatory bundle.
            bundle_sid = "BundleSid": text,
        }
    }
}

model! {
    /// A number of the account.
    ///
    /// Source: <https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#incomingphonenumber-properties>
    IncomingPhoneNumber {
        /// Its SID.
        sid: PhoneNumberSid,
        /// The account that owns it.
        account_sid: AccountSid,
        /// The number itself.
        phone_number: Address,
        /// Its name; until somebody names it, the number as people write it.
        friendly_name: Redacted<String>,
        /// What it can do.
        capabilities: Capabilities,
        /// Whether it is new to Twilio's network.
        beta: bool,
        /// Where it comes from: `twilio`, or `hosted`.
        origin: String,
        /// Whether it is in use, such as `in-use`.
        status: String,
        /// What kind of number it is, such as `local`.
        r#type: String,
        /// The TwiML App that answers calls.
        voice_application_sid: ApplicationSid,
        /// What answers calls when no app is bound.
        voice_url: WebhookUrl,
        /// How it is asked.
        voice_method: Method,
        /// What answers calls when the voice URL fails.
        voice_fallback_url: WebhookUrl,
        /// How it is asked.
        voice_fallback_method: Method,
        /// Whether callers' names are looked up.
        voice_caller_id_lookup: bool,
        /// Whether calls are taken as `voice` or as `fax`.
        voice_receive_mode: String,
        /// The TwiML App that answers messages.
        sms_application_sid: ApplicationSid,
        /// What answers messages when no app is bound.
        sms_url: WebhookUrl,
        /// How it is asked.
        sms_method: Method,
        /// What answers messages when the SMS URL fails.
        sms_fallback_url: WebhookUrl,
        /// How it is asked.
        sms_fallback_method: Method,
        /// Where the end of incoming calls is reported.
        status_callback: WebhookUrl,
        /// How it is reported.
        status_callback_method: Method,
        /// The SID of the trunk that takes its calls; then app and URLs for calls are ignored.
        trunk_sid: String,
        /// Whether the country asks for an address: `none`, `any`, `local`, `foreign`.
        address_requirements: String,
        /// The SID of that address.
        address_sid: String,
        /// The SID of the identity that the country asks for.
        identity_sid: String,
        /// The SID of the regulatory bundle.
        bundle_sid: String,
        /// Whether emergency calls are set up: `Active` or `Inactive`.
        emergency_status: String,
        /// The SID of the address given to emergency services.
        emergency_address_sid: String,
        /// How far that address is registered.
        emergency_address_status: String,
        /// When it was bought or ported in.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that answers on it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for IncomingPhoneNumber {
    const KEY: &'static str = "incoming_phone_numbers";
    const PRODUCT: Product = Product::Api;
}

part! {
    /// What a number can do.
    #[derive(Copy)]
    Capabilities {
        /// Calls.
        voice: bool,
        /// Texts.
        #[serde(alias = "SMS")]
        sms: bool,
        /// Texts with media.
        #[serde(alias = "MMS")]
        mms: bool,
        /// Faxes.
        fax: bool,
    }
}
