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
        T::deserialize(&self.value).map_err(|_| UnfitResponse(()))
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
        T::deserialize(part).map_err(|_| UnfitResponse(()))
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
/// It does not quote the response, because errors are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response does not fit the type")]
pub struct UnfitResponse(());
