//! 429 and too little time: concurrent requests to a server that accepts only some of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Body, Client, ClientBuilder, Clock, Delivery, Error, ErrorKind, Outcome, Phase, RetryPolicy,
    Transport, TransportError,
};
use clinspark_twilio::types::BoxFuture;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{FROM, TO, credentials, fetch, number, send};

/// A Twilio that accepts a number of concurrent requests, and responds with 429 to the others.
pub(crate) struct Busy {
    limit: AtomicUsize,
    answers_after: Duration,
    /// `true` if a 429 states the number of concurrent requests.
    tells: bool,
    inside: AtomicUsize,
    /// Highest number of concurrent requests, including refused ones.
    most: AtomicUsize,
    open: AtomicUsize,
    refused: AtomicUsize,
    /// Number of times that each message was accepted, by its body.
    taken: Mutex<BTreeMap<String, usize>>,
    /// Bodies in the order of arrival.
    order: Mutex<Vec<String>>,
}

impl Busy {
    pub(crate) fn new(limit: usize, answers_after: Duration, tells: bool) -> Arc<Self> {
        Arc::new(Self {
            limit: AtomicUsize::new(limit),
            answers_after,
            tells,
            inside: AtomicUsize::default(),
            most: AtomicUsize::default(),
            open: AtomicUsize::default(),
            refused: AtomicUsize::default(),
            taken: Mutex::default(),
            order: Mutex::default(),
        })
    }

    /// Returns the response to a request with this form.
    pub(crate) async fn answer(self: Arc<Self>, form: Bytes) -> (u16, Option<usize>, String) {
        struct Leaving<'a>(&'a AtomicUsize);
        impl Drop for Leaving<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        let _open = Leaving(&self.open);
        self.most.fetch_max(open, Ordering::SeqCst);
        let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&form).unwrap();
        let body = form.into_iter().find(|(name, _)| name == "Body");
        let body = body.map_or_else(|| "a read".to_owned(), |(_, body)| body);
        self.order.lock().unwrap().push(body.clone());
        let inside = self.inside.fetch_add(1, Ordering::SeqCst);
        let entered = Leaving(&self.inside);
        if inside >= self.limit.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            let under_way = self.tells.then_some(inside);
            drop(entered);
            tokio::time::sleep(Duration::from_millis(2)).await;
            return (
                429,
                under_way,
                r#"{"code": 20429, "status": 429}"#.to_owned(),
            );
        }
        let number = {
            let mut taken = self.taken.lock().unwrap();
            *taken.entry(body).or_default() += 1;
            taken.len()
        };
        tokio::time::sleep(self.answers_after).await;
        (201, None, format!(r#"{{"sid": "SM{number:032}"}}"#))
    }

    fn builder(self: &Arc<Self>) -> ClientBuilder {
        let transport = Arc::new(Carrier(Arc::clone(self)));
        Client::builder(credentials(), Delivery::Live).with_transport(transport)
    }

    fn client(self: &Arc<Self>) -> Client {
        self.builder().build().unwrap()
    }

    /// Returns the number of accepted messages, and checks that each was accepted once.
    #[track_caller]
    pub(crate) fn taken_once(&self) -> usize {
        let taken = self.taken.lock().unwrap();
        assert!(taken.values().all(|times| *times == 1), "{taken:?}");
        taken.len()
    }
}

struct Carrier(Arc<Busy>);

impl Transport for Carrier {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let busy = Arc::clone(&self.0);
        Box::pin(async move {
            let (status, under_way, body) = busy.answer(request.into_body()).await;
            let mut answer = http::Response::new(Body::from(body));
            *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
            if let Some(under_way) = under_way {
                let name = "twilio-concurrent-requests";
                answer.headers_mut().insert(name, under_way.into());
            }
            Ok(answer)
        })
    }
}

/// Tokio's clock, with a seeded random source.
struct Seeded(AtomicU64);

impl Clock for Seeded {
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }

    fn random(&self) -> u64 {
        // SplitMix64.
        let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn message(n: usize) -> SendMessage {
    let clinic = Sender::Number(number(FROM));
    SendMessage::new(number(TO), clinic, format!("visit {n}"))
}

/// Sends this number of different messages at once.
pub(crate) async fn at_once(client: &Client, count: usize) -> Vec<Result<(), Error>> {
    let mut sends = JoinSet::new();
    for n in 0..count {
        let client = client.clone();
        sends.spawn(async move { client.execute(message(n)).await.map(drop) });
    }
    sends.join_all().await
}

/// Returns the number of successes, and the errors.
#[track_caller]
pub(crate) fn through(results: &[Result<(), Error>]) -> (usize, Vec<&Error>) {
    let errors: Vec<&Error> = results.iter().filter_map(|it| it.as_ref().err()).collect();
    (results.len() - errors.len(), errors)
}

#[tokio::test(start_paused = true)]
async fn two_hundred_sends_succeed_at_any_limit_of_twilio() {
    for limit in [10, 5, 1] {
        for seed in 0..20 {
            let tells = seed % 2 == 0;
            let busy = Busy::new(limit, Duration::from_millis(100), tells);
            let client = busy
                .builder()
                .clock(Seeded(AtomicU64::new(seed)))
                .build()
                .unwrap();
            let start = Instant::now();
            let results = at_once(&client, 200).await;
            let (ok, errors) = through(&results);
            let what = format!("{limit} at a time, seed {seed}: {errors:?}");
            assert_eq!((ok, busy.taken_once()), (200, 200), "{what}");
            assert!(start.elapsed() < Duration::from_secs(60), "{what}");
            // The client adapts instead of retrying without end.
            let refused = busy.refused.load(Ordering::SeqCst);
            assert!(refused < 200, "{what}: {refused} refused");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_follows_twilios_concurrent_requests() {
    for (tells, next) in [(true, 3), (false, 10)] {
        let busy = Busy::new(3, Duration::from_secs(1), tells);
        let client = busy.client();
        // 20 are sent at once, of which 17 are refused.
        let sends = tokio::spawn(async move { at_once(&client, 200).await });
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(busy.refused.load(Ordering::SeqCst), 17);
        busy.limit.store(usize::MAX, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(900)).await;
        assert_eq!(busy.open.load(Ordering::SeqCst), next, "{tells}");
        assert_eq!(through(&sends.await.unwrap()).0, 200);
        assert_eq!(busy.taken_once(), 200);
    }
}

/// Even with more permits free than in use: the next requests find few.
#[tokio::test(start_paused = true)]
async fn the_number_in_flight_is_halved_even_with_free_permits() {
    let busy = Busy::new(5, Duration::from_secs(1), false);
    let client = busy.client();
    let six = tokio::spawn({
        let client = client.clone();
        async move { at_once(&client, 6).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(busy.refused.load(Ordering::SeqCst), 1);
    assert_eq!(through(&six.await.unwrap()).0, 6);
    busy.most.store(0, Ordering::SeqCst);
    busy.taken.lock().unwrap().clear();
    assert_eq!(through(&at_once(&client, 10).await).0, 10);
    assert_eq!(busy.most.load(Ordering::SeqCst), 3);
}

/// Down to one, and back to the maximum: one more after every 20 successes.
#[tokio::test(start_paused = true)]
async fn the_number_in_flight_recovers() {
    let busy = Busy::new(1, Duration::from_millis(100), true);
    let client = busy.client();
    at_once(&client, 20).await;
    busy.limit.store(usize::MAX, Ordering::SeqCst);
    let in_flight = async |sends: usize| {
        busy.most.store(0, Ordering::SeqCst);
        busy.taken.lock().unwrap().clear();
        let results = at_once(&client, sends).await;
        assert_eq!(through(&results).0, sends);
        busy.most.load(Ordering::SeqCst)
    };
    let few = in_flight(20).await;
    assert!(few <= 2, "{few}");
    assert_eq!(in_flight(400).await, 20);
    // It never exceeds the maximum.
    assert_eq!(in_flight(1000).await, 20);
}

/// A request dropped in flight or in the queue returns its permit, even while permits are
/// withdrawn.
#[tokio::test(start_paused = true)]
async fn dropped_requests_lose_no_permit() {
    for seed in 0..20 {
        let busy = Busy::new(4, Duration::from_millis(100), seed % 2 == 0);
        let chance = Seeded(AtomicU64::new(seed));
        let client = busy.client();
        let mut sends = JoinSet::new();
        for n in 0..200 {
            let client = client.clone();
            let patience = Duration::from_millis(chance.random() % 3_000);
            sends.spawn(async move {
                let sending = client.execute(message(n));
                let _ = tokio::time::timeout(patience, sending).await;
            });
        }
        sends.join_all().await;
        busy.taken_once();
        busy.limit.store(usize::MAX, Ordering::SeqCst);
        busy.taken.lock().unwrap().clear();
        assert_eq!(through(&at_once(&client, 400).await).0, 400);
        busy.most.store(0, Ordering::SeqCst);
        assert_eq!(through(&at_once(&client, 100).await).0, 100);
        assert_eq!(busy.most.load(Ordering::SeqCst), 20, "{seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn first_come_first_served() {
    let busy = Busy::new(usize::MAX, Duration::from_millis(100), true);
    let client = busy.builder().max_in_flight(2).build().unwrap();
    let mut sends = JoinSet::new();
    for n in 0..50 {
        let client = client.clone();
        sends.spawn(async move { client.execute(message(n)).await });
        tokio::task::yield_now().await;
    }
    sends.join_all().await;
    let order: Vec<String> = (0..50).map(|n| format!("visit {n}")).collect();
    assert_eq!(*busy.order.lock().unwrap(), order);
}

#[tokio::test(start_paused = true)]
async fn a_429_does_not_count_as_a_failure() {
    let busy = || Reply::error(429, 20429);
    let good = || Reply::json(201, crate::fault_case::body());
    let run = async |policy: RetryPolicy, request: SendMessage, replies: Vec<Reply>| {
        let transport = replies
            .into_iter()
            .fold(FakeTransport::new(), FakeTransport::reply);
        let client = Client::builder(credentials(), Delivery::Live)
            .with_transport(transport.clone())
            .retry(policy)
            .build()
            .unwrap();
        let result = client.execute(request).await;
        (result.err(), transport.requests().len())
    };
    let policy = RetryPolicy::new().attempts(2);
    let replies = vec![busy(), busy(), busy(), busy(), busy(), busy(), good()];
    let (error, sent) = run(policy, send(), replies).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(sent, 7);
    // A request without retries is sent once.
    for (policy, request) in [
        (RetryPolicy::none(), send()),
        (RetryPolicy::new(), send().retries(0)),
    ] {
        let (error, sent) = run(policy, request, vec![busy(), good()]).await;
        assert_eq!(error.unwrap().status().unwrap(), 429);
        assert_eq!(sent, 1);
    }
    // Failed attempts still count.
    let replies = vec![busy(), Reply::not_sent(), busy(), Reply::not_sent(), good()];
    let (error, sent) = run(policy, send(), replies).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Connect);
    assert_eq!(sent, 4);
    // A 429 for another limit than concurrent requests, such as a daily one.
    let daily = (0..9).map(|_| Reply::error(429, 63038)).collect();
    let (error, sent) = run(RetryPolicy::new(), send(), daily).await;
    assert_eq!(*error.unwrap().outcome(), Outcome::Rejected);
    assert_eq!(sent, 5);
}

/// No create begins without time for its response: no outcome is unknown.
#[tokio::test(start_paused = true)]
async fn creates_without_time_are_not_sent() {
    let millis = Duration::from_millis;
    for (operation, answers_after, fit) in [
        // Begun at 0, 10, 20, 30, 40, 50 seconds: at least 35 are left of 90.
        (None, millis(10_000), 120),
        // Begun at 0, 0.5, 1 seconds: at least half is left of 2.25.
        (Some(millis(2_250)), millis(500), 60),
        (Some(millis(2_250)), millis(1_124), 40),
        (Some(millis(40_000)), millis(19_000), 40),
    ] {
        let busy = Busy::new(usize::MAX, answers_after, false);
        let mut builder = busy.builder();
        if let Some(operation) = operation {
            builder = builder.operation_timeout(operation);
        }
        let client = builder.build().unwrap();
        let start = Instant::now();
        let results = at_once(&client, 200).await;
        let (ok, errors) = through(&results);
        assert_eq!((ok, busy.taken_once()), (fit, fit), "{answers_after:?}");
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Queue));
            assert_eq!((error.outcome(), error.attempts()), (&Outcome::NotSent, 0));
            assert!(error.is_retryable());
        }
        assert!(start.elapsed() <= operation.unwrap_or(millis(90_000)));
    }
}

/// A read uses the remaining time, because a cut-off response does no harm.
#[tokio::test(start_paused = true)]
async fn reads_use_the_remaining_time() {
    let busy = Busy::new(usize::MAX, Duration::from_secs(10), false);
    let client = busy.client();
    let mut reads = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        reads.spawn(async move { client.execute(fetch()).await.map(drop) });
    }
    let results = reads.join_all().await;
    assert!(through(&results).0 >= 160);
}

/// No server listens for three seconds.
struct Late {
    start: Instant,
    sent: AtomicUsize,
}

impl Transport for Late {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let refused = self.start.elapsed() < Duration::from_secs(3);
        Box::pin(async move {
            if refused {
                return Err(TransportError::not_sent("connection refused"));
            }
            self.sent.fetch_add(1, Ordering::SeqCst);
            Ok(http::Response::new(Body::from(crate::fault_case::body())))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_patient_policy_outlasts_a_server_that_is_down() {
    let late = Arc::new(Late {
        start: Instant::now(),
        sent: AtomicUsize::default(),
    });
    let patience = RetryPolicy::new()
        .attempts(1000)
        .base(Duration::from_millis(50))
        .cap(Duration::from_millis(200));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(Arc::clone(&late))
        .retry(patience)
        .operation_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let start = Instant::now();
    let results = at_once(&client, 10).await;
    assert_eq!(through(&results).0, 10, "{results:?}");
    assert_eq!(late.sent.load(Ordering::SeqCst), 10);
    assert!(start.elapsed() < Duration::from_secs(4));
}
