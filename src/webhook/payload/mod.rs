//! Payloads of webhooks: one struct for each kind.
//!
//! Every struct keeps the parameters that it has no field for (`extra`), because Twilio adds
//! parameters without notice. Unknown values of a vocabulary are kept as Twilio sent them. Empty
//! text is absence. Data about a person is [`Redacted`](crate::types::Redacted) or masks itself,
//! so `Debug` output may be logged. No payload is `Serialize`.
//!
//! A kind is told by three things: the parameters that Twilio always sends with it, which are
//! required; the prefixes of its SIDs; and the parameters that only other kinds carry, which are
//! refused. The last one counts most. A Voice SDK client can add parameters to its call, but it
//! can remove none.

mod call;
mod conference;
mod dial;
mod enums;
mod event;
mod failure;
mod macros;
mod message;
mod parameters;
mod recording;
mod status;
mod stream;

pub use call::{
    CallParameters, GatherPartial, GatherResult, InboundCall, SipParameters, StirVerstat,
};
pub use conference::ConferenceStatusCallback;
pub use dial::{Dequeue, DialResult, EnqueueResult, QueueWait};
pub use enums::{
    ConferenceEndReason, ConferenceStatusEvent, DebuggerLevel, DialCallStatus,
    ParticipantLeaveReason, QueueResult, StreamEvent, TranscriptionStatus,
};
pub use event::WebhookEvent;
pub use failure::{DebuggerEvent, MessageFallback, VoiceFallback};
pub use message::{Button, InboundMedia, InboundMessage, Location, OptOutType, Place, Referral};
pub(crate) use parameters::Parameters;
pub use parameters::{ExtraParameters, Payload};
pub use recording::{RecordResult, RecordingStatusCallback, TranscriptionCallback};
pub use status::{AmdStatusCallback, CallStatusCallback, MessageStatusCallback};
pub use stream::{ConversationRelayResult, StreamStatusCallback};
