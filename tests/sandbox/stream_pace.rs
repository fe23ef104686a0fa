//! Media streams while time is held or real: sound without a gap, 50 messages a second.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::sandbox::{ClockMode, Sandbox, SandboxErrorKind};
use clinspark_twilio::webhook::websocket::stream::Audio;
use serde_json::Value;

use crate::app::{App, CLINIC, codes, e164};
use crate::streams::{connect, started, text_of};
use crate::websocket_app::SocketApp;

const CONNECT: &str = "<Connect><Stream url=\"URL\"/></Connect>";
const BOTH: &str = "<Start><Stream url=\"URL\" track=\"both_tracks\"/></Start>";

async fn clinic(clock: ClockMode, twiml: &str) -> (Sandbox, App, SocketApp) {
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, socket_app) = (App::start(&sandbox).await, SocketApp::start(&sandbox).await);
    app.twiml("/voice", &twiml.replace("URL", &socket_app.url()));
    let url = app.url("/voice");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    (sandbox, app, socket_app)
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn number(message: &Value, field: &str) -> u64 {
    message["media"][field].as_str().unwrap().parse().unwrap()
}

/// Asserts that messages follow each other without a gap, from a time and a chunk.
fn assert_gapless(messages: &[Value], mut timestamp: u64, mut chunk: u64) {
    for message in messages {
        assert_eq!(number(message, "timestamp"), timestamp);
        assert_eq!(number(message, "chunk"), chunk);
        assert_eq!(message["sequenceNumber"], (chunk + 1).to_string());
        let payload = message["media"]["payload"].as_str().unwrap();
        assert_eq!(STANDARD.decode(payload).unwrap().len(), 160);
        timestamp += 20;
        chunk += 1;
    }
}

#[tokio::test]
async fn silence_is_sent_while_no_one_speaks() {
    let (sandbox, _app, socket_app) = clinic(ClockMode::Held, CONNECT).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    started(&mut socket).await;
    sandbox.advance(seconds(3)).await.unwrap();
    let silence = socket.receive_all(150).await;
    assert_gapless(&silence, 0, 1);
    assert_eq!(text_of(&silence), "");
    // Three words last two seconds, and the application hears them as they are said.
    call.say("Is it tomorrow?").await.unwrap();
    sandbox.advance(seconds(1)).await.unwrap();
    let speech = socket.receive_all(50).await;
    assert_gapless(&speech, 3000, 151);
    assert_eq!(text_of(&speech), "Is it tomorrow?");
    // A key is reported between the sounds, at its time.
    call.press("1").await.unwrap();
    assert_eq!(socket.receive().await["event"], "dtmf");
    sandbox.advance(seconds(2)).await.unwrap();
    let rest = socket.receive_all(100).await;
    assert_eq!(number(&rest[0], "timestamp"), 4000);
    assert_eq!(number(&rest[99], "timestamp"), 5980);
    assert_eq!(text_of(&rest), "");
    call.hang_up().await.unwrap();
    assert_eq!(socket.receive().await["event"], "stop");
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn both_tracks_have_the_same_times_and_an_interruption_ends_speech() {
    let twiml = format!(
        "{BOTH}<Gather numDigits=\"1\" action=\"/key\"><Say>{}</Say></Gather>",
        "word ".repeat(25)
    );
    let (sandbox, app, socket_app) = clinic(ClockMode::Held, &twiml).await;
    app.twiml("/key", "<Pause length=\"5\"/>");
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    started(&mut socket).await;
    sandbox.advance(Duration::from_millis(100)).await.unwrap();
    let first = socket.receive_all(10).await;
    for (place, pair) in first.chunks(2).enumerate() {
        let timestamp = 20 * u64::try_from(place).unwrap();
        assert_eq!(pair[0]["media"]["track"], "inbound");
        assert_eq!(pair[1]["media"]["track"], "outbound");
        for message in pair {
            assert_eq!(number(message, "timestamp"), timestamp);
        }
    }
    assert_eq!(text_of(&first), "word ".repeat(25).trim());
    // The prompt lasts ten seconds, and the key ends it.
    call.press("1").await.unwrap();
    sandbox.advance(seconds(1)).await.unwrap();
    let rest = socket.receive_all(100).await;
    assert_eq!(text_of(&rest), "");
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn audio_of_the_phone_reaches_every_stream_unchanged() {
    let both = format!("{BOTH}{CONNECT}<Gather/>");
    let (sandbox, _app, socket_app) = clinic(ClockMode::Instant, &both).await;
    let (call, first) = connect(&sandbox, &socket_app).await;
    let mut sockets = [(first, 0), (socket_app.accept().await, 0)];
    for (socket, tracks) in &mut sockets {
        assert_eq!(socket.receive().await["event"], "connected");
        let start = socket.receive().await;
        *tracks = start["start"]["tracks"].as_array().unwrap().len();
    }
    sandbox.wait_idle().await.unwrap();
    // Every sample of mu-law, in an order that no text has, and a frame that is not full.
    let sound: Vec<u8> = (0..1000_u32).map(|place| (place * 7 % 251) as u8).collect();
    call.send_audio(Audio::mulaw(sound.clone())).await.unwrap();
    for (socket, tracks) in &mut sockets {
        let messages = socket.receive_all(7 * *tracks).await;
        let inbound = messages.iter().step_by(*tracks).flat_map(|message| {
            assert_eq!(message["media"]["track"], "inbound");
            let payload = message["media"]["payload"].as_str().unwrap();
            STANDARD.decode(payload).unwrap()
        });
        let mut expected = sound.clone();
        expected.resize(1120, 0xFF);
        assert_eq!(inbound.collect::<Vec<_>>(), expected);
    }
    let entry = sandbox.transcript(call.sid()).pop().unwrap();
    assert_eq!(entry.content.expose(), "audio of 1000 bytes");
    for (socket, _) in &mut sockets {
        socket.close(1000).await;
    }
    sandbox.wait_idle().await.unwrap();
    let error = call.send_audio(Audio::mulaw(sound)).await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::UnexpectedInput);
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn real_time_brings_fifty_messages_a_second() {
    let (sandbox, _app, socket_app) = clinic(ClockMode::RealTime, CONNECT).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    started(&mut socket).await;
    let began = Instant::now();
    call.say("Yes").await.unwrap();
    let messages = socket.receive_all(60).await;
    assert_gapless(&messages, 0, 1);
    assert!(text_of(&messages).contains("Yes"));
    // Sixty messages are 1.2 seconds, which may have begun a little before the measurement.
    assert!(began.elapsed() > seconds(1));
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn minutes_of_silence_are_sent_in_seconds() {
    let (sandbox, _app, socket_app) = clinic(ClockMode::Held, CONNECT).await;
    sandbox.set_timeout(seconds(20));
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    started(&mut socket).await;
    let began = Instant::now();
    let (advanced, messages) =
        tokio::join!(sandbox.advance(seconds(180)), socket.receive_all(9_000));
    advanced.unwrap();
    assert_gapless(&messages, 0, 1);
    assert!(began.elapsed() < seconds(20));
    call.hang_up().await.unwrap();
}
