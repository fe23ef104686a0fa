//! Messaging Services: pools of senders that share settings.
//!
//! ```
//! use clinspark_twilio::client::services::{ListServices, UpdateService};
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
//! #         r#"{"services": [{"sid": "MG00000000000000000000000000000001"}]}"#,
//! #     ))
//! #     .reply(Reply::json(200, r#"{"sid": "MG00000000000000000000000000000001"}"#));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! // Let the numbers' webhooks handle incoming messages, in every service.
//! let mut services = client.list(ListServices::new());
//! while let Some(service) = services.next().await {
//!     let service = service?;
//!     if service.use_inbound_webhook_on_number != Some(true) {
//!         let defer = UpdateService::new(service.sid).use_inbound_webhook_on_number(true);
//!         client.execute(defer).await?;
//!     }
//! }
//! let sent = &transport.requests()[1];
//! assert_eq!(sent.parameter("UseInboundWebhookOnNumber").as_deref(), Some("true"));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`CreateService`], [`UpdateService`], [`DeleteService`] | create, update and delete a Messaging Service |
//! | [`FetchService`], [`ListServices`] | fetch one, or list all |
//! | [`Service`], [`ServiceName`], [`ScanMessageContent`] | a Messaging Service and its settings |
//! | [`FetchUsecases`], [`Usecases`], [`Usecase`] | use cases that a service can have |
//! | [`AddServicePhoneNumber`], [`ListServicePhoneNumbers`], [`FetchServicePhoneNumber`], [`RemoveServicePhoneNumber`], [`ServicePhoneNumber`] | phone numbers in the sender pool |
//! | [`AddServiceShortCode`], [`ListServiceShortCodes`], [`FetchServiceShortCode`], [`RemoveServiceShortCode`], [`ServiceShortCode`] | short codes in the sender pool |
//! | [`AddAlphaSender`], [`ListAlphaSenders`], [`FetchAlphaSender`], [`RemoveAlphaSender`], [`AlphaSender`] | alphanumeric senders in the sender pool |
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
        /// URL that Twilio requests for each incoming message. Without it, Twilio drops replies,
        /// unless `use_inbound_webhook_on_number` is set.
        inbound_request_url = "InboundRequestUrl": link,
        /// HTTP method for `inbound_request_url`. Default `POST`.
        inbound_method = "InboundMethod": word(Method),
        /// URL that Twilio requests when `inbound_request_url` fails.
        fallback_url = "FallbackUrl": link,
        /// HTTP method for `fallback_url`. Default `POST`.
        fallback_method = "FallbackMethod": word(Method),
        /// URL that receives the status of messages.
        status_callback = "StatusCallback": link,
        /// Sends all messages to a recipient from the same number. Default `true`.
        sticky_sender = "StickySender": flag,
        /// Sends media as links where MMS is not available. Default `true`.
        mms_converter = "MmsConverter": flag,
        /// Replaces look-alike Unicode characters, so that messages need fewer segments. Default
        /// `true`.
        smart_encoding = "SmartEncoding": flag,
        /// Reserved by Twilio.
        scan_message_content = "ScanMessageContent": word(ScanMessageContent),
        /// Falls back from a short code to a long code. Default `true`.
        fallback_to_long_code = "FallbackToLongCode": flag,
        /// Prefers a sender from the recipient's area code. Default `true`.
        area_code_geomatch = "AreaCodeGeomatch": flag,
        /// Maximum time of a message in Twilio's queue, 1 second to 10 hours. Default 10 hours.
        validity_period = "ValidityPeriod": seconds(1..=36_000),
        /// Reserved by Twilio.
        synchronous_validation = "SynchronousValidation": flag,
        /// Use case, as Twilio names it ([`FetchUsecases`]), such as `notifications`.
        usecase = "Usecase": text,
        /// Sends incoming messages to the webhook or TwiML App of the number, not to that of the
        /// service.
        use_inbound_webhook_on_number = "UseInboundWebhookOnNumber": flag,
    }

    /// Creates a Messaging Service.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#create-a-service-resource>
    CreateService => Service {
        POST Messaging "/Services" Create;
        needs {
            /// friendly name, at most 64 characters
            friendly_name: ServiceName,
        }
    }

    /// Updates a Messaging Service. Parameters that are not set keep their value; an empty string
    /// clears a URL.
    ///
    /// ```
    /// use clinspark_twilio::client::services::UpdateService;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, MessagingServiceSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = MessagingServiceSid::parse("MG00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(200, r#"{"sid": "MG00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let update = UpdateService::new(sid)
    ///     .inbound_request_url("https://clinic.example/twilio/sms")
    ///     .sticky_sender(true);
    /// client.execute(update).await?;
    /// assert_eq!(transport.requests()[0].parameters().len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#update-a-service-resource>
    UpdateService => Service {
        POST Messaging "/Services/{sid}" Update;
        path {
            /// SID of the Messaging Service
            sid: MessagingServiceSid,
        }
        takes {
            // Optional here, but an argument of `new` in `CreateService`: hence not in `options`.
            /// Friendly name, at most 64 characters.
            friendly_name = "FriendlyName": name,
        }
    }
}

// A type of its own, because an argument of `new` has to write its parameter itself.
/// Friendly name of a Messaging Service. Strings convert into it.
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
    /// Fetches one Messaging Service.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#fetch-a-service-resource>
    FetchService => Service {
        GET Messaging "/Services/{sid}" Read;
        path {
            /// SID of the Messaging Service
            sid: MessagingServiceSid,
        }
    }
}

request! {
    /// Lists the Messaging Services of the account.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#read-multiple-service-resources>
    ListServices => Page<Service> {
        GET Messaging "/Services" Read;

        takes {
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

request! {
    /// Deletes a Messaging Service and its campaign. Its senders stay in the account.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#delete-a-service-resource>
    DeleteService => () {
        DELETE Messaging "/Services/{sid}" Update;
        path {
            /// SID of the Messaging Service
            sid: MessagingServiceSid,
        }
    }
}

model! {
    /// Messaging Service, as Twilio returns it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource#service-properties>
    Service {
        /// SID of the Messaging Service.
        sid: MessagingServiceSid,
        /// SID of the account that owns the Messaging Service.
        account_sid: AccountSid,
        /// Friendly name of the Messaging Service.
        friendly_name: Redacted<String>,
        /// URL that Twilio requests for each incoming message.
        inbound_request_url: WebhookUrl,
        /// HTTP method for `inbound_request_url`.
        inbound_method: Method,
        /// URL that Twilio requests when `inbound_request_url` fails.
        fallback_url: WebhookUrl,
        /// HTTP method for `fallback_url`.
        fallback_method: Method,
        /// URL that receives the status of messages.
        status_callback: WebhookUrl,
        /// `true` if all messages to a recipient come from the same number.
        sticky_sender: bool,
        /// `true` if media are sent as links where MMS is not available.
        mms_converter: bool,
        /// `true` if look-alike Unicode characters are replaced.
        smart_encoding: bool,
        /// Reserved by Twilio.
        scan_message_content: ScanMessageContent,
        /// `true` if the service falls back from a short code to a long code.
        fallback_to_long_code: bool,
        /// `true` if the service prefers a sender from the recipient's area code.
        area_code_geomatch: bool,
        /// Maximum time of a message in Twilio's queue, in seconds.
        validity_period: u32,
        /// Reserved by Twilio.
        synchronous_validation: bool,
        /// Use case, as Twilio names it.
        usecase: String,
        /// `true` if a campaign (A2P 10DLC) is registered for the service.
        us_app_to_person_registered: bool,
        /// `true` if incoming messages go to the webhook of the number.
        use_inbound_webhook_on_number: bool,
        /// Time at which the Messaging Service was created.
        date_created: Timestamp,
        /// Time of the last update of the Messaging Service.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

impl Listed for Service {
    const KEY: &'static str = "services";
    const PRODUCT: Product = Product::Messaging;
}

request! {
    /// Fetches the use cases that a Messaging Service can have.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource>
    FetchUsecases => Usecases {
        GET Messaging "/Services/Usecases" Read;
    }
}

part! {
    /// Use cases that a Messaging Service can have.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource>
    Usecases {
        /// One item for each use case.
        usecases: Vec<Usecase>,
    }
}

part! {
    /// Use case of a Messaging Service.
    Usecase {
        /// Name of the use case, such as `notifications`.
        usecase: String,
        /// Description of the use case.
        description: String,
        /// Purpose of the use case, in a few words.
        purpose: String,
    }
}

open_enum! {
    /// Reserved by Twilio.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/service-resource>
    pub enum ScanMessageContent {
        /// Setting of the account.
        Inherit = "inherit",
        /// Enabled.
        Enable = "enable",
        /// Disabled.
        Disable = "disable",
    }
}

vocabulary_fields!(ScanMessageContent);
