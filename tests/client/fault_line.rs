//! The connection breaks during a request: a create that may have arrived is never sent again.

use std::time::Duration;

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Clock, Delivery, ErrorKind, Phase};
use clinspark_twilio::types::BoxFuture;

use crate::fault_case::{Case, End, Known, body, good, ok, wrote};
use crate::server::{Act, Server, answer};
use crate::support::{MESSAGE, builder, credentials, fetch, send};

const NO_ANSWER: ErrorKind = ErrorKind::Timeout(Phase::Answer);
const HALF: ErrorKind = ErrorKind::Timeout(Phase::Body);
/// Long enough for a busy machine to respond, and short enough to wait for.
const SHORT: Duration = Duration::from_millis(700);

fn lost() -> End {
    End::Fails(ErrorKind::ConnectionLost, Known::Unknown, 1)
}

pub(crate) async fn resets() {
    before_the_request().await;
    let cuts = [
        ("a reset after the head", vec![Act::ReadHead, Act::Reset]),
        ("a reset after the body", vec![Act::Read, Act::Reset]),
        ("closed after the head", vec![Act::ReadHead]),
        ("closed without a response", vec![Act::Read]),
    ];
    let once = cuts.clone().map(|(name, cut)| Case::new(name, cut));
    Case::check_all(once).await;
    let always = cuts.map(|(name, cut)| {
        Case::new(format!("{name}, always"), cut)
            .times(5)
            .read(End::Fails(ErrorKind::ConnectionLost, Known::Unknown, 5))
    });
    Case::check_all(always).await;
}

/// A cut right after accepting races with the write. Whichever is first, the outcome is correct,
/// and nothing is sent twice. For a cut in the handshake, see the row on TLS.
async fn before_the_request() {
    for _ in 0..20 {
        let server = Server::then(vec![vec![Act::Reset]], good()).await;
        let client = builder(&server.url()).max_in_flight(1).build().unwrap();
        match client.execute(send()).await {
            Ok(_) => assert_eq!(server.connections(), 2),
            Err(error) => {
                let end = End::of(&Err::<(), _>(error), 1);
                assert_eq!((end, server.connections()), (lost(), 1));
            }
        }
        client.execute(fetch()).await.unwrap();
        assert!(server.post_heads() <= 1);

        let server = Server::then(vec![vec![Act::Reset]], good()).await;
        let client = builder(&server.url()).max_in_flight(1).build().unwrap();
        client.execute(fetch()).await.unwrap();
        assert_eq!(server.connections(), 2);
    }
}

pub(crate) async fn silence() {
    let drip = Act::Drip("HTTP/1.1 200 OK\r\n".repeat(20).into());
    let interim = Act::Flood(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec());
    let silences = [
        ("no answer", vec![Act::Read, Act::Stall]),
        ("byte by byte", vec![Act::Read, drip]),
        ("endless interim responses", vec![Act::Read, interim]),
    ];
    let cases = silences.map(|(name, fault)| {
        Case::new(name, fault)
            .tune(|client| client.attempt_timeout(SHORT))
            .create(End::Fails(NO_ANSWER, Known::Unknown, 1))
    });
    Case::check_all(cases).await;
    deadline().await;
}

/// Tokio's time, which a test can advance.
struct Paused;

impl Clock for Paused {
    fn instant(&self) -> std::time::Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }

    fn random(&self) -> u64 {
        0
    }
}

/// A read without a response is retried until the operation timeout. A create ends with its first
/// attempt.
async fn deadline() {
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    let silent = (0..9).fold(FakeTransport::new(), |fake, _| fake.reply(Reply::never()));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(silent)
        .clock(Paused)
        .build()
        .unwrap();
    let error = client.execute(fetch()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (NO_ANSWER, 3));
    assert_eq!(start.elapsed().as_secs(), 90);
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (NO_ANSWER, 1));
    assert_eq!(start.elapsed().as_secs(), 125);
    tokio::time::resume();
}

pub(crate) async fn halves() {
    let half = |known: &str| {
        let head = "HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n";
        format!("{head}{{\"body\": \"PLANTED\", {known}").into_bytes()
    };
    let with_sid = half(&format!("\"sid\": \"{MESSAGE}\", \"to\": \"+1415"));
    let mut cases = Vec::new();
    for (name, bytes, known) in [
        ("half a 201", half(""), Known::Unknown),
        ("half a 201 with its SID", with_sid, Known::Sid),
    ] {
        let end = |kind| End::Fails(kind, known, 1);
        let case = |how, end: &[Act]| {
            let begin = [Act::Read, Act::Write(bytes.clone())];
            Case::new(format!("{name}, {how}"), [&begin, end].concat())
        };
        // Written slowly, because a reset may overtake earlier bytes.
        let slowly = vec![Act::Read, Act::Drip(bytes.clone()), Act::Reset];
        let reset = Case::new(format!("{name}, reset"), slowly);
        cases.push(reset.create(end(ErrorKind::ConnectionLost)));
        cases.push(case("closed", &[]).create(end(ErrorKind::ConnectionLost)));
        let stalls = case("then nothing", &[Act::Stall]).create(end(HALF));
        cases.push(stalls.tune(|client| client.stall_timeout(SHORT)));
        let stalls = case("then a timeout", &[Act::Stall]).create(end(HALF));
        cases.push(stalls.tune(|client| client.attempt_timeout(SHORT)));
    }
    Case::check_all(cases).await;
    status_is_kept().await;
}

async fn status_is_kept() {
    let half = b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{".to_vec();
    let server = Server::start([vec![Act::Read, Act::Write(half), Act::Stall]]).await;
    let client = builder(&server.url()).stall_timeout(SHORT).build().unwrap();
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 201);
    assert_eq!(
        error.to_string(),
        "SendMessage: status 201, but the response stopped arriving; it may have been done: check \
         before sending it again"
    );
}

pub(crate) async fn idle() {
    // Closed during the request: it may have been read.
    for (name, end) in [
        ("closed during the request", vec![Act::ReadHead]),
        ("reset during the request", vec![Act::ReadHead, Act::Reset]),
        ("reset after the request", vec![Act::Read, Act::Reset]),
    ] {
        let fault = [vec![Act::Read, ok()], end].concat();
        Case::new(format!("a connection of the pool, {name}"), fault)
            .warm()
            .create(lost())
            .check()
            .await;
    }
    // Closed while idle, and detected in time: the request uses another connection.
    let server = Server::then(vec![wrote(answer(200, "", body()))], good()).await;
    let client = builder(&server.url()).max_in_flight(1).build().unwrap();
    for create in [true, false] {
        client.execute(fetch()).await.unwrap();
        while create && server.open() > 0 {
            tokio::task::yield_now().await;
        }
        if create {
            client.execute(send()).await.unwrap();
        } else {
            client.execute(fetch()).await.unwrap();
        }
        assert_eq!((server.post_heads(), server.connections()), (1, 2));
    }
}
