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
//! | [`Content`], [`Media`], [`ContentTemplate`] | what it says |
//! | [`ContentRetention`], [`AddressRetention`], [`RiskCheck`], [`TrafficType`] | words for its parameters |
//! | [`FetchMessage`], [`ListMessages`] | read one message, or many |
//! | [`RedactMessage`], [`DeleteMessage`] | take the text away, or the whole message |
//! | [`CancelMessage`] | calls off a scheduled message |
//! | [`Message`] | a message as Twilio has it |
//! | [`ListMedia`], [`FetchMedia`], [`DeleteMedia`], [`MessageMedia`] | the files of a message |
//! | [`DownloadMedia`] | the file itself, by [`Client::download`](crate::client::Client::download) |
//! | [`SendFeedback`], [`Feedback`], [`FeedbackOutcome`] | whether a message had its effect |
//!
//! Source: <https://www.twilio.com/docs/messaging/api/message-resource>

mod content;
mod feedback;
mod media;
mod message;
mod sender;

pub use crate::client::engine::download::DownloadMedia;
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
    /// Sends one message to one person.
    ///
    /// Refused before it leaves: an empty text, one over 1,600 characters, more than 10 media,
    /// scheduling without a Messaging Service or outside of its window, a person texted from
    /// their own number, a callback that Twilio cannot request, a phone number or the recipient's
    /// digits in the callback's URL. Text over
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
        reaches(to);
        check Self::check_combinations;

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
            /// When to send it, to the second: more than 5 minutes and at most 35 days ahead when it
            /// leaves here, by a Messaging Service sender.
            send_at = "SendAt": schedule,
            /// Sends it as MMS even without media.
            send_as_mms = "SendAsMms": flag,
            /// Whether Twilio's SMS-pumping protection looks at it. Default: the account's setting.
            risk_check = "RiskCheck": word(RiskCheck),
            /// The sender to use when the service's own cannot reach the recipient's channel. Needs
            /// a Messaging Service sender.
            fallback_from = "FallbackFrom": e164,
            /// The most it may cost, in dollars, such as `0.05`. Twilio has ignored it since June 2024.
            max_price = "MaxPrice": decimal,
            /// Reserved by Twilio.
            force_delivery = "ForceDelivery": flag,
            /// What kind of traffic it is, for accounts that have an agreement about it.
            traffic_type = "TrafficType": word(TrafficType),
        }
    }
}

impl SendMessage {
    /// Whom it reaches.
    #[must_use]
    pub const fn recipient(&self) -> &Recipient {
        &self.to
    }

    /// Sender of the message.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Time that [`send_at`](Self::send_at) schedules the message for.
    pub(crate) const fn scheduled(&self) -> Option<SystemTime> {
        self.options.scheduled()
    }

    /// Value of an option, by Twilio's name.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.options.value(name)
    }

    /// The text that Twilio keeps, where it is known beforehand.
    pub(in crate::client) fn text(&self) -> Option<&str> {
        self.content.text()
    }

    /// Whether Twilio may change the text beyond look-alikes.
    pub(in crate::client) fn may_be_rewritten(&self) -> bool {
        self.options.has("ShortenUrls")
    }

    /// Whether the message can be found by its recipient afterwards.
    pub(in crate::client) fn keeps_numbers(&self) -> bool {
        let obfuscate = AddressRetention::Obfuscate;
        self.options.value("AddressRetention") != Some(obfuscate.as_str())
    }

    /// The recipient as Twilio may have it afterwards: a Messaging Service with an RCS sender
    /// tries that first.
    pub(in crate::client) fn addresses(&self) -> Vec<Address> {
        let to = Address::from(self.to.expose().as_str());
        match (&self.to, self.has_number_alone()) {
            (Recipient::Phone(number), false) => vec![to, Address::Rcs(*number)],
            _ => vec![to],
        }
    }

    /// Number of media, where it is known.
    pub(in crate::client) fn media_count(&self) -> Option<usize> {
        self.content.media_count()
    }

    /// Whether it is sent by that number and by no other.
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
            // Refused as an extra parameter because it stands in the form.
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
    const NAMES: &'static [&'static str] = &["To"];

    fn write(&self, form: &mut Form) {
        form.set("To", self.expose());
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

open_enum! {
    /// What kind of traffic a message is.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-resource>
    pub enum TrafficType {
        /// Free of charge for the recipient.
        Free = "free",
    }
}
