//! Attributes of `<Dial>`.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/dial>

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::sandbox::calls::active_call::ActiveCall;
use crate::twiml::Node;

/// Time that the phones ring: 30 seconds.
const TIMEOUT: u64 = 30;
/// Longest connection: 4 hours.
const TIME_LIMIT: u64 = 14_400;

/// Attributes of a `<Dial>` that say how it rings and connects.
pub(super) struct DialOptions {
    pub(super) timeout: Duration,
    pub(super) time_limit: Duration,
    pub(super) hangup_on_star: bool,
    pub(super) sequential: bool,
    pub(super) refer_url: Option<String>,
}

impl DialOptions {
    /// Reads the attributes. An invalid one is an alert, and has its default.
    pub(super) fn read(call: &ActiveCall, verb: &Node) -> Self {
        let seconds = |name, bounds: RangeInclusive<u64>, default, code, message| {
            let Some(text) = verb.attribute(name) else {
                return Duration::from_secs(default);
            };
            let value = text.trim().parse().ok();
            let value = value.filter(|value| bounds.contains(value));
            if value.is_none() {
                call.alert(code, message);
            }
            Duration::from_secs(value.unwrap_or(default))
        };
        let flag = |name, code, message| match verb.attribute(name) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                call.alert(code, message);
                false
            }
        };
        flag(
            "answerOnBridge",
            13219,
            "answerOnBridge of the <Dial> is not true or false",
        );
        Self {
            timeout: seconds(
                "timeout",
                1..=600,
                TIMEOUT,
                13212,
                "timeout of the <Dial> is not a number of seconds up to 600",
            ),
            time_limit: seconds(
                "timeLimit",
                1..=86_400,
                TIME_LIMIT,
                13216,
                "timeLimit of the <Dial> is not a number of seconds up to 86400",
            ),
            hangup_on_star: flag(
                "hangupOnStar",
                13213,
                "hangupOnStar of the <Dial> is not true or false",
            ),
            sequential: flag(
                "sequential",
                13218,
                "sequential of the <Dial> is not true or false",
            ),
            refer_url: verb.attribute("referUrl").map(str::to_owned),
        }
    }
}

/// Reports whether a verb is a `<Dial>` during which an inbound call keeps ringing.
pub(in crate::sandbox::calls) fn answers_on_bridge(verb: &Node) -> bool {
    verb.name() == "Dial" && verb.attribute("answerOnBridge") == Some("true")
}
