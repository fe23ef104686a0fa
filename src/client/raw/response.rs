//! The response to a raw request.

use std::fmt;

use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::client::engine::read::{self, EchoedFields, ResponseBody, UnreadableBody};
use crate::phone::Address;
use crate::types::{AccountSid, is_sid};

/// JSON of a response to a [`RawRequest`](crate::client::RawRequest).
///
/// Read it into a type of your own with [`read`](Self::read), or with
/// [`read_at`](Self::read_at) a part of it. `Debug` hides the content, which can be personal data.
#[derive(Clone, PartialEq)]
pub struct RawResponse {
    value: Value,
    /// Recipient, which the client compares with the request.
    to: Option<Address>,
}

impl RawResponse {
    fn of(value: Value) -> Self {
        let to = value.get("to").and_then(Value::as_str);
        let to = to.filter(|to| !to.is_empty()).map(Address::parse);
        Self { value, to }
    }

    /// Reads the response into a type. A response without a body, such as that to a deletion, is
    /// `null` in JSON, which `()` and `Option` read.
    ///
    /// # Errors
    ///
    /// [`UnfitResponse`] if the response does not fit the type. Twilio has carried out the request
    /// nevertheless.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, UnfitResponse> {
        T::deserialize(&self.value).map_err(|error| UnfitResponse::new(&error))
    }

    /// Reads a part of the response into a type, such as `/meta/next_page_url`. A missing part is
    /// `null`.
    ///
    /// `pointer` is a JSON Pointer.
    ///
    /// # Errors
    ///
    /// [`UnfitResponse`] if the part does not fit the type. Twilio has carried out the request
    /// nevertheless.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc6901>
    pub fn read_at<T: DeserializeOwned>(&self, pointer: &str) -> Result<T, UnfitResponse> {
        let part = self.value.pointer(pointer).unwrap_or(&Value::Null);
        T::deserialize(part).map_err(|error| UnfitResponse::new(&error))
    }

    /// Returns the SID of the resource, if the response has one at its top.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        let sid = self.value.get("sid").and_then(Value::as_str);
        sid.filter(|sid| is_sid(sid))
    }

    /// Returns the JSON as text. It can be personal data.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.value.to_string()
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawResponse([redacted])")
    }
}

impl<'de> Deserialize<'de> for RawResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::of)
    }
}

impl ResponseBody for RawResponse {
    // Those for which a lost response matters most.
    const PREFIXES: &'static [&'static str] = &["SM", "MM", "CA"];

    fn read(body: &[u8]) -> Result<Self, UnreadableBody> {
        let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let text = text.trim_ascii();
        if text.is_empty() {
            return Ok(Self::of(Value::Null));
        }
        let value = match text.first() {
            Some(b'[') => serde_json::from_slice(text),
            Some(b'{') => read::object(body),
            // A gateway's page does not prove that the request was carried out.
            _ => Err(de::Error::custom("neither an object nor a list")),
        };
        value.map(Self::of).map_err(UnreadableBody)
    }

    fn sid(&self) -> Option<&str> {
        self.sid()
    }

    fn echoes(&self) -> Vec<EchoedFields<'_>> {
        let account_sid = self.value.get("account_sid").and_then(Value::as_str);
        vec![EchoedFields {
            sid: self.sid(),
            account_sid: account_sid.and_then(|sid| AccountSid::parse(sid).ok()),
            to: self.to.as_ref(),
        }]
    }

    fn deleted() -> Option<Self> {
        Some(Self::of(Value::Null))
    }
}

/// Error for a response that does not fit the type into which it was to be read.
///
/// It names a missing field. It does not quote the response, because errors are logged.
///
/// ```
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// use clinspark_twilio::client::{Host, RawRequest};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Address {
///     city: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let transport = FakeTransport::new().reply(Reply::json(200, r#"{"sid": "AD00000000000000000000000000000001"}"#));
/// # let client = Client::builder(credentials, Delivery::Off).with_transport(transport).build()?;
/// let path = "/2010-04-01/Accounts/{AccountSid}/Addresses/AD00000000000000000000000000000001.json";
/// let response = client.execute(RawRequest::get(Host::Api, path)).await?;
/// let error = response.read::<Address>().unwrap_err();
/// assert_eq!(error.to_string(), "the response does not fit the type: missing field `city`");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response does not fit the type{}", self.detail())]
pub struct UnfitResponse {
    missing_field: Option<Box<str>>,
}

impl UnfitResponse {
    /// Keeps the name of a missing field, which is written in the type. Every other message of
    /// serde may quote a value.
    fn new(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let rest = message.strip_prefix("missing field `");
        let name = rest.and_then(|rest| rest.split('`').next());
        Self {
            missing_field: name.map(Into::into),
        }
    }

    /// Returns the name of the field that the type needs and the response lacks, if that is the
    /// fault.
    #[must_use]
    pub fn missing_field(&self) -> Option<&str> {
        self.missing_field.as_deref()
    }

    fn detail(&self) -> String {
        let name = self.missing_field.as_deref();
        name.map_or_else(String::new, |name| format!(": missing field `{name}`"))
    }
}
