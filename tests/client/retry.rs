//! Retries, their number and their waits. No time passes, because the tests substitute the clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clinspark_twilio::client::calls::{HangUpCall, InlineTwiml, PlaceCall, RedirectCall};
use clinspark_twilio::client::messages::{DeleteMessage, RedactMessage};
use clinspark_twilio::client::testing::{self, FakeTransport, Reply};
use clinspark_twilio::client::{
    Client, ClientBuilder, Clock, Delivery, Error, ErrorKind, Outcome, Request, RetryPolicy,
    TransportError,
};
use clinspark_twilio::codes::ErrorCode;
use clinspark_twilio::types::{BoxFuture, CallSid, MessageSid};

use crate::support::{FROM, MESSAGE, TO, assert_clean, credentials, fetch, number, printed, send};

/// A clock that advances in sleeps only, with a constant random number.
#[derive(Clone)]
struct Script {
    start: Instant,
    passed: Arc<Mutex<Duration>>,
    waits: Arc<Mutex<Vec<Duration>>>,
    chance: Arc<AtomicU64>,
}

impl Script {
    fn new(chance: u64) -> Self {
        Self {
            start: Instant::now(),
            passed: Arc::default(),
            waits: Arc::default(),
            chance: Arc::new(AtomicU64::new(chance)),
        }
    }

    fn waits(&self) -> Vec<u64> {
        let waits = self.waits.lock().unwrap();
        waits
            .iter()
            .map(|wait| u64::try_from(wait.as_millis()).unwrap())
            .collect()
    }
}

impl Clock for Script {
    fn instant(&self) -> Instant {
        self.start + *self.passed.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.waits.lock().unwrap().push(time);
        *self.passed.lock().unwrap() += time;
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> u64 {
        self.chance.load(Ordering::SeqCst)
    }
}

fn message() -> Reply {
    Reply::json(201, format!(r#"{{"sid": "{MESSAGE}"}}"#))
}

fn script(replies: Vec<Reply>) -> FakeTransport {
    replies
        .into_iter()
        .fold(FakeTransport::new(), FakeTransport::reply)
}

fn builder(transport: &FakeTransport, clock: &Script) -> ClientBuilder {
    Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .clock(clock.clone())
}

fn client(transport: &FakeTransport, clock: &Script) -> Client {
    builder(transport, clock).build().unwrap()
}

/// Returns the number of attempts if the first reply is this and the second is a success.
async fn sent<R: Request>(reply: Reply, request: R) -> (usize, Option<Error>) {
    let transport = script(vec![reply, message()]);
    let result = client(&transport, &Script::new(0)).execute(request).await;
    let error = result.err();
    if let Some(error) = &error {
        assert_clean(&printed(error));
        assert!(!error.is_retryable(), "it was not retried: {error}");
        assert_eq!(error.attempts(), 1);
    }
    (transport.requests().len(), error)
}

fn delete() -> DeleteMessage {
    DeleteMessage::new(MessageSid::parse(MESSAGE).unwrap())
}

fn redact() -> RedactMessage {
    RedactMessage::new(MessageSid::parse(MESSAGE).unwrap())
}

fn call_sid() -> CallSid {
    CallSid::parse("CA00000000000000000000000000000001").unwrap()
}

fn call() -> PlaceCall {
    PlaceCall::new(
        number(TO),
        number(FROM),
        InlineTwiml::from_xml("<Response/>"),
    )
}

fn redirect() -> RedirectCall {
    RedirectCall::new(call_sid(), InlineTwiml::from_xml("<Response/>"))
}

/// All failures, with `true` if Twilio certainly did not carry out the request.
fn failures() -> Vec<(fn() -> Reply, bool)> {
    vec![
        (Reply::not_sent, true),
        (
            || Reply::fails(TransportError::not_sent("slow").timed_out()),
            true,
        ),
        (|| Reply::error(429, 20429), true),
        (Reply::connection_lost, false),
        (
            || {
                let phase = clinspark_twilio::client::Phase::Answer;
                Reply::fails(TransportError::possibly_sent(phase, "slow").timed_out())
            },
            false,
        ),
        (|| Reply::json(200, "{\"sid\":").cut(), false),
        (|| Reply::error(500, 20500), false),
        (|| Reply::json(502, "<html>"), false),
        (|| Reply::json(503, "").header("Retry-After", "1"), false),
        (|| Reply::json(504, ""), false),
        (|| Reply::json(408, ""), false),
    ]
}

#[tokio::test]
async fn a_create_is_retried_only_if_certainly_not_carried_out() {
    for (reply, certain) in failures() {
        let times = if certain { 2 } else { 1 };
        for (seen, error) in [
            sent(reply(), send()).await,
            sent(reply(), send().retries(9)).await,
        ] {
            assert_eq!(seen, times, "{error:?}");
        }
        let transport = script(vec![
            reply(),
            Reply::json(201, "{\"sid\": \"CA00000000000000000000000000000001\"}"),
        ]);
        let result = client(&transport, &Script::new(0)).execute(call()).await;
        assert_eq!(transport.requests().len(), times);
        let twice = script(vec![reply(), Reply::json(200, "{}")]);
        client(&twice, &Script::new(0))
            .execute(redirect())
            .await
            .unwrap_err();
        assert_eq!(twice.requests().len(), times);
        assert_eq!(result.is_ok(), certain);
        if let Err(error) = result {
            assert!(
                matches!(error.outcome(), Outcome::Unknown { .. }),
                "{error:?}"
            );
        }
    }
}

#[tokio::test]
async fn reads_updates_and_deletions_are_retried() {
    for (reply, _) in failures() {
        assert_eq!(sent(reply(), fetch()).await.0, 2);
        assert_eq!(sent(reply(), redact()).await.0, 2);
        let transport = script(vec![reply(), Reply::json(204, "")]);
        client(&transport, &Script::new(0))
            .execute(delete())
            .await
            .unwrap();
        assert_eq!(transport.requests().len(), 2);
    }
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    let refusals: Vec<fn() -> Reply> = vec![
        || Reply::error(400, 21211),
        || Reply::error(401, 20003),
        || Reply::error(403, 20008),
        || Reply::error(404, 20404),
        || Reply::error(409, 0),
        || Reply::json(200, "<html>"),
        || Reply::json(200, "{}"),
        || Reply::json(307, "").header("Location", "https://elsewhere.example/"),
        || Reply::fails(TransportError::not_sent("bad certificate").permanent()),
    ];
    for reply in refusals {
        assert_eq!(sent(reply(), send()).await.0, 1);
        assert_eq!(sent(reply(), fetch()).await.0, 1);
        assert_eq!(sent(reply(), redact()).await.0, 1);
    }
}

#[tokio::test]
async fn waits_are_random_up_to_a_limit_that_doubles() {
    for (chance, waits) in [
        (0, [0, 0, 0, 0]),
        (u64::MAX, [100, 200, 400, 800]),
        (u64::MAX / 2, [49, 99, 199, 399]),
    ] {
        let runtime = Script::new(chance);
        let transport = FakeTransport::new();
        let error = client(&transport, &runtime)
            .execute(send())
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
        assert_eq!(transport.requests().len(), 5);
        assert_eq!(runtime.waits(), waits);
    }
}

#[tokio::test]
async fn waits_have_a_cap() {
    let runtime = Script::new(u64::MAX);
    let transport = FakeTransport::new();
    let policy = RetryPolicy::new()
        .attempts(40)
        .base(Duration::from_secs(1))
        .cap(Duration::from_secs(2));
    let client = builder(&transport, &runtime)
        .retry(policy)
        .operation_timeout(Duration::from_secs(3600))
        .build()
        .unwrap();
    client.execute(send()).await.unwrap_err();
    let waits = runtime.waits();
    assert_eq!(waits.len(), 39);
    assert_eq!(waits[0], 1000);
    assert!(waits[1..].iter().all(|wait| *wait == 2000), "{waits:?}");
}

#[tokio::test]
async fn a_wait_is_at_least_retry_after() {
    for (header, wait) in [
        ("2", 2_000),
        ("0", 100),
        ("54", 54_000),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 100),
        ("soon", 100),
        ("-1", 100),
    ] {
        let runtime = Script::new(u64::MAX);
        let busy = Reply::error(429, 20429).header("Retry-After", header);
        let transport = script(vec![busy, message()]);
        client(&transport, &runtime).execute(send()).await.unwrap();
        assert_eq!(runtime.waits(), [wait], "{header}");
    }
}

#[tokio::test]
async fn a_retry_after_beyond_the_deadline_ends_the_request() {
    let day = 24 * 3600;
    for (header, asked) in [
        ("3600", 3600),
        ("120", 120),
        ("90", 90),
        ("999999", day),
        ("Thu, 31 Dec 9998 23:59:59 GMT", day),
    ] {
        for create in [true, false] {
            let runtime = Script::new(u64::MAX);
            let busy = Reply::error(429, 20429).header("Retry-After", header);
            let transport = script(vec![busy, message()]);
            let client = client(&transport, &runtime);
            let error = if create {
                client.execute(send()).await.unwrap_err()
            } else {
                client.execute(fetch()).await.unwrap_err()
            };
            assert_eq!(error.retry_after(), Some(Duration::from_secs(asked)));
            assert_eq!(*error.outcome(), Outcome::Rejected);
            assert_eq!((error.attempts(), transport.requests().len()), (1, 1));
            assert!(runtime.waits().is_empty(), "{header}");
        }
    }
    // Compared with the clock of the server that wrote the date.
    let runtime = Script::new(0);
    let busy = Reply::error(429, 20429)
        .header("Date", "Sat, 01 Jan 2000 00:00:00 GMT")
        .header("Retry-After", "Sat, 01 Jan 2000 01:00:00 GMT");
    let transport = script(vec![busy, message()]);
    let error = client(&transport, &runtime).execute(send()).await;
    let asked = error.unwrap_err().retry_after();
    assert_eq!(asked, Some(Duration::from_secs(3600)));
    // The same for a read after 503.
    let down = Reply::json(503, "").header("Retry-After", "3600");
    let transport = script(vec![down, message()]);
    let error = client(&transport, &runtime).execute(fetch()).await;
    assert_eq!(error.unwrap_err().attempts(), 1);
    assert!(runtime.waits().is_empty());
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let runtime = Script::new(u64::MAX);
    let busy = || Reply::error(429, 20429).header("Retry-After", "40");
    let transport = script((0..5).map(|_| busy()).collect());
    let error = client(&transport, &runtime)
        .execute(fetch())
        .await
        .unwrap_err();
    assert_eq!(runtime.waits(), [40_000, 40_000]);
    assert_eq!(
        (error.attempts(), error.status().unwrap().as_u16()),
        (3, 429)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(40)));
}

#[tokio::test]
async fn a_request_can_only_lower_the_number_of_retries() {
    let attempts = async |policy: RetryPolicy, retries: Option<u32>| {
        let transport = FakeTransport::new();
        let client = builder(&transport, &Script::new(0))
            .retry(policy)
            .build()
            .unwrap();
        let request = match retries {
            Some(retries) => fetch().retries(retries),
            None => fetch(),
        };
        client.execute(request).await.unwrap_err().attempts()
    };
    assert_eq!(attempts(RetryPolicy::new(), None).await, 5);
    assert_eq!(attempts(RetryPolicy::new(), Some(0)).await, 1);
    assert_eq!(attempts(RetryPolicy::new(), Some(2)).await, 3);
    assert_eq!(attempts(RetryPolicy::new(), Some(99)).await, 5);
    assert_eq!(attempts(RetryPolicy::none(), Some(99)).await, 1);
    assert_eq!(attempts(RetryPolicy::new().attempts(0), None).await, 1);
    let transport = FakeTransport::new();
    let twice = fetch().retries(0).retries(3);
    let error = client(&transport, &Script::new(0)).execute(twice).await;
    assert_eq!(error.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn the_hook_receives_each_retry() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let transport = script(vec![
        Reply::connection_lost(),
        Reply::json(503, "PLANTED"),
        message(),
    ]);
    let client = builder(&transport, &Script::new(u64::MAX))
        .on_retry(move |event| {
            assert_clean(&format!("{event:?}"));
            let wait = event.wait.as_millis();
            let what = (event.operation, event.attempt, event.error.kind(), wait);
            log.lock().unwrap().push(what);
        })
        .build()
        .unwrap();
    client.execute(fetch()).await.unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            ("FetchMessage", 1, ErrorKind::ConnectionLost, 100),
            ("FetchMessage", 2, ErrorKind::Status, 200)
        ]
    );
}

/// A refusal after a lost response may be a consequence of the first attempt's success.
#[tokio::test]
async fn a_refusal_after_an_unknown_outcome_stays_unknown() {
    let echoes: [fn() -> Reply; 2] = [|| Reply::error(404, 20404), || Reply::error(400, 21220)];
    for echo in echoes {
        let transport = script(vec![Reply::connection_lost(), echo()]);
        let hang_up = HangUpCall::new(call_sid());
        let error = client(&transport, &Script::new(0))
            .execute(hang_up)
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 2));
        assert!(
            matches!(error.outcome(), Outcome::Unknown { .. }),
            "{error:?}"
        );
        assert!(!error.is_retryable());
        assert!(
            error.to_string().ends_with("; it may have been done"),
            "{error}"
        );
    }
    let transport = script(vec![Reply::connection_lost()]);
    let error = client(&transport, &Script::new(0))
        .execute(delete())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
    assert!(
        matches!(error.outcome(), Outcome::Unknown { .. }),
        "{error:?}"
    );
    // A read changes nothing: the outcome of the last attempt counts.
    let transport = script(vec![Reply::connection_lost(), Reply::error(404, 20404)]);
    let error = client(&transport, &Script::new(0))
        .execute(fetch())
        .await
        .unwrap_err();
    assert_eq!(*error.outcome(), Outcome::Rejected);
}

/// Dropping the future between two attempts prevents the second.
#[tokio::test]
async fn nothing_is_sent_after_a_drop_in_a_wait() {
    struct Asleep;
    impl Clock for Asleep {
        fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
            Box::pin(std::future::pending())
        }
    }
    let transport = script(vec![Reply::not_sent(), message()]);
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .clock(Asleep)
        .build()
        .unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(20), client.execute(send()));
    assert!(waiting.await.is_err());
    assert_eq!(
        (transport.requests().len(), transport.replies_left()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_request_refused_before_sending_has_no_attempts() {
    let transport = FakeTransport::new();
    let client = client(&transport, &Script::new(0));
    let error = client.execute(send().attempt(0)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    assert!(transport.requests().is_empty());
}

#[test]
fn errors_for_tests_have_the_right_outcome() {
    let error = testing::not_sent();
    assert!(error.is_retryable() && *error.outcome() == Outcome::NotSent);
    let error = testing::rejected(400, 21610);
    assert_eq!(error.api().unwrap().code, Some(ErrorCode::OPTED_OUT));
    assert_eq!(*error.outcome(), Outcome::Rejected);
    let error = testing::unknown();
    assert!(matches!(error.outcome(), Outcome::Unknown { .. }) && !error.is_retryable());
}
