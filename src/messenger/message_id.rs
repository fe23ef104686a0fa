//! The service's own ID of a text or call, which status callbacks return.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::client::Clock;
use crate::types::MessageSid;
use crate::webhook::Verified;

/// The service's own ID of a text or call.
///
/// The messenger adds it to the query of the status callback URL, which Twilio signs. Every status
/// callback therefore identifies its text or call, even if the response to the request was lost and
/// the SID is unknown. [`from_callback`](Self::from_callback) reads it.
///
/// serde writes it as text and checks the text when it reads it.
///
/// ```
/// use clinspark_twilio::messenger::MessageId;
///
/// let id = MessageId::numbered("reminder", 4711)?;
/// assert_eq!(id.as_str(), "reminder-4711");
/// assert!(MessageId::parse("+61 491 570 156").is_err());
/// # Ok::<(), clinspark_twilio::messenger::MessageIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(Box<str>);

/// Full stop that terminates an ID in a URL. It cannot be part of an ID.
///
/// A signature covers the URL and the form as one text without a separator. An attacker who has seen
/// a signed request can therefore move the end of its URL into the form. An ID without its
/// terminator is not read, so a cut ID cannot pass for another one.
const TERMINATOR: char = '.';

impl MessageId {
    /// Name of the parameter in the query of a status callback.
    pub const PARAMETER: &'static str = "message_id";

    /// Parses an ID: 1 to 64 ASCII letters, digits, hyphens and underscores, at least one of them
    /// a letter.
    ///
    /// The ID appears in URLs and logs. Never derive one from a phone number.
    ///
    /// # Errors
    ///
    /// Returns [`MessageIdError`] for any other text.
    pub fn parse(id: &str) -> Result<Self, MessageIdError> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        if !(1..=64).contains(&id.len()) || !id.bytes().all(is_letter) {
            return Err(MessageIdError(
                "an ID has 1 to 64 ASCII letters, digits, hyphens and underscores",
            ));
        }
        if !id.bytes().any(|b| b.is_ascii_alphabetic()) {
            return Err(MessageIdError(
                "an ID without a letter could be a phone number; put a word before it, such as \
                 visit-4711",
            ));
        }
        Ok(Self(id.into()))
    }

    /// Creates an ID from a word and a number, such as the key of a record: `visit-4711`.
    ///
    /// # Errors
    ///
    /// Returns [`MessageIdError`] if [`parse`](Self::parse) refuses the result.
    pub fn numbered(word: &str, number: u64) -> Result<Self, MessageIdError> {
        Self::parse(&format!("{word}-{number}"))
    }

    /// Creates a random ID of 128 bits.
    pub(crate) fn random(clock: &dyn Clock) -> Self {
        Self(format!("m-{:016x}{:016x}", clock.random(), clock.random()).into())
    }

    /// Creates the ID of an inbound message, which is its SID.
    pub(super) fn of_sid(sid: MessageSid) -> Self {
        Self(sid.as_str().into())
    }

    /// Returns the ID in the URL of a webhook: a status callback, or any URL that
    /// [`add_to_url`](Self::add_to_url) made. `None` if the URL has no ID, or one that was cut short.
    #[must_use]
    pub fn from_callback<B>(callback: &Verified<B>) -> Option<Self> {
        let value = callback.query_parameter(Self::PARAMETER)?;
        Self::parse(value.strip_suffix(TERMINATOR)?).ok()
    }

    /// Returns the ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds the ID to the query of a URL or path, so that a further webhook of a call returns it too.
    /// A messenger adds it to status callbacks by itself.
    ///
    /// The ID ends in a full stop in the URL, which is not part of it: `?message_id=visit-4711.`. A
    /// signature covers URL and form as one text, so an attacker could otherwise cut `visit-4711`
    /// to `visit-47`. An ID without its full stop is not read.
    ///
    /// ```
    /// use clinspark_twilio::messenger::MessageId;
    /// use clinspark_twilio::twiml::{Gather, Say, VoiceResponse};
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    ///
    /// // The call asks a question. The webhook with the pressed key carries the ID of the call.
    /// let id = MessageId::numbered("visit", 4711)?;
    /// let action = id.add_to_url(&origin.url("/confirm"))?;
    /// assert_eq!(action, "https://acme.example.com/confirm?message_id=visit-4711.");
    /// let question = Gather::new().action(action).append(Say::new("Press 1 to confirm."));
    /// let document = VoiceResponse::new().append(question);
    /// # let _ = document;
    ///
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/confirm?message_id=visit-4711.")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body("CallSid=CA00000000000000000000000000000001&Digits=1")?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// // In the handler of `/confirm`:
    /// let verified = validator.verify(request)?;
    /// assert_eq!(MessageId::from_callback(&verified), Some(id));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`MessageIdError`] if the query has a `message_id` already.
    pub fn add_to_url(&self, url: &str) -> Result<String, MessageIdError> {
        // Connection overrides such as `#rc=2` follow the query.
        let (address, fragment) = match url.find('#') {
            Some(at) => url.split_at_checked(at).unwrap_or((url, "")),
            None => (url, ""),
        };
        let query = address.split_once('?').map(|(_, query)| query);
        let is_id = |pair: &str| pair.split('=').next() == Some(Self::PARAMETER);
        if query.is_some_and(|query| query.split('&').any(is_id)) {
            return Err(MessageIdError(
                "the URL has a message_id already; remove it",
            ));
        }
        let separator = if query.is_some() { '&' } else { '?' };
        // Neither an ID nor its terminator needs an escape.
        let name = Self::PARAMETER;
        Ok(format!(
            "{address}{separator}{name}={self}{TERMINATOR}{fragment}"
        ))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for MessageId {
    type Err = MessageIdError;

    fn from_str(id: &str) -> Result<Self, MessageIdError> {
        Self::parse(id)
    }
}

impl Serialize for MessageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&id).map_err(D::Error::custom)
    }
}

/// Error returned when a text is not a [`MessageId`], or when a URL has one already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MessageIdError(&'static str);
