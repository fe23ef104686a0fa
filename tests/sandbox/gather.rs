//! `<Gather>`: keys, speech, partial results, and what ends the input.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, SandboxErrorKind};
use clinspark_twilio::types::CallStatus;

use crate::app::codes;
use crate::in_call::{InCall, in_call, start};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Calls on a clock that only the test advances.
async fn held(twiml: &str) -> InCall {
    start(ClockMode::Held, |app| {
        app.twiml("/voice", twiml)
            .reply("/tone.mp3", 200, "audio/mpeg", "ID3");
    })
    .await
}

#[tokio::test]
async fn the_first_kind_of_input_counts() {
    let twiml = "<Gather input=\"dtmf speech\" numDigits=\"2\" action=\"/answer\"/>";
    let test = in_call(twiml).await;
    test.call.say("confirm my visit").await.unwrap();
    let seen = &test.app.seen("/answer")[0];
    assert_eq!(seen.field("SpeechResult"), "confirm my visit");
    assert!(!seen.has("Digits"));

    let test = in_call(twiml).await;
    test.call.press("12").await.unwrap();
    let seen = &test.app.seen("/answer")[0];
    assert_eq!(seen.field("Digits"), "12");
    assert!(!seen.has("SpeechResult"));
}

#[tokio::test]
async fn the_action_is_requested_with_its_method() {
    let twiml = "<Gather numDigits=\"1\" action=\"/answer?a=1\" method=\"GET\"/>";
    let test = in_call(twiml).await;
    test.call.press("7").await.unwrap();
    let seen = &test.app.seen("/answer")[0];
    assert_eq!(seen.method, "GET");
    assert_eq!((seen.field("a"), seen.field("Digits")), ("1", "7"));
    assert_eq!(test.app.forged(), 0);
}

#[tokio::test]
async fn a_hangup_ends_the_call_before_the_next_verb() {
    let test = in_call("<Say>one</Say><Hangup/><Say>never</Say>").await;
    assert_eq!(test.call.hear().await.unwrap(), "one");
    assert_eq!(
        test.call.hear().await.unwrap_err().kind(),
        SandboxErrorKind::CallEnded
    );
    assert_eq!(test.call.wait_ended().await.unwrap(), CallStatus::Completed);
}

#[tokio::test]
async fn a_verb_that_twilio_does_not_know_is_a_warning_and_the_next_verb_runs() {
    for twiml in ["<Dance/><Say>next</Say>", "<say>one</say><Say>next</Say>"] {
        let test = in_call(twiml).await;
        assert_eq!(test.call.hear().await.unwrap(), "next", "{twiml}");
        assert_eq!(codes(&test.sandbox), [12200], "{twiml}");
        assert_eq!(test.sandbox.alerts()[0].level, "warning");
    }
}

#[tokio::test]
async fn speech_after_a_key_is_not_accepted() {
    let twiml = "<Gather input=\"speech dtmf\" action=\"/answer\"/>";
    let test = in_call(twiml).await;
    test.call.press("1").await.unwrap();
    let refused = test.call.say("confirm").await.unwrap_err();
    assert_eq!(refused.kind(), SandboxErrorKind::UnexpectedInput);
    test.call.press("2#").await.unwrap();
    let seen = &test.app.seen("/answer")[0];
    assert_eq!(
        (seen.field("Digits"), seen.field("FinishedOnKey")),
        ("12", "#")
    );
}

#[tokio::test]
async fn partial_results_are_reported_while_the_person_speaks() {
    for (method, expected) in [("", "POST"), ("partialResultCallbackMethod=\"GET\"", "GET")] {
        let test = start(ClockMode::Instant, |app| {
            let gather = format!(
                "<Gather input=\"speech\" action=\"/said\" language=\"en-GB\" \
                 partialResultCallback=\"/partial\" {method}/>"
            );
            app.twiml("/voice", &gather)
                .twiml("/partial", "<Hangup/>")
                .twiml("/said", "<Say>Thank you</Say>");
        })
        .await;
        test.call.say("confirm my visit").await.unwrap();
        test.sandbox.wait_idle().await.unwrap();
        let seen = test.app.seen("/partial");
        let results: Vec<_> = seen
            .iter()
            .map(|seen| {
                (
                    seen.field("SequenceNumber"),
                    seen.field("UnstableSpeechResult"),
                )
            })
            .collect();
        let words = [
            ("0", "confirm"),
            ("1", "confirm my"),
            ("2", "confirm my visit"),
        ];
        assert_eq!(results, words);
        assert_eq!(seen[0].method, expected);
        assert_eq!(seen[0].field("CallSid"), test.call.sid().as_str());
        assert!(seen[0].field("Stability").parse::<f64>().unwrap() < 1.0);
        // Their responses are ignored.
        assert_eq!(test.call.hear().await.unwrap(), "Thank you");
        let said = &test.app.seen("/said")[0];
        assert_eq!(said.field("SpeechResult"), "confirm my visit");
        assert_eq!(said.field("Language"), "en-GB");
        assert_eq!((test.app.forged(), codes(&test.sandbox)), (0, vec![]));
    }
}

#[tokio::test]
async fn each_partial_result_comes_when_its_words_were_said() {
    let gather = "<Gather input=\"speech\" action=\"/said\" speechTimeout=\"3\" \
                  partialResultCallback=\"/partial\"/>";
    let test = start(ClockMode::Held, |app| {
        app.twiml("/voice", gather).twiml("/said", "<Hangup/>");
    })
    .await;
    // Three words last two seconds.
    test.call.say("confirm my visit").await.unwrap();
    let mut expected = vec!["confirm"];
    for (milliseconds, more) in [
        (0, None),
        (700, Some("confirm my")),
        (600, None),
        (100, Some("confirm my visit")),
    ] {
        test.sandbox
            .advance(Duration::from_millis(milliseconds))
            .await
            .unwrap();
        expected.extend(more);
        let seen = test.app.seen("/partial").into_iter();
        let results: Vec<_> = seen
            .map(|seen| seen.field("UnstableSpeechResult").to_owned())
            .collect();
        assert_eq!(results, expected);
        assert!(test.app.seen("/said").is_empty());
    }
    // The person goes on after a pause.
    test.sandbox.advance(Duration::from_secs(2)).await.unwrap();
    test.call.say("please").await.unwrap();
    test.sandbox.advance(Duration::from_secs(4)).await.unwrap();
    test.call.wait_ended().await.unwrap();
    let last = test.app.seen("/partial").pop().unwrap();
    assert_eq!(
        last.field("UnstableSpeechResult"),
        "confirm my visit please"
    );
    assert_eq!(last.field("SequenceNumber"), "3");
    // It has the standard parameters of the call.
    assert_eq!(last.field("CallStatus"), "in-progress");
    assert_eq!(last.field("Direction"), "inbound");
    let said = &test.app.seen("/said")[0];
    assert_eq!(said.field("SpeechResult"), "confirm my visit please");
}

#[tokio::test]
async fn long_speech_has_at_most_ten_partial_results() {
    let test =
        in_call("<Gather input=\"speech\" action=\"/said\" partialResultCallback=\"/partial\"/>")
            .await;
    test.call.say(&"word ".repeat(95)).await.unwrap();
    test.sandbox.wait_idle().await.unwrap();
    assert_eq!(test.app.seen("/partial").len(), 10);
}

#[tokio::test]
async fn silence_ends_speech_after_the_speech_timeout() {
    for (attributes, silence) in [
        ("speechTimeout=\"3\"", 3),
        ("timeout=\"4\"", 4),
        ("speechTimeout=\"auto\"", 1),
    ] {
        let gather = format!("<Gather input=\"speech\" action=\"/said\" {attributes}/>");
        let test = held(&gather).await;
        test.call.say("one").await.unwrap();
        // A word takes a second. Its pause is too short to end the speech.
        test.sandbox.advance(seconds(silence)).await.unwrap();
        assert!(test.app.seen("/said").is_empty(), "{attributes}");
        test.call.say("two").await.unwrap();
        test.sandbox.advance(seconds(silence)).await.unwrap();
        assert!(test.app.seen("/said").is_empty(), "{attributes}");
        test.sandbox.advance(seconds(1)).await.unwrap();
        assert_eq!(test.app.seen("/said")[0].field("SpeechResult"), "one two");
    }
}

#[tokio::test]
async fn a_timeout_without_speech_requests_the_action_only_if_it_is_demanded() {
    for (attribute, requests) in [("", 0), ("actionOnEmptyResult=\"true\"", 1)] {
        let twiml = format!(
            "<Gather input=\"speech\" timeout=\"2\" action=\"/said\" {attribute}/><Say>next</Say>"
        );
        let test = start(ClockMode::Instant, |app| {
            app.twiml("/voice", &twiml)
                .twiml("/said", "<Say>empty</Say>");
        })
        .await;
        test.sandbox.advance(seconds(1)).await.unwrap();
        assert_eq!(test.call.status(), CallStatus::InProgress);
        test.sandbox.advance(seconds(1)).await.unwrap();
        let seen = test.app.seen("/said");
        assert_eq!(seen.len(), requests, "{attribute}");
        let expected = if requests == 0 { "next" } else { "empty" };
        assert_eq!(test.call.hear().await.unwrap(), expected);
        assert!(seen.iter().all(|seen| !seen.has("SpeechResult")));
    }
}

#[tokio::test]
async fn a_timeout_passes_in_real_time() {
    let test = start(ClockMode::RealTime, |app| {
        app.twiml("/voice", "<Gather timeout=\"1\"/><Hangup/>");
    })
    .await;
    let started = std::time::Instant::now();
    assert_eq!(test.call.wait_ended().await.unwrap(), CallStatus::Completed);
    assert!(started.elapsed() >= Duration::from_millis(900));
    assert_eq!(test.sandbox.calls()[0].duration, Some(1));
}

const PROMPT: &str = "<Say>Press one to confirm your visit</Say><Play>/tone.mp3</Play>";

#[tokio::test]
async fn a_key_stops_the_prompt() {
    let gather = format!("<Gather numDigits=\"1\" action=\"/key\">{PROMPT}</Gather>");
    let test = held(&gather).await;
    test.call.press("1").await.unwrap();
    assert_eq!(test.app.seen("/key")[0].field("Digits"), "1");
    test.call.hear().await.unwrap();
    let error = test.call.hear().await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::CallEnded);
}

#[tokio::test]
async fn speech_stops_the_prompt() {
    let gather = format!("<Gather input=\"speech\" action=\"/said\">{PROMPT}</Gather>");
    let test = held(&gather).await;
    test.call.say("confirm").await.unwrap();
    test.sandbox.advance(seconds(6)).await.unwrap();
    assert_eq!(test.app.seen("/said")[0].field("SpeechResult"), "confirm");
    test.call.hear().await.unwrap();
    assert!(test.call.hear().await.is_err());
}

#[tokio::test]
async fn input_that_is_not_gathered_does_not_stop_the_prompt() {
    for attributes in ["bargeIn=\"false\"", "input=\"speech\""] {
        let gather =
            format!("<Gather numDigits=\"1\" action=\"/key\" {attributes}>{PROMPT}</Gather>");
        let test = held(&gather).await;
        test.call.press("1").await.unwrap();
        test.call.hear().await.unwrap();
        // Seven words take three seconds, and the file one.
        test.sandbox.advance(seconds(3)).await.unwrap();
        let file = test.app.url("/tone.mp3");
        assert_eq!(test.call.hear().await.unwrap(), file, "{attributes}");
        assert!(test.app.seen("/key").is_empty());
        test.sandbox.advance(seconds(1)).await.unwrap();
        // Keys count after the prompt, if the gather collects keys.
        let expected = usize::from(attributes.starts_with("bargeIn"));
        assert_eq!(test.app.seen("/key").len(), expected, "{attributes}");
    }
}

#[tokio::test]
async fn an_invalid_attribute_counts_as_its_default() {
    // Attribute, alert, keys pressed, `Digits` at the action.
    for (attribute, code, keys, digits) in [
        ("numDigits=\"x\"", 13314, "123#", "123"),
        ("finishOnKey=\"**\"", 13310, "1*#", "1*"),
        ("input=\"smell\"", 13326, "12#", "12"),
    ] {
        let test = in_call(&format!("<Gather action=\"/key\" {attribute}/>")).await;
        assert_eq!(codes(&test.sandbox), [code]);
        assert_eq!(test.sandbox.alerts()[0].level, "warning");
        test.call.press(keys).await.unwrap();
        assert_eq!(test.app.seen("/key")[0].field("Digits"), digits);
    }
}
