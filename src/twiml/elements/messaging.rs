//! `<Message>` and its nouns: the reply to a message.

use crate::twiml::element_macro::element;
use crate::twiml::response::MessagingResponse;
use crate::types::Method;

element! {
    /// Sends a message, by default to the sender of the incoming one.
    ///
    /// A message has a body, media, or both. For a body alone, use [`Message::text`].
    ///
    /// ```
    /// use clinspark_twilio::twiml::{Body, Media, Message, MessagingResponse};
    ///
    /// let answer = MessagingResponse::new().append(
    ///     Message::new()
    ///         .append(Body::new("How to find us"))
    ///         .append(Media::new("https://example.com/map.png")),
    /// );
    /// # assert!(answer.to_xml().contains("<Body>How to find us</Body><Media>"));
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/twiml/message>
    Message = "Message" in [MessagingResponse];

    /// Creates an empty `<Message>`. Append a [`Body`], [`Media`] or both.
    new();

    /// Creates a message of a body alone, at most 1,600 characters.
    text(body: Text);

    {
        /// Recipient. Default: the sender of the incoming message.
        to = "to": PhoneNumber,
        /// Sender: a number of the account. Default: the number that received the incoming message.
        from = "from": PhoneNumber,
        /// URL that Twilio requests after the message was accepted. Its response continues the
        /// document.
        action = "action": Url,
        /// HTTP method for `action`. Default `POST`.
        method = "method": Method,
        /// URL for delivery status updates. Deprecated by Twilio in favour of `action`.
        status_callback = "statusCallback": Url,
    }
}

element! {
    /// Body of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/twiml/message#body>
    Body = "Body" in [Message];

    /// Creates a body of at most 1,600 characters.
    new(message: Text);
}

element! {
    /// Media file of a message. Up to ten in one message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/twiml/message#media>
    Media = "Media" in [Message];

    /// Attaches the file at this URL, which Twilio fetches.
    new(url: Url);
}
