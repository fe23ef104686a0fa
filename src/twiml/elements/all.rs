//! List of all elements.

use super::ssml;
#[allow(clippy::wildcard_imports, reason = "the list names every element")]
use super::*;
use crate::twiml::element::Element;
use crate::twiml::schema::ElementSchema;

/// All elements of this version, except the two roots.
///
/// The fax response is excluded, because Twilio has retired it.
///
/// ```
/// use clinspark_twilio::twiml::ELEMENTS;
///
/// let gather = ELEMENTS.iter().find(|element| element.tag == "Gather").unwrap();
/// let digits = gather.attributes.iter().find(|attribute| attribute.name == "numDigits").unwrap();
/// assert_eq!(digits.range, Some((1, u32::MAX)));
/// ```
pub const ELEMENTS: &[&ElementSchema] = &[
    // Verbs.
    Connect::SCHEMA,
    Dial::SCHEMA,
    Echo::SCHEMA,
    Enqueue::SCHEMA,
    Gather::SCHEMA,
    Hangup::SCHEMA,
    Leave::SCHEMA,
    Message::SCHEMA,
    Pause::SCHEMA,
    Pay::SCHEMA,
    Play::SCHEMA,
    Prompt::SCHEMA,
    Queue::SCHEMA,
    Record::SCHEMA,
    Redirect::SCHEMA,
    Refer::SCHEMA,
    Reject::SCHEMA,
    Say::SCHEMA,
    Sms::SCHEMA,
    Start::SCHEMA,
    Stop::SCHEMA,
    // Inside `<Connect>`.
    AiSession::SCHEMA,
    Autopilot::SCHEMA,
    Conversation::SCHEMA,
    ConversationRelay::SCHEMA,
    ConversationRelaySession::SCHEMA,
    LanguageElement::SCHEMA,
    Room::SCHEMA,
    VirtualAgent::SCHEMA,
    // Inside `<Dial>`.
    Application::SCHEMA,
    ApplicationSidElement::SCHEMA,
    Client::SCHEMA,
    Conference::SCHEMA,
    Header::SCHEMA,
    Headers::SCHEMA,
    Identity::SCHEMA,
    Number::SCHEMA,
    Sim::SCHEMA,
    Sip::SCHEMA,
    UriElement::SCHEMA,
    WhatsApp::SCHEMA,
    // Inside `<Start>` and `<Stop>`.
    Config::SCHEMA,
    Parameter::SCHEMA,
    Recording::SCHEMA,
    Siprec::SCHEMA,
    Stream::SCHEMA,
    Transcription::SCHEMA,
    // Inside the others.
    Body::SCHEMA,
    Media::SCHEMA,
    ReferSip::SCHEMA,
    Task::SCHEMA,
    // SSML.
    ssml::Break::SCHEMA,
    ssml::Emphasis::SCHEMA,
    ssml::Lang::SCHEMA,
    ssml::Paragraph::SCHEMA,
    ssml::Phoneme::SCHEMA,
    ssml::Prosody::SCHEMA,
    ssml::SayAs::SCHEMA,
    ssml::Sentence::SCHEMA,
    ssml::Sub::SCHEMA,
    ssml::Word::SCHEMA,
];
