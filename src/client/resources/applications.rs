//! TwiML Apps: one set of webhook URLs for many numbers. ClinSpark's Application SID is one.
//!
//! ```no_run
//! use clinspark_twilio::client::applications::CreateApplication;
//! # use clinspark_twilio::client::{Client, Error};
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let app = client
//!     .execute(
//!         CreateApplication::new()
//!             .friendly_name("ClinSpark")
//!             .voice_url("https://clinic.example/twilio/voice")
//!             .sms_url("https://clinic.example/twilio/sms"),
//!     )
//!     .await?;
//! println!("{}", app.sid);
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`CreateApplication`], [`UpdateApplication`] | make and change one |
//! | [`FetchApplication`], [`ListApplications`] | read one, or all |
//! | [`DeleteApplication`] | deletes one |
//! | [`Application`] | a TwiML App as Twilio has it |
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
        /// Its name, at most 64 characters.
        friendly_name = "FriendlyName": name,
        /// What answers calls.
        voice_url = "VoiceUrl": link,
        /// How it is asked. Default POST.
        voice_method = "VoiceMethod": word(Method),
        /// What answers calls when the voice URL fails.
        voice_fallback_url = "VoiceFallbackUrl": link,
        /// How it is asked. Default POST.
        voice_fallback_method = "VoiceFallbackMethod": word(Method),
        /// Looks up the names of callers, for a fee. Default `false`.
        voice_caller_id_lookup = "VoiceCallerIdLookup": flag,
        /// Where the end of calls is reported.
        status_callback = "StatusCallback": link,
        /// How it is reported. Default POST.
        status_callback_method = "StatusCallbackMethod": word(Method),
        /// What answers messages.
        sms_url = "SmsUrl": link,
        /// How it is asked. Default POST.
        sms_method = "SmsMethod": word(Method),
        /// What answers messages when the SMS URL fails.
        sms_fallback_url = "SmsFallbackUrl": link,
        /// How it is asked. Default POST.
        sms_fallback_method = "SmsFallbackMethod": word(Method),
        /// Where messages sent by TwiML verbs are reported. Superseded by
        /// `message_status_callback`.
        sms_status_callback = "SmsStatusCallback": link,
        /// Where the state of messages sent through the app is reported.
        message_status_callback = "MessageStatusCallback": link,
        /// Whether other accounts may call it by `<Application>`. Default `false`.
        public_application_connect_enabled = "PublicApplicationConnectEnabled": flag,
    }

    /// Creates a TwiML App.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#create-an-application-resource>
    CreateApplication => Application {
        POST Api "/Applications.json" Create;
    }

    /// Changes a TwiML App. Settings that are not given stay; an empty text clears a URL.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#update-an-application-resource>
    UpdateApplication => Application {
        POST Api "/Applications/{sid}.json" Update;
        path {
            /// the app
            sid: ApplicationSid,
        }
    }
}

request! {
    /// Reads one TwiML App.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#fetch-an-application-resource>
    FetchApplication => Application {
        GET Api "/Applications/{sid}.json" Read;
        path {
            /// the app
            sid: ApplicationSid,
        }
    }
}

request! {
    /// Deletes a TwiML App. Numbers bound to it answer nothing from then on.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#delete-an-application-resource>
    DeleteApplication => () {
        DELETE Api "/Applications/{sid}.json" Update;
        path {
            /// the app
            sid: ApplicationSid,
        }
    }
}

request! {
    /// Lists the account's TwiML Apps.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#read-multiple-application-resources>
    ListApplications => Page<Application> {
        GET Api "/Applications.json" Read;

        takes {
            /// Apps with exactly this name.
            friendly_name = "FriendlyName": text,
            /// How many items a page holds, 1 to 1,000. Default 50.
            page_size = "PageSize": number(1..=1_000),
        }
    }
}

model! {
    /// A TwiML App.
    ///
    /// Source: <https://www.twilio.com/docs/usage/api/applications#application-properties>
    Application {
        /// Its SID.
        sid: ApplicationSid,
        /// The account that it belongs to.
        account_sid: AccountSid,
        /// Its name.
        friendly_name: Redacted<String>,
        /// What answers calls.
        voice_url: WebhookUrl,
        /// How it is asked.
        voice_method: Method,
        /// What answers calls when the voice URL fails.
        voice_fallback_url: WebhookUrl,
        /// How it is asked.
        voice_fallback_method: Method,
        /// Whether callers' names are looked up.
        voice_caller_id_lookup: bool,
        /// Where the end of calls is reported.
        status_callback: WebhookUrl,
        /// How it is reported.
        status_callback_method: Method,
        /// What answers messages.
        sms_url: WebhookUrl,
        /// How it is asked.
        sms_method: Method,
        /// What answers messages when the SMS URL fails.
        sms_fallback_url: WebhookUrl,
        /// How it is asked.
        sms_fallback_method: Method,
        /// Where messages sent by TwiML verbs are reported.
        sms_status_callback: WebhookUrl,
        /// Where the state of messages sent through the app is reported.
        message_status_callback: WebhookUrl,
        /// Whether other accounts may call it by `<Application>`.
        public_application_connect_enabled: bool,
        /// When it was made.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that made it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

impl Listed for Application {
    const KEY: &'static str = "applications";
    const PRODUCT: Product = Product::Api;
}
