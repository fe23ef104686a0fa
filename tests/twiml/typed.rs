//! Builder of typed elements from descriptions: every constructor and every setter, by name.
//!
//! The names are repeated here on purpose. A setter that writes another attribute than its name
//! says fails the comparison with the official libraries.

use std::time::Duration;

use clinspark_twilio::twiml::*;
use clinspark_twilio::types::Method;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Document or element, as described by `data/make_twiml_documents.py`.
#[derive(Deserialize)]
pub(crate) struct Description {
    /// Class name in the libraries.
    #[serde(rename = "e")]
    element: String,
    #[serde(rename = "a")]
    attributes: Map<String, Value>,
    #[serde(rename = "c")]
    children: Vec<Child>,
    #[serde(rename = "t")]
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Child {
    Text(String),
    Element(Description),
}

impl Description {
    fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    fn value(&self, name: &str) -> String {
        written(&self.attributes[name])
    }
}

fn written(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The document as this crate writes it.
pub(crate) fn document(d: &Description) -> String {
    match d.element.as_str() {
        "VoiceResponse" => voice_response(d).to_xml(),
        "MessagingResponse" => messaging_response(d).to_xml(),
        other => panic!("{other} is no document"),
    }
}

/// Value of a closed enum, found by Twilio's name.
trait Spelled: Sized {
    fn spelled(text: &str) -> Self;
}

impl Spelled for bool {
    fn spelled(text: &str) -> Self {
        text.parse().unwrap()
    }
}

impl Spelled for u32 {
    fn spelled(text: &str) -> Self {
        text.parse().unwrap()
    }
}

impl Spelled for Method {
    fn spelled(text: &str) -> Self {
        if text == "GET" { Self::Get } else { Self::Post }
    }
}

impl Spelled for Loop {
    fn spelled(text: &str) -> Self {
        if text == "0" {
            Self::Forever
        } else {
            Self::Times(text.parse().unwrap())
        }
    }
}

impl Spelled for SpeechTimeout {
    fn spelled(text: &str) -> Self {
        if text == "auto" {
            Self::Auto
        } else {
            Self::Seconds(text.parse().unwrap())
        }
    }
}

impl Spelled for PostalCode {
    fn spelled(text: &str) -> Self {
        match text {
            "true" => Self::Ask,
            "false" => Self::Skip,
            code => Self::Known(code.to_owned()),
        }
    }
}

/// Enums that are open elsewhere too. TwiML documents hold only known values.
macro_rules! spelled_open {
    ($($name:ty),+) => {$(
        impl Spelled for $name {
            fn spelled(text: &str) -> Self {
                let word = Self::from(text);
                assert!(Self::KNOWN.contains(&word), "{text}");
                word
            }
        }
    )+};
}

spelled_open!(RecordingChannels, RecordingTrack);

macro_rules! spelled {
    ($($name:ty),+ $(,)?) => {$(
        impl Spelled for $name {
            fn spelled(text: &str) -> Self {
                *Self::ALL.iter().find(|word| word.as_str() == text).expect(text)
            }
        }
    )+};
}

spelled! {
    BankAccountType, CallEvent, CardType, ConferenceBeep, ConferenceEvent, ConferenceRecord,
    ConferenceRegion, ConversationEvent, ConversationRecord, DialEvents, DialRecord, GatherInput,
    JitterBufferSize, PayInput, PaymentMethod, PromptErrorType, PromptFor,
    RecordingEvent, RejectReason, RingTone, TokenType, AudioTrack, Trim,
    ssml::BreakStrength, ssml::DateFormat, ssml::EmphasisLevel, ssml::InterpretAs,
    ssml::PhonemeAlphabet,
}

fn list<T: Spelled>(text: &str) -> Vec<T> {
    text.split(' ').map(T::spelled).collect()
}

fn milliseconds(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap())
}

fn seconds(text: &str) -> Duration {
    Duration::from_secs(text.parse().unwrap())
}

fn time(text: &str) -> Duration {
    match text.strip_suffix("ms") {
        Some(number) => milliseconds(number),
        None => seconds(text.strip_suffix('s').unwrap()),
    }
}

macro_rules! set {
    ($element:ident $setter:ident text $value:ident) => {
        $element.$setter($value)
    };
    ($element:ident $setter:ident word $value:ident) => {
        $element.$setter(Spelled::spelled($value))
    };
    ($element:ident $setter:ident list $value:ident) => {
        $element.$setter(&list($value))
    };
    ($element:ident $setter:ident open $value:ident) => {
        $element.$setter($value.to_owned())
    };
    ($element:ident $setter:ident phrases $value:ident) => {
        $element.$setter(&$value.split(',').collect::<Vec<_>>())
    };
    ($element:ident $setter:ident seconds $value:ident) => {
        $element.$setter(seconds($value))
    };
    ($element:ident $setter:ident milliseconds $value:ident) => {
        $element.$setter(milliseconds($value))
    };
    ($element:ident $setter:ident time $value:ident) => {
        $element.$setter(time($value))
    };
}

macro_rules! append {
    ($element:ident $child:ident [$($allowed:ty),*] plain) => {
        match $child {
            $( Child::Element(d) if d.element == <$allowed as Build>::CLASS => {
                $element.append(<$allowed as Build>::build(d))
            } )*
            _ => unreachable!("a child that the parent does not take"),
        }
    };
    ($element:ident $child:ident [$($allowed:ty),*] mixed) => {
        match $child {
            Child::Text(text) => $element.append(text.as_str()),
            other => append!($element other [$($allowed),*] plain),
        }
    };
}

trait Build {
    const CLASS: &'static str;

    fn build(d: &Description) -> Self;
}

macro_rules! build {
    ($(
        $class:literal $element:ty = $make:expr;
        $mixed:ident [$($child:ty),*] { $($xml:literal $setter:ident $kind:ident,)* }
    )+) => {$(
        impl Build for $element {
            const CLASS: &'static str = $class;

            #[allow(
                unused_mut,
                unused_variables,
                unreachable_code,
                reason = "some have neither attributes nor children"
            )]
            fn build(d: &Description) -> Self {
                let make: fn(&Description) -> Self = $make;
                let mut element = make(d);
                for (name, value) in &d.attributes {
                    let value = written(value);
                    let value = value.as_str();
                    element = match name.as_str() {
                        $( $xml => set!(element $setter $kind value), )*
                        other => panic!("{} has no attribute {other}", $class),
                    };
                }
                for child in &d.children {
                    element = append!(element child [$($child),*] $mixed);
                }
                element
            }
        }
    )+};
}

fn voice_response(d: &Description) -> VoiceResponse {
    d.children.iter().fold(VoiceResponse::new(), |response, child| {
        append!(response child [Say, Play, Pause, Gather, Record, Redirect, Reject, Hangup, Leave, Echo, Sms, Refer, Dial, Enqueue, Queue, Connect, Start, Stop, Pay, Prompt] plain)
    })
}

fn messaging_response(d: &Description) -> MessagingResponse {
    d.children.iter().fold(
        MessagingResponse::new(),
        |response, child| append!(response child [Message, Redirect] plain),
    )
}

#[path = "typed_elements.rs"]
mod elements;

#[test]
fn a_reply_that_twilio_would_drop_is_reported() {
    use clinspark_twilio::sms::SizeError;
    use clinspark_twilio::twiml::{Body, MessagingResponse};

    let long = "x".repeat(1_601);
    let is_too_long = |reply: MessagingResponse| match reply.check() {
        Err(SizeError::TooLong { length, .. }) => length == 1_601,
        _ => false,
    };
    let short = || MessagingResponse::new().append(Message::text("See you at 9:00."));
    assert!(is_too_long(short().append(Message::text(long.as_str()))));
    let in_body = Message::new().append(Body::new(long.as_str()));
    assert!(is_too_long(short().append(in_body)));
    // Two messages of 1,600 characters, whose escapes take more bytes.
    let ampersands = "&".repeat(1_600);
    let two = MessagingResponse::new()
        .append(Message::text(ampersands.as_str()))
        .append(Message::text(ampersands.as_str()));
    assert_eq!(two.check(), Ok(()));
    assert_eq!(MessagingResponse::new().check(), Ok(()));
}
