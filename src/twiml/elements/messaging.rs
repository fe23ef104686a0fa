//! `<Message>` and its nouns: the reply to a message.

use crate::twiml::element_macro::element;
use crate::twiml::response::MessagingResponse;
use crate::types::Method;

element! {
    /// Sends a message, by default to whoever wrote.
    ///
    /// A message has words, media, or both; words alone have the shortcut
    /// [`Message::text`].
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

    /// A message whose words and media are appended.
    new();

    /// A message of words alone, at most 1,600 characters.
    text(body: Text);

    {
        /// Who gets it. Default: whoever wrote.
        to = "to": PhoneNumber,
        /// Who sends it: a number of the account. Default: the number that was written to.
        from = "from": PhoneNumber,
        /// Where Twilio asks what to do next, once the message was taken.
        action = "action": Url,
        /// How Twilio asks at `action`. Default POST.
        method = "method": Method,
        /// Where Twilio reports the message's progress. Deprecated by Twilio in favour of `action`.
        status_callback = "statusCallback": Url,
    }
}

element! {
    /// The words of a message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/twiml/message#body>
    Body = "Body" in [Message];

    /// These words, at most 1,600 characters.
    new(message: Text);
}

element! {
    /// A file sent with a message. Up to ten in one message.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/twiml/message#media>
    Media = "Media" in [Message];

    /// The file at this URL, which Twilio fetches.
    new(url: Url);
}
