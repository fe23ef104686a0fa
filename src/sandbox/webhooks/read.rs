//! Reads the response of an application: TwiML, text or audio.

use super::send::Response;
use crate::sandbox::state::{AlertCause, Document, WebhookKind};

/// Twilio's limit for the TwiML of a response: 64 KB.
const TWIML_LIMIT: usize = 64 * 1024;

/// Reads the instructions of a response.
pub(super) fn read(kind: WebhookKind, response: &Response) -> Result<Document, AlertCause> {
    if !response.status.is_success() {
        let message = "the webhook was answered with an error status";
        return Err(AlertCause::new(11200, message));
    }
    let media_type = response.media_type.as_deref();
    let is_audio = media_type.is_some_and(|media_type| media_type.starts_with("audio/"));
    if is_audio && kind != WebhookKind::InboundMessage {
        return Ok(Document::Audio(response.url.clone()));
    }
    let body = &response.body;
    if body.len() > TWIML_LIMIT {
        let message = "the response is larger than Twilio's limit of 64 KB";
        return Err(AlertCause::new(11750, message));
    }
    if body.trim().is_empty() {
        return Ok(Document::Empty);
    }
    let url = Some(response.url.clone());
    match media_type {
        // Twilio also parses `text/html` as TwiML.
        Some("text/xml" | "application/xml" | "text/html") => Document::read_twiml(body, url),
        // Plain text is TwiML if it can be parsed as such.
        Some("text/plain") => {
            let twiml = Document::read_twiml(body, url);
            Ok(twiml.unwrap_or_else(|_| Document::Text(body.clone())))
        }
        Some(_) => Err(AlertCause::new(
            12300,
            "Twilio does not read the Content-Type of the response; send TwiML as text/xml",
        )),
        None => Err(AlertCause::new(
            11200,
            "the response has no Content-Type, which Twilio reports as 502; send TwiML as text/xml",
        )),
    }
}
