//! Many participants, changes at the same time, and long use of conferences and queues.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinspark_twilio::sandbox::{ClockMode, PhoneCall, Sandbox};
use clinspark_twilio::types::RecordingStatus;

use crate::app::{Api, App, CLINIC, VOLUNTEER, codes, e164};
use crate::conferences::{at_once, call_from, conference};
use crate::dial::{NURSE, clinic};

const VISIT: &str = "<Dial action=\"/left\"><Conference waitUrl=\"/music\" beep=\"false\" \
                     record=\"record-from-start\" recordingStatusCallback=\"/recorded\" \
                     statusCallback=\"/events\" statusCallbackEvent=\"start end join leave\">visit\
                     </Conference></Dial>";

async fn callers(sandbox: &Sandbox, count: usize) -> Vec<PhoneCall> {
    let phones = (0..count).map(|n| sandbox.phone(e164(&format!("+1415555{:04}", 1000 + n))));
    let phones: Vec<_> = phones.collect();
    let calls = phones
        .into_iter()
        .map(|phone| async move { phone.call(e164(CLINIC)).await.unwrap() });
    at_once(calls).await
}

/// Counts the events of a name, and checks that each sequence number occurs once.
fn counts(app: &App) -> [usize; 4] {
    let seen = app.seen("/events");
    let numbers: BTreeSet<usize> = seen
        .iter()
        .map(|seen| seen.field("SequenceNumber").parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=seen.len()).collect());
    [
        "participant-join",
        "conference-start",
        "participant-leave",
        "conference-end",
    ]
    .map(|name| {
        let named = seen
            .iter()
            .filter(|seen| seen.field("StatusCallbackEvent") == name);
        named.count()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_participants_come_are_changed_and_leave_at_once() {
    let (sandbox, app, api) = clinic(VISIT).await;
    let api = Arc::new(api);
    app.twiml("/music", "<Say>Please wait</Say><Redirect/>");
    app.twiml("/left", "<Hangup/>");
    let calls = callers(&sandbox, 100).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(counts(&app)[0], 100);
    let sid = conference(&api).await["sid"].as_str().unwrap().to_owned();
    let tasks = calls.iter().cloned().zip(0..).map(|(call, n)| {
        let (api, app_url) = (Arc::clone(&api), app.url("/left"));
        let participant = format!("Conferences/{sid}/Participants/{}.json", call.sid());
        let one = format!("Calls/{}.json", call.sid());
        async move {
            let path = api.path(&participant);
            api.post(&participant, &[("Muted", "true"), ("Hold", "true")])
                .await;
            match n % 5 {
                0 => drop(api.send("DELETE", &path, None).await),
                1 => drop(call.hang_up().await),
                2 => drop(api.post(&one, &[("Status", "completed")]).await),
                3 => drop(api.post(&one, &[("Url", &app_url)]).await),
                _ => {
                    // Both at once: one of them wins.
                    let kick = api.send("DELETE", &path, None);
                    let (_, _) = tokio::join!(kick, call.hang_up());
                }
            }
        }
    });
    at_once(tasks).await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(counts(&app), [100, 1, 100, 1]);
    assert_eq!(conference(&api).await["status"], "completed");
    assert!(sandbox.calls().iter().all(|call| call.status.is_final()));
    let recordings = sandbox.recordings();
    assert_eq!(recordings.len(), 1);
    assert_eq!(recordings[0].status, RecordingStatus::Completed);
    assert_eq!(app.seen("/recorded").len(), 1);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_end_of_a_conference_meets_its_last_participants() {
    for _ in 0..10 {
        let (sandbox, app, api) = clinic(VISIT).await;
        app.twiml("/music", "<Say>Please wait</Say>");
        app.twiml("/left", "<Hangup/>");
        let calls = callers(&sandbox, 6).await;
        sandbox.wait_idle().await.unwrap();
        let sid = conference(&api).await["sid"].as_str().unwrap().to_owned();
        let path = format!("Conferences/{sid}.json");
        let end = tokio::spawn(async move { api.post(&path, &[("Status", "completed")]).await });
        let leaving = calls.into_iter();
        at_once(leaving.map(|call| async move { drop(call.hang_up().await) })).await;
        assert_eq!(end.await.unwrap().0, 200);
        sandbox.wait_idle().await.unwrap();
        assert_eq!(counts(&app), [6, 1, 6, 1]);
        assert_eq!(app.seen("/recorded").len(), 1);
        assert!(sandbox.calls().iter().all(|call| call.status.is_final()));
    }
}

#[tokio::test]
async fn ended_conferences_and_empty_queues_are_bounded() {
    let sandbox = Sandbox::builder().history_limit(10).start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    let url = app.url("/voice");
    let settings = [("VoiceUrl", url.as_str())];
    sandbox.configure_number(number, &settings).unwrap();
    app.twiml("/voice", "<Enqueue>first</Enqueue>");
    let waiting = call_from(&sandbox, NURSE).await;
    for n in 0..15 {
        app.twiml(
            "/voice",
            &format!("<Dial><Conference record=\"record-from-start\">room {n}</Conference></Dial>"),
        );
        let call = call_from(&sandbox, VOLUNTEER).await;
        call.hang_up().await.unwrap();
        app.twiml("/voice", &format!("<Enqueue>line {n}</Enqueue>"));
        let call = call_from(&sandbox, VOLUNTEER).await;
        call.hang_up().await.unwrap();
    }
    sandbox.wait_idle().await.unwrap();
    let (_, list) = api.get("Conferences.json").await;
    assert_eq!(list["conferences"].as_array().unwrap().len(), 10);
    let (_, list) = api.get("Queues.json").await;
    let queues = list["queues"].as_array().unwrap();
    assert_eq!(queues.len(), 10);
    // A queue in which a call waits stays.
    assert_eq!(queues[9]["friendly_name"], "first");
    assert_eq!(queues[9]["current_size"], 1);
    waiting.hang_up().await.unwrap();
}

#[tokio::test]
async fn a_speaker_event_stops_when_the_speech_is_over() {
    let builder = Sandbox::builder().clock(ClockMode::Held);
    let sandbox = builder.start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    let url = app.url("/voice");
    let settings = [("VoiceUrl", url.as_str())];
    sandbox.configure_number(number, &settings).unwrap();
    let speaker = VISIT.replace("start end join leave", "speaker");
    app.twiml(
        "/voice",
        &speaker.replace("waitUrl=\"/music\"", "waitUrl=\"\""),
    );
    let first = call_from(&sandbox, VOLUNTEER).await;
    let second = call_from(&sandbox, NURSE).await;
    let names = || -> Vec<String> {
        let seen = app.seen("/events").into_iter();
        let names = seen.map(|seen| seen.field("StatusCallbackEvent").to_owned());
        names.collect()
    };
    // Five words last two seconds.
    first.say("one two three four five").await.unwrap();
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(names(), ["participant-speech-start"]);
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(
        names(),
        ["participant-speech-start", "participant-speech-stop"]
    );
    // One who leaves speaks no more.
    second.say("one two three four five").await.unwrap();
    second.hang_up().await.unwrap();
    sandbox.advance(Duration::from_secs(5)).await.unwrap();
    assert_eq!(names().len(), 3);
}

#[tokio::test]
async fn a_word_to_many_costs_what_each_listener_costs() {
    let mut times = Vec::new();
    for count in [10, 100] {
        let (sandbox, app, _) = clinic(&VISIT.replace("start end join leave", "start")).await;
        app.twiml("/music", "<Say>Please wait</Say>");
        let calls = callers(&sandbox, count).await;
        sandbox.wait_idle().await.unwrap();
        let before = Instant::now();
        for _ in 0..20 {
            calls[0].say("Good morning").await.unwrap();
        }
        sandbox.wait_idle().await.unwrap();
        times.push(before.elapsed());
    }
    // Ten times the listeners: much less than the square.
    assert!(times[1] < times[0] * 50, "{times:?}");
}
