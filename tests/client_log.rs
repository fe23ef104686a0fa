//! Traces and logs contain no phone number, message body or secret. This includes the trace-level
//! logs of the libraries that the client uses.
#![cfg(all(feature = "rustls", feature = "tracing"))]
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail by panicking")]

#[path = "client/server.rs"]
#[allow(dead_code, reason = "only a part is used here")]
mod server;
#[path = "client/support.rs"]
#[allow(dead_code, reason = "only a part is used here")]
mod support;

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use clinspark_twilio::client::lookups::LookupPhoneNumber;
use clinspark_twilio::client::messages::{FetchMessage, ListMessages, Sender};
use clinspark_twilio::client::recordings::DownloadRecording;
use clinspark_twilio::client::{
    AuditEntry, AuditPolicy, AuditSink, Client, ClientBuilder, Credentials, Delivery,
    ReqwestTransport, RetryPolicy, TokenSource,
};
use clinspark_twilio::messenger::{MessageId, Messenger, WithoutConsentGate};
use clinspark_twilio::twiml::{Message, MessagingResponse};
use clinspark_twilio::types::{AccountSid, AuthToken, BearerToken, BoxError, BoxFuture};
use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

use server::{Act, Server, answer};
use support::{ACCOUNT, BODY, MESSAGE, TO, TOKEN, assert_clean, fetch, number, send};

const REQUEST_ID: &str = "RQ0123456789abcdef0123456789abcdef";
const RECORDING: &str = "RE00000000000000000000000000000001";

/// Captures every trace and log.
struct Capture {
    /// Every line, from the client and from other libraries.
    lines: Mutex<String>,
    /// Fields of the client's spans, by id.
    spans: Mutex<BTreeMap<u64, BTreeMap<&'static str, String>>>,
    next: AtomicU64,
}

static CAPTURE: Capture = Capture {
    lines: Mutex::new(String::new()),
    spans: Mutex::new(BTreeMap::new()),
    next: AtomicU64::new(1),
};

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Capture {
    fn write(&self, line: impl Debug) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(lines, "{line:?}").unwrap();
    }

    fn noted(&self, id: u64, fields: Fields) {
        self.write(&fields.0);
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(span) = spans.get_mut(&id) {
            span.extend(fields.0);
        }
    }

    /// Returns the client's spans since the last call, without their durations.
    fn take(&self) -> Vec<String> {
        let spans = std::mem::take(&mut *self.spans.lock().unwrap());
        let line = |mut fields: BTreeMap<&str, String>| {
            let took = fields.remove("duration_ms").unwrap();
            assert!(took.parse::<u64>().unwrap() < 60_000);
            let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
            fields.collect::<Vec<_>>().join(" ")
        };
        spans.into_values().map(line).collect()
    }
}

struct Tracing;

impl Subscriber for Tracing {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let id = CAPTURE.next.fetch_add(1, Ordering::Relaxed);
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        CAPTURE.write((attributes.metadata().name(), attributes.metadata().target()));
        if attributes.metadata().target() == "clinspark_twilio" {
            assert_eq!(attributes.metadata().name(), "twilio");
            CAPTURE.spans.lock().unwrap().insert(id, BTreeMap::new());
        }
        CAPTURE.noted(id, fields);
        span::Id::from_u64(id)
    }

    fn record(&self, span: &span::Id, values: &span::Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        CAPTURE.noted(span.into_u64(), fields);
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        CAPTURE.write((event.metadata().target(), &fields.0));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        CAPTURE.write((record.target(), record.args().to_string()));
    }

    fn flush(&self) {}
}

struct Source;

impl TokenSource for Source {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        Box::pin(async { Ok(BearerToken::new(TOKEN)?) })
    }
}

struct Closed;

impl AuditSink for Closed {
    fn record(&self, _: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async { Err("closed".into()) })
    }
}

fn builder(server: &Server) -> ClientBuilder {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::bearer(account, Source);
    let policy = RetryPolicy::new()
        .attempts(2)
        .base(std::time::Duration::ZERO);
    Client::builder(credentials, Delivery::Live)
        .base_url(server.url())
        .retry(policy)
}

fn answers(answers: [Vec<u8>; 10]) -> [Vec<Act>; 10] {
    answers.map(|answer| vec![Act::Read, Act::Write(answer)])
}

/// Sends a request with `connection_verbose`, which would log the bytes of each connection. The
/// transport must disable it.
async fn talkative_builder() {
    let message = answer(201, "", format!(r#"{{"sid": "{MESSAGE}", "to": "{TO}"}}"#));
    let server = Server::start([vec![Act::Read, Act::Write(message)]]).await;
    let builder = reqwest::Client::builder()
        .no_proxy()
        .connection_verbose(true);
    let transport = ReqwestTransport::from_builder(builder).unwrap();
    let client = Client::builder(support::credentials(), Delivery::Live)
        .with_transport(transport)
        .base_url(server.url())
        .build()
        .unwrap();
    client.execute(send()).await.unwrap();
    CAPTURE.take();
}

/// The span of a messenger's text carries the service's own ID.
async fn text_of_a_messenger() {
    let message = answer(201, "", format!(r#"{{"sid": "{MESSAGE}", "to": "{TO}"}}"#));
    let server = Server::start([vec![Act::Read, Act::Write(message)]]).await;
    let client = Client::builder(support::credentials(), Delivery::Live).base_url(server.url());
    let messenger = Messenger::builder(
        client,
        Sender::Number(number(support::FROM)),
        PublicOrigin::parse("https://acme.example.com").unwrap(),
        AuthToken::new(TOKEN).unwrap(),
        WithoutConsentGate,
    );
    let id = MessageId::numbered("visit", 4711).unwrap();
    let messenger = messenger.build().unwrap();
    messenger.text(TO, BODY).id(id).await.unwrap();
    assert_eq!(
        CAPTURE.take(),
        [format!(
            "attempt=1 message_id=\"visit-4711\" operation=\"SendMessage\" outcome=\"done\" \
             sid=\"{MESSAGE}\" status=201"
        )]
    );
}

/// Reports a STOP to a messenger without a consent gate, whose warning names the message.
async fn stop_without_a_gate() {
    let client = Client::builder(support::credentials(), Delivery::Off);
    let messenger = Messenger::builder(
        client,
        Sender::Number(number(support::FROM)),
        PublicOrigin::parse("https://acme.example.com").unwrap(),
        AuthToken::new(TOKEN).unwrap(),
        WithoutConsentGate,
    );
    let receiver = messenger.build().unwrap().receiver().clone();
    let mut stop = http::Request::post("/sms")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!(
            "MessageSid={MESSAGE}&AccountSid={ACCOUNT}&From=%2B14155550123&To=%2B14155550100\
             &Body=STOP"
        ))
        .unwrap();
    let signature = receiver.validator().sign(&stop).parse().unwrap();
    stop.headers_mut().insert(SIGNATURE_HEADER, signature);
    receiver.receive(stop).await.unwrap();
    let lines = CAPTURE.lines.lock().unwrap().clone();
    let warning = lines.lines().last().unwrap();
    assert!(
        warning.contains("has no consent gate to record it"),
        "{warning}"
    );
    assert!(warning.contains(MESSAGE), "{warning}");
}

async fn messenger_traces() {
    text_of_a_messenger().await;
    stop_without_a_gate().await;
    let reply = MessagingResponse::new().append(Message::text("PLANTED".repeat(300)));
    let _ = reply.into_response();
    let lines = CAPTURE.lines.lock().unwrap().clone();
    let dropped = "Twilio will not send the reply: the message has 2100 characters";
    assert!(lines.lines().last().unwrap().contains(dropped));
}

/// One test for all cases, because a process has only one subscriber and one logger.
#[tokio::test]
async fn traces_and_logs_contain_no_personal_data() {
    tracing::subscriber::set_global_default(Tracing).unwrap();
    log::set_logger(&Log).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    let head = format!("Twilio-Request-Id: {REQUEST_ID}\r\nTwilio-Concurrent-Requests: 7\r\n");
    let message = format!(r#"{{"sid": "{MESSAGE}", "body": "{BODY}", "to": "{TO}"}}"#);
    let refused =
        r#"{"code": 21211, "message": "PLANTED +14155550123", "details": {"x": "PLANTED"}}"#;
    let page = r#"{"messages": [], "next_page_uri":
        "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?To=%2B14155550123"}"#;
    let half = format!(r#"{{"sid": "{MESSAGE}", "body": "PLANTED"#);
    let odd = "Twilio-Request-Id: 14155550123\r\nTwilio-Concurrent-Requests: PLANTED\r\n";
    let server = Server::start(answers([
        answer(201, &head, &message),
        answer(429, &head, r#"{"code": 20429}"#),
        answer(400, &head, refused),
        answer(200, "", page),
        answer(200, "", r#"{"messages": []}"#),
        answer(200, odd, r#"{"phone_number": "+14155550123"}"#),
        answer(201, &head, &half),
        Vec::new(),
        answer(200, "", "PLANTED sound"),
        answer(302, "Location: https://x.example/?to=+14155550123\r\n", ""),
    ]))
    .await;
    let client = builder(&server).build().unwrap();

    client.execute(send()).await.unwrap();
    assert_eq!(
        CAPTURE.take(),
        [format!(
            "attempt=1 concurrent_requests=7 operation=\"SendMessage\" outcome=\"done\" \
             request_id=\"{REQUEST_ID}\" sid=\"{MESSAGE}\" status=201"
        )]
    );

    client.execute(send()).await.unwrap_err();
    let same = format!("outcome=\"rejected\" request_id=\"{REQUEST_ID}\"");
    assert_eq!(
        CAPTURE.take(),
        [
            format!(
                "attempt=1 code=20429 concurrent_requests=7 operation=\"SendMessage\" {same} \
                 status=429"
            ),
            format!(
                "attempt=2 code=21211 concurrent_requests=7 operation=\"SendMessage\" {same} \
                 status=400"
            ),
        ]
    );

    // A number in the query, in the link to the next page, in the path.
    let mut messages = client.list(ListMessages::new().to(number(TO)));
    assert!(messages.next().await.is_none());
    let lookup = LookupPhoneNumber::new(number(TO));
    client.execute(lookup).await.unwrap();
    let operations = ["ListMessages", "NextPage", "LookupPhoneNumber"];
    let expected = operations.map(|operation| {
        format!("attempt=1 operation=\"{operation}\" outcome=\"done\" status=200")
    });
    assert_eq!(CAPTURE.take(), expected);

    // A truncated response, and no response.
    client.execute(send()).await.unwrap_err();
    client.execute(send()).await.unwrap_err();
    assert_eq!(
        CAPTURE.take(),
        [
            format!(
                "attempt=1 concurrent_requests=7 operation=\"SendMessage\" outcome=\"unknown\" \
                 request_id=\"{REQUEST_ID}\" sid=\"{MESSAGE}\" status=201"
            ),
            "attempt=1 operation=\"SendMessage\" outcome=\"unknown\"".to_owned(),
        ]
    );

    let audio = DownloadRecording::new(RECORDING.parse().unwrap());
    client.download(audio).await.unwrap();
    let closed = builder(&server).audit(Closed, AuditPolicy::Continue);
    let closed = closed.build().unwrap().on_behalf_of("PLANTED", "PLANTED");
    closed.execute(fetch()).await.unwrap_err();
    assert_eq!(
        CAPTURE.take(),
        [
            format!(
                "attempt=1 operation=\"DownloadRecording\" outcome=\"done\" sid=\"{RECORDING}\" \
                 status=200"
            ),
            format!(
                "attempt=1 operation=\"FetchMessage\" outcome=\"unknown\" sid=\"{MESSAGE}\" \
                 status=302"
            ),
        ]
    );

    // Refused before anything is sent: no attempt, no span.
    let link = FetchMessage::new(MESSAGE.parse().unwrap()).extra_param(TO, BODY);
    closed.execute(link).await.unwrap_err();
    assert!(CAPTURE.take().is_empty());

    talkative_builder().await;
    messenger_traces().await;

    let lines = CAPTURE.lines.lock().unwrap().clone();
    assert_clean(&lines);
    assert!(!lines.contains("Bearer"), "{lines}");
    // Failures of the audit trail are logged, and logs of other libraries are captured.
    assert!(
        lines.contains("the audit trail could not be written"),
        "{lines}"
    );
    assert!(lines.contains("reqwest"), "{lines}");
}
