//! Values of the saved state: times, addresses, URLs, behaviors of phones.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::phone::{Address, E164};
use crate::sandbox::state::{AnswerBehavior, DeliveryBehavior, WebhookTarget};
use crate::types::Method;

/// Times in RFC 3339.
pub(super) mod time {
    use std::time::SystemTime;

    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub(in crate::sandbox::saved) fn serialize<S: Serializer>(
        time: &SystemTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let time = Timestamp::try_from(*time).map_err(ser::Error::custom)?;
        serializer.collect_str(&time)
    }

    pub(in crate::sandbox::saved) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time: Timestamp = text.parse().map_err(de::Error::custom)?;
        SystemTime::try_from(time).map_err(de::Error::custom)
    }
}

/// A time in RFC 3339.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct SavedTime(#[serde(with = "time")] pub(super) std::time::SystemTime);

/// Address of any form, as Twilio writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SavedAddress(pub(super) Address);

impl Serialize for SavedAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.expose())
    }
}

impl<'de> Deserialize<'de> for SavedAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(Address::parse(&text)))
    }
}

/// Phone number in E.164.
#[derive(Clone, Copy, Debug)]
pub(super) struct SavedE164(pub(super) E164);

impl Serialize for SavedE164 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for SavedE164 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = E164::parse(&text).map_err(serde::de::Error::custom)?;
        Ok(Self(number))
    }
}

/// URL and HTTP method of a webhook.
#[derive(Deserialize, Serialize)]
pub(super) struct SavedTarget {
    url: String,
    method: SavedMethod,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum SavedMethod {
    Get,
    Post,
}

impl From<Method> for SavedMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::Get,
            Method::Post => Self::Post,
        }
    }
}

impl From<SavedMethod> for Method {
    fn from(method: SavedMethod) -> Self {
        match method {
            SavedMethod::Get => Self::Get,
            SavedMethod::Post => Self::Post,
        }
    }
}

impl From<&WebhookTarget> for SavedTarget {
    fn from(target: &WebhookTarget) -> Self {
        Self {
            url: target.url.expose().clone(),
            method: target.method.into(),
        }
    }
}

impl From<SavedTarget> for WebhookTarget {
    fn from(saved: SavedTarget) -> Self {
        Self::new(&saved.url, saved.method.into())
    }
}

/// Outcome of texts to a phone.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SavedDelivery {
    Delivered,
    Undelivered(u32),
    Failed(u32),
}

impl From<DeliveryBehavior> for SavedDelivery {
    fn from(behavior: DeliveryBehavior) -> Self {
        match behavior {
            DeliveryBehavior::Delivered => Self::Delivered,
            DeliveryBehavior::Undelivered(code) => Self::Undelivered(code),
            DeliveryBehavior::Failed(code) => Self::Failed(code),
        }
    }
}

impl From<SavedDelivery> for DeliveryBehavior {
    fn from(saved: SavedDelivery) -> Self {
        match saved {
            SavedDelivery::Delivered => Self::Delivered,
            SavedDelivery::Undelivered(code) => Self::Undelivered(code),
            SavedDelivery::Failed(code) => Self::Failed(code),
        }
    }
}

/// Reaction of a phone to calls.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SavedAnswer {
    Answer,
    Ring,
    Busy,
    NoAnswer,
    Machine { greeting_ms: u64, beeps: bool },
    Fax,
    Silence,
}

impl From<AnswerBehavior> for SavedAnswer {
    fn from(behavior: AnswerBehavior) -> Self {
        match behavior {
            AnswerBehavior::Answer => Self::Answer,
            AnswerBehavior::Ring => Self::Ring,
            AnswerBehavior::Busy => Self::Busy,
            AnswerBehavior::NoAnswer => Self::NoAnswer,
            AnswerBehavior::Machine { greeting, beeps } => Self::Machine {
                greeting_ms: u64::try_from(greeting.as_millis()).unwrap_or(u64::MAX),
                beeps,
            },
            AnswerBehavior::Fax => Self::Fax,
            AnswerBehavior::Silence => Self::Silence,
        }
    }
}

impl From<SavedAnswer> for AnswerBehavior {
    fn from(saved: SavedAnswer) -> Self {
        match saved {
            SavedAnswer::Answer => Self::Answer,
            SavedAnswer::Ring => Self::Ring,
            SavedAnswer::Busy => Self::Busy,
            SavedAnswer::NoAnswer => Self::NoAnswer,
            SavedAnswer::Machine { greeting_ms, beeps } => Self::Machine {
                greeting: Duration::from_millis(greeting_ms),
                beeps,
            },
            SavedAnswer::Fax => Self::Fax,
            SavedAnswer::Silence => Self::Silence,
        }
    }
}
