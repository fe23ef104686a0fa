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
//! | [`CustomElement`], `attribute(name, value)` | what is newer than this crate |
//! | [`LintFinding`] | what Twilio would refuse, found by `lint()` |
//! | [`read()`], [`Node`], [`ReadError`] | a document from elsewhere, as an untyped tree |
//! | [`ELEMENTS`], [`ElementSchema`] | elements and attributes as data |
//!
//! Setters take their attribute's name in `snake_case`; `loop_` and `for_` dodge Rust's keywords.
//! An element that Twilio makes of text *or* of other elements has `new()` for the latter and a
//! shortcut named after the text for the former: `Dial::number`, `Client::identity`. An element
//! whose tag is also the name of a value ends in `Element`: [`LanguageElement`], [`UriElement`],
//! [`ApplicationSidElement`]. The fax response is retired by Twilio and left out.
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
//! # Contributing: a new attribute is one declaration
//!
//! When Twilio adds an attribute, declare it in its element's table in `elements/`, with its
//! meaning, unit and range. The setter, its documentation, `lint` and the schema follow from it:
//!
//! ```text
//! Gather = "Gather" in [VoiceResponse];
//! ...
//! /// Seconds that a caller may speak at most.
//! max_speech_time = "maxSpeechTime": Seconds,
//! ```
//!
//! Then `tests/twiml/inventory.rs` fails with "surplus" until the pinned inventory in
//! `tests/data` has the attribute too, and `tests/twiml/typed_elements.rs` wants it in its list, so
//! that the documents of the official libraries prove its spelling. A new element is an
//! `element!` of its own, listed in `elements/all.rs`.
//!
//! Files, from the ground up: `schema`, `write` (escaping, buffers), `values` of attributes,
//! `read`, `element` and `element_macro`, `response`, `elements`, `lint`.

mod custom_element;
mod element;
mod element_macro;
mod elements;
mod lint;
mod name;
mod read;
mod response;
mod schema;
mod values;
mod write;

pub use custom_element::CustomElement;
pub use element::{ChildOf, Element};
pub use elements::{
    AiSession, Application, ApplicationSidElement, Autopilot, Body, Client, Conference, Config,
    Connect, Conversation, ConversationRelay, ConversationRelaySession, Dial, ELEMENTS, Echo,
    Enqueue, Gather, Hangup, Header, Headers, Identity, LanguageElement, Leave, Media, Message,
    Number, Parameter, Pause, Pay, Play, Prompt, Queue, Record, Recording, Redirect, Refer,
    ReferSip, Reject, Room, Say, Sim, Sip, Siprec, Sms, Start, Stop, Stream, Task, Transcription,
    UriElement, VirtualAgent, WhatsApp, ssml,
};
pub use lint::{LintFinding, LintFindingKind};
pub use name::NameError;
pub use read::{ChildNode, Node, ReadError, ReadErrorKind, read};
pub use response::{MessagingResponse, VoiceResponse};
pub use schema::{AttributeSchema, ConstructorSchema, ElementSchema, ValueType};
pub use values::{
    AudioTrack, BankAccountType, CallEvent, CardType, ConferenceBeep, ConferenceEvent,
    ConferenceRecord, ConferenceRegion, ConversationEvent, ConversationRecord, DialEvents,
    DialRecord, GatherInput, InterruptSensitivity, Interruptible, JitterBufferSize, Language, Loop,
    PayInput, PaymentMethod, PostalCode, PromptErrorType, PromptFor, RecordingEvent, RejectReason,
    RingTone, SpeechModel, SpeechTimeout, TextNormalization, TextValue, TokenType,
    TranscriptionProvider, Trim, TtsProvider, Voice,
};

pub use crate::types::{RecordingChannels, RecordingTrack};
