//! Many concurrent requests on few connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{
    Body, Client, Delivery, ErrorKind, Outcome, Phase, RetryPolicy, Transport, TransportError,
};
use clinspark_twilio::types::{AccountSid, BoxFuture};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;

use crate::concurrency::{Busy, at_once, through};
use crate::fault_case::{body, good};
use crate::server::Server;
use crate::support::{MESSAGE, builder, credentials, fetch, patient, send};

/// Runs this number of creates and reads at once.
async fn crowd(client: &Client, count: usize) {
    let mut requests = JoinSet::new();
    for n in 0..count {
        let client = client.clone();
        requests.spawn(async move {
            let message = if n % 2 == 0 {
                client.execute(send()).await
            } else {
                client.execute(fetch()).await
            };
            assert_eq!(message.unwrap().sid.as_str(), MESSAGE);
        });
    }
    while let Some(done) = requests.join_next().await {
        done.unwrap();
    }
}

pub(crate) async fn thousand() {
    let server = Server::then(Vec::new(), good()).await;
    let client = patient(&server.url());
    let mut sends = JoinSet::new();
    for _ in 0..1000 {
        let client = client.clone();
        sends.spawn(async move { client.execute(send()).await });
    }
    while let Some(sent) = sends.join_next().await {
        sent.unwrap().unwrap();
    }
    assert_eq!(server.posts(), 1000);
    assert_eq!((server.most_open(), server.connections()), (20, 20));
    // The same number of reads, on the same connections.
    crowd(&client, 1000).await;
    assert_eq!((server.posts(), server.requests().len()), (1500, 2000));
    assert_eq!((server.most_open(), server.connections()), (20, 20));
    // No connection remains open.
    drop(client);
    while server.open() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn clones_and_sub_accounts_share_the_limit() {
    for (limit, most) in [(3, 3), (1, 1), (0, 1)] {
        let server = Server::then(Vec::new(), good()).await;
        let client = builder(&server.url()).max_in_flight(limit).build().unwrap();
        let other = AccountSid::parse("AC00000000000000000000000000000002").unwrap();
        let other = client.for_account(other);
        tokio::join!(crowd(&client, 50), crowd(&other, 50));
        assert_eq!((server.most_open(), server.requests().len()), (most, 100));
    }
}

/// Counts the concurrent requests, on any number of threads.
#[derive(Default)]
struct Counting {
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Transport for Counting {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async {
            let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(inside, Ordering::SeqCst);
            tokio::task::yield_now().await;
            self.inside.fetch_sub(1, Ordering::SeqCst);
            Ok(http::Response::new(Body::from(body())))
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_holds_on_any_number_of_threads() {
    let transport = Arc::new(Counting::default());
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(Arc::clone(&transport))
        .build()
        .unwrap();
    crowd(&client, 1000).await;
    assert_eq!(transport.most.load(Ordering::SeqCst), 20);
}

/// Serves a `Busy`, which accepts only some concurrent requests, on loopback.
fn serve(busy: &Arc<Busy>, listener: TcpListener) {
    let busy = Arc::clone(busy);
    let app = axum::Router::new().fallback(async move |form: Bytes| {
        let (status, under_way, body) = busy.answer(form).await;
        let mut answer = http::Response::new(axum::body::Body::from(body));
        *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
        if let Some(under_way) = under_way {
            let name = "twilio-concurrent-requests";
            answer.headers_mut().insert(name, under_way.into());
        }
        answer
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
}

#[tokio::test]
async fn two_hundred_sends_succeed_on_a_busy_server() {
    let mut crowds = JoinSet::new();
    for (limit, millis) in [(10, 100), (5, 100), (1, 20)] {
        for tells in [true, false] {
            crowds.spawn(async move {
                let busy = Busy::new(limit, Duration::from_millis(millis), tells);
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let url = format!("http://{}", listener.local_addr().unwrap());
                serve(&busy, listener);
                let results = at_once(&patient(&url), 200).await;
                let (ok, errors) = through(&results);
                assert_eq!((ok, busy.taken_once()), (200, 200), "{limit}: {errors:?}");
            });
        }
    }
    crowds.join_all().await;
}

#[tokio::test]
async fn no_create_begins_too_late_for_its_response() {
    let busy = Busy::new(usize::MAX, Duration::from_millis(500), false);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    serve(&busy, listener);
    let client = builder(&url)
        .operation_timeout(Duration::from_millis(2_250))
        .build()
        .unwrap();
    let results = at_once(&client, 200).await;
    let (ok, errors) = through(&results);
    assert!(ok >= 20, "{ok}");
    assert_eq!(busy.taken_once(), ok);
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Queue));
        assert_eq!(*error.outcome(), Outcome::NotSent);
    }
}

#[tokio::test]
async fn a_server_that_starts_late_receives_each_message_once() {
    let busy = Busy::new(usize::MAX, Duration::ZERO, false);
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let patience = RetryPolicy::new()
        .attempts(1000)
        .base(Duration::from_millis(50))
        .cap(Duration::from_millis(200));
    let client = builder(&url)
        .retry(patience)
        .operation_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let server = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        serve(&busy, socket.listen(1024).unwrap());
    };
    let (results, ()) = tokio::join!(at_once(&client, 10), server);
    assert_eq!(through(&results).0, 10, "{results:?}");
    assert_eq!(busy.taken_once(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_times_out_in_the_queue_is_not_sent() {
    let transport = FakeTransport::new()
        .reply(Reply::never())
        .reply(Reply::json(201, body()));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .attempt_timeout(Duration::from_secs(60))
        .operation_timeout(Duration::from_secs(10))
        .max_in_flight(1)
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let late = async {
        tokio::task::yield_now().await;
        let error = client.execute(send()).await.unwrap_err();
        // Half of its time is left, which is reserved for the response.
        assert_eq!(start.elapsed().as_secs(), 5);
        error
    };
    let (first, error) = tokio::join!(client.execute(send()), late);
    assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Queue));
    assert_eq!((error.outcome(), error.attempts()), (&Outcome::NotSent, 0));
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "SendMessage: the operation timeout left too little time for a response; send fewer \
         requests at once or raise `ClientBuilder::operation_timeout`; nothing was sent"
    );
    assert_eq!(first.unwrap_err().kind(), ErrorKind::Timeout(Phase::Answer));
    assert_eq!(transport.requests().len(), 1);
    client.execute(send()).await.unwrap();
}

/// A request that waits for its retry holds no permit.
#[tokio::test(start_paused = true)]
async fn a_wait_between_attempts_holds_no_permit() {
    let transport = FakeTransport::new()
        .reply(Reply::error(429, 20429).header("Retry-After", "30"))
        .reply(Reply::json(200, body()))
        .reply(Reply::json(201, body()));
    let client = Client::builder(credentials(), Delivery::Live)
        .with_transport(transport.clone())
        .max_in_flight(1)
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let quick = async {
        tokio::task::yield_now().await;
        client.execute(fetch()).await.unwrap();
        start.elapsed().as_secs()
    };
    let (slow, quick) = tokio::join!(client.execute(send()), quick);
    slow.unwrap();
    assert_eq!((quick, start.elapsed().as_secs()), (0, 30));
    let methods: Vec<_> = transport
        .requests()
        .iter()
        .map(|request| request.method().clone())
        .collect();
    assert_eq!(methods, ["POST", "GET", "POST"]);
}
