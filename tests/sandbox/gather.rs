//! `<Gather>`: keys, speech, partial results, and what ends the input.

use clinspark_twilio::sandbox::SandboxErrorKind;
use clinspark_twilio::types::CallStatus;

use crate::app::codes;
use crate::in_call::in_call;

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
