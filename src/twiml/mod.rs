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

mod dial;
mod element;
mod escape;
mod messaging;
mod node;
mod pay;
mod read;
mod response;
pub mod ssml;
mod table;
mod text;
mod value;
mod vocabulary;
mod voice;
mod words;

pub use dial::{Dial, Number};
pub use element::{ChildOf, Custom, Element, NameError};
pub use messaging::{Body, Media, Message};
pub use node::{Item, Node};
pub use pay::Prompt;
pub use read::{ReadError, ReadErrorKind, read};
pub use response::{MessagingResponse, VoiceResponse};
pub use table::{AttributeRow, ConstructorRow, ElementRow, Kind};
pub use text::Text;
pub use value::{Loop, SpeechTimeout};
pub use vocabulary::{Language, SpeechModel, Voice};
pub use voice::{Gather, Hangup, Pause, Play, Record, Redirect, Reject, Say};
pub use words::{
    CallEvent, DialEvents, DialRecord, GatherInput, RecordingEvent, RecordingTrack, RejectReason,
    Trim,
};
