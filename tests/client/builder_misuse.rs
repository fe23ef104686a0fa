//! A builder that is misused: names that reach further than a label, URLs that cannot be asked,
//! limits of nothing and without end.

use std::time::Duration;

use clinspark_twilio::client::messages::ListMessages;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, Credentials, Delivery, Edge, ErrorKind, Host, Outcome, ProcessingRegion, Request,
    RetryBudget, RetryPolicy, TokenSource,
};
use clinspark_twilio::types::{AccountSid, BearerToken, BoxError, BoxFuture};

use crate::operations::{self, Operation, Visit};
use crate::support::{ACCOUNT, MESSAGE, Recorder, credentials, fetch, send};

/// Runs every operation, and keeps the hosts that were asked.
struct Hosts<'a> {
    client: &'a Client,
    recorder: &'a Recorder,
    suffix: &'a str,
}

impl Visit for Hosts<'_> {
    async fn operation<R: Request>(&mut self, operation: Operation, request: R) {
        let error = self.client.execute(request).await.err();
        let [seen] = self.recorder.take().try_into().ok().unwrap_or_else(|| {
            panic!("{}: {error:?}", operation.name);
        });
        let product = seen.host.strip_suffix(self.suffix);
        let known = matches!(
            product,
            Some("api" | "messaging" | "lookups" | "accounts" | "monitor" | "voice" | "oauth")
        );
        assert!(known, "{}: {}", operation.name, seen.host);
    }
}

#[tokio::test]
async fn every_operation_goes_to_the_host_of_its_region_and_edge() {
    for (region, edge, suffix) in [
        (ProcessingRegion::US1, None, ".twilio.com"),
        (ProcessingRegion::IE1, None, ".dublin.ie1.twilio.com"),
        (ProcessingRegion::AU1, None, ".sydney.au1.twilio.com"),
        (
            ProcessingRegion::US1,
            Some("UMATILLA"),
            ".umatilla.us1.twilio.com",
        ),
        (
            ProcessingRegion::IE1,
            Some("dublin"),
            ".dublin.ie1.twilio.com",
        ),
    ] {
        let recorder = Recorder::refusing();
        let time = operations::time() - Duration::from_secs(3_600);
        let mut builder = recorder.builder(Delivery::Live).region(region);
        if let Some(edge) = edge {
            builder = builder.edge(Edge::parse(edge).unwrap());
        }
        let client = builder
            .clock(crate::support::FixedClock::at(time))
            .build()
            .unwrap();
        let mut hosts = Hosts {
            client: &client,
            recorder: &recorder,
            suffix,
        };
        operations::every(&mut hosts).await;
    }
}

#[test]
fn an_edge_is_one_label_and_nothing_else() {
    let long = "a".repeat(64);
    for edge in [
        "dublin.evil.com",
        "",
        &long,
        "d\u{fc}blin",
        "\u{ff44}ublin",
        "-x",
        "x-",
        "x/../",
        "x@evil",
        "x:80",
        "x#",
        "x?",
        "x%2e",
        "x\\",
        "x\r\nHost: evil",
        "x\0",
        " x",
        "x ",
        "x_y",
        ".",
        "twilio.com",
    ] {
        let error = Edge::parse(edge).unwrap_err();
        assert!(error.to_string().starts_with("the edge must"), "{edge:?}");
        assert!(ProcessingRegion::parse(edge).is_err(), "{edge:?}");
    }
    let longest = "a".repeat(63);
    for edge in ["a", "0", "DUBLIN", "dublin-ix", "xn--dblin-kva", &longest] {
        assert_eq!(Edge::parse(edge).unwrap().as_str(), edge.to_lowercase());
    }
    // Swapped, the host would not exist.
    assert!(Edge::parse("ie1").is_err() && ProcessingRegion::parse("dublin").is_err());
}

#[tokio::test]
async fn a_derived_client_keeps_the_edge() {
    let recorder = Recorder::refusing();
    let client = recorder
        .builder(Delivery::Off)
        .edge(Edge::parse("frankfurt").unwrap())
        .region(ProcessingRegion::IE1)
        .build()
        .unwrap();
    let other = AccountSid::parse("AC00000000000000000000000000000009").unwrap();
    for client in [
        client.clone(),
        client.for_account(other),
        client.on_behalf_of("staff-17", "reminder"),
        client
            .for_account(other)
            .on_behalf_of("staff-17", "reminder"),
    ] {
        let _ = client.execute(fetch()).await;
        let [seen] = recorder.take().try_into().ok().unwrap();
        assert_eq!(seen.host, "api.frankfurt.ie1.twilio.com");
        assert!(seen.path.contains(client.account_sid().as_str()));
    }
}

/// Links name Twilio's host in some spelling; the client's own is asked.
#[tokio::test]
async fn the_next_page_is_asked_at_the_edge() {
    for link in [
        "https://messaging.twilio.com/v1/Services?Page=1",
        "https://messaging.dublin.ie1.twilio.com/v1/Services?Page=1",
        "https://messaging.frankfurt.ie1.twilio.com/v1/Services?Page=1",
    ] {
        let page = format!(r#"{{"services": [], "meta": {{"next_page_url": "{link}"}}}}"#);
        let recorder = Recorder::answering([page]);
        let client = recorder
            .builder(Delivery::Off)
            .edge(Edge::parse("frankfurt").unwrap())
            .region(ProcessingRegion::IE1)
            .build()
            .unwrap();
        let services = clinspark_twilio::client::services::ListServices::new();
        let page = client.execute(services).await.unwrap();
        let _ = client.execute(page.next.unwrap()).await;
        let hosts: Vec<_> = recorder.take().into_iter().map(|seen| seen.host).collect();
        assert_eq!(hosts, ["messaging.frankfurt.ie1.twilio.com"; 2], "{link}");
    }
}

#[test]
fn a_base_url_that_no_request_can_be_sent_to_is_refused() {
    let urls = [
        "http://[::1].evil.example",
        "http://[::1]evil.example",
        "https://[::1",
        "https://::1",
        "https://h.example:99999",
        "https://h.example:port",
        "https://h.example:-1",
        "https://h.example:0",
        "https://h.example:+1",
        "https://[::zz]",
        "https://[127.0.0.1]",
        "https://[::1%25lo]",
        "https://:443",
        "https://h.example:80:80",
        "http://localhost\\@evil.example",
        "http://localhost\\.evil.example",
        "http://127.0.0.1%2eevil.example",
        "http://127.0.0.1%00.evil.example",
        "http://localhost%2f.evil.example",
        "https://h.example\r\nHost: evil",
        " https://h.example",
        "https://h.example ",
        "https://h\u{f6}.example",
        "http://\u{ff4c}ocalhost",
        "http://2130706433",
        "http://0x7f.1",
        "http://127.1",
        "http://[::ffff:127.0.0.1]",
        "http://localhost.",
    ];
    let mut taken = Vec::new();
    for url in urls {
        let builder = || Recorder::refusing().builder(Delivery::Off);
        for (builder, setter) in [
            (builder().base_url(url), "ClientBuilder::base_url"),
            (
                builder().host_base_url(Host::Api, url),
                "ClientBuilder::host_base_url",
            ),
        ] {
            let Err(error) = builder.build() else {
                taken.push(url);
                continue;
            };
            assert_eq!(error.operation(), setter, "{url:?}");
            assert!(!error.to_string().contains("evil"), "{error}");
        }
    }
    assert!(taken.is_empty(), "{taken:?}");
}

/// A transport that answers reads and creates.
fn answering() -> FakeTransport {
    let message = format!(r#"{{"sid": "{MESSAGE}"}}"#);
    (0..3).fold(FakeTransport::new(), |transport, _| {
        transport.reply(Reply::json(200, message.as_str()))
    })
}

#[tokio::test]
async fn timeouts_without_end_are_no_timeouts() {
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(answering())
        .attempt_timeout(Duration::MAX)
        .operation_timeout(Duration::MAX)
        .stall_timeout(Duration::MAX)
        .retry(
            RetryPolicy::new()
                .attempts(u32::MAX)
                .base(Duration::MAX)
                .cap(Duration::MAX),
        )
        .retry_budget(RetryBudget::new().capacity(u32::MAX).per_second(u32::MAX))
        .max_in_flight(usize::MAX)
        .build()
        .unwrap();
    client.execute(fetch()).await.unwrap();
    client.execute(send()).await.unwrap();
    let file = clinspark_twilio::client::recordings::DownloadRecording::new(
        clinspark_twilio::types::RecordingSid::parse("RE00000000000000000000000000000001").unwrap(),
    );
    let mut file = client.download(file).await.unwrap();
    assert!(file.chunk().await.unwrap().is_some());
    assert!(file.chunk().await.unwrap().is_none());
    // A wait without end can be dropped.
    let lost = Duration::from_millis(50);
    assert!(
        tokio::time::timeout(lost, client.execute(fetch()))
            .await
            .is_err()
    );
}

struct Slow;

impl TokenSource for Slow {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        Box::pin(std::future::pending())
    }
}

/// Nothing real is waited for: a timeout of nothing is over at once.
#[tokio::test(start_paused = true)]
async fn timeouts_of_nothing_end_at_once() {
    let never = || {
        let transport = FakeTransport::new().reply(Reply::never());
        Client::builder(credentials(), Delivery::Live)
            .with_transport(transport)
            .retry(RetryPolicy::none())
    };
    let begun = tokio::time::Instant::now();
    let client = never().attempt_timeout(Duration::ZERO).build().unwrap();
    let error = client.execute(send()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
    // Too little time for an answer: it is not begun.
    let client = never().operation_timeout(Duration::ZERO).build().unwrap();
    for error in [
        client.execute(send()).await.unwrap_err(),
        client.execute(fetch()).await.unwrap_err(),
        client.execute(ListMessages::new()).await.unwrap_err(),
    ] {
        assert_eq!(*error.outcome(), Outcome::NotSent, "{error}");
    }
    let slow = Credentials::bearer(AccountSid::parse(ACCOUNT).unwrap(), Slow);
    let client = Client::builder(slow, Delivery::Live)
        .with_transport(FakeTransport::new())
        .attempt_timeout(Duration::ZERO)
        .build()
        .unwrap();
    let error = client.execute(fetch()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn no_request_in_flight_counts_as_one() {
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(answering())
        .max_in_flight(0)
        .build()
        .unwrap();
    let (one, two) = tokio::join!(client.execute(fetch()), client.execute(send()));
    one.unwrap();
    two.unwrap();
}
