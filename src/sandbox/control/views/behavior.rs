//! Behavior of a phone: the outcome of texts to it, and its reaction to calls.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::sandbox::state::{AnswerBehavior, DeliveryBehavior};

/// Greeting of the answering machine.
const GREETING: Duration = Duration::from_secs(4);

/// Outcome of texts to a phone. The number is Twilio's error code.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox::control) enum DeliveryView {
    Delivered,
    Undelivered(u32),
    Failed(u32),
}

impl From<DeliveryBehavior> for DeliveryView {
    fn from(behavior: DeliveryBehavior) -> Self {
        match behavior {
            DeliveryBehavior::Delivered => Self::Delivered,
            DeliveryBehavior::Undelivered(code) => Self::Undelivered(code),
            DeliveryBehavior::Failed(code) => Self::Failed(code),
        }
    }
}

impl From<DeliveryView> for DeliveryBehavior {
    fn from(view: DeliveryView) -> Self {
        match view {
            DeliveryView::Delivered => Self::Delivered,
            DeliveryView::Undelivered(code) => Self::Undelivered(code),
            DeliveryView::Failed(code) => Self::Failed(code),
        }
    }
}

/// Reaction of a phone to calls.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox::control) enum AnswerView {
    Ring,
    Answer,
    Busy,
    NoAnswer,
    Machine,
    Fax,
    Silence,
}

impl From<AnswerBehavior> for AnswerView {
    fn from(behavior: AnswerBehavior) -> Self {
        match behavior {
            AnswerBehavior::Ring => Self::Ring,
            AnswerBehavior::Answer => Self::Answer,
            AnswerBehavior::Busy => Self::Busy,
            AnswerBehavior::NoAnswer => Self::NoAnswer,
            AnswerBehavior::Machine { .. } => Self::Machine,
            AnswerBehavior::Fax => Self::Fax,
            AnswerBehavior::Silence => Self::Silence,
        }
    }
}

impl From<AnswerView> for AnswerBehavior {
    fn from(view: AnswerView) -> Self {
        match view {
            AnswerView::Ring => Self::Ring,
            AnswerView::Answer => Self::Answer,
            AnswerView::Busy => Self::Busy,
            AnswerView::NoAnswer => Self::NoAnswer,
            AnswerView::Machine => Self::Machine {
                greeting: GREETING,
                beeps: true,
            },
            AnswerView::Fax => Self::Fax,
            AnswerView::Silence => Self::Silence,
        }
    }
}

/// Way in which a phone declines a call that rings.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox::control) enum DeclineView {
    Busy,
    NoAnswer,
    Machine,
}

impl From<DeclineView> for AnswerBehavior {
    fn from(view: DeclineView) -> Self {
        match view {
            DeclineView::Busy => Self::Busy,
            DeclineView::NoAnswer => Self::NoAnswer,
            DeclineView::Machine => AnswerView::Machine.into(),
        }
    }
}
