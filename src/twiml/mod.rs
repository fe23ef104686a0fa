//! Every document that Twilio understands, and none that it does not.
//!
//! A wrong nesting does not compile, no text breaks the XML, and building a document costs about
//! as much as pushing its text by hand.
//!
//! ```
//! use std::time::Duration;
//! use clinspark_twilio::twiml::{Gather, Say, Voice, VoiceResponse};
//!
//! let menu = VoiceResponse::new()
//!     .append(
//!         Gather::new()
//!             .num_digits(1)
//!             .timeout(Duration::from_secs(5))
//!             .action("/twilio/confirm")
//!             .append(Say::new("Press one to confirm.").voice(Voice::POLLY_JOANNA)),
//!     )
//!     .append(Say::new("Goodbye."));
//! assert!(menu.to_xml().ends_with("</Gather><Say>Goodbye.</Say></Response>"));
//! ```
//!
//! | Type | What it is |
//! |---|---|
//! | [`VoiceResponse`], [`MessagingResponse`] | a document: the answer to a call, to a message |
//! | [`Say`], [`Gather`], [`Dial`] ... | an element; setters are named as Twilio's attributes |
//! | [`ssml`] | how text is spoken, inside [`Say`] |
//! | [`Custom`], `attribute(name, value)` | the way out for what is newer than this crate |
//! | [`read()`], [`Node`], [`ReadError`] | a document from elsewhere, as an untyped tree |

mod connect;
mod dial;
mod element;
mod escape;
mod inventory;
mod lint;
mod messaging;
mod node;
mod parties;
mod pay;
mod queue;
mod read;
mod response;
pub mod ssml;
mod stream;
mod table;
mod text;
mod tree;
mod value;
mod vocabulary;
mod voice;
mod words;

pub use connect::{
    AiSession, Autopilot, Connect, Conversation, ConversationRelay, ConversationRelaySession,
    RelayLanguage, Room, VirtualAgent,
};
pub use dial::{Dial, Number};
pub use element::{ChildOf, Custom, Element, NameError};
pub use inventory::ELEMENTS;
pub use lint::{Finding, FindingKind};
pub use messaging::{Body, Media, Message};
pub use parties::{
    Application, ApplicationSid, Client, Conference, Header, Headers, Identity, Sim, Sip, SipUri,
    WhatsApp,
};
pub use pay::{Pay, Prompt};
pub use queue::{Enqueue, Queue, Task};
pub use read::{ReadError, ReadErrorKind, read};
pub use response::{MessagingResponse, VoiceResponse};
pub use stream::{Config, Parameter, Recording, Siprec, Start, Stop, Stream, Transcription};
pub use table::{AttributeRow, ConstructorRow, ElementRow, Kind};
pub use text::Text;
pub use tree::{Item, Node};
pub use value::{Loop, PostalCode, SpeechTimeout};
pub use vocabulary::{
    Interruptible, Language, Sensitivity, SpeechModel, TextNormalization, TranscriptionProvider,
    TtsProvider, Voice,
};
pub use voice::{
    Echo, Gather, Hangup, Leave, Pause, Play, Record, Redirect, Refer, ReferSip, Reject, Say, Sms,
};
pub use words::{
    BankAccountType, CallEvent, CardType, ConferenceBeep, ConferenceEvent, ConferenceRecord,
    ConferenceRegion, ConversationEvent, ConversationRecord, DialEvents, DialRecord, GatherInput,
    JitterBufferSize, PayInput, PaymentMethod, PromptErrorType, PromptFor, RecordingChannels,
    RecordingEvent, RecordingTrack, RejectReason, RingTone, TokenType, Track, Trim,
};
