//! One fault, met by a create and by a read: the result of each, and the requests that the server
//! saw.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use clinspark_twilio::client::numbers::ListIncomingPhoneNumbers;
use clinspark_twilio::client::{
    Client, ClientBuilder, Clock, Delivery, Error, ErrorKind, Outcome, ReqwestTransport,
};
use clinspark_twilio::types::BoxFuture;

use tokio::task::JoinSet;

use crate::server::{Act, Script, Server, answer};
use crate::support::{
    MESSAGE, TO, assert_clean, assert_debug_clean, credentials, fetch, number, printed, send,
    transport,
};

/// Result of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Succeeds at this attempt.
    Through(u32),
    /// Fails after this number of attempts.
    Fails(ErrorKind, Known, u32),
}

/// Outcome of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    NotSent,
    Rejected,
    Unknown,
    /// Unknown with a SID: the request was carried out.
    Sid,
}

/// A fault, and its expected result.
pub(crate) struct Case {
    name: String,
    faults: Vec<Script>,
    then: Script,
    create: End,
    read: End,
    posts: usize,
    warm: bool,
    waits: Option<Vec<u64>>,
    tune: fn(ClientBuilder) -> ClientBuilder,
    reach: Reach,
}

/// Returns the transport and the URL by which the client reaches the server.
type Reach = Box<dyn Fn(&Server) -> (ReqwestTransport, String) + Send + Sync>;

impl Case {
    /// Applies the fault to the first connection; further ones work. By default, a create is
    /// expected to end as unknown, and a read to need a second attempt.
    pub(crate) fn new(name: impl Into<String>, fault: Script) -> Self {
        Self {
            name: name.into(),
            faults: vec![fault],
            then: good(),
            create: End::Fails(ErrorKind::ConnectionLost, Known::Unknown, 1),
            read: End::Through(2),
            posts: 1,
            warm: false,
            waits: None,
            tune: |client| client,
            reach: Box::new(|server| (transport(), server.url())),
        }
    }

    /// Applies the fault to this number of connections.
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.faults = vec![self.faults[0].clone(); times];
        self
    }

    /// Sets the script of the further connections. Default: successful responses over plain TCP.
    pub(crate) fn then(mut self, then: Script) -> Self {
        self.then = then;
        self
    }

    pub(crate) fn create(mut self, end: End) -> Self {
        self.create = end;
        self
    }

    pub(crate) fn read(mut self, end: End) -> Self {
        self.read = end;
        self
    }

    /// Expects the same result for create and read.
    pub(crate) fn both(self, end: End) -> Self {
        self.create(end.clone()).read(end)
    }

    /// Expects this number of POSTs that begin to arrive.
    pub(crate) fn posts(mut self, posts: usize) -> Self {
        self.posts = posts;
        self
    }

    /// Sends a read first, so that the request uses a connection of the pool. The script must then
    /// begin with a successful response.
    pub(crate) fn warm(mut self) -> Self {
        self.warm = true;
        self
    }

    /// Expects these waits between attempts, in milliseconds.
    pub(crate) fn waits(mut self, waits: &[u64]) -> Self {
        self.waits = Some(waits.to_vec());
        self
    }

    pub(crate) fn tune(mut self, tune: fn(ClientBuilder) -> ClientBuilder) -> Self {
        self.tune = tune;
        self
    }

    pub(crate) fn reach(
        mut self,
        reach: impl Fn(&Server) -> (ReqwestTransport, String) + Send + Sync + 'static,
    ) -> Self {
        self.reach = Box::new(reach);
        self
    }

    /// Checks the fault with a create and with a read. Both run at once, because a read that waits
    /// for a timeout takes real time.
    pub(crate) async fn check(self) {
        hear_logs();
        tokio::join!(self.meet(true), self.meet(false));
        assert_no_leak();
    }

    /// Checks all cases at once, so that their timeouts elapse together.
    pub(crate) async fn check_all(cases: impl IntoIterator<Item = Self>) {
        let mut checks = JoinSet::new();
        for case in cases {
            checks.spawn(case.check());
        }
        while let Some(checked) = checks.join_next().await {
            if let Err(failed) = checked {
                std::panic::resume_unwind(failed.into_panic());
            }
        }
    }

    async fn meet(&self, create: bool) {
        let name = format!("{}, {}", self.name, if create { "create" } else { "read" });
        let server = Server::then(self.faults.clone(), self.then.clone()).await;
        let (transport, url) = (self.reach)(&server);
        let time = Time::default();
        let attempts = Arc::new(AtomicUsize::new(1));
        let count = Arc::clone(&attempts);
        // One permit: if it is lost, every later request stops.
        let builder = Client::builder(credentials(), Delivery::Live)
            .with_transport(transport)
            .base_url(url)
            .max_in_flight(1)
            .clock(time.clone())
            .on_retry(move |event| {
                assert_debug_clean(event);
                count.fetch_add(1, Ordering::SeqCst);
            });
        let client = (self.tune)(builder).build().unwrap();
        if self.warm {
            client.execute(fetch()).await.unwrap();
        }
        let result = if create {
            client.execute(send()).await.map(drop)
        } else {
            let list = ListIncomingPhoneNumbers::new().phone_number(number(TO));
            client.execute(list).await.map(drop)
        };
        let attempts = u32::try_from(attempts.load(Ordering::SeqCst)).unwrap();
        let (end, posts) = if create {
            (&self.create, self.posts)
        } else {
            (&self.read, 0)
        };
        if let Err(error) = &result {
            assert_clean(&printed(error));
            assert_clean(&printed(error).replace("%2B", "+"));
            assert_eq!(error.attempts(), attempts, "{name}");
        }
        assert_debug_clean(&client);
        assert_eq!(End::of(&result, attempts), *end, "{name}: {result:?}");
        assert_eq!(time.waits().len() + 1, attempts as usize, "{name}");
        if let Some(waits) = &self.waits {
            assert_eq!(time.waits(), *waits, "{name}");
        }

        // The pool still works, and an abandoned request does not arrive later.
        for _ in 0..2 {
            let message = client.execute(fetch()).await.unwrap();
            assert_eq!(message.sid.as_str(), MESSAGE, "{name}");
        }
        assert_eq!(server.post_heads(), posts, "{name}");
        assert!(server.post_heads() <= 1 || self.may_post_again(), "{name}");
    }

    /// Returns `true` if the POST was provably not carried out, and may be sent again.
    fn may_post_again(&self) -> bool {
        matches!(
            self.create,
            End::Through(_) | End::Fails(_, Known::NotSent | Known::Rejected, _)
        )
    }
}

impl End {
    pub(crate) fn of<T>(result: &Result<T, Error>, attempts: u32) -> Self {
        let Err(error) = result else {
            return Self::Through(attempts);
        };
        let known = match error.outcome() {
            Outcome::NotSent => Known::NotSent,
            Outcome::Rejected => Known::Rejected,
            Outcome::Unknown { sid: None, .. } => Known::Unknown,
            Outcome::Unknown { sid: Some(sid), .. } => {
                assert_eq!(sid, MESSAGE);
                Known::Sid
            }
        };
        Self::Fails(error.kind(), known, attempts)
    }
}

/// Returns a body that is both a message and an empty list.
pub(crate) fn body() -> String {
    format!(
        r#"{{"sid": "{MESSAGE}", "status": "queued", "incoming_phone_numbers": [],
        "next_page_uri": null}}"#
    )
}

/// A successful response, written at once.
pub(crate) fn ok() -> Act {
    Act::Write(answer(200, "", body()))
}

/// A script of successful responses.
pub(crate) fn good() -> Script {
    vec![Act::Serve(answer(200, "", body()))]
}

/// A script that reads a request, responds with these bytes, and closes.
pub(crate) fn wrote(bytes: impl Into<Vec<u8>>) -> Script {
    vec![Act::Read, Act::Write(bytes.into())]
}

/// A clock that advances in waits only, with random numbers that give the longest waits.
#[derive(Clone)]
pub(crate) struct Time(Arc<Passed>);

struct Passed {
    start: Instant,
    waits: Mutex<Vec<Duration>>,
}

impl Default for Time {
    fn default() -> Self {
        Self(Arc::new(Passed {
            start: Instant::now(),
            waits: Mutex::default(),
        }))
    }
}

impl Time {
    /// Returns the waits so far, in milliseconds.
    pub(crate) fn waits(&self) -> Vec<u64> {
        let waits = self.0.waits.lock().unwrap();
        let millis = |wait: &Duration| u64::try_from(wait.as_millis()).unwrap();
        waits.iter().map(millis).collect()
    }
}

impl Clock for Time {
    fn instant(&self) -> Instant {
        self.0.start + self.0.waits.lock().unwrap().iter().sum::<Duration>()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.0.waits.lock().unwrap().push(time);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> u64 {
        u64::MAX
    }
}

/// Records the logs of the client and of the crates below it, at every level.
struct Ear;

static LOGGED: AtomicUsize = AtomicUsize::new(0);
static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl log::Log for Ear {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LOGGED.fetch_add(1, Ordering::SeqCst);
        let text = format!("{} {}", record.target(), record.args()).replace("%2B", "+");
        if std::panic::catch_unwind(|| assert_clean(&text)).is_err() {
            LEAKS.lock().unwrap().push(text);
        }
    }

    fn flush(&self) {}
}

/// Installs a logger that searches all logs for planted values.
pub(crate) fn hear_logs() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Ear).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

#[track_caller]
pub(crate) fn assert_no_leak() {
    assert!(
        LOGGED.load(Ordering::SeqCst) > 0,
        "the logger records nothing"
    );
    let leaks = LEAKS.lock().unwrap();
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}
