//! Length of the messages in a reply. Twilio drops a reply that is too long (error 21617).

use super::read::{Node, read};
use crate::sms::{MAX_BODY_LENGTH, MessageSize, SizeError};

/// Returns the fault of the first message that is too long.
pub(super) fn check(xml: &str) -> Result<(), SizeError> {
    // No character takes less than one byte.
    if xml.len() <= MAX_BODY_LENGTH || !xml.contains("<Message") {
        return Ok(());
    }
    // The writer produces well-formed XML. `lint` reports a document that is too deep to read.
    let Ok(document) = read(xml) else {
        return Ok(());
    };
    for message in document.children().filter(|verb| verb.name() == "Message") {
        let bodies = message.children().filter(|noun| noun.name() == "Body");
        for text in std::iter::once(message).chain(bodies).map(Node::text) {
            if !text.is_empty() {
                MessageSize::of(&text).check()?;
            }
        }
    }
    Ok(())
}

/// Logs that Twilio will drop the reply (feature `tracing`). Never its text.
pub(super) fn warn_if_too_long(xml: &str) {
    #[cfg(feature = "tracing")]
    if let Err(error) = check(xml) {
        tracing::warn!(target: "clinspark_twilio", "Twilio will not send the reply: {error}");
    }
    #[cfg(not(feature = "tracing"))]
    let _ = xml;
}
