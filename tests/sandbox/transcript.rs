//! The transcript of a call, which reading does not empty.

use std::time::Duration;

use clinspark_twilio::sandbox::{
    AnswerBehavior, ClockMode, TranscriptAction, TranscriptEntry, TranscriptParty,
};

use crate::app::e164;
use crate::in_call::{in_call, start};

use TranscriptAction::{Audio, Keys, Pause, Silence, Speech};
use TranscriptParty::{Application, OtherPerson, Person};

type Row<'a> = (TranscriptParty, TranscriptAction, &'a str, Option<&'a str>);

fn row(entry: &TranscriptEntry) -> Row<'_> {
    let content = entry.content.expose().as_str();
    (entry.party, entry.action, content, entry.verb.as_deref())
}

#[tokio::test]
async fn a_transcript_holds_what_was_heard_and_pressed_in_order() {
    let test = start(ClockMode::Held, |app| {
        app.twiml(
            "/voice",
            "<Say>Good morning</Say><Pause length=\"2\"/><Gather numDigits=\"1\" action=\"/key\" \
             timeout=\"9\"><Play>/tone.mp3</Play></Gather>",
        )
        .twiml(
            "/key",
            "<Play digits=\"w1\"/><Gather input=\"speech\" action=\"/said\"/>",
        )
        .twiml("/said", "<Gather/>")
        .reply("/tone.mp3", 200, "audio/mpeg", "ID3");
    })
    .await;
    let begun = test.sandbox.now();
    // The words take one second, the pause two, the file one, the tones 0.6, the speech one and five.
    test.sandbox.advance(Duration::from_secs(5)).await.unwrap();
    test.call.press("1").await.unwrap();
    test.sandbox.advance(Duration::from_secs(1)).await.unwrap();
    test.call.say("Tuesday").await.unwrap();
    test.sandbox.advance(Duration::from_secs(6)).await.unwrap();
    test.call.stay_silent().await.unwrap();
    test.call.wait_ended().await.unwrap();

    let file = test.app.url("/tone.mp3");
    let expected: [Row<'_>; 7] = [
        (Application, Speech, "Good morning", Some("Say")),
        (Application, Pause, "2", Some("Pause")),
        (Application, Audio, &file, Some("Play")),
        (Person, Keys, "1", Some("Gather")),
        (Application, Keys, "w1", Some("Play")),
        (Person, Speech, "Tuesday", Some("Gather")),
        (Person, Silence, "", Some("Gather")),
    ];
    let transcript = test.sandbox.transcript(test.call.sid());
    assert_eq!(transcript.iter().map(row).collect::<Vec<_>>(), expected);
    let offsets = transcript.iter().map(|entry| entry.offset.as_secs());
    assert_eq!(offsets.collect::<Vec<_>>(), [0, 1, 3, 5, 5, 6, 12]);
    for entry in &transcript {
        assert_eq!(entry.at, begun + entry.offset);
    }

    // Hearing empties only the queue of sounds.
    assert_eq!(test.call.hear().await.unwrap(), "Good morning");
    assert_eq!(test.sandbox.transcript(test.call.sid()), transcript);
}

#[tokio::test]
async fn an_offset_includes_time_that_passes_at_once() {
    let test = in_call("<Say>one</Say><Pause length=\"30\"/><Say>two</Say>").await;
    test.call.wait_ended().await.unwrap();
    let transcript = test.sandbox.transcript(test.call.sid());
    let offsets: Vec<_> = transcript
        .iter()
        .map(|entry| entry.offset.as_secs())
        .collect();
    assert_eq!(offsets, [0, 1, 31]);
}

#[tokio::test]
async fn connected_phones_have_a_transcript_each() {
    let test = start(ClockMode::Instant, |app| {
        app.twiml("/voice", "<Gather numDigits=\"1\" action=\"/dial\"/>")
            .twiml("/dial", "<Dial>+14155550199</Dial>");
    })
    .await;
    let nurse = test.sandbox.phone(e164("+14155550199"));
    nurse.set_answer_behavior(AnswerBehavior::Ring);
    test.call.press("1").await.unwrap();
    let leg = nurse.answer().await.unwrap();
    test.call.say("Hello").await.unwrap();
    leg.press("5").await.unwrap();
    leg.hang_up().await.unwrap();

    let of_volunteer = test.sandbox.transcript(test.call.sid());
    let expected: [Row<'_>; 3] = [
        (Person, Keys, "1", Some("Gather")),
        (Person, Speech, "Hello", Some("Dial")),
        (OtherPerson, Keys, "5", Some("Dial")),
    ];
    assert_eq!(of_volunteer.iter().map(row).collect::<Vec<_>>(), expected);
    let of_nurse = test.sandbox.transcript(leg.sid());
    let expected: [Row<'_>; 2] = [
        (OtherPerson, Speech, "Hello", None),
        (Person, Keys, "5", None),
    ];
    assert_eq!(of_nurse.iter().map(row).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_transcript_keeps_the_last_thousand_entries() {
    let test = in_call("<Play digits=\"1\" loop=\"1500\"/><Say>end</Say>").await;
    test.call.wait_ended().await.unwrap();
    let transcript = test.sandbox.transcript(test.call.sid());
    assert_eq!(transcript.len(), 1000);
    assert_eq!(transcript[999].content.expose(), "end");
}

#[tokio::test]
async fn a_transcript_shows_no_words_in_debug_output() {
    let test = in_call("<Say>Your biopsy is tomorrow</Say>").await;
    test.call.wait_ended().await.unwrap();
    let shown = format!("{:?}", test.sandbox.transcript(test.call.sid()));
    assert!(
        shown.contains("Speech") && !shown.contains("biopsy"),
        "{shown}"
    );
}
