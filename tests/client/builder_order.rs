//! The order of a builder's calls has no meaning: any order gives a client that behaves the same.

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::alerts::ListAlerts;
use clinspark_twilio::client::geo_permissions::{
    FetchDialingPermissionsSettings, FetchMessagingGeoPermissions,
};
use clinspark_twilio::client::lookups::LookupPhoneNumber;
use clinspark_twilio::client::services::ListServices;
use clinspark_twilio::client::{
    AuditEntry, AuditPolicy, AuditSink, Body, Client, ClientBuilder, Clock, Delivery, Edge, Host,
    ProcessingRegion, RetryBudget, RetryPolicy, Transport, TransportError,
};
use clinspark_twilio::types::{BoxError, BoxFuture};
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::support::{TO, credentials, fetch, number, send};

/// What a client does, as far as it can be seen from outside.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn line(&self, line: &str) {
        writeln!(self.0.lock().unwrap(), "{line}").unwrap();
    }
}

/// Answers alerts never, services by half, creates after 3 seconds, and everything else with 503.
struct Line {
    name: &'static str,
    log: Log,
    in_flight: Arc<AtomicUsize>,
}

impl Transport for Line {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let line = format!("{}: {method} {}", self.name, request.uri());
        self.log.line(&line);
        Box::pin(async move {
            if path.ends_with("/Alerts") {
                std::future::pending::<()>().await;
            }
            if path.ends_with("/Services") {
                return Ok(http::Response::new(Body::new(Silent)));
            }
            if method == http::Method::POST {
                let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
                self.log.line(&format!("{now} in flight"));
                tokio::time::sleep(Duration::from_secs(3)).await;
                self.in_flight.fetch_sub(1, Ordering::SeqCst);
            }
            let mut answer = http::Response::new(Body::from("{}"));
            *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            Ok(answer)
        })
    }
}

struct Silent;

impl http_body::Body for Silent {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}

/// Records each entry, and fails for one operation, so that the policy shows.
struct Sink(&'static str, Log);

impl AuditSink for Sink {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        let (event, operation) = (entry.event, entry.operation);
        let line = format!("{}: {event:?} {operation} {}", self.0, entry.attempt);
        self.1.line(&line);
        let fails = operation == "FetchDialingPermissionsSettings";
        Box::pin(async move { if fails { Err("full".into()) } else { Ok(()) } })
    }
}

/// A clock by Tokio's time, whose chance is always the same.
struct Chance(u64);

impl Clock for Chance {
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }

    fn random(&self) -> u64 {
        self.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setter {
    Transport,
    Clock,
    Region,
    Edge,
    BaseUrl,
    LookupsUrl,
    VoiceUrl,
    AttemptTimeout,
    OperationTimeout,
    StallTimeout,
    Retry,
    RetryBudget,
    MaxInFlight,
    OnRetry,
    Audit,
}

/// Every method of the builder that sets something.
const SETTERS: [Setter; 15] = [
    Setter::Transport,
    Setter::Clock,
    Setter::Region,
    Setter::Edge,
    Setter::BaseUrl,
    Setter::LookupsUrl,
    Setter::VoiceUrl,
    Setter::AttemptTimeout,
    Setter::OperationTimeout,
    Setter::StallTimeout,
    Setter::Retry,
    Setter::RetryBudget,
    Setter::MaxInFlight,
    Setter::OnRetry,
    Setter::Audit,
];

impl Setter {
    /// Calls the method: with the value that is to hold, or with another one.
    fn call(self, builder: ClientBuilder, holds: bool, log: &Log) -> ClientBuilder {
        let secs = |held, other| Duration::from_secs(if holds { held } else { other });
        let text = |held, other| if holds { held } else { other };
        let name = text("held", "other");
        let log = log.clone();
        match self {
            Self::Transport => builder.with_transport(Line {
                name,
                log,
                in_flight: Arc::default(),
            }),
            Self::Clock => builder.clock(Chance(if holds { u64::MAX / 2 } else { 0 })),
            Self::Region => builder.region(if holds {
                ProcessingRegion::IE1
            } else {
                ProcessingRegion::AU1
            }),
            Self::Edge => builder.edge(Edge::parse(text("Frankfurt", "sydney")).unwrap()),
            Self::BaseUrl => builder.base_url(text("https://gateway.example", "no URL")),
            Self::LookupsUrl => {
                builder.host_base_url(Host::Lookups, text("https://lookups.example", "no URL"))
            }
            Self::VoiceUrl => {
                builder.host_base_url(Host::Voice, text("http://127.0.0.1:9", "http://h.example"))
            }
            Self::AttemptTimeout => builder.attempt_timeout(secs(7, 2)),
            Self::OperationTimeout => builder.operation_timeout(secs(16, 60)),
            Self::StallTimeout => builder.stall_timeout(secs(3, 4)),
            Self::Retry => {
                let policy = RetryPolicy::new().base(secs(1, 3));
                builder.retry(policy.attempts(if holds { 4 } else { 2 }))
            }
            Self::RetryBudget => {
                let budget = RetryBudget::new().per_second(0);
                builder.retry_budget(budget.capacity(if holds { 9 } else { 3 }))
            }
            Self::MaxInFlight => builder.max_in_flight(if holds { 2 } else { 3 }),
            Self::OnRetry => builder.on_retry(move |event| {
                let (operation, wait) = (event.operation, event.wait);
                log.line(&format!(
                    "{name}: {operation} {} waits {wait:?}",
                    event.attempt
                ));
            }),
            Self::Audit => {
                let policy = if holds {
                    AuditPolicy::FailClosed
                } else {
                    AuditPolicy::Continue
                };
                builder.audit(Sink(name, log), policy)
            }
        }
    }
}

fn start(log: &Log) -> ClientBuilder {
    let log = log.clone();
    let in_flight = Arc::default();
    let name = "default";
    Client::builder(credentials(), Delivery::Live).with_transport(Line {
        name,
        log,
        in_flight,
    })
}

/// Runs the same requests on a client, one for each host and two creates at once, and returns what
/// could be seen.
fn behavior(builder: ClientBuilder, log: &Log) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = builder.build().unwrap();
        log.line(&format!("{client:?}"));
        let begun = tokio::time::Instant::now();
        macro_rules! run {
            ($($request:expr),+ $(,)?) => {$(
                let error = client.execute($request).await.unwrap_err();
                log.line(&format!("{error} after {:?}", begun.elapsed()));
            )+};
        }
        run!(
            ListAlerts::new(),
            ListServices::new(),
            LookupPhoneNumber::new(number(TO)),
            FetchMessagingGeoPermissions::new(),
            FetchDialingPermissionsSettings::new(),
            fetch(),
        );
        let creates = || async { client.execute(send()).await.unwrap_err().to_string() };
        let (one, two, three) = tokio::join!(creates(), creates(), creates());
        log.line(&format!("{one} {two} {three} after {:?}", begun.elapsed()));
    });
    std::mem::take(&mut log.0.lock().unwrap())
}

/// Every setter but one, in the order of the table.
fn in_order(but: Option<Setter>, also_but: Option<Setter>) -> String {
    let log = Log::default();
    let setters = SETTERS
        .into_iter()
        .filter(|setter| Some(*setter) != but && Some(*setter) != also_but);
    let builder = setters.fold(start(&log), |builder, setter| {
        setter.call(builder, true, &log)
    });
    behavior(builder, &log)
}

#[test]
fn each_setter_shows_in_what_the_client_does() {
    let all = in_order(None, None);
    let without_base_url = in_order(Some(Setter::BaseUrl), None);
    for setter in SETTERS {
        // A base URL replaces the hosts of region and edge.
        let hides = matches!(setter, Setter::Region | Setter::Edge);
        assert_eq!(in_order(Some(setter), None) == all, hides, "{setter:?}");
        if hides {
            let without = in_order(Some(setter), Some(Setter::BaseUrl));
            assert_ne!(without, without_base_url, "{setter:?}");
        }
    }
    for address in [
        "https://monitor.frankfurt.ie1.twilio.com/v1/Alerts",
        "https://messaging.frankfurt.ie1.twilio.com/v1/Services",
        "https://lookups.example/v2/PhoneNumbers/",
        "https://accounts.frankfurt.ie1.twilio.com/v1/Messaging/GeoPermissions",
        "https://api.frankfurt.ie1.twilio.com/2010-04-01/Accounts/",
    ] {
        let line = format!("held: GET {address}");
        assert!(without_base_url.contains(&line), "{without_base_url}");
    }
}

/// Calls in some order: setters, each with whether its value is to hold. Of two calls of one setter
/// the one that holds is the last.
fn calls() -> impl Strategy<Value = Vec<(Setter, bool)>> {
    let others = subsequence(SETTERS.to_vec(), 0..=SETTERS.len());
    let calls = (others, any::<bool>()).prop_map(|(others, has_base_url)| {
        let held = SETTERS
            .into_iter()
            .filter(|setter| has_base_url || *setter != Setter::BaseUrl);
        let others = others
            .into_iter()
            .filter(|setter| has_base_url || *setter != Setter::BaseUrl);
        let held = held.map(|setter| (setter, true));
        held.chain(others.map(|setter| (setter, false))).collect()
    });
    let shuffled = calls.prop_flat_map(|calls: Vec<_>| Just(calls).prop_shuffle());
    shuffled.prop_map(|mut calls| {
        for setter in SETTERS {
            let mut places = (0..calls.len()).filter(|at| calls[*at].0 == setter);
            if let (Some(first), Some(second)) = (places.next(), places.next()) {
                calls[first].1 = false;
                calls[second].1 = true;
            }
        }
        calls
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_client(calls in calls(), cloned_at in any::<prop::sample::Index>()) {
        let has_base_url = calls.iter().any(|(setter, _)| *setter == Setter::BaseUrl);
        let expected = in_order((!has_base_url).then_some(Setter::BaseUrl), None);
        let log = Log::default();
        let cloned_at = cloned_at.index(calls.len());
        let mut builder = start(&log);
        for (at, (setter, holds)) in calls.iter().enumerate() {
            if at == cloned_at {
                // What is done to a clone stays with the clone.
                let other = SETTERS.into_iter().fold(builder.clone(), |other, setter| {
                    setter.call(other, false, &log)
                });
                prop_assert!(other.build().is_err());
            }
            builder = setter.call(builder, *holds, &log);
        }
        // A builder that is built twice gives the same client twice, with a budget each.
        let second = builder.clone();
        prop_assert_eq!(&behavior(builder, &log), &expected);
        prop_assert_eq!(&behavior(second, &log), &expected);
    }
}
