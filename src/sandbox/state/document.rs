//! Instructions from an application: TwiML, plain text or audio.

use reqwest::Url;

use super::log::AlertCause;
use crate::twiml::{self, Node};

/// Body of a webhook's response, or the TwiML of an API request.
pub(crate) enum Document {
    /// TwiML with a `<Response>` as its root. Relative URLs are resolved against `url`.
    Twiml { root: Node, url: Option<Url> },
    /// Plain text. Twilio sends it as a message, or reads it out in a call.
    Text(String),
    /// Audio at this URL. Twilio plays it in a call, and then hangs up.
    Audio(Url),
    /// An empty body.
    Empty,
}

impl Document {
    /// Parses TwiML. `url` is its own URL, if it was fetched.
    pub(crate) fn read_twiml(xml: &str, url: Option<Url>) -> Result<Self, AlertCause> {
        let root = twiml::read(xml)
            .map_err(|_| AlertCause::new(12100, "the TwiML is not well-formed XML"))?;
        if root.name() != "Response" {
            let message = "the TwiML's root element is not <Response>";
            return Err(AlertCause::new(12102, message));
        }
        Ok(Self::Twiml { root, url })
    }
}
