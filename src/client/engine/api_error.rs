//! What an error answer says, in whichever shape it comes.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::read::{object, object_fields, optional};
use crate::twiml::{self, Node};
use crate::types::{Redacted, Timestamp, is_sid_of};

/// The longest wait that `Retry-After` is believed to ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// An error answer of Twilio, or of a gateway before it: then there is a status and little else.
///
/// Twilio's products write errors in four ways; what they say is read into the same fields.
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
    /// What else it said, as JSON: Twilio's `details`, `params` or list of `errors`. Hidden,
    /// because it quotes what was sent.
    pub details: Option<Redacted<String>>,
    /// Twilio's name for the request (`RQ` and 32 hexadecimal digits): what its support asks for.
    pub request_id: Option<String>,
    /// How many requests of the account were under way at that moment, where Twilio says so: what
    /// a 429 is about.
    pub concurrent_requests: Option<u32>,
}

/// What the shapes have in common: `code`, `message` and `more_info` of the 2010 API and v1;
/// `params` beside `userError`; `title` and `detail` of RFC 9457; items of a list of `errors`
/// with `infoUrl`.
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
    #[serde(default, rename = "infoUrl", deserialize_with = "optional")]
    info_url: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    params: Option<Params>,
}

impl Fields {
    /// Reads `<TwilioResponse><RestException>`: the 2010 API answers XML where a path does not end
    /// in `.json`, as those of recordings and media do not.
    fn read_xml(body: &[u8]) -> Option<Self> {
        let root = twiml::read(std::str::from_utf8(body).ok()?).ok()?;
        let exception = root.find("RestException")?;
        let text = |name| exception.find(name).map(Node::text);
        Some(Self {
            code: text("Code").and_then(|code| code.trim().parse().ok()),
            message: text("Message"),
            more_info: text("MoreInfo"),
            ..Self::default()
        })
    }
}

/// The shape that has several errors in one answer.
#[derive(Default, Deserialize)]
struct List {
    #[serde(default, deserialize_with = "optional")]
    errors: Option<Vec<Fields>>,
}

/// The page about the code, where it stands among the parameters.
#[derive(Default, Deserialize)]
struct Params {
    #[serde(default, rename = "twilioErrorCodeUrl", deserialize_with = "optional")]
    url: Option<String>,
}

object_fields!(Fields, Params);

impl Fields {
    fn sentence(&self) -> Option<&str> {
        let said = [&self.message, &self.detail, &self.title];
        said.into_iter().find_map(|text| text.as_deref())
    }

    fn page(&self) -> Option<&str> {
        let params = self.params.as_ref().and_then(|params| params.url.as_ref());
        let pages = [self.more_info.as_ref(), self.info_url.as_ref(), params];
        let mut urls = pages.into_iter().flatten().map(String::as_str);
        urls.find(|url| is_documentation(url))
    }
}

/// Read apart: nested too deeply it cannot be, and the code should not be lost with it.
#[derive(Default, Deserialize)]
struct Rest {
    details: Option<Value>,
    params: Option<Value>,
    errors: Option<Value>,
}

impl Rest {
    fn into_json(self) -> Option<String> {
        let parts = [self.details, self.params, self.errors];
        let filled = |value: &Value| match value {
            Value::Null => false,
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        };
        let part = parts.into_iter().flatten().find(filled)?;
        Some(part.to_string())
    }
}

impl ApiError {
    /// Reads whatever arrived. What is neither Twilio's JSON nor its XML gives the status alone.
    pub(in crate::client) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let fields: Fields = object(body)
            .ok()
            .or_else(|| Fields::read_xml(body))
            .unwrap_or_default();
        let list: List = object(body).unwrap_or_default();
        let rest: Rest = object(body).unwrap_or_default();
        let items = list.errors.unwrap_or_default();
        let all = || std::iter::once(&fields).chain(&items);
        let code = all().find_map(|one| one.code);
        let message = all().find_map(Fields::sentence);
        let page = all().find_map(Fields::page);
        Self {
            status,
            code,
            message: message.map(|text| Redacted::new(text.to_owned())),
            more_info: page.map(str::to_owned),
            details: rest.into_json().map(Redacted::new),
            request_id: request_id(headers).map(str::to_owned),
            concurrent_requests: concurrent_requests(headers),
        }
    }

    /// The sentence for `Display`: codes only.
    pub(in crate::client) fn summary(&self) -> String {
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

/// Twilio's name for a request.
pub(in crate::client) fn request_id(headers: &HeaderMap) -> Option<&str> {
    // Anything else may be text of a gateway's.
    header(headers, "twilio-request-id").filter(|id| is_sid_of(id, &["RQ"]))
}

/// How many requests of the account are under way.
pub(in crate::client) fn concurrent_requests(headers: &HeaderMap) -> Option<u32> {
    header(headers, "twilio-concurrent-requests")?.parse().ok()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// `Retry-After`: seconds, or a date by the clock of whoever answered.
pub(in crate::client) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, "retry-after")?.trim();
    let wait = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let time = Timestamp::parse(text).time()?;
        let date = header(headers, "date").map(Timestamp::parse);
        let now = date.and_then(|date| date.time());
        // A date that has passed asks for no wait.
        time.duration_since(now.unwrap_or_else(SystemTime::now))
            .unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}
