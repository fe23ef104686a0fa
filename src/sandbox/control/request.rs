//! A request to the control API: reads its path, query and body strictly.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::error::ControlError;
use super::shared::Shared;
use crate::phone::E164;
use crate::sandbox::context::Context;
use crate::sandbox::numbers::read_number;
use crate::types::CallSid;

/// Longest wait of a request, in seconds of real time.
const WAIT_LIMIT: f64 = 60.0;

/// A request whose route was found and whose body was read.
pub(super) struct ControlRequest {
    pub(super) shared: Arc<Shared>,
    /// Base URL that the client used.
    pub(super) base_url: String,
    pub(super) headers: HeaderMap,
    /// Values of the parameters in the path, without percent escapes.
    pub(super) path_values: Vec<String>,
    pub(super) query: String,
    pub(super) body: Bytes,
}

/// Query of a request that can wait and has no other parameter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitQuery {
    wait: Option<f64>,
}

/// Query of a request without parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoQuery {}

impl ControlRequest {
    pub(super) fn context(&self) -> &Arc<Context> {
        &self.shared.context
    }

    /// Returns the first parameter of the path.
    pub(super) fn path_value(&self) -> &str {
        self.path_values.first().map_or("", String::as_str)
    }

    /// Reads the phone number in the path.
    pub(super) fn number(&self) -> Result<E164, ControlError> {
        read_number(self.path_value()).ok_or_else(|| {
            let message = "the number in the path is not a phone number; write it in E.164, such as \
                           +14155550123";
            ControlError::not_found("invalid_number", message)
        })
    }

    /// Reads the SID of a call in the path.
    pub(super) fn call_sid(&self) -> Result<CallSid, ControlError> {
        CallSid::parse(self.path_value()).map_err(|_| {
            let message = "the path has no SID of a call; it is `CA` and 32 hexadecimal digits, as \
                           in the list of `GET /_sandbox/calls`";
            ControlError::not_found("invalid_sid", message)
        })
    }

    /// Reads the body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ControlError> {
        if self.body.is_empty() {
            let message = "the body is empty; send a JSON object, `{}` if no field is needed";
            return Err(ControlError::bad_request("empty_body", message));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            if error.classify() == Category::Data {
                let message = format!("the body has a wrong field or value: {error}");
                ControlError::invalid("invalid_body", message)
            } else {
                let message = format!("the body is not JSON: {error}");
                ControlError::bad_request("malformed_json", message)
            }
        })
    }

    /// Reads the query.
    pub(super) fn query<T: DeserializeOwned>(&self) -> Result<T, ControlError> {
        serde_urlencoded::from_str(&self.query).map_err(|error| {
            let message = format!("the query has a wrong parameter or value: {error}");
            ControlError::bad_request("invalid_query", message)
        })
    }

    /// Rejects every parameter of the query.
    pub(super) fn no_query(&self) -> Result<(), ControlError> {
        self.query::<NoQuery>().map(|NoQuery {}| ())
    }

    /// Reads the wait of a request that has no other parameter.
    pub(super) fn wait(&self) -> Result<Option<Duration>, ControlError> {
        let WaitQuery { wait } = self.query()?;
        wait_of(wait)
    }
}

/// Reads the parameter `wait`: seconds of real time, from 0 to 60. 0 means no wait.
pub(super) fn wait_of(seconds: Option<f64>) -> Result<Option<Duration>, ControlError> {
    let Some(seconds) = seconds else {
        return Ok(None);
    };
    if !(0.0..=WAIT_LIMIT).contains(&seconds) {
        let message = format!("`wait` is {seconds}; it is the seconds to wait, from 0 to 60");
        return Err(ControlError::bad_request("invalid_query", message));
    }
    Ok(Some(Duration::from_secs_f64(seconds)).filter(|wait| !wait.is_zero()))
}

/// Reads a phone number in the field `field` of a body.
pub(super) fn number_of(field: &str, text: &str) -> Result<E164, ControlError> {
    read_number(text).ok_or_else(|| {
        let message =
            format!("`{field}` is not a phone number; write it in E.164, such as +14155550123");
        ControlError::invalid("invalid_number", message)
    })
}

/// Checks the length of a text in the field `field` of a body.
pub(super) fn check_length(field: &str, text: &str, limit: usize) -> Result<(), ControlError> {
    let length = text.chars().count();
    if length <= limit {
        return Ok(());
    }
    let message = format!("`{field}` has {length} characters; at most {limit} are possible");
    Err(ControlError::invalid("too_long", message))
}
