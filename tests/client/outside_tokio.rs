//! Futures polled outside of a Tokio runtime end with an error, not with a panic.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use clinspark_twilio::client::applications::ListApplications;
use clinspark_twilio::client::recordings::DownloadRecording;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    AuditEntry, AuditPolicy, AuditSink, Client, Credentials, Delivery, Error, ErrorKind, Outcome,
    TokenSource,
};
use clinspark_twilio::types::{BearerToken, BoxError, BoxFuture, RecordingSid};

use crate::fault_case::body;
use crate::support::{credentials, fetch, send, transport};

/// Polls a future once, as another executor would. It must not wait for anything.
fn poll<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}

fn recording() -> DownloadRecording {
    DownloadRecording::new(RecordingSid::parse("RE00000000000000000000000000000001").unwrap())
}

#[track_caller]
fn assert_refused(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::NoRuntime);
    assert_eq!((error.outcome(), error.attempts()), (&Outcome::NotSent, 0));
    assert!(!error.is_retryable());
    let what = "no Tokio runtime is running on this thread; run the future in one, such as with \
                `#[tokio::main]` or `Runtime::block_on`; nothing was sent";
    assert_eq!(error.to_string(), format!("{}: {what}", error.operation()));
}

struct Vault;

impl TokenSource for Vault {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        Box::pin(async { Ok(BearerToken::new("PLANTED")?) })
    }
}

struct Sink;

impl AuditSink for Sink {
    fn record(&self, _: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn every_kind_of_request_is_refused() {
    let fake = || FakeTransport::new().reply(Reply::json(200, body()));
    let client = |transport: FakeTransport| {
        Client::builder(credentials(), Delivery::Live).with_transport(transport)
    };
    let bearer = Credentials::bearer(credentials().account_sid(), Vault);
    let clients = [
        Client::builder(credentials(), Delivery::Live).with_transport(transport()),
        client(fake()),
        client(fake()).max_in_flight(1),
        client(fake()).audit(Sink, AuditPolicy::FailClosed),
        Client::builder(bearer, Delivery::Live).with_transport(fake()),
    ];
    for client in clients {
        let client = client.build().unwrap();
        assert_refused(&poll(client.execute(send())).unwrap_err());
        assert_refused(&poll(client.execute(fetch())).unwrap_err());
        assert_refused(&poll(client.download(recording())).unwrap_err());
        let mut apps = client.list(ListApplications::new());
        assert_refused(&poll(apps.next()).unwrap().unwrap_err());
        assert!(poll(apps.next()).is_none());
    }
}

#[test]
fn nothing_is_sent_and_the_client_keeps_working() {
    let transport = FakeTransport::new().reply(Reply::json(200, body()));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .max_in_flight(1)
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_refused(&poll(client.execute(send())).unwrap_err());
    }
    assert!(transport.requests().is_empty());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(client.execute(send())).unwrap();
    // Another executor inside a runtime is enough.
    let transport = FakeTransport::new().reply(Reply::json(200, body()));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .build()
        .unwrap();
    let _entered = runtime.enter();
    poll(client.execute(send())).unwrap();
}

#[test]
fn a_download_cannot_continue_outside_of_the_runtime() {
    let transport = FakeTransport::new().reply(Reply::json(200, "RIFF"));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let mut audio = runtime.block_on(client.download(recording())).unwrap();
    let error = poll(audio.chunk()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoRuntime);
    let piece = runtime.block_on(audio.chunk()).unwrap();
    assert_eq!(piece.unwrap(), "RIFF");
}
