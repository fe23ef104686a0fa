//! Shared by the tests: planted values, a recording transport, requests to send.

use std::collections::VecDeque;
use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use clinspark_twilio::client::messages::{FetchMessage, SendMessage, Sender};
use clinspark_twilio::client::{
    Body, Client, ClientBuilder, Clock, Credentials, Delivery, Error, ReqwestTransport,
    RetryPolicy, Transport, TransportError,
};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::{AccountSid, AuthToken, BoxFuture, MessageSid};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const MESSAGE: &str = "SM00000000000000000000000000000001";
/// Phone numbers, texts and secrets that no log may show.
pub(crate) const TO: &str = "+14155550123";
pub(crate) const FROM: &str = "+14155550100";
pub(crate) const BODY: &str = "PLANTED biopsy tomorrow";
pub(crate) const TOKEN: &str = "PLANTED-token";
/// `ACCOUNT:TOKEN` in base64, as in the `Authorization` header.
pub(crate) const BASIC: &str = "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpQTEFOVEVELXRva2Vu";

pub(crate) fn number(text: &str) -> E164 {
    E164::parse(text).unwrap()
}

pub(crate) fn credentials() -> Credentials {
    Credentials::auth_token(
        AccountSid::parse(ACCOUNT).unwrap(),
        AuthToken::new(TOKEN).unwrap(),
    )
}

/// Returns a create.
pub(crate) fn send() -> SendMessage {
    SendMessage::new(number(TO), Sender::Number(number(FROM)), BODY)
}

/// Returns a read.
pub(crate) fn fetch() -> FetchMessage {
    FetchMessage::new(MessageSid::parse(MESSAGE).unwrap())
}

/// Returns the default transport without certificate roots, for plain HTTP. Reading the system's
/// certificates takes time.
pub(crate) fn transport() -> ReqwestTransport {
    let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    ReqwestTransport::from_builder(builder).unwrap()
}

/// Returns a builder on that transport, with the default timeouts and retries.
pub(crate) fn builder(base_url: &str) -> ClientBuilder {
    Client::builder(credentials(), Delivery::Live)
        .with_transport(transport())
        .base_url(base_url)
}

/// Returns a client on that transport, with the default timeouts and retries.
pub(crate) fn patient(base_url: &str) -> Client {
    builder(base_url).build().unwrap()
}

/// Returns a client on that transport without retries.
pub(crate) fn client(base_url: &str) -> Client {
    builder(base_url)
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

/// A recorded request.
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

/// Records the requests, and responds from a script.
#[derive(Default)]
pub(crate) struct Recorder {
    seen: Mutex<Vec<Seen>>,
    answers: Mutex<VecDeque<http::Response<Body>>>,
}

impl Recorder {
    /// Creates a recorder that responds with these bodies in turn, with status 200.
    pub(crate) fn answering<T: Into<Body>>(bodies: impl IntoIterator<Item = T>) -> Arc<Self> {
        let answers = bodies
            .into_iter()
            .map(|body| http::Response::new(body.into()));
        Arc::new(Self {
            seen: Mutex::default(),
            answers: Mutex::new(answers.collect()),
        })
    }

    /// Creates a recorder that refuses every connection.
    pub(crate) fn refusing() -> Arc<Self> {
        Arc::new(Self::default())
    }

    pub(crate) fn builder(self: &Arc<Self>, delivery: Delivery) -> ClientBuilder {
        Client::builder(credentials(), delivery)
            .with_transport(Arc::clone(self))
            .retry(RetryPolicy::none())
    }

    pub(crate) fn client(self: &Arc<Self>, delivery: Delivery) -> Client {
        self.builder(delivery).build().unwrap()
    }

    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let (head, body) = request.into_parts();
        self.seen.lock().unwrap().push(Seen {
            method: head.method.to_string(),
            host: head
                .uri
                .authority()
                .map(ToString::to_string)
                .unwrap_or_default(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        let answer = self.answers.lock().unwrap().pop_front();
        Box::pin(async move { answer.ok_or_else(|| TransportError::not_sent("script is over")) })
    }
}

/// Returns an error in every form in which it may be logged.
pub(crate) fn printed(error: &Error) -> String {
    let mut texts = vec![format!("{error} {error:?} {error:#?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    texts.join("\n")
}

/// Panics if a text contains a planted value.
#[track_caller]
pub(crate) fn assert_clean(text: &str) {
    for planted in ["4155550123", "4155550100", "PLANTED", BASIC, "biopsy"] {
        assert!(!text.contains(planted), "{planted} shows in: {text}");
    }
}

#[track_caller]
pub(crate) fn assert_debug_clean(value: &impl Debug) {
    assert_clean(&format!("{value:?} {value:#?}"));
}

/// A clock that stands still, with sleeps that end at once.
pub(crate) struct FixedClock(SystemTime);

impl FixedClock {
    pub(crate) fn at(time: SystemTime) -> Self {
        Self(time)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
