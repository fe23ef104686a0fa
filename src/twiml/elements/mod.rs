//! Tables of the elements: verbs of a call, their nouns, messaging, SSML.

mod all;
mod connect;
mod dial;
mod dial_nouns;
mod enqueue;
mod messaging;
mod pay;
pub mod ssml;
mod start;
mod voice;

pub use all::ELEMENTS;
pub use connect::{
    AiSession, Autopilot, Connect, Conversation, ConversationRelay, ConversationRelaySession,
    LanguageElement, Room, VirtualAgent,
};
pub use dial::{Dial, Number};
pub use dial_nouns::{
    Application, ApplicationSidElement, Client, Conference, Header, Headers, Identity, Sim, Sip,
    UriElement, WhatsApp,
};
pub use enqueue::{Enqueue, Queue, Task};
pub use messaging::{Body, Media, Message};
pub use pay::{Pay, Prompt};
pub use start::{Config, Parameter, Recording, Siprec, Start, Stop, Stream, Transcription};
pub use voice::{
    Echo, Gather, Hangup, Leave, Pause, Play, Record, Redirect, Refer, ReferSip, Reject, Say, Sms,
};
