//! Messages: send, fetch, list, cancel, redact and delete.
//!
//! ```
//! use clinspark_twilio::client::messages::{Media, SendMessage, Sender};
//! use clinspark_twilio::types::MessageStatus;
//! # use clinspark_twilio::phone::E164;
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # use clinspark_twilio::client::{Client, Credentials, Delivery};
//! # use clinspark_twilio::types::{AccountSid, AuthToken};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
//! # let volunteer = E164::parse("+14155550123")?;
//! # let clinic = Sender::Number(E164::parse("+14155550100")?);
//! # let transport = FakeTransport::new()
//! #     .reply(Reply::json(
//! #         201,
//! #         r#"{"sid": "SM00000000000000000000000000000001", "status": "accepted"}"#,
//! #     ));
//! # let client = Client::builder(credentials, Delivery::Live)
//! #     .with_transport(transport.clone())
//! #     .build()?;
//!
//! let map = Media::new("https://clinic.example/way-in.png").body("Please use the side door.");
//! let request = SendMessage::new(volunteer, clinic, map)
//!     .status_callback("https://clinic.example/twilio/status?message=17");
//! let message = client.execute(request).await?;
//! assert_eq!(message.status, Some(MessageStatus::Accepted));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | Description |
//! |---|---|
//! | [`SendMessage`] | sends one message |
//! | [`Sender`], [`AlphanumericSender`], [`ChannelSender`] | the sender of a message |
//! | [`Content`], [`Media`], [`ContentTemplate`] | the content of a message |
//! | [`ContentRetention`], [`AddressRetention`], [`RiskCheck`], [`TrafficType`] | values of its parameters |
//! | [`FetchMessage`], [`ListMessages`] | fetch one message, or list messages |
//! | [`RedactMessage`], [`DeleteMessage`] | delete the body, or the whole message |
//! | [`CancelMessage`] | cancels a scheduled message |
//! | [`Message`] | a message and its delivery status |
//! | [`ListMedia`], [`FetchMedia`], [`DeleteMedia`], [`MessageMedia`] | metadata of a message's media files |
//! | [`DownloadMedia`] | a media file itself, by [`Client::download`](crate::client::Client::download) |
//! | [`SendFeedback`], [`Feedback`], [`FeedbackOutcome`] | report on the outcome of a message |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/message-resource>

mod content;
mod feedback;
mod media;
mod message;
mod sender;

pub use crate::client::engine::download::{DownloadMedia, MediaUrlError};
pub use crate::phone::AlphanumericSender;
pub use content::{Content, ContentTemplate, Media};
pub use feedback::{Feedback, FeedbackOutcome, SendFeedback};
pub use media::{DeleteMedia, FetchMedia, ListMedia, MessageMedia};
pub use message::{
    CancelMessage, DeleteMessage, FetchMessage, ListMessages, Message, RedactMessage,
};
pub use sender::{ChannelSender, Sender};

use std::time::SystemTime;

use crate::client::engine::form::Form;
use crate::client::engine::request::{Argument, request};
use crate::phone::{Address, Recipient};
use crate::types::{ApplicationSid, open_enum};

request! {
    /// Sends one message to one recipient.
    ///
    /// The client refuses a request with:
    ///
    /// - an empty message body, or one over 1,600 characters;
    /// - more than 10 media;
    /// - a schedule without a Messaging Service, or outside of the window of
    ///   [`send_at`](Self::send_at);
    /// - the sender's own number as the recipient;
    /// - a callback URL that Twilio cannot request;
    /// - a callback URL that contains a phone number or the recipient's digits.
    ///
    /// Twilio bills a text by segment: calculate the cost before a batch, with [`crate::sms`].
    ///
    /// The client does not retry after a lost response: Twilio could send the message twice.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clinspark_twilio::client::ErrorKind;
    /// use clinspark_twilio::client::messages::{SendMessage, Sender};
    /// # use clinspark_twilio::phone::E164;
    /// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
    /// # use clinspark_twilio::client::{Client, Credentials, Delivery};
    /// # use clinspark_twilio::types::{AccountSid, AuthToken};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
    /// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
    /// # let volunteer = E164::parse("+14155550123")?;
    /// # let clinic = Sender::Number(E164::parse("+14155550100")?);
    /// # let transport = FakeTransport::new()
    /// #     .reply(Reply::json(201, r#"{"sid": "SM00000000000000000000000000000001"}"#));
    /// # let client = Client::builder(credentials, Delivery::Live)
    /// #     .with_transport(transport.clone())
    /// #     .build()?;
    ///
    /// // The visit is in two hours: a reminder that arrives later is of no use.
    /// let reminder = SendMessage::new(volunteer, clinic.clone(), "See you at 9:00.")
    ///     .status_callback("https://clinic.example/twilio/status?message=17")
    ///     .validity_period(Duration::from_secs(2 * 60 * 60));
    /// client.execute(reminder).await?;
    ///
    /// let error = client.execute(SendMessage::new(volunteer, clinic, " ")).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Invalid);
    /// assert_eq!(error.to_string(), "SendMessage: Body is empty; nothing was sent");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>
    SendMessage => Message {
        POST Api "/Messages.json" Create;
        needs {
            /// recipient of the message
            to: Recipient,
            /// number, short code, name, channel or Messaging Service that sends the message
            sender: Sender,
            /// text, media, or a Content Template
            content: Content,
        }
        reaches(to);
        check Self::check_combinations;

        takes {
            /// URL that receives each change of the message's status. It overrides the URLs of the
            /// Messaging Service and the TwiML App.
            ///
            /// Put your own ID for the message into its query. The callback then identifies the
            /// message even if the response to this request is lost.
            status_callback = "StatusCallback": url,
            /// SID of the TwiML App whose `message_status_callback` receives the status.
            application_sid = "ApplicationSid": sid(ApplicationSid),
            /// Maximum time in Twilio's queue, 1 second to 10 hours. Default 10 hours.
            ///
            /// After that the message fails with 30036, so that it does not arrive after the visit.
            validity_period = "ValidityPeriod": seconds(1..=36_000),
            /// Announces that you will report the outcome by [`SendFeedback`]. Default `false`.
            provide_feedback = "ProvideFeedback": flag,
            /// Your own count of attempts, including this one. Informative.
            attempt = "Attempt": number(1..=u32::MAX),
            /// Retention of the message body at Twilio. Default: retained. Requires Message
            /// Redaction on the account, otherwise Twilio rejects it with 30029.
            content_retention = "ContentRetention": word(ContentRetention),
            /// Retention of the recipient's full number at Twilio. Default: retained. Requires
            /// Message Redaction on the account, otherwise Twilio rejects it with 30030.
            address_retention = "AddressRetention": word(AddressRetention),
            /// Replaces look-alike Unicode characters, so that the text needs fewer segments.
            smart_encoded = "SmartEncoded": flag,
            /// Action for channels that support it, such as a location on WhatsApp. Call once for
            /// each action.
            persistent_action = "PersistentAction": each_text,
            /// Shortens links in the message body. Requires a Messaging Service as the sender.
            shorten_urls = "ShortenUrls": flag,
            /// Time to send the message, to the second. Requires a Messaging Service as the sender.
            ///
            /// The time must be more than 5 minutes and at most 35 days ahead when the request is
            /// sent.
            send_at = "SendAt": schedule,
            /// Sends the message as MMS even without media.
            send_as_mms = "SendAsMms": flag,
            /// SMS pumping protection for this message. Default: the account's setting.
            risk_check = "RiskCheck": word(RiskCheck),
            /// Sender to use when the Messaging Service cannot reach the recipient's channel.
            /// Requires a Messaging Service as the sender.
            fallback_from = "FallbackFrom": e164,
            /// Maximum price in US dollars, such as `0.05`. Twilio has ignored it since June 2024.
            max_price = "MaxPrice": decimal,
            /// Reserved by Twilio.
            force_delivery = "ForceDelivery": flag,
            /// Type of traffic, for accounts with an agreement about it.
            traffic_type = "TrafficType": word(TrafficType),
        }
    }
}

impl SendMessage {
    /// Returns the recipient.
    #[must_use]
    pub const fn recipient(&self) -> &Recipient {
        &self.to
    }

    /// Returns the sender.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Returns the time that [`send_at`](Self::send_at) schedules the message for.
    pub(crate) const fn scheduled(&self) -> Option<SystemTime> {
        self.options.scheduled()
    }

    /// Returns the value of an option, by Twilio's name.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.options.value(name)
    }

    /// Returns each text that the recipient will read, as far as the request holds it.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.content.texts()
    }

    /// Returns the message body that Twilio stores, if it is known beforehand.
    pub(in crate::client) fn text(&self) -> Option<&str> {
        self.content.text()
    }

    /// Returns `true` if Twilio may change the text beyond look-alike characters.
    pub(in crate::client) fn may_be_rewritten(&self) -> bool {
        // A shortened link replaces the caller's own in the stored body.
        self.options.has("ShortenUrls")
    }

    /// Returns `true` if the message can be found by its recipient afterwards.
    pub(in crate::client) fn keeps_numbers(&self) -> bool {
        let obfuscate = AddressRetention::Obfuscate;
        self.options.value("AddressRetention") != Some(obfuscate.as_str())
    }

    /// Returns the addresses that Twilio may store as the recipient.
    ///
    /// A Messaging Service with an RCS sender tries RCS first.
    pub(in crate::client) fn addresses(&self) -> Vec<Address> {
        let to = Address::from(self.to.expose().as_str());
        match (&self.to, self.has_number_alone()) {
            (Recipient::Phone(number), false) => vec![to, Address::Rcs(*number)],
            _ => vec![to],
        }
    }

    /// Returns the number of media, if it is known.
    pub(in crate::client) fn media_count(&self) -> Option<usize> {
        self.content.media_count()
    }

    /// Returns `true` if the message is sent by that number and by no other sender.
    pub(in crate::client) const fn has_number_alone(&self) -> bool {
        matches!(self.sender, Sender::Number(_) | Sender::ShortCode(_))
    }

    fn check_combinations(&self, form: &mut Form) {
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
            // Its presence in the form also makes `extra_param("ScheduleType", ..)` an error.
            form.set("ScheduleType", "fixed");
        }
        // Twilio uses the TwiML App's callback only if the request has no callback of its own.
        if form.has("StatusCallback") && form.has("ApplicationSid") {
            form.fault(
                "ApplicationSid",
                "has no effect together with StatusCallback: set only one of them",
            );
        }
        if self.sender.number().is_some() && self.sender.number() == self.to.phone() {
            form.fault("To", "is the sender's own number");
        }
    }
}

impl Argument for Recipient {
    const NAMES: &'static [&'static str] = &["To"];

    fn write(&self, form: &mut Form) {
        form.set("To", self.expose());
    }
}

open_enum! {
    /// Retention of the message body at Twilio.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum ContentRetention {
        /// The body is kept.
        Retain = "retain",
        /// The body is discarded once the message is delivered.
        Discard = "discard",
    }
}

open_enum! {
    /// Retention of the recipient's full number at Twilio.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum AddressRetention {
        /// The full number is kept.
        Retain = "retain",
        /// The last digits are hidden once the message is delivered.
        Obfuscate = "obfuscate",
    }
}

open_enum! {
    /// SMS pumping protection for one message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/features/sms-pumping-protection-programmable-messaging>
    pub enum RiskCheck {
        /// Enabled.
        Enable = "enable",
        /// Disabled.
        Disable = "disable",
    }
}

open_enum! {
    /// Type of traffic of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum TrafficType {
        /// Free of charge for the recipient.
        Free = "free",
    }
}
