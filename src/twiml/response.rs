//! The two documents: responses to a call and to a message.

use std::fmt;

use http::header::{CONTENT_TYPE, HeaderValue};

use super::element::{ChildOf, fmt_structure};
use super::reply_size;
use super::write::{PooledBuffer, Tag};
use crate::sms::SizeError;

/// Root element of every document.
const ROOT: Tag<'_> = Tag {
    opening: "<Response",
    closing: "</Response>",
};

/// `Content-Type` that Twilio accepts for TwiML.
const XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

macro_rules! documents {
    ($( $(#[$doc:meta])* $name:ident; )+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        #[must_use = "a document has no effect until it is sent"]
        pub struct $name(PooledBuffer);

        impl $name {
            /// Creates an empty document, which is a valid response.
            pub const fn new() -> Self {
                Self(PooledBuffer::new())
            }

            /// Appends a verb after the existing ones.
            pub fn append(mut self, verb: impl ChildOf<Self>) -> Self {
                verb.append_to(&mut self.0);
                self
            }

            /// Returns the document as one line of XML, with its declaration.
            ///
            /// The document is always well-formed: all text is escaped, and a character that XML
            /// 1.0 forbids is written as U+FFFD.
            #[must_use]
            pub fn to_xml(&self) -> String {
                self.0.document(ROOT)
            }

            /// Writes the document as [`to_xml`](Self::to_xml) does.
            ///
            /// # Errors
            ///
            /// Returns only the errors of `out`.
            pub fn write_to(&self, out: &mut impl fmt::Write) -> fmt::Result {
                self.0.write_document(ROOT, out)
            }

            /// Returns the HTTP response to a webhook: status 200, `text/xml; charset=utf-8`.
            ///
            /// A `<Message>` that is too long is a warning through `tracing` (feature `tracing`).
            #[must_use]
            pub fn into_response(self) -> http::Response<String> {
                let xml = self.to_xml();
                reply_size::warn_if_too_long(&xml);
                let mut response = http::Response::new(xml);
                response.headers_mut().insert(CONTENT_TYPE, XML);
                response
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.write_to(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                fmt_structure(&self.0, ROOT, f)?;
                f.write_str(")")
            }
        }

        impl From<$name> for http::Response<String> {
            fn from(document: $name) -> Self {
                document.into_response()
            }
        }
    )+};
}

documents! {
    /// Instructions for a call: the response to a voice webhook, or the TwiML of a new call.
    ///
    /// Verbs run one after another. After the last one, the call ends.
    ///
    /// `Display` writes the whole document, which may hold personal data. `Debug` writes only its
    /// structure.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Say, Voice, VoiceResponse};
    ///
    /// let document = VoiceResponse::new()
    ///     .append(Say::new("Your visit is at 9 & lasts an hour.").voice(Voice::POLLY_JOANNA));
    /// assert_eq!(
    ///     document.to_xml(),
    ///     r#"<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="Polly.Joanna">Your visit is at 9 &amp; lasts an hour.</Say></Response>"#,
    /// );
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml>
    VoiceResponse;

    /// Response to an incoming message. An empty one sends no reply.
    ///
    /// `Display` writes the whole document, which may hold personal data. `Debug` writes only its
    /// structure.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Message, MessagingResponse};
    ///
    /// let answer = MessagingResponse::new()
    ///     .append(Message::text("See you at 9:00."))
    ///     .into_response();
    /// assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/twiml>
    MessagingResponse;
}

impl MessagingResponse {
    /// Checks that no message is longer than 1,600 characters. Twilio accepts a longer reply, drops
    /// the message, and logs error 21617.
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Message, MessagingResponse};
    ///
    /// let reply = |length| MessagingResponse::new().append(Message::text("x".repeat(length)));
    /// assert!(reply(1_600).check().is_ok());
    /// assert_eq!(
    ///     reply(1_654).check().unwrap_err().to_string(),
    ///     "the message has 1654 characters; at most 1600 can be sent",
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`SizeError::TooLong`] for the first message that is too long.
    ///
    /// Source: <https://www.twilio.com/docs/api/errors/21617>
    pub fn check(&self) -> Result<(), SizeError> {
        reply_size::check(&self.to_xml())
    }
}
