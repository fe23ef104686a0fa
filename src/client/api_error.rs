//! What an error answer says, in whichever shape it comes.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::read::{object, optional};
use crate::types::{Redacted, Timestamp};

/// The longest wait that `Retry-After` is believed to ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// An error answer of Twilio, or of a gateway before it: then there is a status and little else.
///
/// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// Twilio's error code, such as 21610 for a recipient who has opted out. `None` when the
    /// answer was not Twilio's.
    pub code: Option<u32>,
    /// Twilio's sentence. Hidden, because it quotes phone numbers.
    pub message: Option<Redacted<String>>,
    /// The page about the code, such as `https://www.twilio.com/docs/errors/21610`.
    pub more_info: Option<String>,
    /// Twilio's name for the request (`RQ` and 32 hexadecimal digits): what its support asks for.
    pub request_id: Option<String>,
}

/// The 2010 and v1 shape, and RFC 9457's words for the sentence.
#[derive(Default, Deserialize)]
struct Fields {
    #[serde(default, deserialize_with = "optional")]
    code: Option<u32>,
    #[serde(default, deserialize_with = "optional")]
    message: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    detail: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    title: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    more_info: Option<String>,
}

impl ApiError {
    /// Reads whatever arrived; what is not Twilio's JSON gives the status alone.
    pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let fields: Fields = object(body).unwrap_or_default();
        Self {
            status,
            code: fields.code,
            message: fields
                .message
                .or(fields.detail)
                .or(fields.title)
                .map(Redacted::new),
            more_info: fields.more_info.filter(|url| is_documentation(url)),
            request_id: header(headers, "twilio-request-id")
                .filter(|id| is_request_id(id))
                .map(str::to_owned),
        }
    }

    /// The sentence for `Display`: codes only.
    pub(super) fn summary(&self) -> String {
        let status = self.status.as_u16();
        match self.code {
            Some(code) => format!("status {status}, Twilio error {code}"),
            None => format!("status {status}"),
        }
    }
}

/// Only a plain link to Twilio's own pages may be printed: a gateway might put anything there.
fn is_documentation(url: &str) -> bool {
    url.len() <= 200
        && url.starts_with("https://www.twilio.com/")
        && url
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":/.-_".contains(&b))
}

/// Anything else might be words of a gateway's.
fn is_request_id(text: &str) -> bool {
    text.strip_prefix("RQ")
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// `Retry-After`: seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, "retry-after")?.trim();
    let wait = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let time = Timestamp::parse(text).time()?;
        // A date that has passed asks for no wait.
        time.duration_since(SystemTime::now()).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}
