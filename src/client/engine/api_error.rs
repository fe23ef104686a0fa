//! Reads Twilio's error responses, whose shape differs from product to product.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::read::{object, object_fields, optional};
use crate::codes::ErrorCode;
use crate::twiml::{self, Node};
use crate::types::{Redacted, Timestamp, is_sid_of};

/// Longest accepted `Retry-After`: longer waits are shortened to this.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Error response of Twilio, or of a gateway in front of it. A gateway's response usually has a
/// status only.
///
/// Twilio's products write errors in four formats. All four are read into the same fields.
///
/// ```
/// use clinspark_twilio::codes::ErrorCode;
/// # use clinspark_twilio::client::messages::{SendMessage, Sender};
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
/// # let clinic = Sender::Number(E164::parse("+14155550100")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(
/// #         400,
/// #         r#"{"code": 21211, "message": "Invalid 'To' Phone Number: +1415555012"}"#,
/// #     ));
/// # let client = Client::builder(credentials, Delivery::Live)
/// #     .with_transport(transport.clone())
/// #     .build()?;
/// # let request = SendMessage::new(volunteer, clinic, "See you at 9:00.");
/// let error = client.execute(request).await.unwrap_err();
/// let api = error.api().ok_or("no response arrived")?;
/// assert_eq!((api.status.as_u16(), api.code), (400, Some(ErrorCode::INVALID_TO)));
///
/// // Twilio's message quotes the number. `expose` returns it; logs do not show it.
/// let message = api.message.as_ref().map(|message| message.expose().as_str());
/// assert_eq!(message, Some("Invalid 'To' Phone Number: +1415555012"));
/// assert!(!format!("{error:?} {error}").contains("+1415555012"));
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// HTTP status of the response.
    pub status: StatusCode,
    /// Twilio's error code, such as 21610 for a recipient who has opted out. `None` when the
    /// response is not Twilio's.
    pub code: Option<ErrorCode>,
    /// Twilio's description of the error. Redacted in `Debug`, because it quotes phone numbers.
    pub message: Option<Redacted<String>>,
    /// URL of the page about the code, such as `https://www.twilio.com/docs/errors/21610`.
    pub more_info: Option<String>,
    /// Further fields of the response as JSON: Twilio's `details`, `params` or list of `errors`.
    /// Redacted in `Debug`, because they quote the parameters of the request.
    pub details: Option<Redacted<String>>,
    /// Twilio's identifier of the request: `RQ` and 32 hexadecimal digits. Quote it to Twilio's
    /// support.
    pub request_id: Option<String>,
    /// Number of the account's concurrent requests, where Twilio states it. It explains a 429.
    pub concurrent_requests: Option<u32>,
}

/// Fields of all formats together:
///
/// - `code`, `message` and `more_info` of the 2010 API and v1;
/// - `params` beside `userError`;
/// - `title` and `detail` of RFC 9457;
/// - items of a list of `errors` with `infoUrl`.
#[derive(Default, Deserialize)]
struct Fields {
    #[serde(default, deserialize_with = "optional")]
    code: Option<ErrorCode>,
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
    /// Reads `<TwilioResponse><RestException>`. The 2010 API responds with XML where a path does
    /// not end in `.json`, such as the paths of recordings and media.
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

/// The format with several errors in one response.
#[derive(Default, Deserialize)]
struct List {
    #[serde(default, deserialize_with = "optional")]
    errors: Option<Vec<Fields>>,
}

/// The format whose link to the page about the code is inside `params`.
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

/// Fields of any JSON type. They are read separately from [`Fields`]: where they are nested too
/// deeply to be read, the error code must not be lost with them.
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
    /// Reads any body. A body that is neither Twilio's JSON nor its XML yields the status alone.
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

    /// Returns the text for `Display`: status, code and this crate's own meaning of the code.
    /// Twilio's message is left out, because it quotes phone numbers.
    pub(in crate::client) fn summary(&self) -> String {
        let status = self.status.as_u16();
        match self.code {
            Some(code) => format!("status {status}, Twilio error {code}: {}", code.meaning()),
            None => format!("status {status}"),
        }
    }
}

/// Returns `true` for a plain link to Twilio's own pages. Other links are dropped: a gateway may
/// write anything there, and the field is printed.
fn is_documentation(url: &str) -> bool {
    url.len() <= 200
        && url.starts_with("https://www.twilio.com/")
        && url
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":/.-_".contains(&b))
}

/// Returns Twilio's identifier of the request.
pub(in crate::client) fn request_id(headers: &HeaderMap) -> Option<&str> {
    // A gateway may have set the header: text of another shape must not reach the logs.
    header(headers, "twilio-request-id").filter(|id| is_sid_of(id, &["RQ"]))
}

/// Returns the number of the account's concurrent requests.
pub(in crate::client) fn concurrent_requests(headers: &HeaderMap) -> Option<u32> {
    header(headers, "twilio-concurrent-requests")?.parse().ok()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Reads `Retry-After`: seconds, or a date by the clock of the server that responded.
pub(in crate::client) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, "retry-after")?.trim();
    let wait = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let time = Timestamp::parse(text).time()?;
        // The server's own `Date` is subtracted, so that a wrong local clock does not matter.
        let date = header(headers, "date").map(Timestamp::parse);
        let now = date.and_then(|date| date.time());
        // A date in the past means no wait.
        time.duration_since(now.unwrap_or_else(SystemTime::now))
            .unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}
