//! TwiML documents with types for every element and attribute that Twilio documents.
//!
//! An invalid nesting does not compile, and all text is escaped, so a document is always
//! well-formed. Building a document allocates no more than pushing its text by hand: elements are
//! written as they are built, into buffers that a thread reuses.
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
//! | Type | Purpose |
//! |---|---|
//! | [`VoiceResponse`], [`MessagingResponse`] | document that answers a call or a message |
//! | [`Say`], [`Gather`], [`Dial`] ... | element; setters are named like Twilio's attributes |
//! | [`ssml`] | SSML elements inside [`Say`], which control speech |
//! | [`Voice`], [`Language`], [`SpeechModel`] ... | open enum: constants, or any text |
//! | [`CustomElement`], `attribute(name, value)` | elements and attributes that are newer than this crate |
//! | [`LintFinding`] | fault that Twilio would refuse, found by `lint()` |
//! | [`read()`], [`Node`], [`ReadError`] | parser of existing documents into an untyped tree |
//! | [`ELEMENTS`], [`ElementSchema`] | elements and attributes as data |
//!
//! Setters have their attribute's name in `snake_case`. `loop_` and `for_` avoid Rust's keywords.
//! An element that holds text *or* other elements has `new()` for other elements, and a
//! constructor named after the text: `Dial::number`, `Client::identity`. An element whose tag is
//! also the name of a value ends in `Element`: [`LanguageElement`], [`UriElement`],
//! [`ApplicationSidElement`]. The fax response is not supported, because Twilio has retired it.
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
//! The handler of a webhook receives the pressed digits and returns the next document.
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
//! let conference = VoiceResponse::new().append(
//!     Dial::new().append(
//!         Conference::new("Visit 4711")
//!             .beep(ConferenceBeep::OnEnter)
//!             .end_conference_on_exit(true)
//!             .max_participants(4)
//!             .status_callback("/twilio/conference")
//!             .status_callback_event(&[ConferenceEvent::Join, ConferenceEvent::Leave]),
//!     ),
//! );
//! assert!(conference.lint().is_empty());
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
//! # Speech with SSML
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
//! meaning, unit and range. The setter, its documentation, `lint` and the schema are generated from
//! it:
//!
//! ```text
//! Gather = "Gather" in [VoiceResponse];
//! ...
//! /// Longest time that a caller may speak, in seconds.
//! max_speech_time = "maxSpeechTime": Seconds,
//! ```
//!
//! Then `tests/twiml/inventory.rs` fails with "surplus" until the pinned inventory in `tests/data`
//! also has the attribute. `tests/twiml/typed_elements.rs` requires it in its list, so that
//! documents of the official libraries prove its spelling. Declare a new element with its own
//! `element!`, and list it in `elements/all.rs`.
//!
//! Files, from the lowest layer up: `schema`, `write` (escaping, buffers), `values` of attributes,
//! `read`, `element` and `element_macro`, `response`, `elements`, `lint`.

mod custom_element;
mod element;
mod element_macro;
mod elements;
mod lint;
mod name;
mod read;
mod reply_size;
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
#[cfg(feature = "sandbox")]
pub(crate) use lint::lint_node;
pub use lint::{LintFinding, LintFindingKind};
pub use name::NameError;
pub use read::{ChildNode, Node, ReadError, ReadErrorKind, read};
#[cfg(feature = "sandbox")]
pub(crate) use read::{ElementLines, Layout};
pub use response::{MessagingResponse, VoiceResponse};
pub use schema::{AttributeSchema, ConstructorSchema, ElementSchema, ValueType};
pub use values::{
    AudioTrack, BankAccountType, CallEvent, CardType, ConferenceBeep, ConferenceEvent,
    ConferenceRecord, ConferenceRegion, ConversationEvent, ConversationRecord, DialEvents,
    DialRecord, GatherInput, InterruptSensitivity, Interruptible, JitterBufferSize, Language, Loop,
    PayInput, PaymentMethod, PostalCode, PromptErrorType, PromptFor, RecordingEvent, RejectReason,
    ReportedInput, RingTone, SpeechModel, SpeechTimeout, TextNormalization, TextValue, TokenType,
    TranscriptionProvider, Trim, TtsProvider, Voice,
};

pub use crate::types::{RecordingChannels, RecordingTrack};
