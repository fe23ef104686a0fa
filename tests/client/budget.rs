//! Budget of the retries that all clones of a client make together.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::messages::FetchMessage;
use clinspark_twilio::client::{
    Body, Client, ClientBuilder, Delivery, ErrorKind, RetryBudget, Transport, TransportError,
};
use clinspark_twilio::types::{BoxFuture, MessageSid};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{credentials, fetch, send};

/// Responds with 503 or 429, in turn, to the first read of every second message.
#[derive(Default)]
struct Shaky(Mutex<BTreeMap<String, usize>>);

impl Transport for Shaky {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let path = request.uri().path().to_owned();
        Box::pin(async move {
            let seen = {
                let mut reads = self.0.lock().unwrap();
                let count = reads.entry(path.clone()).or_default();
                *count += 1;
                *count
            };
            tokio::time::sleep(Duration::from_millis(100)).await;
            let (_, file) = path.rsplit_once('/').unwrap();
            let sid = file.strip_suffix(".json").unwrap();
            let n: usize = sid.strip_prefix("SM").unwrap().parse().unwrap();
            let status = match (n % 4, seen) {
                (0, 1) => 503,
                (2, 1) => 429,
                _ => 200,
            };
            let mut answer = http::Response::new(Body::from(format!(r#"{{"sid": "{sid}"}}"#)));
            *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
            Ok(answer)
        })
    }
}

/// At high and low rates, with and without retries that time returns.
#[tokio::test(start_paused = true)]
async fn half_of_all_requests_can_fail_once_forever() {
    for (tasks, budget) in [
        (1, RetryBudget::new()),
        (64, RetryBudget::new()),
        (64, RetryBudget::new().per_second(0).capacity(64)),
    ] {
        let client = Client::builder(credentials(), Delivery::Live)
            .with_transport(Shaky::default())
            .retry_budget(budget)
            .build()
            .unwrap();
        let next = Arc::new(AtomicUsize::new(0));
        let mut reads = JoinSet::new();
        for _ in 0..tasks {
            let (client, next) = (client.clone(), Arc::clone(&next));
            reads.spawn(async move {
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= 4_000 {
                        break;
                    }
                    let sid = MessageSid::parse(&format!("SM{n:032}")).unwrap();
                    let read = client.execute(FetchMessage::new(sid)).await;
                    assert!(read.is_ok(), "read {n} of {tasks} at once: {read:?}");
                }
            });
        }
        reads.join_all().await;
    }
}

/// Fails always in the same way, and counts the requests.
struct Down(
    AtomicUsize,
    fn() -> Result<http::Response<Body>, TransportError>,
);

impl Transport for Down {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { (self.1)() })
    }
}

fn unavailable() -> http::Response<Body> {
    let mut answer = http::Response::new(Body::empty());
    *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    answer
}

fn down(
    answer: fn() -> Result<http::Response<Body>, TransportError>,
) -> (Arc<Down>, ClientBuilder) {
    let down = Arc::new(Down(AtomicUsize::new(0), answer));
    let client = Client::builder(credentials(), Delivery::Live).with_transport(Arc::clone(&down));
    (down, client)
}

/// Sends this number of reads on clones, and counts the retries.
async fn retries(down: &Down, client: &Client, reads: usize) -> usize {
    down.0.store(0, Ordering::SeqCst);
    for _ in 0..reads {
        client.clone().execute(fetch()).await.unwrap_err();
    }
    down.0.load(Ordering::SeqCst) - reads
}

#[tokio::test(start_paused = true)]
async fn an_outage_does_not_multiply_the_traffic() {
    let (down, builder) = down(|| Ok(unavailable()));
    let client = builder.build().unwrap();
    let start = Instant::now();
    let retries = retries(&down, &client, 1_000).await;
    let gained = start.elapsed().as_secs_f64() * 10.0;
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let bound = (retries as f64) <= 100.0 + gained;
    assert!(bound, "{retries} retries, {gained} gained");
    assert!(retries >= 100);
}

#[tokio::test(start_paused = true)]
async fn a_budget_is_used_up_and_refilled() {
    let (down, builder) = down(|| Ok(unavailable()));
    let budget = RetryBudget::new().capacity(8).per_second(0);
    let client = builder.clone().retry_budget(budget).build().unwrap();
    assert_eq!(retries(&down, &client, 30).await, 8);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(retries(&down, &client, 30).await, 0);

    let policy = clinspark_twilio::client::RetryPolicy::new().base(Duration::ZERO);
    let budget = RetryBudget::new().capacity(8).per_second(2);
    let builder = builder.retry(policy).retry_budget(budget);
    let client = builder.clone().build().unwrap();
    assert_eq!(retries(&down, &client, 30).await, 8);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(retries(&down, &client, 30).await, 3);
    // No more than its capacity.
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(retries(&down, &client, 30).await, 8);

    let none = builder.retry_budget(RetryBudget::new().capacity(0));
    let none = none.build().unwrap();
    assert_eq!(retries(&down, &none, 30).await, 0);
}

/// A request that was never sent puts no load on Twilio.
#[tokio::test(start_paused = true)]
async fn a_request_that_was_never_sent_takes_nothing() {
    let refused = || Err(TransportError::not_sent("connection refused"));
    let (down, builder) = down(refused);
    let builder = builder.retry_budget(RetryBudget::new().capacity(0));
    let client = builder.build().unwrap();
    for _ in 0..30 {
        let error = client.execute(send()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
    }
    assert_eq!(down.0.load(Ordering::SeqCst), 150);
}

#[test]
fn values_over_the_maximum_are_lowered() {
    let most = RetryBudget::new().capacity(10_000).per_second(1_000);
    let more = RetryBudget::new().capacity(u32::MAX).per_second(u32::MAX);
    assert_eq!(more, most);
    assert_eq!(RetryBudget::default(), RetryBudget::new());
}
