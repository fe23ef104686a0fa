//! The documents, written with this crate.

use std::time::Duration;

use clinspark_twilio::twiml::{
    CallEvent, Dial, DialRecord, Gather, GatherInput, Language, Loop, Message, MessagingResponse,
    Number, Play, RecordingEvent, Redirect, Say, Trim, Voice, VoiceResponse,
};
use clinspark_twilio::types::Method;

use super::Values;

pub fn message(values: Values) -> String {
    MessagingResponse::new()
        .append(Message::text(values.body))
        .to_xml()
}

pub fn menu(values: Values) -> String {
    VoiceResponse::new()
        .append(
            Gather::new()
                .input(&[GatherInput::Dtmf])
                .action(values.action)
                .method(Method::Post)
                .timeout(Duration::from_secs(5))
                .num_digits(1)
                .finish_on_key("#")
                .append(
                    Say::new(values.prompt)
                        .voice(Voice::POLLY_JOANNA)
                        .language(Language::EN_US),
                )
                .append(Play::new(values.music).loop_(Loop::Times(2))),
        )
        .append(Say::new(values.farewell).voice(Voice::POLLY_JOANNA))
        .append(Redirect::new(values.action).method(Method::Post))
        .to_xml()
}

pub fn dial(values: Values) -> String {
    let dial = Dial::new()
        .timeout(Duration::from_secs(20))
        .record(DialRecord::RecordFromAnswerDual)
        .trim(Trim::DoNotTrim)
        .recording_status_callback(values.callback)
        .recording_status_callback_method(Method::Post)
        .recording_status_callback_event(&[RecordingEvent::Completed, RecordingEvent::Absent]);
    let dial = values.numbers.into_iter().fold(dial, |dial, number| {
        dial.append(
            Number::new(number)
                .send_digits("ww1")
                .url(values.whisper)
                .method(Method::Post)
                .status_callback_event(&[CallEvent::Answered, CallEvent::Completed])
                .status_callback(values.callback)
                .status_callback_method(Method::Post),
        )
    });
    VoiceResponse::new().append(dial).to_xml()
}
