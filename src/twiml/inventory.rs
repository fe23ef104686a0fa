//! Every row in one list.

use super::element::Element;
use super::ssml;
use super::table::ElementRow;
#[allow(
    clippy::wildcard_imports,
    reason = "the list names every element of the room"
)]
use super::*;

/// Every element that this version knows, but for the two roots.
///
/// The fax response is retired by Twilio and left out.
pub const ELEMENTS: &[&ElementRow] = &[
    // Verbs.
    Connect::ROW,
    Dial::ROW,
    Echo::ROW,
    Enqueue::ROW,
    Gather::ROW,
    Hangup::ROW,
    Leave::ROW,
    Message::ROW,
    Pause::ROW,
    Pay::ROW,
    Play::ROW,
    Prompt::ROW,
    Queue::ROW,
    Record::ROW,
    Redirect::ROW,
    Refer::ROW,
    Reject::ROW,
    Say::ROW,
    Sms::ROW,
    Start::ROW,
    Stop::ROW,
    // Inside `<Connect>`.
    AiSession::ROW,
    Autopilot::ROW,
    Conversation::ROW,
    ConversationRelay::ROW,
    ConversationRelaySession::ROW,
    RelayLanguage::ROW,
    Room::ROW,
    VirtualAgent::ROW,
    // Inside `<Dial>`.
    Application::ROW,
    ApplicationSid::ROW,
    Client::ROW,
    Conference::ROW,
    Header::ROW,
    Headers::ROW,
    Identity::ROW,
    Number::ROW,
    Sim::ROW,
    Sip::ROW,
    SipUri::ROW,
    WhatsApp::ROW,
    // Inside `<Start>` and `<Stop>`.
    Config::ROW,
    Parameter::ROW,
    Recording::ROW,
    Siprec::ROW,
    Stream::ROW,
    Transcription::ROW,
    // Inside the others.
    Body::ROW,
    Media::ROW,
    ReferSip::ROW,
    Task::ROW,
    // SSML.
    ssml::Break::ROW,
    ssml::Emphasis::ROW,
    ssml::Lang::ROW,
    ssml::Paragraph::ROW,
    ssml::Phoneme::ROW,
    ssml::Prosody::ROW,
    ssml::SayAs::ROW,
    ssml::Sentence::ROW,
    ssml::Sub::ROW,
    ssml::Word::ROW,
];
