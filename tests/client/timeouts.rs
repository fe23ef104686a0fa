//! Timeouts in each phase.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::{
    Body, Client, ClientBuilder, Delivery, Error, ErrorKind, Outcome, Phase, Progress,
    ReqwestTransport, RetryPolicy, Transport, TransportError,
};
use clinspark_twilio::types::BoxFuture;

use crate::server::{Act, Server};
use crate::support::{MESSAGE, assert_clean, builder, client, credentials, fetch, printed, send};

const SHORT: Duration = Duration::from_millis(400);

async fn failing(client: ClientBuilder) -> Error {
    let error = client
        .attempt_timeout(SHORT)
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
        .execute(send())
        .await
        .unwrap_err();
    assert_clean(&printed(&error));
    error
}

#[track_caller]
fn assert_timeout(error: &Error, phase: Phase, text: &str) {
    assert_eq!(error.kind(), ErrorKind::Timeout(phase));
    assert_eq!(error.to_string(), format!("SendMessage: {text}"));
    let not_sent = phase == Phase::Connect;
    assert_eq!(*error.outcome() == Outcome::NotSent, not_sent);
    assert_eq!(error.is_retryable(), not_sent);
}

#[tokio::test]
async fn a_dns_lookup_times_out() {
    struct Forever;
    impl reqwest::dns::Resolve for Forever {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(std::future::pending())
        }
    }
    let builder = reqwest::Client::builder().no_proxy().dns_resolver(Forever);
    let transport = ReqwestTransport::from_builder(builder).unwrap();
    let error =
        failing(Client::builder(credentials(), Delivery::Live).with_transport(transport)).await;
    assert_timeout(
        &error,
        Phase::Connect,
        "time ran out while connecting; nothing was sent",
    );
}

#[tokio::test]
async fn a_tls_handshake_times_out() {
    let server = Server::start([vec![Act::Stall]]).await;
    let error = failing(builder(&server.https_url())).await;
    assert_timeout(
        &error,
        Phase::Connect,
        "time ran out while connecting; nothing was sent",
    );
}

/// The default transport's own limit of 5 seconds is much shorter than the limit of an attempt.
#[tokio::test]
async fn the_connect_timeout_ends_a_tls_handshake() {
    let server = Server::start([vec![Act::Stall]]).await;
    let error = client(&server.https_url())
        .execute(send())
        .await
        .unwrap_err();
    assert_timeout(
        &error,
        Phase::Connect,
        "time ran out while connecting; nothing was sent",
    );
    let limit: &TransportError = error.source().unwrap().downcast_ref().unwrap();
    assert!(limit.is_timeout() && !limit.may_have_been_sent());
}

#[tokio::test]
async fn a_response_times_out() {
    let drip = Act::Drip("HTTP/1.1 201 Created\r\n".repeat(20).into());
    for stall in [Act::Stall, drip] {
        let server = Server::start([vec![Act::Read, stall]]).await;
        let error = failing(builder(&server.url())).await;
        assert_timeout(
            &error,
            Phase::Answer,
            "time ran out while waiting for the response; it may have been done: check before \
             sending it again",
        );
        assert_eq!(server.posts(), 1);
    }
}

#[tokio::test]
async fn a_response_body_times_out() {
    let half = format!("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{{\"sid\":\"{MESSAGE}\"");
    let script = vec![Act::Read, Act::Write(half.into()), Act::Stall];
    let server = Server::start([script.clone(), script]).await;
    let error = failing(builder(&server.url())).await;
    assert_timeout(
        &error,
        Phase::Body,
        "status 201, but time ran out while reading the response; it may have been done: check \
         before sending it again",
    );
    assert!(matches!(error.outcome(), Outcome::Unknown { sid: Some(sid), .. } if sid == MESSAGE));
    assert_eq!(server.posts(), 1);

    let reading = builder(&server.url())
        .retry(RetryPolicy::none())
        .attempt_timeout(SHORT)
        .build()
        .unwrap()
        .execute(fetch())
        .await;
    let error = reading.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Body));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn the_body_of_an_error_times_out() {
    let half = "HTTP/1.1 400 Bad Request\r\nContent-Length: 99\r\n\r\n{\"code\": 21211,";
    let server = Server::start([vec![Act::Read, Act::Write(half.into()), Act::Stall]]).await;
    let error = failing(builder(&server.url())).await;
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Status, &Outcome::Rejected)
    );
    assert_eq!(error.api().unwrap().status, 400);
}

/// With another transport, an unarmed progress counts as sent, and an armed one is enforced.
#[tokio::test]
async fn progress_decides_for_other_transports() {
    struct Hangs(fn(&Progress));
    impl Transport for Hangs {
        fn send(
            &self,
            request: http::Request<Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
            let progress: Progress = request.extensions().get().cloned().unwrap();
            (self.0)(&progress);
            Box::pin(std::future::pending())
        }
    }
    for (tells, phase) in [
        ((|_| ()) as fn(&Progress), Phase::Answer),
        (|p| p.arm(), Phase::Connect),
        (|p| assert!(p.begin_body()), Phase::Answer),
        (
            |p| {
                p.arm();
                assert!(p.begin_body());
            },
            Phase::Answer,
        ),
    ] {
        let error =
            failing(Client::builder(credentials(), Delivery::Live).with_transport(Hangs(tells)))
                .await;
        assert_eq!(error.kind(), ErrorKind::Timeout(phase));
    }
}

/// Holds a request back until the test releases it, even after its future was dropped.
struct Holds {
    inner: ReqwestTransport,
    held: Mutex<Option<http::Request<Bytes>>>,
}

impl Holds {
    fn new() -> Arc<Self> {
        let inner = ReqwestTransport::new().unwrap();
        let held = Mutex::default();
        Arc::new(Self { inner, held })
    }

    /// Releases the request, and returns the error of the default transport.
    async fn let_go(&self) -> TransportError {
        let request = self.held.lock().unwrap().take().unwrap();
        self.inner.send(request).await.unwrap_err()
    }
}

impl Transport for Holds {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let progress: &Progress = request.extensions().get().unwrap();
        progress.arm();
        *self.held.lock().unwrap() = Some(request);
        Box::pin(std::future::pending())
    }
}

/// After an error that nothing was sent, nothing may be sent.
#[tokio::test]
async fn nothing_is_sent_after_the_error() {
    let server = Server::start([vec![Act::Read]]).await;
    let holds = Holds::new();
    let client = Client::builder(credentials(), Delivery::Live).with_transport(Arc::clone(&holds));
    let error = failing(client.base_url(server.url())).await;
    assert_eq!(*error.outcome(), Outcome::NotSent);
    assert!(!holds.let_go().await.may_have_been_sent());
    assert_eq!(server.posts(), 0);
}

#[tokio::test]
async fn nothing_is_sent_after_the_future_is_dropped() {
    let server = Server::start([vec![Act::Read]]).await;
    let holds = Holds::new();
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(Arc::clone(&holds))
        .base_url(server.url())
        .build()
        .unwrap();
    let sending = tokio::time::timeout(Duration::ZERO, client.execute(send()));
    assert!(sending.await.is_err());
    assert!(!holds.let_go().await.may_have_been_sent());
    assert_eq!(server.posts(), 0);
}
