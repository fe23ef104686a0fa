//! Music of conferences: what plays to those who wait or are on hold, and when it ends.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, Sandbox};
use clinspark_twilio::types::CallStatus;

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};
use crate::conferences::{call_from, conference};
use crate::dial::{NURSE, clinic};

#[tokio::test]
async fn music_runs_once_and_repeats_with_a_redirect() {
    let visit = "<Dial><Conference waitUrl=\"/music\" waitMethod=\"GET\">visit</Conference></Dial>";
    let (sandbox, app, _) = clinic(visit).await;
    app.twiml(
        "/music",
        "<Say>One</Say><Pause length=\"20\"/><Redirect method=\"GET\"/>",
    );
    app.twiml("/music", "<Say>Two</Say><Gather/>");
    let call = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(call.hear().await.unwrap(), "One");
    assert_eq!(app.seen("/music").len(), 1);
    sandbox.advance(Duration::from_secs(10)).await.unwrap();
    assert_eq!(app.seen("/music").len(), 1);
    sandbox.advance(Duration::from_secs(15)).await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Two");
    // Only Play, Say, Pause and Redirect are music, and silence follows its end.
    assert_eq!(codes(&sandbox), [13238]);
    sandbox.advance(Duration::from_secs(600)).await.unwrap();
    let seen = app.seen("/music");
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].field("CallSid")),
        ("GET", call.sid().as_str())
    );
    assert_eq!(call.status(), CallStatus::InProgress);
}

#[tokio::test]
async fn the_start_of_a_conference_ends_its_music() {
    let sandbox = Sandbox::builder()
        .clock(ClockMode::Held)
        .start()
        .await
        .unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    app.twiml(
        "/voice",
        "<Dial><Conference waitUrl=\"/music\" beep=\"false\">visit</Conference></Dial>",
    );
    app.twiml("/music", "<Say>One two three four five</Say><Say>Six</Say>");
    sandbox
        .configure_number(number, &[("VoiceUrl", &app.url("/voice"))])
        .unwrap();
    let first = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(first.hear().await.unwrap(), "One two three four five");
    let second = call_from(&sandbox, NURSE).await;
    second.say("Good morning").await.unwrap();
    sandbox.advance(Duration::from_secs(60)).await.unwrap();
    assert_eq!(first.hear().await.unwrap(), "Good morning");
    first.hang_up().await.unwrap();
    assert!(first.hear().await.is_err());
}

#[tokio::test]
async fn unusable_music_ends_the_dial() {
    let visit = "<Dial><Conference waitUrl=\"/music\">visit</Conference></Dial><Say>next</Say>";
    let (sandbox, app, api) = clinic(visit).await;
    app.reply("/music", 500, "text/plain", "broken");
    let call = call_from(&sandbox, VOLUNTEER).await;
    assert_eq!(call.hear().await.unwrap(), "next");
    assert_eq!(codes(&sandbox), [11200]);
    assert_eq!(conference(&api).await["status"], "completed");
}

#[tokio::test]
async fn a_change_of_the_hold_music_replaces_it_and_other_changes_do_not() {
    let clock = ClockMode::Held;
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml(
        "/voice",
        "<Dial><Conference beep=\"false\">visit</Conference></Dial>",
    );
    app.twiml("/one", "<Say>One</Say><Say>Two</Say>");
    app.twiml("/other", "<Say>Other</Say>");
    let url = app.url("/voice");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    let first = call_from(&sandbox, VOLUNTEER).await;
    call_from(&sandbox, NURSE).await;
    let path = format!("Conferences/visit/Participants/{}.json", first.sid());
    let (one, other) = (app.url("/one"), app.url("/other"));
    api.post(&path, &[("Hold", "true"), ("HoldUrl", &one)])
        .await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(first.hear().await.unwrap(), "One");
    api.post(&path, &[("EndConferenceOnExit", "true")]).await;
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(first.hear().await.unwrap(), "Two");
    api.post(&path, &[("Hold", "true"), ("HoldUrl", &other)])
        .await;
    assert_eq!(first.hear().await.unwrap(), "Other");
    assert_eq!((app.seen("/one").len(), app.seen("/other").len()), (1, 1));
}
