//! Texts, and other messages, to people.
//!
//! ```no_run
//! use clinspark_twilio::client::messages::{Media, SendMessage, Sender};
//! # use clinspark_twilio::client::{Client, Error};
//! # use clinspark_twilio::phone::E164;
//! # async fn example(client: &Client, volunteer: E164, clinic: E164) -> Result<(), Error> {
//! let map = Media::new("https://clinic.example/way-in.png").body("Please use the side door.");
//! let request = SendMessage::new(volunteer, Sender::Number(clinic), map)
//!     .status_callback("https://clinic.example/twilio/status");
//! let message = client.execute(request).await?;
//! println!("{} {:?}", message.sid, message.status);
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`SendMessage`] | sends one message |
//! | [`Sender`], [`AlphanumericSender`], [`ChannelSender`] | who it comes from |
//! | [`Content`], [`Media`], [`Template`] | what it says |
//! | [`ContentRetention`], [`AddressRetention`], [`RiskCheck`] | words for its parameters |
//! | [`FetchMessage`] | reads one message |
//! | [`Message`] | a message as Twilio has it |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/message-resource>

mod content;
mod sender;

pub use content::{Content, Media, Template};
pub use sender::{AlphanumericSender, ChannelSender, Sender, SenderError};

use super::form::Form;
use super::read::model;
use super::request::{Argument, request};
use crate::phone::{Address, Recipient};
use crate::types::{
    AccountSid, ApplicationSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid,
    Redacted, Timestamp, open_enum,
};

request! {
    /// Sends one message to one person.
    ///
    /// Refused before it leaves: an empty text, one over 1,600 characters, more than 10 media,
    /// scheduling without a Messaging Service, a person texted from their own number. Text over
    /// one segment is billed by segment: see what it costs before a batch.
    ///
    /// Nothing here is repeated after a lost answer: Twilio would send it twice.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>
    SendMessage => Message {
        POST Api "/Messages.json" Create;
        needs {
            /// whom it reaches
            to: Recipient,
            /// who it comes from
            sender: Sender,
            /// what it says
            content: Content,
        }
        reaches Message(to);
        check Self::check_together;

        takes {
            /// Where Twilio reports each change of the message's state. It overrides the Messaging
            /// Service's and the TwiML App's. Put your own id for the message in its query: then the
            /// callback finds it even if the answer to this request is lost.
            status_callback = "StatusCallback": url,
            /// The TwiML App whose message status callback gets the reports.
            application_sid = "ApplicationSid": sid(ApplicationSid),
            /// How long Twilio may hold it in its queue, 1 second to 10 hours (the default). After
            /// that it fails with 30036 instead of arriving after the visit.
            validity_period = "ValidityPeriod": seconds(1..=36_000),
            /// Announces that you will confirm its effect by a feedback request. Default `false`.
            provide_feedback = "ProvideFeedback": flag,
            /// Your own count of attempts, this one included. Informative.
            attempt = "Attempt": number(1..=u32::MAX),
            /// Whether Twilio keeps the body. Default: it does. Needs Message Redaction on the
            /// account, otherwise 30029.
            content_retention = "ContentRetention": word(ContentRetention),
            /// Whether Twilio keeps the full number. Default: it does. Needs Message Redaction on
            /// the account, otherwise 30030.
            address_retention = "AddressRetention": word(AddressRetention),
            /// Replaces look-alike Unicode characters, so that the text fits fewer segments.
            smart_encoded = "SmartEncoded": flag,
            /// An action on channels that know some, such as a location on WhatsApp. Once for each.
            persistent_action = "PersistentAction": each_text,
            /// Shortens the links in the body. Needs a Messaging Service sender.
            shorten_urls = "ShortenUrls": flag,
            /// When to send it, to the second: at least 5 minutes and at most 35 days ahead, by a
            /// Messaging Service sender.
            send_at = "SendAt": time,
            /// Sends it as MMS even without media.
            send_as_mms = "SendAsMms": flag,
            /// Whether Twilio's SMS-pumping protection looks at it. Default: the account's setting.
            risk_check = "RiskCheck": word(RiskCheck),
            /// The sender to use when the service's own cannot reach the recipient's channel. Needs
            /// a Messaging Service sender.
            fallback_from = "FallbackFrom": e164,
        }
    }
}

impl SendMessage {
    /// Whom it reaches.
    #[must_use]
    pub const fn recipient(&self) -> &Recipient {
        &self.to
    }

    fn check_together(&self, form: &mut Form) {
        let service = matches!(
            self.sender,
            Sender::Service(_) | Sender::NumberInService { .. }
        );
        for name in ["SendAt", "ShortenUrls", "FallbackFrom"] {
            if form.has(name) && !service {
                form.fault(name, "needs a Messaging Service as the sender");
            }
        }
        if form.has("SendAt") {
            form.set("ScheduleType", "fixed");
        }
        // Twilio asks the app only when the request names no callback of its own.
        if form.has("StatusCallback") && form.has("ApplicationSid") {
            form.fault(
                "ApplicationSid",
                "has no effect beside StatusCallback: set one",
            );
        }
        if self.sender.number().is_some() && self.sender.number() == self.to.phone() {
            form.fault("To", "is the sender's own number");
        }
    }
}

impl Argument for Recipient {
    fn write(&self, form: &mut Form) {
        form.set("To", self.expose());
    }
}

request! {
    /// Reads one message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message-resource>
    FetchMessage => Message {
        GET Api "/Messages/{sid}.json" Read;
        path {
            /// the message
            sid: MessageSid,
        }
    }
}

model! {
    /// A message as Twilio has it.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#message-properties>
    Message {
        /// Its SID.
        sid: MessageSid,
        /// The account that sent or received it.
        account_sid: AccountSid,
        /// The Messaging Service that sent it.
        messaging_service_sid: MessagingServiceSid,
        /// Who sent it; missing while a Messaging Service has not chosen.
        from: Address,
        /// Whom it goes to.
        to: Address,
        /// The text. Empty once redacted.
        body: Redacted<String>,
        /// Where it is.
        status: MessageStatus,
        /// Which way it went.
        direction: MessageDirection,
        /// Why it failed or was not delivered, such as 30003.
        error_code: u32,
        /// Twilio's sentence on the error. It may quote numbers.
        error_message: Redacted<String>,
        /// How many segments it was split into; 0 while a Messaging Service has not chosen.
        num_segments: u32,
        /// How many media it holds.
        num_media: u32,
        /// What it cost, a decimal number in `price_unit`, negative; missing until billed.
        price: String,
        /// The currency of `price`, such as `USD`.
        price_unit: String,
        /// When Twilio took it.
        date_created: Timestamp,
        /// When it was sent; missing until then.
        date_sent: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// The version of the API that made it.
        api_version: String,
        /// Its path on Twilio's host.
        uri: String,
    }
}

open_enum! {
    /// Whether Twilio keeps the body of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum ContentRetention {
        /// It does.
        Retain = "retain",
        /// It throws it away once the message is delivered.
        Discard = "discard",
    }
}

open_enum! {
    /// Whether Twilio keeps the recipient's number in full.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum AddressRetention {
        /// It does.
        Retain = "retain",
        /// It hides the last digits once the message is delivered.
        Obfuscate = "obfuscate",
    }
}

open_enum! {
    /// Whether Twilio's SMS-pumping protection looks at a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/sms-pumping-protection-programmable-messaging>
    pub enum RiskCheck {
        /// It does.
        Enable = "enable",
        /// It does not.
        Disable = "disable",
    }
}
