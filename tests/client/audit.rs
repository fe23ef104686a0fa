//! Audit trail: an entry before each attempt and one after it, and a sink that fails.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall};
use clinspark_twilio::client::messages::{
    CancelMessage, ContentTemplate, DeleteMedia, ListMessages, SendMessage,
};
use clinspark_twilio::client::recordings::DownloadRecording;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    AuditEntry, AuditEvent, AuditPolicy, AuditSink, Body, Client, ClientBuilder, Delivery, Effect,
    ErrorKind, Outcome, Phase, Progress, RetryPolicy, Transport, TransportError,
};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::types::{BoxError, BoxFuture, MessagingServiceSid, RecordingSid};

use crate::support::{
    ACCOUNT, FROM, FixedClock, MESSAGE, TO, assert_clean, assert_debug_clean, credentials, number,
    printed, send,
};

const CALL: &str = "CA00000000000000000000000000000001";
const MEDIA: &str = "ME00000000000000000000000000000001";
const RECORDING: &str = "RE00000000000000000000000000000001";

/// Stores the entries, and fails, hangs or panics at some of them.
#[derive(Default)]
struct Book {
    entries: Mutex<Vec<AuditEntry>>,
    abandoned: Mutex<Vec<AuditEntry>>,
    trouble: Vec<(usize, Trouble)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Fails,
    Hangs,
    Panics,
}

impl Book {
    fn troubled(trouble: impl IntoIterator<Item = (usize, Trouble)>) -> Arc<Self> {
        Arc::new(Self {
            trouble: trouble.into_iter().collect(),
            ..Self::default()
        })
    }

    fn entries(&self) -> Vec<AuditEntry> {
        self.entries.lock().unwrap().clone()
    }

    /// Event, attempt, status and code of each entry.
    fn lines(&self) -> Vec<(AuditEvent, u32, Option<u16>, Option<u32>)> {
        let line = |e: &AuditEntry| {
            let status = e.status.map(|status| status.as_u16());
            (e.event, e.attempt, status, e.code.map(ErrorCode::get))
        };
        self.entries().iter().map(line).collect()
    }
}

impl AuditSink for Book {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        assert_debug_clean(&entry);
        let mut entries = self.entries.lock().unwrap();
        let trouble = self.trouble.iter().find(|(at, _)| *at == entries.len());
        entries.push(entry);
        drop(entries);
        let trouble = trouble.map(|(_, trouble)| *trouble);
        assert_ne!(trouble, Some(Trouble::Panics), "the sink panics");
        Box::pin(async move {
            match trouble {
                None => Ok(()),
                Some(Trouble::Hangs) => std::future::pending().await,
                Some(_) => Err("the database is down".into()),
            }
        })
    }

    fn abandoned(&self, entry: AuditEntry) {
        assert_debug_clean(&entry);
        self.abandoned.lock().unwrap().push(entry);
    }
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_796_070_987)
}

fn builder(book: &Arc<Book>, policy: AuditPolicy, transport: impl Transport) -> ClientBuilder {
    Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .clock(FixedClock::at(now()))
        .audit(Arc::clone(book), policy)
}

fn client(book: &Arc<Book>, policy: AuditPolicy, transport: impl Transport) -> Client {
    builder(book, policy, transport).build().unwrap()
}

fn message() -> Reply {
    Reply::json(201, format!(r#"{{"sid": "{MESSAGE}"}}"#))
}

#[tokio::test]
async fn a_message_has_two_entries() {
    let book = Arc::new(Book::default());
    let transport = FakeTransport::new().reply(message());
    let client = client(&book, AuditPolicy::FailClosed, transport);
    let client = client.on_behalf_of("PLANTED staff-17", "PLANTED visit reminder");
    client.execute(send()).await.unwrap();
    let [before, after] = book.entries().try_into().unwrap();
    assert_eq!(before.event, AuditEvent::Sending);
    assert_eq!(
        (before.operation, before.effect),
        ("SendMessage", Effect::Create)
    );
    assert_eq!((before.time, before.attempt), (now(), 1));
    assert_eq!(before.account_sid.as_str(), ACCOUNT);
    assert_eq!(before.who.as_ref().unwrap().expose(), "PLANTED staff-17");
    let purpose = before.purpose.as_ref().unwrap().expose();
    assert_eq!(purpose, "PLANTED visit reminder");
    assert_eq!((&before.sid, &before.kind), (&None, &None));
    // Computed by Python's hashlib.
    let hash = "191e557bd0b98b6a259d5cf87a167a2790a3ed2548f017efdc233b9b478af314";
    assert_eq!(before.body_sha256.as_deref(), Some(hash));
    let mut expected = before;
    expected.event = AuditEvent::Done;
    expected.sid = Some(MESSAGE.to_owned());
    assert_eq!(after, expected);
}

#[tokio::test]
async fn every_attempt_has_its_own_entries() {
    let book = Arc::new(Book::default());
    let transport = FakeTransport::new()
        .reply(Reply::error(429, 20429))
        .reply(Reply::not_sent())
        .reply(Reply::error(500, 20500));
    let client = client(&book, AuditPolicy::FailClosed, transport);
    client.execute(send()).await.unwrap_err();
    assert_eq!(
        book.lines(),
        [
            (AuditEvent::Sending, 1, None, None),
            (AuditEvent::Rejected, 1, Some(429), Some(20429)),
            (AuditEvent::Sending, 2, None, None),
            (AuditEvent::NotSent, 2, None, None),
            (AuditEvent::Sending, 3, None, None),
            (AuditEvent::Unknown, 3, Some(500), Some(20500)),
        ]
    );
    let kinds: Vec<_> = book.entries().iter().map(|entry| entry.kind).collect();
    let (status, connect) = (Some(ErrorKind::Status), Some(ErrorKind::Connect));
    assert_eq!(kinds, [None, status, None, connect, None, status]);
}

#[tokio::test]
async fn entries_of_one_request_share_an_id() {
    let book = Arc::new(Book::default());
    let transport = FakeTransport::new();
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .retry(RetryPolicy::none())
        .audit(Arc::clone(&book), AuditPolicy::Continue)
        .build()
        .unwrap();
    for _ in 0..2 {
        client.execute(send()).await.unwrap_err();
    }
    let ids: Vec<u64> = book.entries().iter().map(|entry| entry.request).collect();
    assert_eq!((ids[0], ids[2]), (ids[1], ids[3]));
    assert_ne!(ids[0], ids[2]);
}

#[tokio::test]
async fn an_entry_has_the_sid_of_its_resource() {
    let book = Arc::new(Book::default());
    let transport = FakeTransport::new()
        .reply(Reply::json(204, ""))
        .reply(Reply::json(200, format!(r#"{{"sid": "{CALL}"}}"#)))
        .reply(message())
        .reply(Reply::json(200, r#"{"messages": []}"#))
        .reply(Reply::json(200, "RIFF"))
        .reply(Reply::json(
            201,
            format!(r#"{{"sid": "{MESSAGE}", "body": "PLA"#),
        ));
    let client = client(&book, AuditPolicy::FailClosed, transport);
    let media = DeleteMedia::new(MESSAGE.parse().unwrap(), MEDIA.parse().unwrap());
    client.execute(media).await.unwrap();
    let twiml = InlineTwiml::from_xml("<Response><Say>PLANTED</Say></Response>");
    let call = PlaceCall::new(number(TO), number(FROM), twiml);
    client.execute(call).await.unwrap();
    let template = ContentTemplate::new("HX00000000000000000000000000000001".parse().unwrap());
    let template = template.variable("name", "Ann").variable("1", "PLANTED");
    let service: MessagingServiceSid = "MG00000000000000000000000000000001".parse().unwrap();
    let text = SendMessage::new(number(TO), service, template);
    client.execute(text).await.unwrap();
    client
        .execute(ListMessages::new().to(number(TO)))
        .await
        .unwrap();
    let recording: RecordingSid = RECORDING.parse().unwrap();
    client
        .download(DownloadRecording::new(recording))
        .await
        .unwrap();
    client.execute(send()).await.unwrap_err();
    let entries = book.entries();
    let about: Vec<_> = entries
        .iter()
        .map(|e| {
            (
                e.operation,
                e.event,
                e.sid.as_deref(),
                e.body_sha256.as_deref(),
            )
        })
        .collect();
    let (sending, done) = (AuditEvent::Sending, AuditEvent::Done);
    let said = Some("e2b42fbc3e4009b7a919d75c48d3761cb16ad625515f43a8e53fee334e148df5");
    let filled = Some("84e43934cdafbfdcb64edc2d7f17ed7a33f43cb621e25125afd4b3de0daaae64");
    let text = Some("191e557bd0b98b6a259d5cf87a167a2790a3ed2548f017efdc233b9b478af314");
    assert_eq!(
        about,
        [
            ("DeleteMedia", sending, Some(MEDIA), None),
            ("DeleteMedia", done, Some(MEDIA), None),
            ("PlaceCall", sending, None, said),
            ("PlaceCall", done, Some(CALL), said),
            ("SendMessage", sending, None, filled),
            ("SendMessage", done, Some(MESSAGE), filled),
            ("ListMessages", sending, None, None),
            ("ListMessages", done, None, None),
            ("DownloadRecording", sending, Some(RECORDING), None),
            ("DownloadRecording", done, Some(RECORDING), None),
            ("SendMessage", sending, None, text),
            // Found in a response that is cut off.
            ("SendMessage", AuditEvent::Unknown, Some(MESSAGE), text),
        ]
    );
}

#[tokio::test]
async fn a_request_refused_before_sending_has_one_entry() {
    let book = Arc::new(Book::default());
    let transport = FakeTransport::new();
    let client = Client::builder(credentials(), Delivery::Off)
        .with_transport(transport)
        .audit(Arc::clone(&book), AuditPolicy::FailClosed)
        .build()
        .unwrap();
    client.execute(send()).await.unwrap_err();
    client
        .execute(ListMessages::new().page_size(0))
        .await
        .unwrap_err();
    let told: Vec<_> = book
        .entries()
        .iter()
        .map(|e| (e.operation, e.event, e.attempt, e.kind))
        .collect();
    let none = AuditEvent::NotSent;
    assert_eq!(
        told,
        [
            ("SendMessage", none, 0, Some(ErrorKind::Blocked)),
            ("ListMessages", none, 0, Some(ErrorKind::Invalid)),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_recorded_is_not_sent() {
    for trouble in [Trouble::Fails, Trouble::Hangs] {
        let book = Book::troubled([(0, trouble)]);
        let transport = FakeTransport::new().reply(message());
        let builder = builder(&book, AuditPolicy::FailClosed, transport.clone());
        let client = builder.clone().build().unwrap();
        let error = client.execute(send()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Audit, &Outcome::NotSent)
        );
        assert_eq!((error.attempts(), transport.requests().len()), (0, 0));
        assert!(!error.is_retryable());
        assert_clean(&printed(&error));
        assert_eq!(
            error.to_string(),
            "SendMessage: the audit trail could not be written; nothing was sent"
        );
        // A slow sink may still write the first entry. The second one therefore reports the result.
        let [entry] = book.abandoned.lock().unwrap().clone().try_into().unwrap();
        assert_eq!((entry.event, entry.attempt), (AuditEvent::NotSent, 1));
        assert_eq!(entry.kind, Some(ErrorKind::Audit));
        let recording: RecordingSid = RECORDING.parse().unwrap();
        let book = Book::troubled([(0, trouble)]);
        let client = builder.audit(book, AuditPolicy::FailClosed);
        let client = client.build().unwrap();
        let error = client.download(DownloadRecording::new(recording)).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Audit);
        assert!(transport.requests().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn the_policy_continue_sends_without_an_entry() {
    for trouble in [Trouble::Fails, Trouble::Hangs] {
        let book = Book::troubled([(0, trouble), (1, trouble)]);
        let transport = FakeTransport::new().reply(message());
        let client = client(&book, AuditPolicy::Continue, transport.clone());
        client.execute(send()).await.unwrap();
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_sink_uses_up_the_operation_timeout() {
    let book = Book::troubled([(0, Trouble::Hangs)]);
    let transport = FakeTransport::new().reply(message());
    let client = builder(&book, AuditPolicy::Continue, transport.clone())
        .operation_timeout(Duration::from_secs(3))
        .build()
        .unwrap();
    let error = client.execute(send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Queue));
    assert_eq!(*error.outcome(), Outcome::NotSent);
    assert!(transport.requests().is_empty());
    let events: Vec<_> = book.entries().iter().map(|entry| entry.event).collect();
    assert_eq!(events, [AuditEvent::Sending, AuditEvent::NotSent]);
}

#[tokio::test(start_paused = true)]
async fn a_failing_last_entry_does_not_change_the_result() {
    for trouble in [Trouble::Fails, Trouble::Hangs] {
        let book = Book::troubled([(1, trouble)]);
        let transport = FakeTransport::new().reply(message());
        let client = client(&book, AuditPolicy::FailClosed, transport);
        client.execute(send()).await.unwrap();
    }
}

#[tokio::test]
async fn a_sink_failing_between_attempts_leaves_the_outcome_unknown() {
    let book = Book::troubled([(2, Trouble::Fails)]);
    let transport = FakeTransport::new().reply(Reply::connection_lost());
    let client = client(&book, AuditPolicy::FailClosed, transport.clone());
    let cancel = CancelMessage::new(MESSAGE.parse().unwrap());
    let error = client.execute(cancel).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Audit);
    assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
    assert_eq!((error.attempts(), transport.requests().len()), (1, 1));
}

/// Accepts requests and never responds. Reports whether their bodies were sent.
struct Holding {
    left: Option<bool>,
}

impl Transport for Holding {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let progress: &Progress = request.extensions().get().unwrap();
        if let Some(left) = self.left {
            progress.arm();
            assert!(!left || progress.begin_body());
        }
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_is_reported() {
    for (left, event) in [
        (None, AuditEvent::Unknown),
        (Some(true), AuditEvent::Unknown),
        (Some(false), AuditEvent::NotSent),
    ] {
        let book = Arc::new(Book::default());
        let client = client(&book, AuditPolicy::FailClosed, Holding { left });
        let wait = Duration::from_secs(1);
        tokio::time::timeout(wait, client.execute(send()))
            .await
            .unwrap_err();
        let [entry] = book.abandoned.lock().unwrap().clone().try_into().unwrap();
        assert_eq!((entry.event, entry.attempt), (event, 1), "{left:?}");
        assert_eq!(book.entries().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_future_dropped_while_its_last_entry_is_written_is_reported() {
    let book = Book::troubled([(1, Trouble::Hangs)]);
    let transport = FakeTransport::new().reply(message());
    let client = client(&book, AuditPolicy::FailClosed, transport);
    let wait = Duration::from_secs(1);
    tokio::time::timeout(wait, client.execute(send()))
        .await
        .unwrap_err();
    let [entry] = book.abandoned.lock().unwrap().clone().try_into().unwrap();
    assert_eq!(
        (entry.event, entry.sid.as_deref()),
        (AuditEvent::Done, Some(MESSAGE))
    );
}

#[tokio::test(start_paused = true)]
async fn a_future_dropped_while_its_first_entry_is_written_is_reported() {
    let book = Book::troubled([(0, Trouble::Hangs)]);
    let transport = FakeTransport::new().reply(message());
    for policy in [AuditPolicy::FailClosed, AuditPolicy::Continue] {
        let client = client(&book, policy, transport.clone());
        let wait = Duration::from_secs(1);
        tokio::time::timeout(wait, client.execute(send()))
            .await
            .unwrap_err();
        let [entry] = std::mem::take(&mut *book.abandoned.lock().unwrap())
            .try_into()
            .unwrap();
        assert_eq!((entry.event, entry.attempt), (AuditEvent::NotSent, 1));
        assert!(transport.requests().is_empty());
        book.entries.lock().unwrap().clear();
    }
}

/// A sink that is slow after a response delays only its own request.
#[tokio::test(start_paused = true)]
async fn a_slow_sink_holds_no_permit() {
    let book = Book::troubled([(1, Trouble::Hangs)]);
    let transport = FakeTransport::new().reply(message()).reply(message());
    let client = builder(&book, AuditPolicy::Continue, transport.clone())
        .max_in_flight(1)
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let quick = async {
        tokio::task::yield_now().await;
        client.execute(send()).await.unwrap();
        start.elapsed().as_secs()
    };
    let (slow, quick) = tokio::join!(client.execute(send()), quick);
    slow.unwrap();
    assert_eq!((quick, start.elapsed().as_secs()), (0, 5));
}

#[tokio::test]
async fn a_panicking_sink_does_not_affect_other_requests() {
    let book = Book::troubled([(0, Trouble::Panics), (2, Trouble::Panics)]);
    let transport = FakeTransport::new().reply(message()).reply(message());
    let client = client(&book, AuditPolicy::FailClosed, transport.clone());
    for sent in [0, 1] {
        let client = client.clone();
        let task = tokio::spawn(async move { client.execute(send()).await });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(transport.requests().len(), sent);
    }
    assert!(book.abandoned.lock().unwrap().is_empty());
    client.execute(send()).await.unwrap();
}
