//! Attributes of `<Dial>`.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/dial>

use std::ops::RangeInclusive;
use std::time::Duration;

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
    /// Recording of the connection.
    pub(super) record: Option<DialRecord>,
}

/// Recording of a connection.
#[derive(Clone, Copy)]
pub(super) struct DialRecord {
    pub(super) channels: u8,
    /// The recording includes the time for which the phones ring.
    pub(super) from_ringing: bool,
}

impl DialRecord {
    /// Reads `record`. The lint of the document warns of an invalid value.
    fn read(text: &str) -> Option<Self> {
        let (channels, from_ringing) = match text {
            "true" | "record-from-answer" => (1, false),
            "record-from-ringing" => (1, true),
            "record-from-answer-dual" => (2, false),
            "record-from-ringing-dual" => (2, true),
            _ => return None,
        };
        Some(Self {
            channels,
            from_ringing,
        })
    }
}

impl DialOptions {
    /// Reads the attributes. An invalid one has its default; the lint of the document warns of it.
    pub(super) fn read(verb: &Node) -> Self {
        let seconds = |name, bounds: RangeInclusive<u64>, default| {
            let value = verb.attribute(name).map(|text| text.trim().parse().ok());
            let value = value.flatten().filter(|value| bounds.contains(value));
            Duration::from_secs(value.unwrap_or(default))
        };
        let flag = |name| verb.attribute(name) == Some("true");
        Self {
            timeout: seconds("timeout", 1..=600, TIMEOUT),
            time_limit: seconds("timeLimit", 1..=86_400, TIME_LIMIT),
            hangup_on_star: flag("hangupOnStar"),
            sequential: flag("sequential"),
            refer_url: verb.attribute("referUrl").map(str::to_owned),
            record: verb.attribute("record").and_then(DialRecord::read),
        }
    }
}

/// Reports whether a verb is a `<Dial>` during which an inbound call keeps ringing.
pub(in crate::sandbox::calls) fn answers_on_bridge(verb: &Node) -> bool {
    verb.name() == "Dial" && verb.attribute("answerOnBridge") == Some("true")
}
