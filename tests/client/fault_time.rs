//! The wall clock jumps: waits and timeouts do not change.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Client, Clock, Delivery, ErrorKind};
use clinspark_twilio::types::BoxFuture;

use crate::fault_case::{Time, body};
use crate::support::{credentials, fetch, send};

/// A wall clock that jumps at every reading and after every sleep.
struct Jumpy {
    time: Time,
    hours: AtomicI64,
    step: i64,
}

impl Clock for Jumpy {
    fn now(&self) -> SystemTime {
        let hours = self.hours.fetch_add(self.step, Ordering::SeqCst);
        let jump = Duration::from_secs(hours.unsigned_abs() * 3600);
        if hours < 0 {
            SystemTime::now() - jump
        } else {
            SystemTime::now() + jump
        }
    }

    fn instant(&self) -> Instant {
        self.time.instant()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.hours.fetch_add(self.step, Ordering::SeqCst);
        self.time.sleep(time)
    }

    fn random(&self) -> u64 {
        u64::MAX
    }
}

fn jumpy(step: i64, replies: Vec<Reply>) -> (Client, Time, FakeTransport) {
    let transport = replies
        .into_iter()
        .fold(FakeTransport::new(), FakeTransport::reply);
    let time = Time::default();
    let clock = Jumpy {
        time: time.clone(),
        hours: AtomicI64::new(0),
        step,
    };
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .clock(clock)
        .max_in_flight(1)
        .build()
        .unwrap();
    (client, time, transport)
}

pub(crate) async fn jumps() {
    for step in [0, 1, -1, 24 * 365, -24 * 365] {
        // Waits and attempts are the same as on a steady clock.
        let busy = || Reply::error(429, 20429);
        let (client, time, seen) = jumpy(step, vec![busy(), busy(), Reply::json(201, body())]);
        client.execute(send()).await.unwrap();
        assert_eq!((time.waits(), seen.requests().len()), (vec![100, 200], 3));
        let (client, time, seen) = jumpy(
            step,
            vec![Reply::connection_lost(), busy(), Reply::json(200, body())],
        );
        client.execute(fetch()).await.unwrap();
        assert_eq!((time.waits(), seen.requests().len()), (vec![100, 200], 3));

        // A jump does not change the unknown outcome of a create.
        let (client, time, seen) = jumpy(
            step,
            vec![Reply::connection_lost(), Reply::json(200, body())],
        );
        let error = client.execute(send()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::ConnectionLost, 1)
        );
        assert_eq!((time.waits().len(), seen.requests().len()), (0, 1));

        // The operation timeout elapses neither early nor never.
        for create in [true, false] {
            let later = || busy().header("Retry-After", "25");
            let (client, time, _) = jumpy(step, (0..5).map(|_| later()).collect());
            let error = if create {
                client.execute(send()).await.unwrap_err()
            } else {
                client.execute(fetch()).await.unwrap_err()
            };
            // A create also needs the 35 seconds for its response.
            let waits = if create { 2 } else { 3 };
            assert_eq!(error.attempts(), waits + 1);
            assert_eq!(time.waits(), vec![25_000; waits as usize]);
        }

        // A date in `Retry-After` is compared with the clock of the server that wrote it.
        let dated = busy()
            .header("Date", "Sat, 01 Jan 2000 00:00:00 GMT")
            .header("Retry-After", "Sat, 01 Jan 2000 00:00:09 GMT");
        let (client, time, _) = jumpy(step, vec![dated, Reply::json(201, body())]);
        client.execute(send()).await.unwrap();
        assert_eq!(time.waits(), [9_000]);
    }
    back().await;
}

/// A monotonic clock that runs backwards, as some broken clocks do, causes neither a panic nor an
/// endless loop.
async fn back() {
    struct Back(Instant, AtomicI64);
    impl Clock for Back {
        fn instant(&self) -> Instant {
            let steps = self.1.fetch_add(1, Ordering::SeqCst).unsigned_abs();
            self.0.checked_sub(Duration::from_secs(steps)).unwrap()
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
            Box::pin(std::future::ready(()))
        }
    }
    for create in [true, false] {
        let transport = FakeTransport::new();
        let clock = Back(
            Instant::now() + Duration::from_secs(3600),
            AtomicI64::new(0),
        );
        let client = Client::builder(credentials(), Delivery::Live)
            .with_transport(transport.clone())
            .clock(clock)
            .build()
            .unwrap();
        let error = if create {
            client.execute(send()).await.unwrap_err()
        } else {
            client.execute(fetch()).await.unwrap_err()
        };
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
        assert_eq!(transport.requests().len(), 5);
    }
}
