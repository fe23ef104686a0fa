//! Messaging Services: pools of senders with settings in common.
//!
//! ```no_run
//! use clinspark_twilio::client::services::{ListServices, UpdateService};
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! // Let the webhooks of the numbers answer, in every service.
//! let mut services = client.list(ListServices::new());
//! while let Some(service) = services.next().await {
//!     let service = service?;
//!     if service.use_inbound_webhook_on_number != Some(true) {
//!         let defer = UpdateService::new(service.sid).use_inbound_webhook_on_number(true);
//!         client.execute(defer).await?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`CreateService`], [`UpdateService`], [`DeleteService`] | make, change and delete one |
//! | [`FetchService`], [`ListServices`] | read one, or all |
//! | [`Service`], [`ServiceName`], [`ScanMessageContent`] | a Messaging Service as Twilio has it |
//! | [`FetchUsecases`], [`Usecases`], [`Usecase`] | Twilio's words for what one is for |
//! | [`AddServicePhoneNumber`], [`ListServicePhoneNumbers`], [`FetchServicePhoneNumber`], [`RemoveServicePhoneNumber`], [`ServicePhoneNumber`] | the numbers of its pool |
//! | [`AddServiceShortCode`], [`ListServiceShortCodes`], [`FetchServiceShortCode`], [`RemoveServiceShortCode`], [`ServiceShortCode`] | the short codes of its pool |
//! | [`AddAlphaSender`], [`ListAlphaSenders`], [`FetchAlphaSender`], [`RemoveAlphaSender`], [`AlphaSender`] | the names of its pool |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/service-resource>

mod senders;

pub use senders::{
    AddAlphaSender, AddServicePhoneNumber, AddServiceShortCode, AlphaSender, FetchAlphaSender,
    FetchServicePhoneNumber, FetchServiceShortCode, ListAlphaSenders, ListServicePhoneNumbers,
    ListServiceShortCodes, RemoveAlphaSender, RemoveServicePhoneNumber, RemoveServiceShortCode,
    ServicePhoneNumber, ServiceShortCode,
};

use crate::client::engine::form::Form;
use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::{model, part, vocabulary_fields};
use crate::client::engine::request::{Argument, Product, request};
use crate::client::engine::webhook_url::WebhookUrl;
use crate::client::resources::create_and_update::create_and_update;
use crate::types::{AccountSid, MessagingServiceSid, Method, Redacted, Timestamp, open_enum};

create_and_update! {
    options {
        /// What answers incoming messages. Without one, and without deferring to the
        /// number's webhook, replies are dropped.
        inbound_request_url = "InboundRequestUrl": link,
        /// How it is asked. Default POST.
        inbound_method = "InboundMethod": word(Method),
        /// What answers when that fails.
        fallback_url = "FallbackUrl": link,
        /// How it is asked. Default POST.
        fallback_method = "FallbackMethod": word(Method),
        /// Where the state of messages is reported.
        status_callback = "StatusCallback": link,
        /// Texts a person from the number that texted them before. Default `true`.
        sticky_sender = "StickySender": flag,
        /// Sends pictures as links where they cannot be sent. Default `true`.
        mms_converter = "MmsConverter": flag,
        /// Replaces look-alike Unicode characters. Default `true`.
        smart_encoding = "SmartEncoding": flag,
        /// Reserved by Twilio.
        scan_message_content = "ScanMessageContent": word(ScanMessageContent),
        /// Falls back from a short code to a number. Default `true`.
        fallback_to_long_code = "FallbackToLongCode": flag,
        /// Texts a person from a number of their area. Default `true`.
        area_code_geomatch = "AreaCodeGeomatch": flag,
        /// How long Twilio may hold a message, 1 second to 10 hours (the default).
        validity_period = "ValidityPeriod": seconds(1..=36_000),
        /// Reserved by Twilio.
        synchronous_validation = "SynchronousValidation": flag,
        /// What it is for, in Twilio's words ([`FetchUsecases`]), such as `notifications`.
        usecase = "Usecase": text,
        /// Lets the number's own webhook, or its TwiML App, answer incoming messages.
        use_inbound_webhook_on_number = "UseInboundWebhookOnNumber": flag,
    }

    /// Creates a Messaging Service.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#create-a-service-resource>
    CreateService => Service {
        POST Messaging "/Services" Create;
        needs {
            /// its name, at most 64 characters
            friendly_name: ServiceName,
        }
    }

    /// Changes a Messaging Service. Settings that are not given stay; an empty text clears a URL.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#update-a-service-resource>
    UpdateService => Service {
        POST Messaging "/Services/{sid}" Update;
        path {
            /// the service
            sid: MessagingServiceSid,
        }
        takes {
            /// Its name, at most 64 characters.
            friendly_name = "FriendlyName": name,
        }
    }
}

/// The name of a Messaging Service. Texts convert into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName(Redacted<String>);

impl<T: Into<String>> From<T> for ServiceName {
    fn from(name: T) -> Self {
        Self(Redacted::new(name.into()))
    }
}

impl Argument for ServiceName {
    const NAMES: &'static [&'static str] = &["FriendlyName"];

    fn write(&self, form: &mut Form) {
        form.set_name("FriendlyName", self.0.expose().clone());
    }
}

request! {
    /// Reads one Messaging Service.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#fetch-a-service-resource>
    FetchService => Service {
        GET Messaging "/Services/{sid}" Read;
        path {
            /// the service
            sid: MessagingServiceSid,
        }
    }
}

request! {
    /// Lists the account's Messaging Services.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#read-multiple-service-resources>
    ListServices => Page<Service> {
        GET Messaging "/Services" Read;

        takes {
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Deletes a Messaging Service. Its senders stay in the account, its campaign does not.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#delete-a-service-resource>
    DeleteService => () {
        DELETE Messaging "/Services/{sid}" Update;
        path {
            /// the service
            sid: MessagingServiceSid,
        }
    }
}

model! {
    /// A Messaging Service as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#service-properties>
    Service {
        /// Its SID.
        sid: MessagingServiceSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// Its name.
        friendly_name: Redacted<String>,
        /// What answers incoming messages.
        inbound_request_url: WebhookUrl,
        /// How it is asked.
        inbound_method: Method,
        /// What answers when that fails.
        fallback_url: WebhookUrl,
        /// How it is asked.
        fallback_method: Method,
        /// Where the state of messages is reported.
        status_callback: WebhookUrl,
        /// Whether a person is texted from the number that texted them before.
        sticky_sender: bool,
        /// Whether pictures are sent as links where they cannot be sent.
        mms_converter: bool,
        /// Whether look-alike Unicode characters are replaced.
        smart_encoding: bool,
        /// Reserved by Twilio.
        scan_message_content: ScanMessageContent,
        /// Whether it falls back from a short code to a number.
        fallback_to_long_code: bool,
        /// Whether a person is texted from a number of their area.
        area_code_geomatch: bool,
        /// How long Twilio may hold a message, in seconds.
        validity_period: u32,
        /// Reserved by Twilio.
        synchronous_validation: bool,
        /// What it is for, in Twilio's words.
        usecase: String,
        /// Whether a campaign is registered for it (A2P 10DLC).
        us_app_to_person_registered: bool,
        /// Whether the number's own webhook answers incoming messages.
        use_inbound_webhook_on_number: bool,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its address at Twilio.
        url: String,
    }
}

impl Listed for Service {
    const KEY: &'static str = "services";
    const PRODUCT: Product = Product::Messaging;
}

request! {
    /// Reads Twilio's words for what a Messaging Service is for.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource>
    FetchUsecases => Usecases {
        GET Messaging "/Services/Usecases" Read;
    }
}

part! {
    /// Twilio's words for what a Messaging Service is for.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource>
    Usecases {
        /// One for each.
        usecases: Vec<Usecase>,
    }
}

part! {
    /// One of Twilio's words for what a Messaging Service is for.
    Usecase {
        /// The word, such as `notifications`.
        usecase: String,
        /// What it covers.
        description: String,
        /// The same in a few words.
        purpose: String,
    }
}

open_enum! {
    /// Reserved by Twilio.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource>
    pub enum ScanMessageContent {
        /// As the account has it.
        Inherit = "inherit",
        /// On.
        Enable = "enable",
        /// Off.
        Disable = "disable",
    }
}

vocabulary_fields!(ScanMessageContent);
