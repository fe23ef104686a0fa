//! Applications whose WebSocket is broken or hostile: the call goes on, in bounded time and memory.

use std::time::{Duration, Instant};

use clinspark_twilio::sandbox::{ClockMode, PhoneCall, Sandbox};
use clinspark_twilio::types::CallStatus;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::app::{App, CLINIC, codes, e164};
use crate::dial::call;
use crate::streams::{connect, mark, media, started};
use crate::websocket_app::SocketApp;

const STREAM: &str = "<Connect><Stream url=\"URL\"/></Connect><Say>Next.</Say>";
const RELAY: &str = "<Connect action=\"/after\"><ConversationRelay url=\"URL\"/></Connect>";

/// A clinic whose TwiML has the URL of a WebSocket.
async fn clinic(clock: ClockMode, twiml: &str, url: &str) -> (Sandbox, App) {
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    // Longer than the waits of the sandbox for the application.
    sandbox.set_timeout(Duration::from_secs(20));
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    app.twiml("/voice", &twiml.replace("URL", url))
        .twiml("/after", "<Say>Next.</Say>");
    let url = app.url("/voice");
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    (sandbox, app)
}

async fn held(twiml: &str) -> (Sandbox, App, SocketApp) {
    // The server checks signatures of the sandbox that opens the WebSocket.
    let (sandbox, app) = clinic(ClockMode::Held, "", "").await;
    let socket_app = SocketApp::start(&sandbox).await;
    app.twiml("/held", &twiml.replace("URL", &socket_app.url()))
        .twiml("/after", "<Say>Next.</Say>");
    let url = app.url("/held");
    let number = sandbox.numbers()[0].sid;
    sandbox
        .configure_number(number, &[("VoiceUrl", &url)])
        .unwrap();
    (sandbox, app, socket_app)
}

/// A server whose every byte the test decides.
struct RawServer(TcpListener);

impl RawServer {
    async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn url(&self) -> String {
        format!("ws://{}/socket", self.0.local_addr().unwrap())
    }

    /// Accepts a connection, and answers nothing.
    async fn accept(&self) -> TcpStream {
        self.0.accept().await.unwrap().0
    }
}

/// Accepts the WebSocket of a call, completes its handshake, and writes bytes.
async fn answer(server: &RawServer, more: &str, bytes: &[u8]) -> TcpStream {
    let mut connection = server.accept().await;
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(connection.read_u8().await.unwrap());
    }
    let request = String::from_utf8(request).unwrap();
    let key = request.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("sec-websocket-key")
            .then_some(value)
    });
    let accept = derive_accept_key(key.unwrap().as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         {more}Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(bytes).await.unwrap();
    connection
}

/// Calls, lets the server write bytes and close, and returns the alerts. The next verb must run.
async fn alerts_after(twiml: &str, more: &str, bytes: &[u8]) -> Vec<u32> {
    let server = RawServer::start().await;
    let (sandbox, _app) = clinic(ClockMode::Instant, twiml, &server.url()).await;
    let (call, connection) = tokio::join!(call(&sandbox), answer(&server, more, bytes));
    // A close without an unread byte is no reset.
    drop(connection);
    assert_eq!(call.hear().await.unwrap(), "Next.");
    call.wait_ended().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    codes(&sandbox)
}

#[tokio::test]
async fn frames_that_break_the_protocol_end_a_stream_and_not_the_call() {
    let text = |bytes: &[u8]| [&[0x81, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let huge = [&[0x81, 127][..], &(9_u64 << 20).to_be_bytes()].concat();
    let endless = [&[0x81, 127][..], &u64::MAX.to_be_bytes()].concat();
    for (case, bytes, expected) in [
        ("connection ends", vec![], 31903),
        ("half a frame", vec![0x81, 125, b'{'], 31903),
        ("fragmented control frame", vec![0x09, 0], 31924),
        ("reserved bits", vec![0xF1, 0], 31924),
        ("unknown opcode", vec![0x83, 0], 31924),
        ("text that is no UTF-8", text(&[0xFF, 0xFE]), 31924),
        ("continuation of nothing", vec![0x80, 1, b'x'], 31924),
        ("frame above the limit", huge, 31924),
        ("frame of 2^64 bytes", endless, 31924),
        ("close with an error code", vec![0x88, 2, 0x03, 0xF3], 31921),
    ] {
        assert_eq!(alerts_after(STREAM, "", &bytes).await, [expected], "{case}");
    }
}

#[tokio::test]
async fn frames_that_break_the_protocol_fail_a_session() {
    for bytes in [vec![], vec![0x81, 125, b'{'], vec![0xF1, 0]] {
        assert_eq!(alerts_after(RELAY, "", &bytes).await, [64105], "{bytes:?}");
    }
}

#[tokio::test]
async fn a_handshake_with_what_was_not_offered_is_refused() {
    for more in [
        "Sec-WebSocket-Protocol: audio.twilio.com\r\n",
        "Sec-WebSocket-Accept: bm8=\r\n",
    ] {
        assert_eq!(alerts_after(STREAM, more, &[]).await, [31920], "{more}");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_the_handshake_costs_five_seconds() {
    let server = RawServer::start().await;
    let (sandbox, _app) = clinic(ClockMode::Instant, STREAM, &server.url()).await;
    let began = Instant::now();
    let (call, _connection) = tokio::join!(call(&sandbox), server.accept());
    assert_eq!(call.hear().await.unwrap(), "Next.");
    assert_eq!(codes(&sandbox), [31901]);
    assert!(began.elapsed() < Duration::from_secs(9));
}

/// Says so much that no buffer of the system takes it.
async fn talk(call: &PhoneCall) {
    let speech = "word ".repeat(4_000);
    // The application reads nothing, so the time of `say` may end before that of the connection.
    let _ = call.say(&speech).await;
}

/// Talks to an application that never reads, until the sandbox gives up.
async fn talk_to_the_deaf(twiml: &str) {
    let server = RawServer::start().await;
    let (sandbox, _app) = clinic(ClockMode::Instant, twiml, &server.url()).await;
    let (call, _connection) = tokio::join!(call(&sandbox), answer(&server, "", b""));
    let began = Instant::now();
    talk(&call).await;
    while !codes(&sandbox).contains(&31903) {
        assert!(began.elapsed() < Duration::from_secs(12));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(call.hang_up().await.unwrap(), CallStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_never_reads_costs_one_timeout() {
    talk_to_the_deaf(STREAM).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_never_reads_costs_one_timeout() {
    let start = "<Start><Stream url=\"URL\"/></Start><Gather input=\"speech\"/><Say>Next.</Say>";
    talk_to_the_deaf(start).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_marks_come_back_in_order() {
    let (sandbox, _app, socket_app) = held(STREAM).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    socket.send(&media(&stream, &[0x80; 8000])).await;
    for number in 0..10_000 {
        socket.send(&mark(&stream, &number.to_string())).await;
    }
    let clear = json!({ "event": "clear", "streamSid": stream });
    socket.send(&clear).await;
    for number in 0..10_000 {
        assert_eq!(
            socket.receive().await["mark"]["name"],
            number.to_string(),
            "{number}"
        );
    }
    assert!(codes(&sandbox).is_empty());
    call.hang_up().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_and_frames_without_end_are_discarded() {
    let (sandbox, _app, socket_app) = held(STREAM).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    socket.send(&media(&stream, &[0x80; 8000])).await;
    // Each name is 4 MiB: five of them do not fit.
    let name = "n".repeat(4 << 20);
    for _ in 0..5 {
        socket.send(&mark(&stream, &name)).await;
    }
    let clear = json!({ "event": "clear", "streamSid": stream });
    socket.send(&clear).await;
    socket.send(&mark(&stream, "last")).await;
    let mut returned = 0;
    while socket.receive().await["mark"]["name"] != "last" {
        returned += 1;
    }
    assert_eq!(returned, 3);
    assert_eq!(codes(&sandbox), [31931]);
    call.hang_up().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_in_the_smallest_pieces_costs_no_more_than_its_length() {
    let (sandbox, _app, socket_app) = held(STREAM).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    let stream = started(&mut socket).await;
    let frame = media(&stream, b"x");
    let began = Instant::now();
    for _ in 0..10_000 {
        socket.send(&frame).await;
    }
    socket
        .send(&json!({ "event": "clear", "streamSid": stream }))
        .await;
    socket.send(&mark(&stream, "last")).await;
    assert_eq!(socket.receive().await["mark"]["name"], "last");
    assert!(began.elapsed() < Duration::from_secs(9));
    call.hang_up().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_its_last_token_is_discarded() {
    let (sandbox, _app, socket_app) = held(RELAY).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    assert_eq!(socket.receive().await["type"], "setup");
    let token = json!({ "type": "text", "token": "t".repeat(100_000), "last": false });
    for _ in 0..11 {
        socket.send(&token).await;
    }
    socket
        .send(&json!({ "type": "text", "token": " end", "last": true }))
        .await;
    // What came after the discarded part is said.
    assert_eq!(call.hear().await.unwrap(), "end");
    assert_eq!(codes(&sandbox), [64107]);
    call.hang_up().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_far_behind_hears_no_more() {
    let (sandbox, _app, socket_app) = held(RELAY).await;
    let (call, mut socket) = connect(&sandbox, &socket_app).await;
    assert_eq!(socket.receive().await["type"], "setup");
    for _ in 0..10_000 {
        socket
            .send(&json!({ "type": "text", "token": "word", "last": true }))
            .await;
    }
    // The answer shows that everything before it was read.
    socket.send_message(Message::text("{}")).await;
    assert_eq!(socket.receive().await["type"], "error");
    let codes = codes(&sandbox);
    assert!(codes.len() > 1 && codes.iter().all(|code| *code == 64107));
    assert_eq!(call.hear().await.unwrap(), "word");
    call.hang_up().await.unwrap();
}
