//! Transcripts of Conversational Intelligence (Voice Intelligence).

use std::borrow::Cow;

use super::super::error::PayloadError;
use super::super::json::Object;
use super::super::verified::Verified;
use super::macros::payload;
use super::parameters::{Parameters, Read as _};
use crate::types::{AccountSid, Redacted, TranscriptSid};

payload! {
    /// Webhook of a service of Conversational Intelligence v2: a transcript is ready. Twilio ignores
    /// the response.
    ///
    /// Twilio sends JSON. Published captures also show a form, which
    /// [`parse`](crate::webhook::Verified::parse) reads; use [`from_verified`](Self::from_verified)
    /// for both. The webhook has no status: fetch the transcript by its SID.
    ///
    /// Version 3 of the product sends the results of its rules in another form, which is refused.
    ///
    /// Source: <https://www.twilio.com/docs/conversational-intelligence>
    pub struct IntelligenceCallback = "intelligence callback",
        requires ["account_sid", "transcript_sid"],
        without ["CallSid", "MessageSid"], |p| {
        /// SID of the transcript.
        transcript_sid: TranscriptSid = p.required("transcript_sid")?,
        /// Account or subaccount of the service.
        account_sid: AccountSid = p.required("account_sid")?,
        /// SID of the service, `GA...`.
        service_sid: Option<String> = p.text("service_sid"),
        /// Key that the application gave the transcript.
        customer_key: Option<Redacted<String>> = p.hidden("customer_key"),
        /// Type of the event, `voice_intelligence_transcript_available`. Not in Twilio's tables, but
        /// seen in published captures.
        event_type: Option<String> = p.text("event_type"),
    }
}

impl IntelligenceCallback {
    /// Reads the callback from a JSON body, a form, or the query of a GET.
    ///
    /// A signature covers the whole JSON body. The members of its object are read like parameters:
    /// those without a field are among the extra ones, and a repeated one is refused.
    ///
    /// # Errors
    ///
    /// Returns [`PayloadError`] if `transcript_sid` or `account_sid` is missing or malformed.
    pub fn from_verified<B: AsRef<[u8]>>(verified: &Verified<B>) -> Result<Self, PayloadError> {
        let is_json = !verified.is_form() && verified.request().method() != http::Method::GET;
        if !is_json {
            return verified.parse();
        }
        let body = std::str::from_utf8(verified.request().body().as_ref()).unwrap_or_default();
        let object = Object::parse(body).unwrap_or_default();
        let members = object
            .texts()
            .map(|(name, text)| (Cow::Borrowed(name), text));
        Self::read(&mut Parameters::of(members))
    }
}
