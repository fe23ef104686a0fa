//! Everyday documents compared with those of the official Python library, in canonical XML.

use std::collections::BTreeMap;
use std::time::Duration;

use clinspark_twilio::phone::{Address, E164, Recipient};
use clinspark_twilio::twiml::{
    Body, CallEvent, Dial, DialRecord, Gather, GatherInput, Hangup, Language, Loop, Media, Message,
    MessagingResponse, Number, Pause, Play, PostalCode, Record, RecordingEvent, Redirect, Reject,
    RejectReason, Say, SpeechModel, SpeechTimeout, TextValue, Trim, Voice, VoiceResponse, read,
    ssml,
};
use clinspark_twilio::types::Method;

use crate::canonical::canonical;

/// Made by `data/make_twiml_golden.py`.
const GOLDEN: &str = include_str!("../data/twiml_golden.json");

#[track_caller]
fn check(name: &str, xml: &str) {
    let golden: BTreeMap<String, String> = serde_json::from_str(GOLDEN).unwrap();
    assert_eq!(canonical(xml), golden[name], "{name}");
}

fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

fn menu() -> VoiceResponse {
    VoiceResponse::new()
        .append(
            Gather::new()
                .num_digits(1)
                .timeout(Duration::from_secs(5))
                .action("/twilio/confirm")
                .method(Method::Get)
                .append(Say::new("Press one to confirm.").voice(Voice::POLLY_JOANNA))
                .append(Pause::new().length(Duration::from_millis(1_001)))
                .append(Play::new("https://example.com/menu.mp3?a=1&b=2").loop_(Loop::Forever)),
        )
        .append(Say::new("Goodbye."))
        .append(Redirect::new("/again").method(Method::Post))
}

#[test]
fn a_menu() {
    check("menu", &menu().to_xml());
}

#[test]
fn a_question_answered_by_speech() {
    let document = VoiceResponse::new().append(
        Gather::new()
            .input(&[GatherInput::Dtmf, GatherInput::Speech])
            .speech_timeout(SpeechTimeout::Auto)
            .hints(&["yes", "no", "maybe later"])
            .finish_on_key("")
            .profanity_filter(false)
            .action_on_empty_result(true)
            .language(Language::from("en-GB"))
            .speech_model(SpeechModel::PHONE_CALL),
    );
    check("speech", &document.to_xml());
}

#[test]
fn a_voicemail() {
    let document = VoiceResponse::new()
        .append(
            Record::new()
                .timeout(Duration::from_secs(10))
                .max_length(Duration::from_secs(120))
                .play_beep(true)
                .trim(Trim::DoNotTrim)
                .finish_on_key("*#")
                .recording_status_callback("https://example.com/done")
                .recording_status_callback_event(&[
                    RecordingEvent::InProgress,
                    RecordingEvent::Completed,
                ]),
        )
        .append(Hangup::new());
    check("voicemail", &document.to_xml());
}

#[test]
fn a_dial_with_two_numbers() {
    let document = VoiceResponse::new().append(
        Dial::new()
            .caller_id(number("+14155550100"))
            .record(DialRecord::RecordFromAnswerDual)
            .time_limit(Duration::from_secs(600))
            .answer_on_bridge(true)
            .append(
                Number::new(number("+14155550123"))
                    .send_digits("ww1")
                    .url(String::from(r#"https://example.com/whisper?who="Ann""#))
                    .status_callback_event(&[CallEvent::Initiated, CallEvent::Answered])
                    .machine_detection_speech_threshold(Duration::from_millis(2_400))
                    .machine_detection_timeout(Duration::from_secs(30)),
            )
            .append(Number::new("+442079460018")),
    );
    check("dial", &document.to_xml());
    let document =
        VoiceResponse::new().append(Dial::number("+14155550123").timeout(Duration::from_secs(20)));
    check("simple_dial", &document.to_xml());
}

#[test]
fn a_rejected_call() {
    let document = VoiceResponse::new().append(Reject::new().reason(RejectReason::Busy));
    check("reject", &document.to_xml());
}

#[test]
fn speech_with_alternating_text_and_ssml() {
    let document = VoiceResponse::new().append(
        Say::new("Your code is ")
            .voice(Voice::POLLY_JOANNA)
            .language(Language::EN_US)
            .append(ssml::Break::new().time(Duration::from_millis(300)))
            .append(ssml::SayAs::new("4711").interpret_as(ssml::InterpretAs::Digits))
            .append(". Tom & Ann <3 \u{fc}\u{1F600} ]]>"),
    );
    check("ssml", &document.to_xml());
}

#[test]
fn an_answer_to_a_message() {
    let document = MessagingResponse::new()
        .append(Message::text(
            "See you at 9:00.\nBring \"it\" & 'that'.\tBye",
        ))
        .append(
            Message::new()
                .to(number("+14155550123"))
                .from(number("+14155550100"))
                .action("/sent?a=1&b=2")
                .append(Body::new("A map"))
                .append(Media::new("https://example.com/map.png")),
        )
        .append(Redirect::new("/more"));
    check("reply", &document.to_xml());
}

#[test]
fn empty_documents() {
    check("empty_voice", &VoiceResponse::new().to_xml());
    check("empty_messaging", &MessagingResponse::default().to_xml());
}

#[test]
fn every_output_is_the_same_document() {
    let xml = menu().to_xml();
    assert!(xml.starts_with(r#"<?xml version="1.0" encoding="UTF-8"?><Response><Gather "#));
    let mut written = String::new();
    menu().write_to(&mut written).unwrap();
    assert_eq!(written, xml);
    assert_eq!(menu().to_string(), xml);
    let response = menu().into_response();
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-type"],
        "text/xml; charset=utf-8"
    );
    assert_eq!(response.into_body(), xml);
    assert_eq!(read(&xml).unwrap().to_xml(), xml);
}

#[test]
fn setting_an_attribute_again_replaces_it() {
    let say = |say: Say| {
        let xml = VoiceResponse::new().append(say).to_xml();
        xml.split_once("<Response>").unwrap().1.to_owned()
    };
    let rest = "</Response>";
    assert_eq!(
        say(Say::new("Hi")
            .voice("man")
            .language("en-US")
            .voice(Voice::WOMAN)),
        format!(r#"<Say language="en-US" voice="woman">Hi</Say>{rest}"#)
    );
    assert_eq!(
        say(Say::new("Hi")
            .append("!")
            .voice("a\"b")
            .voice("c")
            .loop_(Loop::Times(2))),
        format!(r#"<Say voice="c" loop="2">Hi!</Say>{rest}"#)
    );
    assert_eq!(
        say(Say::new("x")
            .attribute("voice", "y")
            .unwrap()
            .voice("z")
            .attribute("new", "1")
            .unwrap()),
        format!(r#"<Say voice="z" new="1">x</Say>{rest}"#)
    );
    // Text that looks like an attribute inside a value is not an attribute.
    assert_eq!(
        say(Say::new("x")
            .language(" voice=\"q\"".to_owned())
            .voice("a")
            .voice("b")),
        format!(r#"<Say language=" voice=&quot;q&quot;" voice="b">x</Say>{rest}"#)
    );
}

/// The first child varies: alone, with attributes, with text, with both, with children.
#[test]
fn an_attribute_may_be_set_after_children() {
    let after = |gather: Gather, children: &str| {
        let gather = gather.num_digits(1).append(Pause::new()).action("/next");
        let xml = VoiceResponse::new().append(gather).to_xml();
        let gather = format!(r#"<Gather numDigits="1" action="/next">{children}<Pause/></Gather>"#);
        assert!(xml.contains(&gather), "{xml}");
    };
    let gather = Gather::new;
    after(gather().append(Pause::new()), "<Pause/>");
    after(
        gather().append(Pause::new().length(Duration::from_secs(2))),
        r#"<Pause length="2"/>"#,
    );
    after(gather().append(Say::new("Hello")), "<Say>Hello</Say>");
    after(
        gather().append(Say::new("Hello").loop_(Loop::Times(2))),
        r#"<Say loop="2">Hello</Say>"#,
    );
    after(
        gather().append(Say::new("").loop_(Loop::Times(2)).append("Hello")),
        r#"<Say loop="2">Hello</Say>"#,
    );
}

#[test]
fn zero_and_empty_values_are_kept() {
    let document = VoiceResponse::new()
        .append(
            Gather::new()
                .finish_on_key("")
                .num_digits(0)
                .barge_in(false),
        )
        .append(Play::dtmf("w0").loop_(Loop::Forever))
        .append(Say::new(""));
    let xml = document.to_xml();
    assert!(xml.ends_with(concat!(
        r#"<Gather finishOnKey="" numDigits="0" bargeIn="false"/>"#,
        r#"<Play digits="w0" loop="0"/><Say/></Response>"#
    )));
}

#[test]
fn borrowed_text_and_every_kind_of_address_are_accepted() {
    let name = String::from("Ann");
    let address = Address::parse("whatsapp:+14155550123");
    let document = VoiceResponse::new()
        .append(Say::new(&name).append(name.as_str()).append(name.clone()))
        .append(Dial::number(&address).caller_id(Recipient::from(number("+14155550100"))));
    assert!(document.to_xml().ends_with(concat!(
        "<Say>AnnAnnAnn</Say>",
        r#"<Dial callerId="+14155550100">whatsapp:+14155550123</Dial></Response>"#
    )));
}

#[test]
fn debug_shows_structure_and_hides_text() {
    let document = VoiceResponse::new().append(Say::new("Your biopsy").voice("man"));
    assert_eq!(
        format!("{document:?}"),
        "VoiceResponse(<Response><Say voice=..>..</Say></Response>)"
    );
    assert_eq!(format!("{:?}", Say::new("Your biopsy")), "<Say>..</Say>");
    assert_eq!(
        format!("{:?}", PostalCode::Known("94105".into())),
        "Known([redacted])"
    );
    assert_eq!(
        format!("{:?}", TextValue::from("Ann")),
        "TextValue([redacted], 3 bytes)"
    );
}
