//! Sender pool of a Messaging Service: phone numbers, short codes and alphanumeric senders.

use crate::client::engine::form::Form;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Argument, Product, request};
use crate::client::messages::AlphanumericSender;
use crate::phone::Address;
use crate::types::{
    AccountSid, AlphaSenderSid, MessagingServiceSid, PhoneNumberSid, ShortCodeSid, Timestamp,
};

request! {
    /// Adds a phone number of the account to the sender pool.
    ///
    /// A number can be in one pool only. Twilio rejects the request with 21710 if the number is in
    /// this pool, with 21712 if it is in another.
    ///
    /// ```
    /// use clinspark_twilio::codes::ErrorCode;
    /// use clinspark_twilio::client::services::AddServicePhoneNumber;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, MessagingServiceSid, PhoneNumberSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let service = MessagingServiceSid::parse("MG00000000000000000000000000000001")?;
    /// # let number = PhoneNumberSid::parse("PN00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new().reply(Reply::error(409, 21710));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// match client.execute(AddServicePhoneNumber::new(service, number)).await {
    ///     // The number is in the pool now, or was before.
    ///     Ok(_) => {}
    ///     Err(error) if error.code() == Some(ErrorCode::ALREADY_IN_SERVICE) => {}
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    AddServicePhoneNumber => ServicePhoneNumber {
        POST Messaging "/Services/{service_sid}/PhoneNumbers" Create;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
        }
        needs {
            /// SID of the phone number
            phone_number_sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Lists the phone numbers in the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    ListServicePhoneNumbers => Page<ServicePhoneNumber> {
        GET Messaging "/Services/{service_sid}/PhoneNumbers" Read;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one phone number of the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    FetchServicePhoneNumber => ServicePhoneNumber {
        GET Messaging "/Services/{service_sid}/PhoneNumbers/{sid}" Read;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
            /// SID of the phone number
            sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Removes a phone number from the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    RemoveServicePhoneNumber => () {
        // `Update`: a second removal changes nothing, so the client may retry it.
        DELETE Messaging "/Services/{service_sid}/PhoneNumbers/{sid}" Update;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
            /// SID of the phone number
            sid: PhoneNumberSid,
        }
    }
}

model! {
    /// Phone number in a sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    ServicePhoneNumber {
        /// SID of the phone number.
        sid: PhoneNumberSid,
        /// SID of the account that owns the phone number.
        account_sid: AccountSid,
        /// SID of the Messaging Service.
        service_sid: MessagingServiceSid,
        /// Phone number, in E.164 format.
        phone_number: Address,
        /// Country of the number, in two letters.
        country_code: String,
        /// Capabilities of the number, such as `SMS`.
        capabilities: Vec<String>,
        /// Time at which the number was added to the pool.
        date_created: Timestamp,
        /// Time of the last update of the phone number.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for ServicePhoneNumber {
    const KEY: &'static str = "phone_numbers";
    const PRODUCT: Product = Product::Messaging;
}

request! {
    /// Adds a short code of the account to the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    AddServiceShortCode => ServiceShortCode {
        POST Messaging "/Services/{service_sid}/ShortCodes" Create;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
        }
        needs {
            /// SID of the short code
            short_code_sid: ShortCodeSid,
        }
    }
}

request! {
    /// Lists the short codes in the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    ListServiceShortCodes => Page<ServiceShortCode> {
        GET Messaging "/Services/{service_sid}/ShortCodes" Read;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one short code of the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    FetchServiceShortCode => ServiceShortCode {
        GET Messaging "/Services/{service_sid}/ShortCodes/{sid}" Read;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
            /// SID of the short code
            sid: ShortCodeSid,
        }
    }
}

request! {
    /// Removes a short code from the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    RemoveServiceShortCode => () {
        DELETE Messaging "/Services/{service_sid}/ShortCodes/{sid}" Update;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
            /// SID of the short code
            sid: ShortCodeSid,
        }
    }
}

model! {
    /// Short code in a sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    ServiceShortCode {
        /// SID of the short code.
        sid: ShortCodeSid,
        /// SID of the account that owns the short code.
        account_sid: AccountSid,
        /// SID of the Messaging Service.
        service_sid: MessagingServiceSid,
        /// Digits of the short code.
        short_code: String,
        /// Country of the short code, in two letters.
        country_code: String,
        /// Capabilities of the short code, such as `SMS`.
        capabilities: Vec<String>,
        /// Time at which the short code was added to the pool.
        date_created: Timestamp,
        /// Time of the last update of the short code.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for ServiceShortCode {
    const KEY: &'static str = "short_codes";
    const PRODUCT: Product = Product::Messaging;
}

request! {
    /// Adds an alphanumeric sender to the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    AddAlphaSender => AlphaSender {
        POST Messaging "/Services/{service_sid}/AlphaSenders" Create;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
        }
        needs {
            /// alphanumeric sender
            alpha_sender: AlphanumericSender,
        }
    }
}

request! {
    /// Lists the alphanumeric senders in the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    ListAlphaSenders => Page<AlphaSender> {
        GET Messaging "/Services/{service_sid}/AlphaSenders" Read;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
        }

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Fetches one alphanumeric sender of the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    FetchAlphaSender => AlphaSender {
        GET Messaging "/Services/{service_sid}/AlphaSenders/{sid}" Read;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
            /// SID of the alphanumeric sender
            sid: AlphaSenderSid,
        }
    }
}

request! {
    /// Removes an alphanumeric sender from the sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    RemoveAlphaSender => () {
        DELETE Messaging "/Services/{service_sid}/AlphaSenders/{sid}" Update;
        path {
            /// SID of the Messaging Service
            service_sid: MessagingServiceSid,
            /// SID of the alphanumeric sender
            sid: AlphaSenderSid,
        }
    }
}

model! {
    /// Alphanumeric sender in a sender pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    AlphaSender {
        /// SID of the alphanumeric sender.
        sid: AlphaSenderSid,
        /// SID of the account that owns the alphanumeric sender.
        account_sid: AccountSid,
        /// SID of the Messaging Service.
        service_sid: MessagingServiceSid,
        /// Text of the alphanumeric sender.
        alpha_sender: String,
        /// Capabilities of the sender, such as `SMS`.
        capabilities: Vec<String>,
        /// Time at which the sender was added to the pool.
        date_created: Timestamp,
        /// Time of the last update of the alphanumeric sender.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for AlphaSender {
    const KEY: &'static str = "alpha_senders";
    const PRODUCT: Product = Product::Messaging;
}

// The SIDs and the name are arguments of `new`, so they write their parameters themselves.

impl Argument for PhoneNumberSid {
    const NAMES: &'static [&'static str] = &["PhoneNumberSid"];

    fn write(&self, form: &mut Form) {
        form.set("PhoneNumberSid", self.as_str());
    }
}

impl Argument for ShortCodeSid {
    const NAMES: &'static [&'static str] = &["ShortCodeSid"];

    fn write(&self, form: &mut Form) {
        form.set("ShortCodeSid", self.as_str());
    }
}

impl Argument for AlphanumericSender {
    const NAMES: &'static [&'static str] = &["AlphaSender"];

    fn write(&self, form: &mut Form) {
        form.set("AlphaSender", self.as_str());
    }
}
