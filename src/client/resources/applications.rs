//! TwiML Apps: each is one set of webhook URLs for many numbers.
//!
//! ClinSpark's setting Application SID is the SID of a TwiML App.
//!
//! ```
//! use clinspark_twilio::client::applications::CreateApplication;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(201, r#"{"sid": "AP00000000000000000000000000000001"}"#));
//! # let client = Client::builder(credentials, Delivery::Off)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let app = client
//!     .execute(
//!         CreateApplication::new()
//!             .friendly_name("ClinSpark")
//!             .voice_url("https://clinic.example/twilio/voice")
//!             .sms_url("https://clinic.example/twilio/sms"),
//!     )
//!     .await?;
//! assert_eq!(app.sid.as_str(), "AP00000000000000000000000000000001");
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`CreateApplication`], [`UpdateApplication`] | create and update a TwiML App |
//! | [`FetchApplication`], [`ListApplications`] | fetch one, or list all |
//! | [`DeleteApplication`] | deletes a TwiML App |
//! | [`Application`] | a TwiML App and its URLs |
//!
//! Source: <https://www.twilio.com/docs/usage/api/applications>

use crate::client::engine::page::{Listed, Page};
use crate::client::engine::read::model;
use crate::client::engine::request::{Product, request};
use crate::client::engine::webhook_url::WebhookUrl;
use crate::client::resources::create_and_update::create_and_update;
use crate::types::{AccountSid, ApplicationSid, Method, Redacted, Timestamp};

create_and_update! {
    options {
        /// Friendly name of the TwiML App, at most 64 characters.
        friendly_name = "FriendlyName": name,
        // Rows with `link` also accept an empty string, by which an update clears a URL.
        /// URL that Twilio requests for each incoming call.
        voice_url = "VoiceUrl": link,
        /// HTTP method for `voice_url`. Default `POST`.
        voice_method = "VoiceMethod": word(Method),
        /// URL that Twilio requests when `voice_url` fails.
        voice_fallback_url = "VoiceFallbackUrl": link,
        /// HTTP method for `voice_fallback_url`. Default `POST`.
        voice_fallback_method = "VoiceFallbackMethod": word(Method),
        /// Looks up callers' names, for a fee. Default `false`.
        voice_caller_id_lookup = "VoiceCallerIdLookup": flag,
        /// URL that Twilio requests at the end of each call.
        status_callback = "StatusCallback": link,
        /// HTTP method for `status_callback`. Default `POST`.
        status_callback_method = "StatusCallbackMethod": word(Method),
        /// URL that Twilio requests for each incoming message.
        sms_url = "SmsUrl": link,
        /// HTTP method for `sms_url`. Default `POST`.
        sms_method = "SmsMethod": word(Method),
        /// URL that Twilio requests when `sms_url` fails.
        sms_fallback_url = "SmsFallbackUrl": link,
        /// HTTP method for `sms_fallback_url`. Default `POST`.
        sms_fallback_method = "SmsFallbackMethod": word(Method),
        /// URL for the status of messages sent by TwiML verbs. Superseded by
        /// `message_status_callback`.
        sms_status_callback = "SmsStatusCallback": link,
        /// URL for the status of messages sent through the TwiML App.
        message_status_callback = "MessageStatusCallback": link,
        /// Permits other accounts to call the TwiML App by `<Application>`. Default `false`.
        public_application_connect_enabled = "PublicApplicationConnectEnabled": flag,
    }

    /// Creates a TwiML App.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#create-an-application-resource>
    CreateApplication => Application {
        POST Api "/Applications.json" Create;
    }

    /// Updates a TwiML App. Parameters that are not set keep their value; an empty string clears a
    /// URL.
    ///
    /// ```
    /// use clinspark_twilio::client::applications::UpdateApplication;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken, ApplicationSid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let sid = ApplicationSid::parse("AP00000000000000000000000000000001")?;
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(200, r#"{"sid": "AP00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Off)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// let update = UpdateApplication::new(sid)
    ///     .sms_url("https://clinic.example/twilio/sms")
    ///     .sms_fallback_url("");
    /// client.execute(update).await?;
    ///
    /// let sent = transport.requests()[0].parameters();
    /// assert_eq!(sent.len(), 2);
    /// assert_eq!(sent[1], ("SmsFallbackUrl".to_owned(), String::new()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#update-an-application-resource>
    UpdateApplication => Application {
        POST Api "/Applications/{sid}.json" Update;
        path {
            /// SID of the TwiML App
            sid: ApplicationSid,
        }
    }
}

request! {
    /// Fetches one TwiML App.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#fetch-an-application-resource>
    FetchApplication => Application {
        GET Api "/Applications/{sid}.json" Read;
        path {
            /// SID of the TwiML App
            sid: ApplicationSid,
        }
    }
}

request! {
    /// Deletes a TwiML App. Numbers bound to it no longer respond to calls and messages.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#delete-an-application-resource>
    DeleteApplication => () {
        // `Update`: a second deletion changes nothing, so the client may retry it.
        DELETE Api "/Applications/{sid}.json" Update;
        path {
            /// SID of the TwiML App
            sid: ApplicationSid,
        }
    }
}

request! {
    /// Lists the TwiML Apps of the account.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#read-multiple-application-resources>
    ListApplications => Page<Application> {
        GET Api "/Applications.json" Read;

        takes {
            /// Filters by exactly this friendly name.
            friendly_name = "FriendlyName": text,
            /// Number of items on a page, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

model! {
    /// TwiML App, as Twilio returns it.
    ///
    /// ```
    /// use clinspark_twilio::client::applications::Application;
    ///
    /// let app: Application = serde_json::from_str(
    ///     r#"{
    ///         "sid": "AP00000000000000000000000000000001",
    ///         "sms_url": "https://clinic.example/twilio/sms",
    ///         "sms_method": "POST"
    ///     }"#,
    /// )?;
    /// assert!(app.sms_url.is_some_and(|url| url == "https://clinic.example/twilio/sms"));
    /// // Not set in the TwiML App.
    /// assert_eq!(app.voice_url, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#application-properties>
    Application {
        /// SID of the TwiML App.
        sid: ApplicationSid,
        /// SID of the account that owns the TwiML App.
        account_sid: AccountSid,
        /// Friendly name of the TwiML App.
        friendly_name: Redacted<String>,
        /// URL that Twilio requests for each incoming call.
        voice_url: WebhookUrl,
        /// HTTP method for `voice_url`.
        voice_method: Method,
        /// URL that Twilio requests when `voice_url` fails.
        voice_fallback_url: WebhookUrl,
        /// HTTP method for `voice_fallback_url`.
        voice_fallback_method: Method,
        /// `true` if Twilio looks up callers' names.
        voice_caller_id_lookup: bool,
        /// URL that Twilio requests at the end of each call.
        status_callback: WebhookUrl,
        /// HTTP method for `status_callback`.
        status_callback_method: Method,
        /// URL that Twilio requests for each incoming message.
        sms_url: WebhookUrl,
        /// HTTP method for `sms_url`.
        sms_method: Method,
        /// URL that Twilio requests when `sms_url` fails.
        sms_fallback_url: WebhookUrl,
        /// HTTP method for `sms_fallback_url`.
        sms_fallback_method: Method,
        /// URL for the status of messages sent by TwiML verbs.
        sms_status_callback: WebhookUrl,
        /// URL for the status of messages sent through the TwiML App.
        message_status_callback: WebhookUrl,
        /// `true` if other accounts may call the TwiML App by `<Application>`.
        public_application_connect_enabled: bool,
        /// Time at which the TwiML App was created.
        date_created: Timestamp,
        /// Time of the last update of the TwiML App.
        date_updated: Timestamp,
        /// Version of the API that created the TwiML App.
        api_version: String,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

impl Listed for Application {
    const KEY: &'static str = "applications";
    const PRODUCT: Product = Product::Api;
}
