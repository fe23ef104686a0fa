//! What Twilio says, typed: one struct per kind of webhook.
//!
//! Every struct keeps the parameters that it has no field for (`extra`), because Twilio adds
//! parameters without notice; words it does not know stay as they came; empty text is absence.
//! What is about a person is [`Redacted`](crate::types::Redacted) or masks itself, so `Debug` may
//! be logged; none of them is `Serialize`.

mod call;
mod conference;
mod dial;
mod event;
mod message;
mod other;
mod parameters;
mod recording;
mod row;
mod status;
mod words;

pub use call::{CallParameters, GatherResult, InboundCall, Sip, StirVerstat};
pub use conference::ConferenceStatusCallback;
pub use dial::{Dequeue, DialResult, EnqueueResult, QueueWait};
pub use event::Event;
pub use message::{Button, InboundMedia, InboundMessage, Location, OptOutType, Place, Referral};
pub use other::{
    AmdStatusCallback, ConversationRelayResult, DebuggerEvent, GatherPartial, MessageFallback,
    StreamStatusCallback, VoiceFallback,
};
pub(crate) use parameters::Parameters;
pub use parameters::{Extra, Payload};
pub use recording::{RecordResult, RecordingStatusCallback, TranscriptionCallback};
pub use status::{CallStatusCallback, MessageStatusCallback};
pub use words::{
    ConferenceEndReason, ConferenceEvent, DebuggerLevel, DialCallStatus, ParticipantLeaveReason,
    QueueResult, RecordingSource, RecordingStatus, RecordingTrack, StreamEvent,
    TranscriptionStatus,
};
