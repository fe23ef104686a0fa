//! Payloads of webhooks, one struct for each kind.
//!
//! Every struct keeps the parameters for which it has no field (`extra`), because Twilio adds
//! parameters without notice. Unknown enum values are kept as Twilio sent them. An empty text
//! counts as absent. Personal data is [`Redacted`](crate::types::Redacted) or masked, so `Debug`
//! output may be logged. No payload is `Serialize`.
//!
//! Three properties identify a kind. Parameters that Twilio always sends with it are required. Its
//! SIDs must have the right prefixes. Parameters that only other kinds carry are refused. The last
//! property is the strongest, because a Voice SDK client can add parameters to its call but cannot
//! remove any.

mod call;
mod conference;
mod connect;
mod dial;
mod enums;
mod event;
mod failure;
mod intelligence;
mod macros;
mod message;
mod parameters;
mod pay;
mod recording;
mod refer;
#[cfg(test)]
mod required;
mod status;
mod stream;
mod transcription;

pub use call::{
    CallParameters, GatherPartial, GatherResult, InboundCall, SipParameters, StirVerstat,
};
pub use conference::ConferenceStatusCallback;
pub use connect::{ConversationRelayResult, VirtualAgentResult};
pub use dial::{Dequeue, DialResult, EnqueueResult, QueueWait};
pub use enums::{
    ConferenceEndReason, ConferenceStatusEvent, DebuggerLevel, DialCallStatus,
    ParticipantLeaveReason, QueueResult, SessionStatus, SiprecEvent, StreamEvent,
    TranscriptionStatus, VirtualAgentStatus,
};
pub use event::WebhookEvent;
pub use failure::{DebuggerEvent, MessageFallback, VoiceFallback};
pub use intelligence::IntelligenceCallback;
pub use message::{Button, InboundMedia, InboundMessage, Location, OptOutType, Place, Referral};
pub(crate) use parameters::Parameters;
pub use parameters::{ExtraParameters, Payload};
pub use pay::{
    PayResult, PayStatusCallback, PaymentDetails, PaymentErrorType, PaymentResult, PaymentStep,
    UsedPaymentMethod,
};
pub use recording::{RecordResult, RecordingStatusCallback, TranscriptionCallback};
pub use refer::{ReferRequest, ReferResult};
pub use status::{AmdStatusCallback, CallStatusCallback, MessageStatusCallback};
pub use stream::{SiprecStatusCallback, StreamStatusCallback};
pub use transcription::{
    RealTimeTranscription, RealTimeTranscriptionEvent, TranscriptionContent, TranscriptionFailure,
    TranscriptionStart, TranscriptionTrack,
};
