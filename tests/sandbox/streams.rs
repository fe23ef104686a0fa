//! Media streams in TwiML: `<Connect><Stream>`, `<Start><Stream>`, `<Stop>`.
//!
//! Tests with several threads find moments at which the sandbox seems idle but is not.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::sandbox::{
    ClockMode, Fault, FaultRule, PhoneCall, Sandbox, SandboxErrorKind, WebhookKind,
};
use clinspark_twilio::types::CallStatus;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::app::{Api, App, CLINIC, codes, e164};
use crate::dial::{call, clinic};
use crate::websocket_app::{AppSocket, SocketApp};

/// A clinic whose number answers with TwiML in which `URL` is that of the WebSocket, and `STATUS`
/// that of the status callback.
pub(crate) async fn streaming(twiml: &str) -> (Sandbox, App, Api, SocketApp) {
    let (sandbox, app, api) = clinic("").await;
    let socket_app = SocketApp::start(&sandbox).await;
    let twiml = twiml.replace("URL", &socket_app.url());
    configure(
        &sandbox,
        &app,
        &twiml.replace("STATUS", &app.url("/status")),
    );
    (sandbox, app, api, socket_app)
}

/// Gives the clinic's number other TwiML, at a path of its own.
fn configure(sandbox: &Sandbox, app: &App, twiml: &str) {
    let path = format!("/streams/{}", sandbox.calls().len());
    app.twiml(&path, twiml);
    let number = sandbox.numbers()[0].sid;
    let url = app.url(&path);
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
}

/// Calls the clinic, and accepts the WebSocket that it opens.
pub(crate) async fn connect(sandbox: &Sandbox, socket_app: &SocketApp) -> (PhoneCall, AppSocket) {
    let (call, socket) = tokio::join!(call(sandbox), socket_app.accept());
    (call, socket)
}

/// Skips `connected` and `start`. Returns the SID of the stream.
pub(crate) async fn started(socket: &mut AppSocket) -> String {
    assert_eq!(socket.receive().await["event"], "connected");
    let start = socket.receive().await;
    start["streamSid"].as_str().unwrap().to_owned()
}

pub(crate) fn media(stream: &str, samples: &[u8]) -> Value {
    let payload = STANDARD.encode(samples);
    json!({ "event": "media", "streamSid": stream, "media": { "payload": payload } })
}

pub(crate) fn mark(stream: &str, name: &str) -> Value {
    json!({ "event": "mark", "streamSid": stream, "mark": { "name": name } })
}

/// Returns the text in the sound of messages.
pub(crate) fn text_of(messages: &[Value]) -> String {
    let sound = messages.iter().flat_map(|message| {
        let payload = message["media"]["payload"].as_str().unwrap();
        STANDARD.decode(payload).unwrap()
    });
    String::from_utf8(sound.filter(|sample| *sample != 0xFF).collect()).unwrap()
}

/// Returns the messages of one track.
fn of_track(messages: &[Value], track: &str) -> Vec<Value> {
    let of_track = |message: &&Value| message["media"]["track"] == track;
    messages.iter().filter(of_track).cloned().collect()
}

/// Returns the events that the status callback received, in order.
pub(crate) fn events(app: &App) -> Vec<String> {
    let seen = app.seen("/status").into_iter();
    seen.map(|seen| seen.field("StreamEvent").to_owned())
        .collect()
}

const CONNECT: &str = "<Connect action=\"/after\"><Stream url=\"URL\"/></Connect>";

#[tokio::test]
async fn a_stream_begins_with_a_signed_handshake_and_two_messages() {
    let twiml = "<Connect><Stream url=\"URL\"><Parameter name=\"visit\" value=\"4711\"/></Stream>\
                 </Connect>";
    let (sandbox, _, _, socket_app) = streaming(twiml).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    assert_eq!(socket.path, "/socket");
    assert_eq!(socket.headers["user-agent"], "Twilio.TmeWs/1.0");
    assert_eq!(socket.headers["host"], socket_app.address.to_string());
    for absent in [
        "origin",
        "sec-websocket-protocol",
        "sec-websocket-extensions",
    ] {
        assert!(!socket.headers.contains_key(absent), "{absent}");
    }
    let connected = json!({ "event": "connected", "protocol": "Call", "version": "1.0.0" });
    assert_eq!(socket.receive().await, connected);
    let start = socket.receive().await;
    let stream = start["streamSid"].as_str().unwrap();
    assert!(stream.starts_with("MZ") && stream.len() == 34, "{stream}");
    let expected = json!({
        "event": "start", "sequenceNumber": "1", "streamSid": stream,
        "start": {
            "accountSid": sandbox.account_sid(), "streamSid": stream, "callSid": call.sid(),
            "tracks": ["inbound"],
            "mediaFormat": { "encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1 },
            "customParameters": { "visit": "4711" },
        },
    });
    assert_eq!(start, expected);
    let webhooks = sandbox.webhooks();
    let handshake = webhooks.last().unwrap();
    assert_eq!(handshake.kind, WebhookKind::WebSocket);
    assert_eq!(handshake.url.expose(), &socket_app.url());
    assert_eq!(handshake.status, Some(101));
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn the_application_receives_speech_and_keys_in_order() {
    let (sandbox, _, _, socket_app) = streaming(CONNECT).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    call.say("When is my visit?").await.unwrap();
    call.press("1#").await.unwrap();
    // Two and a half words a second: four words are two seconds.
    let frames = socket.receive_all(100).await;
    let payload = frames[0]["media"]["payload"].clone();
    assert_eq!(
        frames[0],
        json!({
            "event": "media", "sequenceNumber": "2", "streamSid": stream,
            "media": { "track": "inbound", "chunk": "1", "timestamp": "0", "payload": payload },
        })
    );
    assert_eq!(frames[99]["sequenceNumber"], "101");
    assert_eq!(frames[99]["media"]["chunk"], "100");
    assert_eq!(frames[99]["media"]["timestamp"], "1980");
    let samples = STANDARD.decode(payload.as_str().unwrap()).unwrap();
    assert_eq!(samples.len(), 160);
    assert_eq!(text_of(&frames), "When is my visit?");
    let digits = socket.receive_all(2).await;
    assert_eq!(
        digits[0],
        json!({
            "event": "dtmf", "sequenceNumber": "102", "streamSid": stream,
            "dtmf": { "track": "inbound_track", "digit": "1" },
        })
    );
    assert_eq!(digits[1]["dtmf"]["digit"], "#");
    // Silence has no timeout in a stream.
    let error = call.stay_silent().await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::UnexpectedInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_hears_the_application_and_marks_come_back() {
    let (sandbox, _, _, socket_app) = streaming(CONNECT).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    socket
        .send(&media(&stream, b"Your visit is at nine."))
        .await;
    socket.send(&mark(&stream, "first")).await;
    let echo = json!({
        "event": "mark", "sequenceNumber": "2", "streamSid": stream, "mark": { "name": "first" },
    });
    assert_eq!(socket.receive().await, echo);
    assert_eq!(call.hear().await.unwrap(), "Your visit is at nine.");
    // Sound that is no text, and silence, which is nothing.
    socket.send(&media(&stream, &[0x80; 400])).await;
    socket.send(&media(&stream, &[0xFF; 160])).await;
    assert_eq!(call.hear().await.unwrap(), "audio of 400 bytes");
    // An echo returns the same words, however many frames they fill.
    let long = "A long question about a visit. ".repeat(20);
    let long = long.trim();
    call.say(long).await.unwrap();
    let mut heard = 0;
    while heard < long.len() {
        let frame = socket.receive().await;
        let payload = STANDARD
            .decode(frame["media"]["payload"].as_str().unwrap())
            .unwrap();
        heard += payload.iter().filter(|sample| **sample != 0xFF).count();
        socket.send(&media(&stream, &payload)).await;
    }
    assert_eq!(call.hear().await.unwrap(), long);
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn clearing_drops_sound_and_returns_the_marks() {
    let sandbox = Sandbox::builder()
        .clock(ClockMode::Held)
        .start()
        .await
        .unwrap();
    sandbox.add_number(e164(CLINIC));
    let (app, socket_app) = (App::start(&sandbox).await, SocketApp::start(&sandbox).await);
    configure(&sandbox, &app, &CONNECT.replace("URL", &socket_app.url()));
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    // Two seconds of sound each.
    let sound = |text: &str| {
        let mut samples = text.as_bytes().to_vec();
        samples.resize(16_000, 0xFF);
        media(&stream, &samples)
    };
    socket.send(&sound("one")).await;
    socket.send(&mark(&stream, "one")).await;
    socket.send(&sound("two")).await;
    socket.send(&mark(&stream, "two")).await;
    assert_eq!(call.hear().await.unwrap(), "one");
    sandbox.advance(Duration::from_secs(2)).await.unwrap();
    // The silence of the phone goes on meanwhile.
    assert_eq!(socket.receive_all(100).await[99]["event"], "media");
    assert_eq!(socket.receive().await["mark"]["name"], "one");
    assert_eq!(call.hear().await.unwrap(), "two");
    socket.send(&sound("three")).await;
    socket
        .send(&json!({ "event": "clear", "streamSid": stream }))
        .await;
    assert_eq!(socket.receive().await["mark"]["name"], "two");
    socket.send(&sound("four")).await;
    assert_eq!(call.hear().await.unwrap(), "four");
}

#[tokio::test]
async fn the_call_goes_on_after_the_application_closes() {
    let twiml = "<Connect><Stream url=\"URL\" name=\"talk\" statusCallback=\"STATUS\"/></Connect>\
                 <Say>Goodbye.</Say>";
    let (sandbox, app, _, socket_app) = streaming(twiml).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    socket.close(1000).await;
    assert_eq!(call.hear().await.unwrap(), "Goodbye.");
    assert_eq!(call.wait_ended().await.unwrap(), CallStatus::Completed);
    sandbox.wait_idle().await.unwrap();
    assert_eq!(events(&app), ["stream-started", "stream-stopped"]);
    let seen = &app.seen("/status")[0];
    assert_eq!(seen.field("StreamSid"), stream);
    assert_eq!(seen.field("StreamName"), "talk");
    assert_eq!(seen.field("CallSid"), call.sid().as_str());
    assert_eq!(seen.field("AccountSid"), sandbox.account_sid().as_str());
    assert!(seen.field("Timestamp").ends_with('Z'));
    assert!(!seen.has("CallStatus") && !seen.has("StreamError"));
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn the_action_continues_the_call_and_a_hang_up_stops_the_stream() {
    let (sandbox, app, _, socket_app) = streaming(CONNECT).await;
    app.twiml("/after", "<Say>After.</Say>");
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    started(&mut socket).await;
    socket.close(1000).await;
    assert_eq!(call.hear().await.unwrap(), "After.");
    assert_eq!(app.seen("/after")[0].field("CallStatus"), "in-progress");
    call.wait_ended().await.unwrap();

    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    let (status, stop) = tokio::join!(call.hang_up(), socket.receive());
    assert_eq!(status.unwrap(), CallStatus::Completed);
    let expected = json!({
        "event": "stop", "sequenceNumber": "2", "streamSid": stream,
        "stop": { "accountSid": sandbox.account_sid(), "callSid": call.sid() },
    });
    assert_eq!(stop, expected);
    assert_eq!(socket.closed().await.0, 1000);
    assert_eq!(app.seen("/after").len(), 1);
}

#[tokio::test]
async fn a_faulty_message_is_a_warning_once_per_stream() {
    let (sandbox, _, _, socket_app) = streaming(CONNECT).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    let other = "MZ00000000000000000000000000000000";
    let mut extra = mark(&stream, "x");
    extra["sequenceNumber"] = "1".into();
    for faulty in [
        extra,
        mark(other, "x"),
        json!({ "event": "dtmf" }),
        json!([]),
    ] {
        socket.send(&faulty).await;
    }
    socket.send_message(Message::binary(vec![1])).await;
    socket.send_message(Message::binary(vec![1])).await;
    // Ten minutes of sound are buffered, and not a sample more.
    socket
        .send(&media(&stream, &vec![b'x'; 8000 * 600 + 1]))
        .await;
    socket.send(&mark(&stream, "last")).await;
    assert_eq!(socket.receive().await["mark"]["name"], "last");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [31951, 31950, 31931]);
    assert!(
        sandbox
            .alerts()
            .iter()
            .all(|alert| alert.level == "warning")
    );
    call.hang_up().await.unwrap();
}

#[tokio::test]
async fn a_refused_handshake_and_an_error_code_are_errors() {
    let twiml = "<Connect action=\"/after\"><Stream url=\"URL\" statusCallback=\"STATUS\"/>\
                 </Connect>";
    let (sandbox, app, _, socket_app) = streaming(twiml).await;
    app.twiml("/after", "<Hangup/>");
    let forged = FaultRule::new(Fault::ForgeSignature).kind(WebhookKind::WebSocket);
    let fault = sandbox.add_fault(forged).unwrap();
    let (first, refused) = tokio::join!(call(&sandbox), socket_app.try_accept());
    assert!(refused.is_none());
    first.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [31920]);
    // An alert is about the request whose response has the verb.
    let about = sandbox.alerts()[0].request.clone().unwrap();
    assert_eq!(about.url.expose(), &app.url("/streams/0"));
    assert_eq!(events(&app), ["stream-error"]);
    assert!(!app.seen("/status")[0].field("StreamError").is_empty());
    assert_eq!(app.seen("/after").len(), 1);
    let refused = sandbox.webhooks().into_iter();
    let mut refused = refused.filter(|sent| sent.kind == WebhookKind::WebSocket);
    assert_eq!(refused.next().unwrap().status, Some(403));

    sandbox.remove_fault(fault);
    let (second, mut socket) = connect(&sandbox, &socket_app).await;
    started(&mut socket).await;
    socket.close(1011).await;
    second.wait_ended().await.unwrap();
    let (third, socket) = connect(&sandbox, &socket_app).await;
    drop(socket);
    third.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [31920, 31921, 31903]);
    assert_eq!(
        events(&app),
        [
            "stream-error",
            "stream-started",
            "stream-error",
            "stream-started",
            "stream-error"
        ]
    );
}

#[tokio::test]
async fn urls_and_tracks_that_a_stream_cannot_have_are_errors() {
    let (sandbox, app, _) = clinic("").await;
    // A port on which no one listens any more.
    let closed = SocketApp::start(&sandbox).await.address;
    for (attributes, expected) in [
        ("url=\"https://localhost/socket\"".to_owned(), vec![31922]),
        // A relative URL leads to the server of the document, which opens no WebSocket.
        ("url=\"/socket\"".to_owned(), vec![31920]),
        ("url=\"wss://a_b.example.com/\"".to_owned(), vec![31923]),
        ("url=\"wss://demo.example.com/\"".to_owned(), vec![11210]),
        ("url=\"wss://localhost/\"".to_owned(), vec![31910]),
        (format!("url=\"ws://{closed}/\""), vec![31902]),
        (format!("url=\"ws://{closed}/?a=b\""), vec![12200, 31902]),
        (
            format!("url=\"ws://{closed}/\" track=\"both_tracks\""),
            vec![31941],
        ),
        ("connectorName=\"x\"".to_owned(), vec![31940]),
    ] {
        let before = sandbox.alerts().len();
        configure(
            &sandbox,
            &app,
            &format!("<Connect><Stream {attributes}/></Connect><Say>Next.</Say>"),
        );
        // The last reply is repeated, so each document waits for its turn.
        let call = call(&sandbox).await;
        assert_eq!(call.hear().await.unwrap(), "Next.", "{attributes}");
        call.wait_ended().await.unwrap();
        assert_eq!(codes(&sandbox)[before..], expected, "{attributes}");
    }
}

#[tokio::test]
async fn a_public_origin_is_mapped_to_this_machine() {
    let (sandbox, app, _) = clinic("").await;
    let origin = "https://demo.example.com";
    let socket_app = SocketApp::start_as(&sandbox, Some(origin)).await;
    sandbox.map_origin(origin, socket_app.address).unwrap();
    let twiml = "<Connect><Stream url=\"wss://demo.example.com/socket\"/></Connect>";
    configure(&sandbox, &app, twiml);
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    assert_eq!(socket.headers["host"], "demo.example.com");
    started(&mut socket).await;
    socket.close(1000).await;
    call.wait_ended().await.unwrap();
    assert!(codes(&sandbox).is_empty());
}

const LISTEN: &str = "<Start><Stream url=\"URL\" name=\"ear\" track=\"both_tracks\"/></Start>\
                      <Say>Please say your name.</Say><Gather input=\"speech\" action=\"/heard\"/>";

#[tokio::test(flavor = "multi_thread")]
async fn a_started_stream_hears_both_sides_while_the_verbs_run() {
    let (sandbox, app, _, socket_app) = streaming(LISTEN).await;
    app.twiml(
        "/heard",
        "<Stop><Stream name=\"ear\"/></Stop><Say>Thank you.</Say>",
    );
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    assert_eq!(socket.receive().await["event"], "connected");
    let start = socket.receive().await;
    assert_eq!(start["start"]["tracks"], json!(["inbound", "outbound"]));
    // Each track has its own message for each 20 milliseconds, and a track without speech is silent.
    let greeting = socket.receive_all(200).await;
    assert_eq!(text_of(&greeting), "Please say your name.");
    assert_eq!(text_of(&of_track(&greeting, "inbound")), "");
    let outbound = of_track(&greeting, "outbound");
    assert_eq!(outbound.len(), 100);
    assert_eq!(outbound[1]["media"]["chunk"], "4");
    assert_eq!(outbound[1]["media"]["timestamp"], "20");
    assert_eq!(call.hear().await.unwrap(), "Please say your name.");
    call.say("Ana").await.unwrap();
    assert_eq!(call.hear().await.unwrap(), "Thank you.");
    let name = socket.receive_all(100).await;
    assert_eq!(text_of(&of_track(&name, "inbound")), "Ana");
    assert_eq!(name[0]["media"]["track"], "inbound");
    assert_eq!(name[0]["media"]["chunk"], "201");
    assert_eq!(name[0]["media"]["timestamp"], "2000");
    assert_eq!(socket.receive().await["event"], "stop");
    assert_eq!(socket.closed().await.0, 1000);
    call.wait_ended().await.unwrap();
    assert_eq!(app.seen("/heard")[0].field("SpeechResult"), "Ana");
    assert!(codes(&sandbox).is_empty());
}

#[tokio::test]
async fn a_stream_that_listens_ends_with_the_call_and_takes_no_messages() {
    let twiml = "<Start><Stream url=\"URL\"/></Start><Gather/>";
    let (sandbox, _, _, socket_app) = streaming(twiml).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    socket.send(&mark(&stream, "x")).await;
    socket.send_message(Message::binary(vec![1])).await;
    // The sandbox reads in the background.
    while codes(&sandbox).len() < 2 {
        tokio::task::yield_now().await;
    }
    let (status, stop) = tokio::join!(call.hang_up(), socket.receive());
    assert_eq!(status.unwrap(), CallStatus::Completed);
    assert_eq!(stop["event"], "stop");
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [31951, 31950]);
}

#[tokio::test]
async fn four_tracks_are_the_most_and_names_are_unique() {
    let both = "<Start><Stream url=\"URL\" name=\"a\" track=\"both_tracks\"/></Start>";
    let again = "<Start><Stream url=\"URL\" name=\"a\"/></Start>";
    let second = "<Start><Stream url=\"URL\" name=\"b\" track=\"both_tracks\"/></Start>";
    let fifth = "<Start><Stream url=\"URL\" name=\"c\"/><Siprec connectorName=\"x\"/></Start>";
    let unknown = "<Stop><Stream name=\"z\"/></Stop>";
    let twiml = format!("{both}{again}{second}{fifth}{unknown}<Gather/>");
    let (sandbox, _, _, socket_app) = streaming(&twiml).await;
    let (_call, _first) = connect(&sandbox, &socket_app).await;
    let _second = socket_app.accept().await;
    sandbox.wait_idle().await.unwrap();
    assert_eq!(codes(&sandbox), [12200, 31960, 31942, 12200]);
}

#[tokio::test]
async fn services_that_the_sandbox_does_not_have_are_alerts() {
    let (sandbox, app, _) = clinic("").await;
    for service in [
        "<VirtualAgent connectorName=\"x\"/>",
        "<ConversationRelaySession connector=\"x\"/>",
        "<AiSession aiConnector=\"x\"/>",
        "<Room>x</Room>",
        "<Conversation serviceInstanceSid=\"x\"/>",
    ] {
        let before = sandbox.alerts().len();
        let twiml = format!("<Connect>{service}</Connect><Say>Next.</Say>");
        configure(&sandbox, &app, &twiml);
        let call = call(&sandbox).await;
        assert_eq!(call.hear().await.unwrap(), "Next.", "{service}");
        call.wait_ended().await.unwrap();
        let alerts = &sandbox.alerts()[before..];
        let name = service.split(['<', ' ', '>']).nth(1).unwrap();
        let named = alerts
            .iter()
            .any(|alert| alert.code == 12200 && alert.message.contains(&format!("<{name}>")));
        assert!(named, "{service}: {alerts:?}");
    }
}
