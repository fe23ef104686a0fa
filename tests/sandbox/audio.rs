//! `<Say>`, `<Play>` and `<Pause>`: what the phone hears, and how long it takes.

use std::time::Duration;

use clinspark_twilio::sandbox::{ClockMode, SandboxErrorKind, WebhookKind};
use clinspark_twilio::types::CallStatus;

use crate::app::codes;
use crate::in_call::{InCall, in_call, start};

const APOLOGY: &str = "An application error has occurred. Goodbye.";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Returns everything that is heard until the call ends.
async fn heard(test: &InCall) -> Vec<String> {
    let mut heard = Vec::new();
    loop {
        match test.call.hear().await {
            Ok(sound) => heard.push(sound),
            Err(error) => {
                assert_eq!(error.kind(), SandboxErrorKind::CallEnded);
                return heard;
            }
        }
    }
}

fn duration(test: &InCall) -> Option<u64> {
    test.sandbox.calls()[0].duration
}

#[tokio::test]
async fn speech_is_said_once_without_its_markup() {
    let say = "<Say voice=\"Polly.Joanna\" language=\"en-US\">Your visit <break time=\"2s\"/>is at \
               <say-as interpret-as=\"time\">9:00</say-as> in <sub alias=\"room four\">R4</sub>.\
               <p>Please <emphasis>call</emphasis> us.</p></Say>";
    let test = in_call(say).await;
    let expected = "Your visit is at 9:00 in room four. Please call us.";
    assert_eq!(heard(&test).await, [expected]);
    // Eleven words, and the break.
    assert_eq!(duration(&test), Some(5 + 2));
    assert_eq!(codes(&test.sandbox), [] as [u32; 0]);
}

#[tokio::test]
async fn faults_of_speech_are_warnings_and_the_words_are_said() {
    let rate = |voice: &str, rate: &str| {
        format!("<Say {voice}><s><prosody rate=\"{rate}\">word</prosody></s></Say>")
    };
    let polly = "voice=\"Polly.Joanna\"";
    for (say, expected) in [
        (rate(polly, "x-slow"), vec![]),
        (rate(polly, "85%"), vec![]),
        (rate("", "+10%"), vec![]),
        (rate(polly, "quick"), vec![13513]),
        (rate(polly, "%"), vec![13513]),
        // A basic voice speaks no SSML.
        (rate("voice=\"woman\"", "slow"), vec![13513]),
        (rate("voice=\"Nobody\"", "slow"), vec![13511]),
        ("<Say><blink>word</blink></Say>".to_owned(), vec![12200]),
        ("<Say>word<Play>a</Play></Say>".to_owned(), vec![12200]),
    ] {
        let test = in_call(&say).await;
        assert_eq!(codes(&test.sandbox), expected, "{say}");
        assert!(heard(&test).await[0].starts_with("word"), "{say}");
        assert!(
            test.sandbox
                .alerts()
                .iter()
                .all(|alert| alert.level == "warning")
        );
    }
}

#[tokio::test]
async fn a_loop_repeats_speech_files_and_keys() {
    let test = in_call(
        "<Say loop=\"3\">one</Say><Play digits=\"ww12\" loop=\"2\"/><Say loop=\"x\">end</Say>",
    )
    .await;
    let expected = ["one", "one", "one", "keys ww12", "keys ww12", "end"];
    assert_eq!(heard(&test).await, expected);
    // Each time, half a second for each `w` and a tenth for each key.
    assert_eq!(duration(&test), Some(3 + 2 + 1));
    assert_eq!(codes(&test.sandbox), [13510]);
}

#[tokio::test]
async fn an_endless_loop_lasts_until_the_person_hangs_up() {
    for mode in [ClockMode::Instant, ClockMode::Held] {
        let twiml = "<Say loop=\"0\">Please hold</Say><Say>never</Say>";
        let test = start(mode, |app| {
            app.twiml("/voice", twiml);
        })
        .await;
        assert_eq!(test.call.hear().await.unwrap(), "Please hold");
        test.sandbox.advance(seconds(3)).await.unwrap();
        for _ in 0..3 {
            assert_eq!(test.call.hear().await.unwrap(), "Please hold", "{mode:?}");
        }
        assert_eq!(test.call.status(), CallStatus::InProgress);
        assert_eq!(
            test.call.hang_up().await.unwrap(),
            CallStatus::Completed,
            "{mode:?}"
        );
        assert_eq!(heard(&test).await, [] as [&str; 0]);
        assert_eq!(duration(&test), Some(3));
    }
}

#[tokio::test]
async fn an_endless_loop_ends_after_a_thousand_times() {
    let test = in_call("<Play loop=\"0\" digits=\"1\"/><Say>next</Say>").await;
    test.sandbox.advance(seconds(99)).await.unwrap();
    assert_eq!(test.call.status(), CallStatus::InProgress);
    test.sandbox.advance(seconds(1)).await.unwrap();
    assert_eq!(test.call.status(), CallStatus::Completed);
    assert_eq!(heard(&test).await.pop().unwrap(), "next");
}

#[tokio::test]
async fn a_file_is_fetched_with_a_signed_get() {
    let test = start(ClockMode::Instant, |app| {
        app.twiml(
            "/voice",
            "<Play>sounds/tone.mp3?a=1</Play><Play>/tone.wav</Play>",
        )
        .reply("/sounds/tone.mp3", 200, "audio/mpeg", "ID3")
        .reply("/tone.wav", 200, "audio/x-wav", "RIFF");
    })
    .await;
    let (mp3, wav) = ("/sounds/tone.mp3", "/tone.wav");
    let expected = [test.app.url("/sounds/tone.mp3?a=1"), test.app.url(wav)];
    assert_eq!(heard(&test).await, expected);
    let seen = &test.app.seen(mp3)[0];
    assert_eq!((&*seen.method, seen.fields.len()), ("GET", 1));
    assert_eq!(test.app.seen(wav).len(), 1);
    assert_eq!(test.app.forged(), 0);
    let kinds = test.sandbox.webhooks().into_iter().map(|sent| sent.kind);
    assert_eq!(kinds.filter(|kind| *kind == WebhookKind::Audio).count(), 2);
    assert_eq!(codes(&test.sandbox), [] as [u32; 0]);
}

#[tokio::test]
async fn a_file_that_cannot_be_played_ends_the_call_with_an_alert() {
    // Status and media type; path in the TwiML; code.
    type Case = (u16, &'static str, &'static str, u32);
    let cases: [Case; 4] = [
        (404, "text/html", "<Play>/file</Play>", 11200),
        (200, "text/html", "<Play>/file</Play>", 13420),
        (200, "audio/ogg", "<Play>/file</Play>", 13420),
        (
            200,
            "text/html",
            "<Gather><Say>x</Say><Play>/file</Play></Gather>",
            13325,
        ),
    ];
    for (status, media_type, twiml, code) in cases {
        let test = start(ClockMode::Instant, |app| {
            app.twiml("/voice", &format!("{twiml}<Say>never</Say>"))
                .reply("/file", status, media_type, "x");
        })
        .await;
        assert_eq!(heard(&test).await, [APOLOGY], "{code}");
        assert_eq!(codes(&test.sandbox), [code]);
        let alert = test.sandbox.alerts().remove(0);
        assert_eq!(alert.level, "error");
        let request = alert.request.unwrap();
        assert_eq!(*request.url.expose(), test.app.url("/file"));
        assert_eq!(request.response_status, Some(status));
    }
}

#[tokio::test]
async fn the_fallback_runs_after_a_file_that_cannot_be_played() {
    let test = start(ClockMode::Instant, |app| {
        app.twiml("/voice", "<Gather numDigits=\"1\"/><Play>/file</Play>")
            .twiml("/fallback", "<Say>Please call later</Say>")
            .reply("/file", 500, "text/html", "x");
    })
    .await;
    let fallback = [("VoiceFallbackUrl", &*test.app.url("/fallback"))];
    let number = test.sandbox.numbers()[0].sid;
    test.sandbox.configure_number(number, &fallback).unwrap();
    test.call.hang_up().await.unwrap();

    let phone = test.sandbox.phone(crate::app::e164(crate::app::VOLUNTEER));
    let call = phone.call(crate::app::e164(crate::app::CLINIC)).await;
    let call = call.unwrap();
    call.stay_silent().await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Please call later");
    let seen = &test.app.seen("/fallback")[0];
    assert_eq!(seen.field("ErrorCode"), "11200");
    assert_eq!(seen.field("ErrorUrl"), test.app.url("/file"));
}

#[tokio::test]
async fn a_file_on_another_machine_is_not_fetched() {
    let twiml = "<Play>https://api.example.com/cowbell.mp3</Play><Say>next</Say>";
    let test = in_call(twiml).await;
    let expected = ["https://api.example.com/cowbell.mp3", "next"];
    assert_eq!(heard(&test).await, expected);
    assert_eq!(test.sandbox.webhooks().len(), 1);
    assert_eq!(codes(&test.sandbox), [] as [u32; 0]);
}

#[tokio::test]
async fn a_file_needs_a_url_of_http() {
    for url in [
        "",
        "ftp://files.example.com/tone.mp3",
        "http://a_b.example.com/x",
    ] {
        let test = in_call(&format!("<Play>{url}</Play><Say>next</Say>")).await;
        assert_eq!(heard(&test).await, ["next"], "{url}");
        assert_eq!(codes(&test.sandbox), [11100], "{url}");
    }
}

#[tokio::test]
async fn keys_and_pauses_take_their_time() {
    let test = start(ClockMode::Held, |app| {
        app.twiml(
            "/voice",
            "<Play digits=\"WW12\"/><Pause length=\"10\"/><Say>one</Say>\
             <Pause length=\"abc\"/><Say>two</Say>",
        );
    })
    .await;
    assert_eq!(test.call.hear().await.unwrap(), "keys WW12");
    test.sandbox.set_timeout(Duration::from_millis(50));
    test.sandbox.advance(seconds(12)).await.unwrap();
    assert!(test.call.hear().await.is_err());
    test.sandbox.advance(seconds(1)).await.unwrap();
    assert_eq!(test.call.hear().await.unwrap(), "one");
    // The word, and the default pause of one second.
    test.sandbox.advance(seconds(1)).await.unwrap();
    assert!(test.call.hear().await.is_err());
    test.sandbox.advance(seconds(1)).await.unwrap();
    assert_eq!(test.call.hear().await.unwrap(), "two");
    assert_eq!(codes(&test.sandbox), [13910]);
    assert_eq!(test.sandbox.alerts()[0].level, "warning");
}
