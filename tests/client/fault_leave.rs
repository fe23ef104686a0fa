//! The caller drops the future, or its hook, sink, transport or runtime fails.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::{
    AuditEntry, AuditEvent, AuditPolicy, AuditSink, Body, Client, Clock, Credentials, Delivery,
    Error, ErrorKind, ReqwestTransport, TokenSource, Transport, TransportError,
};
use clinspark_twilio::types::{BearerToken, BoxError, BoxFuture};
use http_body::Frame;

use crate::fault_case::{Time, body, good};
use crate::server::{Act, Script, Server, answer};
use crate::support::{MESSAGE, builder, credentials, fetch, send};

async fn execute(client: &Client, create: bool) -> Result<(), Error> {
    let message = if create {
        client.execute(send()).await?
    } else {
        client.execute(fetch()).await?
    };
    assert_eq!(message.sid.as_str(), MESSAGE);
    Ok(())
}

/// Polls a request at most this number of times, then drops it. Returns `true` if it finished.
async fn execute_for(polls: usize, client: &Client, create: bool) -> bool {
    let mut running = pin!(execute(client, create));
    for _ in 0..polls {
        let context = &mut Context::from_waker(Waker::noop());
        match running.as_mut().poll(context) {
            Poll::Ready(result) => {
                result.unwrap();
                return true;
            }
            // Lets connection and server make progress.
            Poll::Pending => tokio::task::yield_now().await,
        }
    }
    false
}

/// Drops requests after each number of polls, until one finishes. The client has one permit, which
/// every later request needs.
async fn drops<F: Future<Output = (Server, Client)>>(
    create: bool,
    most: usize,
    start: impl Fn() -> F,
) {
    let mut seen = Vec::new();
    for polls in 0.. {
        let (server, client) = start().await;
        let finished = execute_for(polls, &client, create).await;
        let dropped_at = server.post_heads();
        for _ in 0..2 {
            execute(&client, false).await.unwrap();
        }
        // Nothing is sent after the drop, except bytes that were being sent already.
        assert!(
            server.post_heads() <= most,
            "{polls}: {:?}",
            server.requests()
        );
        seen.push((dropped_at, server.post_heads()));
        if finished {
            break;
        }
    }
    let all = if create { most } else { 0 };
    assert_eq!(seen.first(), Some(&(0, 0)));
    assert_eq!(seen.last(), Some(&(all, all)), "{seen:?}");
    assert!(seen.len() > 3, "{seen:?}");
}

pub(crate) async fn dropped() {
    let transport = ReqwestTransport::new().unwrap();
    let client = |server: &Server| {
        Client::builder(credentials(), Delivery::Live)
            .with_transport(transport.clone())
            .base_url(server.url())
            .max_in_flight(1)
            .clock(Time::default())
            .build()
            .unwrap()
    };
    // A response in chunks, each with its own poll.
    let pieces: Script = {
        let whole = answer(201, "", body());
        let pieces = whole.chunks(40).map(|piece| Act::Write(piece.to_vec()));
        [Act::Read].into_iter().chain(pieces).collect()
    };
    let slowly = [pieces.clone(), pieces.clone(), pieces].concat();
    let busy = vec![
        Act::Read,
        Act::Write(answer(429, "Connection: close\r\n", "")),
    ];
    for create in [true, false] {
        drops(create, 1, async || {
            let server = Server::then(Vec::new(), slowly.clone()).await;
            let client = client(&server);
            (server, client)
        })
        .await;
        // Between two attempts, too.
        drops(create, 2, async || {
            let server = Server::then(vec![busy.clone()], good()).await;
            let client = client(&server);
            (server, client)
        })
        .await;
        every_await(create).await;
        every_await_of_a_watched_request(create).await;
    }
    budget_is_not_spent().await;
}

/// A transport with two polls for every step, which counts the requests inside. The first attempt
/// is not sent; at the second, a bearer token is refused.
#[derive(Clone, Default)]
struct Steps(Arc<Counted>);

#[derive(Default)]
struct Counted {
    sent: AtomicUsize,
    inside: AtomicUsize,
}

struct Inside(Arc<Counted>);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Steps {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            self.0.inside.fetch_add(1, Ordering::SeqCst);
            let inside = Inside(Arc::clone(&self.0));
            tokio::task::yield_now().await;
            let sent = self.0.sent.fetch_add(1, Ordering::SeqCst);
            if sent == 0 {
                return Err(TransportError::not_sent("the first attempt"));
            }
            tokio::task::yield_now().await;
            if sent == 1 && request.headers()["authorization"] == "Bearer PLANTED" {
                let mut refusal = http::Response::new(Body::empty());
                *refusal.status_mut() = http::StatusCode::UNAUTHORIZED;
                return Ok(refusal);
            }
            let pieces = body()
                .into_bytes()
                .chunks(30)
                .map(Bytes::copy_from_slice)
                .collect();
            Ok(http::Response::new(Body::new(Pieces {
                left: pieces,
                polls: 0,
                _inside: inside,
            })))
        })
    }
}

/// A body that is pending before each chunk.
struct Pieces {
    left: Vec<Bytes>,
    polls: usize,
    _inside: Inside,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // Pending twice, because the reader polls once more before it waits.
        self.polls += 1;
        if !self.polls.is_multiple_of(3) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(Frame::data(self.left.remove(0)))))
    }
}

/// A clock with two polls for each wait.
struct Naps;

impl Clock for Naps {
    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::task::yield_now())
    }
}

/// Drops a request at every await, in memory, where no poll is skipped.
async fn every_await(create: bool) {
    let mut points = 0;
    for polls in 0.. {
        let steps = Steps::default();
        let client = Client::builder(credentials(), Delivery::Live)
            .with_transport(steps.clone())
            .clock(Naps)
            .max_in_flight(1)
            .build()
            .unwrap();
        let finished = execute_for(polls, &client, create).await;
        assert_eq!(steps.0.inside.load(Ordering::SeqCst), 0, "{polls}");
        let sent = steps.0.sent.load(Ordering::SeqCst);
        tokio::task::yield_now().await;
        assert_eq!(steps.0.sent.load(Ordering::SeqCst), sent, "{polls}");
        execute(&client, create).await.unwrap();
        if finished {
            assert_eq!(sent, 2);
            break;
        }
        points += 1;
    }
    // Two steps and a wait of the first attempt, two steps of the second, each chunk, and the end.
    assert!(points >= 10, "{points}");
}

/// A request dropped while it waits has taken no more than its one retry. A thousand of them do not
/// use up the budget.
async fn budget_is_not_spent() {
    let server = Server::then(Vec::new(), good()).await;
    let client = builder(&server.url()).max_in_flight(1).build().unwrap();
    for _ in 0..1000 {
        assert!(!execute_for(1, &client, true).await);
    }
    execute(&client, true).await.unwrap();
}

/// A token source with two polls for each token.
struct Vault;

impl TokenSource for Vault {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        Box::pin(async {
            tokio::task::yield_now().await;
            Ok(BearerToken::new("PLANTED")?)
        })
    }
}

/// A sink with two polls for each entry, which counts the attempts that begin and end.
#[derive(Default)]
struct Book {
    begun: AtomicUsize,
    ended: AtomicUsize,
}

impl AuditSink for Book {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move {
            if entry.event == AuditEvent::Sending {
                self.begun.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
            } else {
                tokio::task::yield_now().await;
                self.ended.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        })
    }

    fn abandoned(&self, entry: AuditEntry) {
        assert_ne!(entry.event, AuditEvent::Sending);
        self.ended.fetch_add(1, Ordering::SeqCst);
    }
}

/// The same with bearer tokens and an audit trail. At each await, the trail has a last entry for
/// every first one.
async fn every_await_of_a_watched_request(create: bool) {
    let mut points = 0;
    for polls in 0.. {
        let (steps, book) = (Steps::default(), Arc::new(Book::default()));
        let account = credentials().account_sid();
        let credentials = Credentials::bearer(account, Vault);
        let client = Client::builder(credentials, Delivery::Live)
            .with_transport(steps.clone())
            .audit(Arc::clone(&book), AuditPolicy::FailClosed)
            .clock(Naps)
            .max_in_flight(1)
            .build()
            .unwrap();
        let finished = execute_for(polls, &client, create).await;
        let entries = || {
            let [begun, ended] = [&book.begun, &book.ended].map(|n| n.load(Ordering::SeqCst));
            assert_eq!(begun, ended, "{polls}");
            begun
        };
        let begun = entries();
        assert_eq!(steps.0.inside.load(Ordering::SeqCst), 0, "{polls}");
        let sent = steps.0.sent.load(Ordering::SeqCst);
        assert!(
            sent <= begun,
            "{polls}: nothing is sent before its audit entry"
        );
        tokio::task::yield_now().await;
        assert_eq!(steps.0.sent.load(Ordering::SeqCst), sent, "{polls}");
        execute(&client, create).await.unwrap();
        entries();
        if finished {
            assert_eq!((sent, begun), (3, 3));
            break;
        }
        points += 1;
    }
    // Token, two entries and the transport's steps, three times; two waits; and the pieces.
    assert!(points >= 20, "{points}");
}

pub(crate) async fn fallen() {
    hook_panics().await;
    sink_panics().await;
    transport_panics().await;
    select_loser().await;
    std::thread::spawn(runtime_ends).join().unwrap();
}

/// A panicking hook ends its own request, and no other.
async fn hook_panics() {
    for create in [true, false] {
        let mut busy = vec![Act::Read, Act::Write(answer(429, "", ""))];
        busy.extend(good());
        let server = Server::then(vec![busy], good()).await;
        let client = builder(&server.url())
            .max_in_flight(1)
            .clock(Time::default())
            .on_retry(|_| panic!("in a hook"))
            .build()
            .unwrap();
        let other = client.clone();
        let fallen = tokio::spawn(async move { execute(&other, create).await });
        assert!(fallen.await.unwrap_err().is_panic());
        execute(&client, true).await.unwrap();
        execute(&client, false).await.unwrap();
        assert_eq!(server.post_heads(), 1 + usize::from(create));
    }
}

/// A sink that panics before the attempt stops it. A sink that panics after it cannot. Neither
/// keeps a permit, nor ends other requests.
async fn sink_panics() {
    struct Falls(AtomicUsize, usize);
    impl AuditSink for Falls {
        fn record(&self, _: AuditEntry) -> BoxFuture<'_, Result<(), BoxError>> {
            let entry = self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                tokio::task::yield_now().await;
                assert_ne!(entry, self.1, "in a sink");
                Ok(())
            })
        }

        fn abandoned(&self, _: AuditEntry) {
            panic!("it is not called again while unwinding");
        }
    }
    for create in [true, false] {
        for (at, policy) in [
            (0, AuditPolicy::FailClosed),
            (0, AuditPolicy::Continue),
            (1, AuditPolicy::FailClosed),
            (1, AuditPolicy::Continue),
        ] {
            let server = Server::then(Vec::new(), good()).await;
            let client = builder(&server.url())
                .max_in_flight(1)
                .audit(Falls(AtomicUsize::new(0), at), policy)
                .build()
                .unwrap();
            let other = client.clone();
            let fallen = tokio::spawn(async move { execute(&other, create).await });
            assert!(fallen.await.unwrap_err().is_panic());
            assert_eq!(server.requests().len(), at);
            assert_eq!(server.post_heads(), at * usize::from(create));
            execute(&client, true).await.unwrap();
            execute(&client, false).await.unwrap();
            assert_eq!(server.post_heads(), 1 + at * usize::from(create));
        }
    }
}

/// The same for a transport, which is called while the permit is held.
async fn transport_panics() {
    #[derive(Clone, Default)]
    struct Falls(Arc<AtomicUsize>);
    impl Transport for Falls {
        fn send(
            &self,
            _: http::Request<Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
            let calls = self.0.fetch_add(1, Ordering::SeqCst);
            assert!(calls > 0, "in a transport");
            Box::pin(async { Ok(http::Response::new(Body::from(body()))) })
        }
    }
    for create in [true, false] {
        let client = Client::builder(credentials(), Delivery::Live)
            .with_transport(Falls::default())
            .max_in_flight(1)
            .build()
            .unwrap();
        let other = client.clone();
        let fallen = tokio::spawn(async move { execute(&other, create).await });
        assert!(fallen.await.unwrap_err().is_panic());
        execute(&client, create).await.unwrap();
    }
}

async fn select_loser() {
    for create in [true, false] {
        let server = Server::then(vec![vec![Act::Read, Act::Stall]], good()).await;
        let client = builder(&server.url()).max_in_flight(1).build().unwrap();
        tokio::select! {
            _ = execute(&client, create) => panic!("it stalls"),
            () = async {
                while server.requests().is_empty() {
                    tokio::task::yield_now().await;
                }
            } => {}
        }
        execute(&client, false).await.unwrap();
        assert_eq!(server.post_heads(), usize::from(create));
        // The connection of the dropped request is closed, not reused in the middle of a message.
        assert_eq!(server.connections(), 2);
    }
}

/// The runtime of a client ends during a request. The client works in another one.
fn runtime_ends() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    // The servers have their own thread, which outlives the runtimes.
    let servers = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    for create in [true, false] {
        let answered = [Act::Read, Act::Write(answer(200, "", body()))];
        let stalls = [&answered[..], &[Act::Read, Act::Stall]].concat();
        let server = servers.block_on(Server::then(vec![stalls], good()));
        let client = builder(&server.url()).max_in_flight(1).build().unwrap();
        let first = runtime();
        let [stalled] = first.block_on(async {
            execute(&client, false).await.unwrap();
            let client = client.clone();
            let stalled = tokio::spawn(async move { execute(&client, create).await });
            while server.requests().len() < 2 {
                tokio::task::yield_now().await;
            }
            [stalled]
        });
        drop(first);
        let second = runtime();
        assert!(second.block_on(stalled).unwrap_err().is_cancelled());
        second.block_on(execute(&client, false)).unwrap();
        second.block_on(execute(&client, false)).unwrap();
        assert_eq!(server.post_heads(), usize::from(create));
    }
    // Outside of any runtime, a request is an error, and the client keeps working.
    let transport = ReqwestTransport::new().unwrap();
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport)
        .base_url("http://127.0.0.1:1")
        .max_in_flight(1)
        .clock(Time::default())
        .build()
        .unwrap();
    let mut running = pin!(execute(&client, true));
    let outside = running
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(outside, Poll::Ready(Err(error)) if error.kind() == ErrorKind::NoRuntime));
    let error = runtime().block_on(execute(&client, true)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}
