//! Connection overrides: the fragment of a webhook's URL.
//!
//! Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>

use std::ops::RangeInclusive;
use std::time::Duration;

use super::client::CONNECT_TIMEOUT;
use crate::sandbox::state::AlertCause;

/// Edge locations, each also with the suffix `-ix`.
const EDGES: [&str; 8] = [
    "ashburn",
    "dublin",
    "frankfurt",
    "sao-paulo",
    "singapore",
    "sydney",
    "tokyo",
    "umatilla",
];

/// Time limits and retries of a webhook.
pub(super) struct Overrides {
    /// Limit for the connection.
    pub(super) connect: Duration,
    /// Limit for the first byte of the response, and between two of its packets.
    pub(super) read: Duration,
    /// Limit for all attempts together.
    pub(super) total: Duration,
    /// Number of retries.
    pub(super) retries: u32,
    /// Names of the failures that have a retry, separated by commas.
    policy: String,
}

/// Failure of an attempt, for which a retry policy has a name.
#[derive(Clone, Copy)]
pub(super) enum AttemptFailure {
    /// The response has this HTTP status.
    Status(u16),
    /// There was no connection.
    Connect,
    /// The response did not begin in time.
    Read,
    /// Part of the response was received, or the request cannot succeed.
    Final,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIMEOUT,
            read: Duration::from_secs(15),
            total: Duration::from_secs(15),
            retries: 1,
            policy: "ct".to_owned(),
        }
    }
}

impl Overrides {
    /// Reads the fragment of a URL. A fragment without `=` is no override.
    pub(super) fn read(fragment: Option<&str>) -> Result<Self, AlertCause> {
        const INVALID: AlertCause =
            AlertCause::new(11100, "a connection override in the URL is invalid");
        let mut overrides = Self::default();
        let pairs = fragment.unwrap_or_default().split('&');
        for (key, value) in pairs.filter_map(|pair| pair.split_once('=')) {
            let milliseconds = |range| number(value, range).map(Duration::from_millis);
            match key {
                "ct" => overrides.connect = milliseconds(100..=10_000).ok_or(INVALID)?,
                "rt" => overrides.read = milliseconds(100..=15_000).ok_or(INVALID)?,
                "tt" => overrides.total = milliseconds(100..=15_000).ok_or(INVALID)?,
                "rc" => {
                    let retries = number(value, 0..=5).and_then(|count| count.try_into().ok());
                    overrides.retries = retries.ok_or(INVALID)?;
                }
                "rp" if value.split(',').all(is_policy) => value.clone_into(&mut overrides.policy),
                "rp" => {
                    let message = "the retry policy in the URL is invalid";
                    return Err(AlertCause::new(11243, message));
                }
                // Plain HTTP has no server name indication.
                "sni" if !matches!(value, "y" | "n") => return Err(INVALID),
                "e" if !value.split(',').all(is_edge) => {
                    let message = "the edge location in the URL does not exist";
                    return Err(AlertCause::new(11240, message));
                }
                _ => {}
            }
        }
        Ok(overrides)
    }

    /// Reports whether the policy has a retry after this failure.
    pub(super) fn retries_on(&self, failure: AttemptFailure) -> bool {
        let name = match failure {
            AttemptFailure::Status(400..=499) => "4xx",
            AttemptFailure::Status(500..=599) => "5xx",
            AttemptFailure::Connect => "ct",
            AttemptFailure::Read => "rt",
            AttemptFailure::Status(_) | AttemptFailure::Final => return false,
        };
        let mut names = self.policy.split(',');
        names.any(|policy| policy == name || policy == "all")
    }
}

fn is_policy(name: &str) -> bool {
    matches!(name, "4xx" | "5xx" | "ct" | "rt" | "all")
}

fn number(text: &str, range: RangeInclusive<u64>) -> Option<u64> {
    text.parse().ok().filter(|number| range.contains(number))
}

fn is_edge(name: &str) -> bool {
    EDGES.contains(&name.strip_suffix("-ix").unwrap_or(name))
}
