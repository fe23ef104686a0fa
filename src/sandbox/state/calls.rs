//! Calls, and the commands to a call in progress.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, oneshot};

use super::activity::ActivityGuard;
use super::document::Document;
use super::phones::AnswerBehavior;
use super::real_time_transcriptions::RealTimeTranscription;
use super::recordings::RecordingChange;
use super::run_documents::{RunDocuments, Wait};
use super::settings::WebhookTarget;
use super::streams::ListeningStream;
use super::table::Row;
use super::timeline::GroupId;
use super::transcript::{Sound, TranscriptEntry};
use crate::phone::Address;
use crate::types::{AnsweredBy, CallDirection, CallSid, CallStatus, RecordingSid, Redacted};
use crate::webhook::websocket::stream::Audio;

/// A call of the account, or one leg of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredCall {
    /// SID of the call, `CA...`.
    pub sid: CallSid,
    /// SID of the call whose `<Dial>` placed this call.
    pub parent_call_sid: Option<CallSid>,
    /// Address of the caller.
    pub from: Address,
    /// Address that was called: a phone, a client of the Voice SDK, or a SIP endpoint.
    pub to: Address,
    /// Direction: inbound, placed through the API, or placed by a `<Dial>`.
    pub direction: CallDirection,
    /// Status of the call.
    pub status: CallStatus,
    /// Duration in seconds by the sandbox's clock; `None` until the call has ended. Speech counts as
    /// two and a half words a second, and a file played as one second.
    pub duration: Option<u64>,
    /// Time of creation.
    pub date_created: SystemTime,
    /// Time of the answer; `None` for a call that was not answered.
    pub start_time: Option<SystemTime>,
    /// Time of the end; `None` until the call has ended.
    pub end_time: Option<SystemTime>,
    /// Party that answered, if answering-machine detection was on and has ended.
    pub answered_by: Option<AnsweredBy>,
}

/// A call, its audio, and the channel to the task that runs it.
pub(crate) struct CallEntry {
    pub(crate) call: StoredCall,
    /// Text said and URLs played that `PhoneCall::hear` has not returned yet.
    pub(crate) audio: VecDeque<String>,
    /// What was heard and pressed, oldest first.
    pub(crate) transcript: VecDeque<TranscriptEntry>,
    /// Set while the call waits for a phone to press, speak, answer or hang up.
    pub(crate) is_idle: bool,
    /// Set after the call has ended and its last status callback was answered.
    pub(crate) is_finished: bool,
    /// Legs of the current `<Dial>` whose news the call has not processed yet.
    pub(crate) legs: Vec<CallSid>,
    /// Real-time transcriptions, in order of creation.
    pub(crate) transcriptions: Vec<RealTimeTranscription>,
    /// Custom parameters for the endpoint: those of `<Client>`, or the headers of a SIP URI.
    pub(crate) parameters: Redacted<Vec<(String, String)>>,
    pub(crate) commands: mpsc::UnboundedSender<QueuedCommand>,
    /// Media streams that listen to the call.
    pub(crate) streams: Vec<ListeningStream>,
    /// TwiML that the call runs or has run.
    pub(crate) documents: RunDocuments,
    /// What the call waits for; `None` while it runs.
    pub(crate) wait: Option<Wait>,
    /// Group in which the call was created.
    pub(crate) group: Option<GroupId>,
}

impl CallEntry {
    /// Creates the entry of a call that has not run yet.
    pub(crate) fn new(
        call: StoredCall,
        commands: mpsc::UnboundedSender<QueuedCommand>,
        group: Option<GroupId>,
    ) -> Self {
        Self {
            call,
            audio: VecDeque::new(),
            transcript: VecDeque::new(),
            is_idle: false,
            is_finished: false,
            legs: Vec::new(),
            transcriptions: Vec::new(),
            parameters: Redacted::default(),
            commands,
            streams: Vec::new(),
            documents: RunDocuments::default(),
            wait: None,
            group,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.call.status.is_final()
    }
}

impl Row for CallEntry {
    type Key = CallSid;

    fn key(&self) -> CallSid {
        self.call.sid
    }

    fn is_final(&self) -> bool {
        self.is_finished
    }
}

/// A command from the phone or the REST API to a call in progress.
pub(crate) enum CallCommand {
    /// The phone presses keys.
    PressKeys(String),
    /// The person speaks.
    Speak(String),
    /// The phone sends audio, which only media streams receive.
    SendAudio(Audio),
    /// The person does nothing until the verb's timeout passes.
    StaySilent,
    /// The phone answers.
    Answer,
    /// The ringing phone reacts in this way, whatever its setting.
    React(AnswerBehavior),
    /// The phone hangs up.
    HangUp,
    /// The REST API, or the `<Dial>` that placed the call, has ended the call and set its status.
    EndedByApi,
    /// The REST API has redirected the call to new instructions.
    Redirect(Instructions),
    /// The REST API has set the target of the status callback.
    ReportTo(WebhookTarget),
    /// The REST API has set the longest duration of the call.
    LimitTime(Duration),
    /// The SIP endpoint transfers the call to this SIP URI.
    Refer(String),
    /// The conference or queue of the call has changed its state.
    Changed,
    /// A conference or a connected call sounds in this one.
    Hear(Sound),
    /// The REST API has started a recording, which exists already.
    StartRecording(RecordingSid),
    /// The REST API has paused, resumed or stopped a recording.
    ChangeRecording(RecordingSid, RecordingChange),
}

/// A command in the queue of a call.
pub(crate) struct QueuedCommand {
    pub(crate) command: CallCommand,
    /// Signals to the phone that a verb of the call accepted the input.
    pub(crate) accepted: Option<oneshot::Sender<()>>,
    /// Keeps the sandbox busy until the call has received the command.
    pub(crate) activity: Option<ActivityGuard>,
}

impl QueuedCommand {
    /// Creates a hang-up, which stands in for a command when the channel is closed.
    pub(crate) const fn hang_up() -> Self {
        Self {
            command: CallCommand::HangUp,
            accepted: None,
            activity: None,
        }
    }

    /// Creates a command that ends the call, after its status was set.
    pub(crate) const fn ended() -> Self {
        Self {
            command: CallCommand::EndedByApi,
            accepted: None,
            activity: None,
        }
    }

    /// Returns the command, and signals to the phone that the call accepted it.
    pub(crate) fn accept(mut self) -> CallCommand {
        self.acknowledge();
        self.command
    }

    /// Signals to the phone that the call accepted the command.
    pub(crate) fn acknowledge(&mut self) {
        if let Some(accepted) = self.accepted.take() {
            // The phone may have stopped waiting.
            let _ = accepted.send(());
        }
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

/// Returns the `CallToken` of an inbound call, with which an outbound call may show its caller.
pub(crate) fn call_token(sid: CallSid) -> String {
    format!("{{\"parentCallInfoToken\":\"{sid}\"}}")
}
