//! Calls, and the commands that reach one under way.

use std::collections::VecDeque;
use std::time::SystemTime;

use tokio::sync::{mpsc, oneshot};

use super::activity::ActivityGuard;
use super::document::Document;
use super::settings::WebhookTarget;
use crate::phone::E164;
use crate::types::{CallDirection, CallSid, CallStatus};

/// A call of the account, or one leg of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredCall {
    /// `CA...`.
    pub sid: CallSid,
    /// The call whose `<Dial>` placed this one.
    pub parent_call_sid: Option<CallSid>,
    /// Number of the caller.
    pub from: E164,
    /// Number that was called.
    pub to: E164,
    /// Inbound, placed through the API, or placed by a `<Dial>`.
    pub direction: CallDirection,
    /// Status of the call.
    pub status: CallStatus,
    /// Seconds, once the call has ended: what the TwiML asked to pause and to wait, and a second
    /// for each thing said. The sandbox counts time, it does not spend it.
    pub duration: Option<u64>,
    /// When the call was created.
    pub date_created: SystemTime,
    /// When the call was answered.
    pub start_time: Option<SystemTime>,
    /// When the call ended.
    pub end_time: Option<SystemTime>,
}

/// A call, its audio, and the channel to the task that runs it.
pub(crate) struct CallEntry {
    pub(crate) call: StoredCall,
    /// Text said and URLs played that the phone has not heard yet.
    pub(crate) audio: VecDeque<String>,
    /// Waits for the phone: to press, speak, answer or hang up.
    pub(crate) is_idle: bool,
    /// Ended, and the last status callback was answered.
    pub(crate) is_finished: bool,
    pub(crate) commands: mpsc::UnboundedSender<QueuedCommand>,
}

impl CallEntry {
    pub(crate) fn has_ended(&self) -> bool {
        self.call.status.is_final()
    }
}

/// A command from the phone or the REST API to a call under way.
pub(crate) enum CallCommand {
    /// The phone presses keys.
    PressKeys(String),
    /// The person speaks.
    Speak(String),
    /// The person lets the timeout pass.
    StaySilent,
    /// The phone is picked up.
    Answer,
    /// The phone hangs up.
    HangUp,
    /// The REST API has ended the call and set its status.
    EndedByApi,
    /// The REST API gave new instructions.
    Redirect(Instructions),
}

/// A command on its way to a call.
pub(crate) struct QueuedCommand {
    pub(crate) command: CallCommand,
    /// Told when a verb of the call takes the input.
    pub(crate) accepted: Option<oneshot::Sender<()>>,
    /// Keeps the sandbox from being idle while the command is on its way.
    pub(crate) activity: Option<ActivityGuard>,
}

impl QueuedCommand {
    /// A hang-up, for a call whose phone is gone.
    pub(crate) const fn hang_up() -> Self {
        Self {
            command: CallCommand::HangUp,
            accepted: None,
            activity: None,
        }
    }

    /// Takes the command, and tells the phone that the call asked for it.
    pub(crate) fn accept(self) -> CallCommand {
        if let Some(accepted) = self.accepted {
            // The phone may have stopped waiting.
            let _ = accepted.send(());
        }
        self.command
    }
}

/// Source of a call's TwiML.
pub(crate) enum Instructions {
    Inline(Document),
    Webhook {
        target: WebhookTarget,
        fallback: Option<WebhookTarget>,
    },
}
