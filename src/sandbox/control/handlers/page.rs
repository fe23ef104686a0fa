//! Parameters that limit a list.

use serde::Deserialize;

use crate::sandbox::control::error::ControlError;

/// Entries of a list without `limit`.
const DEFAULT: usize = 50;

/// Largest value of `limit`.
const LARGEST: usize = 1_000;

/// Query of a list that has no other parameter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitQuery {
    pub(super) limit: Option<usize>,
}

/// Checks the parameter `limit`: 1 to 1,000, by default 50.
pub(super) fn limit_of(limit: Option<usize>) -> Result<usize, ControlError> {
    let limit = limit.unwrap_or(DEFAULT);
    if (1..=LARGEST).contains(&limit) {
        return Ok(limit);
    }
    let message = format!("`limit` is {limit}; it is a number from 1 to {LARGEST}");
    Err(ControlError::bad_request("invalid_query", message))
}
