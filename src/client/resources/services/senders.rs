//! The senders of a Messaging Service.

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
    /// Puts a number of the account into the pool. A number is in one pool at most:
    /// otherwise it is refused with 21710 or 21712.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    AddServicePhoneNumber => ServicePhoneNumber {
        POST Messaging "/Services/{service_sid}/PhoneNumbers" Create;
        path {
            /// the service
            service_sid: MessagingServiceSid,
        }
        needs {
            /// the number
            phone_number_sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Lists the numbers of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    ListServicePhoneNumbers => Page<ServicePhoneNumber> {
        GET Messaging "/Services/{service_sid}/PhoneNumbers" Read;
        path {
            /// the service
            service_sid: MessagingServiceSid,
        }

        takes {
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one number of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    FetchServicePhoneNumber => ServicePhoneNumber {
        GET Messaging "/Services/{service_sid}/PhoneNumbers/{sid}" Read;
        path {
            /// the service
            service_sid: MessagingServiceSid,
            /// the number's SID
            sid: PhoneNumberSid,
        }
    }
}

request! {
    /// Takes a number out of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    RemoveServicePhoneNumber => () {
        DELETE Messaging "/Services/{service_sid}/PhoneNumbers/{sid}" Update;
        path {
            /// the service
            service_sid: MessagingServiceSid,
            /// the number's SID
            sid: PhoneNumberSid,
        }
    }
}

model! {
    /// A number of a pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/phonenumber-resource>
    ServicePhoneNumber {
        /// Its SID.
        sid: PhoneNumberSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The service.
        service_sid: MessagingServiceSid,
        /// The number.
        phone_number: Address,
        /// Its country, in two letters.
        country_code: String,
        /// What it can do, such as `SMS`.
        capabilities: Vec<String>,
        /// When it was put in.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for ServicePhoneNumber {
    const KEY: &'static str = "phone_numbers";
    const PRODUCT: Product = Product::Messaging;
}

request! {
    /// Puts a short code of the account into the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    AddServiceShortCode => ServiceShortCode {
        POST Messaging "/Services/{service_sid}/ShortCodes" Create;
        path {
            /// the service
            service_sid: MessagingServiceSid,
        }
        needs {
            /// the short code
            short_code_sid: ShortCodeSid,
        }
    }
}

request! {
    /// Lists the short codes of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    ListServiceShortCodes => Page<ServiceShortCode> {
        GET Messaging "/Services/{service_sid}/ShortCodes" Read;
        path {
            /// the service
            service_sid: MessagingServiceSid,
        }

        takes {
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one short code of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    FetchServiceShortCode => ServiceShortCode {
        GET Messaging "/Services/{service_sid}/ShortCodes/{sid}" Read;
        path {
            /// the service
            service_sid: MessagingServiceSid,
            /// the short code's SID
            sid: ShortCodeSid,
        }
    }
}

request! {
    /// Takes a short code out of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    RemoveServiceShortCode => () {
        DELETE Messaging "/Services/{service_sid}/ShortCodes/{sid}" Update;
        path {
            /// the service
            service_sid: MessagingServiceSid,
            /// the short code's SID
            sid: ShortCodeSid,
        }
    }
}

model! {
    /// A short code of a pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/services-shortcode-resource>
    ServiceShortCode {
        /// Its SID.
        sid: ShortCodeSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The service.
        service_sid: MessagingServiceSid,
        /// The short code.
        short_code: String,
        /// Its country, in two letters.
        country_code: String,
        /// What it can do, such as `SMS`.
        capabilities: Vec<String>,
        /// When it was put in.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for ServiceShortCode {
    const KEY: &'static str = "short_codes";
    const PRODUCT: Product = Product::Messaging;
}

request! {
    /// Puts a name into the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    AddAlphaSender => AlphaSender {
        POST Messaging "/Services/{service_sid}/AlphaSenders" Create;
        path {
            /// the service
            service_sid: MessagingServiceSid,
        }
        needs {
            /// the name
            alpha_sender: AlphanumericSender,
        }
    }
}

request! {
    /// Lists the names of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    ListAlphaSenders => Page<AlphaSender> {
        GET Messaging "/Services/{service_sid}/AlphaSenders" Read;
        path {
            /// the service
            service_sid: MessagingServiceSid,
        }

        takes {
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Reads one name of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    FetchAlphaSender => AlphaSender {
        GET Messaging "/Services/{service_sid}/AlphaSenders/{sid}" Read;
        path {
            /// the service
            service_sid: MessagingServiceSid,
            /// the name's SID
            sid: AlphaSenderSid,
        }
    }
}

request! {
    /// Takes a name out of the pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    RemoveAlphaSender => () {
        DELETE Messaging "/Services/{service_sid}/AlphaSenders/{sid}" Update;
        path {
            /// the service
            service_sid: MessagingServiceSid,
            /// the name's SID
            sid: AlphaSenderSid,
        }
    }
}

model! {
    /// A name of a pool.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/alphasender-resource>
    AlphaSender {
        /// Its SID.
        sid: AlphaSenderSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// The service.
        service_sid: MessagingServiceSid,
        /// The name.
        alpha_sender: String,
        /// What it can do, such as `SMS`.
        capabilities: Vec<String>,
        /// When it was put in.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for AlphaSender {
    const KEY: &'static str = "alpha_senders";
    const PRODUCT: Product = Product::Messaging;
}

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
