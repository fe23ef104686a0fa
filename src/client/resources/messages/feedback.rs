//! Feedback about the outcome of a message.

use crate::client::engine::form::Form;
use crate::client::engine::read::{part, vocabulary_fields};
use crate::client::engine::request::{Argument, request};
use crate::types::{AccountSid, MessageSid, Timestamp, open_enum};

request! {
    /// Reports to Twilio whether a message reached its goal, such as a one-time code that the user
    /// typed in.
    ///
    /// The message must have been sent with
    /// [`SendMessage::provide_feedback`](super::SendMessage::provide_feedback).
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-feedback-resource>
    SendFeedback => Feedback {
        POST Api "/Messages/{message_sid}/Feedback.json" Update;
        path {
            /// SID of the message
            message_sid: MessageSid,
        }
        needs {
            /// outcome to report
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
    /// Feedback, as Twilio stored it.
    Feedback {
        /// SID of the account that sent the message.
        account_sid: AccountSid,
        /// SID of the message.
        message_sid: MessageSid,
        /// Reported outcome.
        outcome: FeedbackOutcome,
        /// Time at which the feedback was created.
        date_created: Timestamp,
        /// Time of the last update of the feedback.
        date_updated: Timestamp,
        /// URI of this resource, relative to Twilio's host.
        uri: String,
    }
}

open_enum! {
    /// Outcome of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/api/message-feedback-resource>
    pub enum FeedbackOutcome {
        /// The message reached its goal.
        Confirmed = "confirmed",
        /// Nothing is known about the message's effect.
        Unconfirmed = "unconfirmed",
    }
}

vocabulary_fields!(FeedbackOutcome);
