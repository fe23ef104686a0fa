//! Every document that Twilio understands, and none that it does not.
//!
//! A wrong nesting does not compile, no text breaks the XML, and building a document
//! allocates no more than pushing its text by hand: elements are written as they are built, into
//! buffers that a thread uses again.
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
//! | [`Voice`], [`Language`], [`SpeechModel`] ... | an open vocabulary: constants, or any text |
//! | [`Custom`], `attribute(name, value)` | the way out for what is newer than this crate |
//! | [`Finding`] | what Twilio would refuse, found by `lint()` |
//! | [`read()`], [`Node`], [`ReadError`] | a document from elsewhere, as an untyped tree |
//! | [`ELEMENTS`] | the rows as data |
//!
//! Setters take their attribute's name in `snake_case`; `loop_` and `for_` dodge Rust's keywords.
//! An element that Twilio makes of text *or* of other elements has `new()` for the latter and a
//! shortcut named after the text for the former: `Dial::number`, `Client::identity`. The fax
//! response is retired by Twilio and left out.
//!
//! # A menu by speech or key
//!
//! ```
//! # use std::time::Duration;
//! use clinspark_twilio::twiml::{
//!     Gather, GatherInput, Language, Pause, Redirect, Say, SpeechTimeout, VoiceResponse,
//! };
//!
//! let menu = VoiceResponse::new()
//!     .append(
//!         Gather::new()
//!             .input(&[GatherInput::Dtmf, GatherInput::Speech])
//!             .hints(&["appointment", "results", "nurse"])
//!             .speech_timeout(SpeechTimeout::Auto)
//!             .language(Language::EN_GB)
//!             .action("/twilio/menu")
//!             .append(Say::new("For appointments press one. For a nurse press two."))
//!             .append(Pause::new().length(Duration::from_secs(2))),
//!     )
//!     .append(Redirect::new("/twilio/welcome"));
//! assert!(menu.lint().is_empty());
//! ```
//!
//! # Voicemail
//!
//! ```
//! # use std::time::Duration;
//! use clinspark_twilio::twiml::{Hangup, Record, RecordingEvent, Say, VoiceResponse};
//!
//! let voicemail = VoiceResponse::new()
//!     .append(Say::new("Please leave a message after the beep. Press hash when done."))
//!     .append(
//!         Record::new()
//!             .max_length(Duration::from_secs(120))
//!             .finish_on_key("#")
//!             .action("/twilio/thanks")
//!             .recording_status_callback("/twilio/recording")
//!             .recording_status_callback_event(&[RecordingEvent::Completed]),
//!     )
//!     .append(Hangup::new());
//! assert!(voicemail.lint().is_empty());
//! ```
//!
//! # An appointment confirmed by a key
//!
//! Answering a webhook: what was pressed comes in, the next document goes out.
//!
//! ```
//! use clinspark_twilio::twiml::{Gather, Hangup, Say, VoiceResponse};
//!
//! fn answer(digits: Option<&str>) -> VoiceResponse {
//!     match digits {
//!         Some("1") => VoiceResponse::new()
//!             .append(Say::new("Thank you. Your visit is confirmed."))
//!             .append(Hangup::new()),
//!         _ => VoiceResponse::new()
//!             .append(
//!                 Gather::new()
//!                     .num_digits(1)
//!                     .action("/twilio/confirm")
//!                     .append(Say::new("Press one to confirm your visit on Monday at nine.")),
//!             )
//!             .append(Say::new("We did not hear you. Goodbye.")),
//!     }
//! }
//!
//! let response = answer(Some("1")).into_response();
//! assert_eq!(response.headers()["content-type"], "text/xml; charset=utf-8");
//! ```
//!
//! # A conference
//!
//! ```
//! use clinspark_twilio::twiml::{
//!     Conference, ConferenceBeep, ConferenceEvent, Dial, VoiceResponse,
//! };
//!
//! let room = VoiceResponse::new().append(
//!     Dial::new().append(
//!         Conference::new("Visit 4711")
//!             .beep(ConferenceBeep::OnEnter)
//!             .end_conference_on_exit(true)
//!             .max_participants(4)
//!             .status_callback("/twilio/conference")
//!             .status_callback_event(&[ConferenceEvent::Join, ConferenceEvent::Leave]),
//!     ),
//! );
//! assert!(room.lint().is_empty());
//! ```
//!
//! # A media stream
//!
//! ```
//! use clinspark_twilio::twiml::{Connect, Parameter, Stream, VoiceResponse};
//!
//! let stream = VoiceResponse::new().append(
//!     Connect::new().append(
//!         Stream::new()
//!             .url("wss://voice.example.com/stream")
//!             .append(Parameter::new("visit", "4711")),
//!     ),
//! );
//! assert!(stream.lint().is_empty());
//! ```
//!
//! # Spoken as it should be
//!
//! ```
//! # use std::time::Duration;
//! use clinspark_twilio::twiml::{Say, Voice, VoiceResponse, ssml};
//!
//! let code = VoiceResponse::new().append(
//!     Say::new("Your code is")
//!         .voice(Voice::POLLY_AMY_NEURAL)
//!         .append(ssml::Break::new().time(Duration::from_millis(400)))
//!         .append(ssml::SayAs::new("4711").interpret_as(ssml::InterpretAs::Digits))
//!         .append("Please write it down."),
//! );
//! assert!(code.lint().is_empty());
//! ```
//!
//! # In tests
//!
//! ```
//! use clinspark_twilio::twiml::{self, Say, VoiceResponse};
//!
//! let document = VoiceResponse::new().append(Say::new("Hello"));
//! let tree = twiml::read(&document.to_xml())?;
//! assert_eq!(tree.find("Say").unwrap().text(), "Hello");
//! # Ok::<(), twiml::ReadError>(())
//! ```
//!
//! # Contributing: a new attribute is one row
//!
//! When Twilio adds an attribute, add its row to its element, with what it means, its unit and
//! its range; the setter, its documentation, `lint` and the table follow from it:
//!
//! ```text
//! Gather = "Gather" in [VoiceResponse];
//! ...
//! /// Seconds that a caller may speak at most.
//! max_speech_time = "maxSpeechTime": Seconds,
//! ```
//!
//! Then `tests/twiml/inventory.rs` fails with "surplus" until the pinned inventory in
//! `tests/data` has the attribute too, and `tests/twiml/typed_rows.rs` wants it in its list, so
//! that the documents of the official libraries prove its spelling. A new element is an
//! `element!` of its own, listed in `inventory.rs`.

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
mod pool;
mod queue;
mod read;
mod response;
mod row;
mod rules;
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
    JitterBufferSize, PayInput, PaymentMethod, PromptErrorType, PromptFor, RecordingEvent,
    RejectReason, RingTone, TokenType, Track, Trim,
};

pub use crate::types::{RecordingChannels, RecordingTrack};
