//! Whether a message had its effect.

use crate::client::engine::form::Form;
use crate::client::engine::read::{part, vocabulary_fields};
use crate::client::engine::request::{Argument, request};
use crate::types::{AccountSid, MessageSid, Timestamp, open_enum};

request! {
    /// Tells Twilio whether a message had its effect, such as a code that was typed in. The
    /// message has to be sent with `provide_feedback`.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-feedback-resource>
    SendFeedback => Feedback {
        POST Api "/Messages/{message_sid}/Feedback.json" Update;
        path {
            /// the message
            message_sid: MessageSid,
        }
        needs {
            /// whether it had its effect
            outcome: FeedbackOutcome,
        }
    }
}

impl Argument for FeedbackOutcome {
    const NAMES: &'static [&'static str] = &["Outcome"];

    fn write(&self, form: &mut Form) {
        form.set("Outcome", self.as_str());
    }
}

part! {
    /// What Twilio noted.
    Feedback {
        /// The account that sent the message.
        account_sid: AccountSid,
        /// The message.
        message_sid: MessageSid,
        /// Whether it had its effect.
        outcome: FeedbackOutcome,
        /// When it was noted.
        date_created: Timestamp,
        /// When it last changed.
        date_updated: Timestamp,
        /// Its path on Twilio's host.
        uri: String,
    }
}

open_enum! {
    /// Whether a message had its effect.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-feedback-resource>
    pub enum FeedbackOutcome {
        /// It had.
        Confirmed = "confirmed",
        /// Nothing is known of it.
        Unconfirmed = "unconfirmed",
    }
}

vocabulary_fields!(FeedbackOutcome);
