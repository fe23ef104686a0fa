//! Twilio cannot be reached: the request was certainly not sent.

use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use clinspark_twilio::client::{ErrorKind, Phase, ReqwestTransport, RetryPolicy};
use tokio::net::{TcpListener, TcpSocket};

use crate::fault_case::{Case, End, Known, body, good};
use crate::fault_certificates::{Lookup, Names, Shown, acceptor, named, trusting};
use crate::server::{Act, answer};

const CONNECT: ErrorKind = ErrorKind::Connect;
const SLOW: ErrorKind = ErrorKind::Timeout(Phase::Connect);
const SILENT: ErrorKind = ErrorKind::Timeout(Phase::Answer);

/// A case with a host name, whose first lookups have this result.
fn lookups(name: &str, lookup: Lookup, times: usize) -> Case {
    let case = Case::new(format!("{name}, {times} times"), good());
    case.reach(move |server| {
        let names = Names::lead(vec![lookup; times]);
        let builder = reqwest::Client::builder().no_proxy().dns_resolver(names);
        let transport = ReqwestTransport::from_builder(builder).unwrap();
        (transport, named("http", server))
    })
}

pub(crate) async fn names() {
    Case::check_all([
        lookups("NXDOMAIN", Lookup::Unknown, 2)
            .both(End::Through(3))
            .waits(&[100, 200]),
        lookups("NXDOMAIN", Lookup::Unknown, 5)
            .both(End::Fails(CONNECT, Known::NotSent, 5))
            .waits(&[100, 200, 400, 800])
            .posts(0),
        lookups("a lookup without a response", Lookup::Silent, 1)
            .tune(|client| client.attempt_timeout(Duration::from_millis(500)))
            .both(End::Through(2)),
        lookups("a lookup without a response", Lookup::Silent, 2)
            .tune(|client| {
                let client = client.attempt_timeout(Duration::from_millis(500));
                client.retry(RetryPolicy::new().attempts(2))
            })
            .create(End::Fails(SLOW, Known::NotSent, 2))
            // A read has no body that shows whether it was sent. Its outcome has no consequence.
            .read(End::Fails(SILENT, Known::Unknown, 2))
            .posts(0),
    ])
    .await;
}

pub(crate) async fn connecting() {
    Case::check_all([
        lookups("refused", Lookup::Elsewhere, 2).both(End::Through(3)),
        lookups("refused", Lookup::Elsewhere, 5)
            .both(End::Fails(CONNECT, Known::NotSent, 5))
            .posts(0),
        black_hole(),
    ])
    .await;
}

/// A host that does not respond at all, because its queue of connections is full.
struct BlackHole {
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    /// Listens at the address of `Lookup::Elsewhere`.
    fn at(port: u16) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 2], port));
        socket.bind(address).unwrap();
        let listener = socket.listen(0).unwrap();
        let patience = Duration::from_millis(50);
        let connect = || TcpStream::connect_timeout(&address, patience).ok();
        Self {
            _listener: listener,
            _queue: std::iter::from_fn(connect).collect(),
        }
    }
}

fn black_hole() -> Case {
    let holes = Mutex::new(Vec::new());
    let case = Case::new("a black hole", good()).reach(move |server| {
        holes
            .lock()
            .unwrap()
            .push(BlackHole::at(server.address().port()));
        let names = Names::lead([Lookup::Elsewhere]);
        let builder = reqwest::Client::builder().no_proxy().dns_resolver(names);
        let transport = ReqwestTransport::from_builder(builder).unwrap();
        (transport, named("http", server))
    });
    case.tune(|client| client.attempt_timeout(Duration::from_millis(500)))
        .both(End::Through(2))
}

/// Runs these acts for the first connection, and presents a valid certificate to further ones.
fn handshake(name: &str, first: Vec<Act>) -> Case {
    Case::new(name, first)
        .then(tls(Shown::Good))
        .reach(move |server| (trusting(Names::lead([])), named("https", server)))
}

fn tls(shown: Shown) -> Vec<Act> {
    vec![
        Act::Tls(acceptor(shown)),
        Act::Serve(answer(200, "", body())),
    ]
}

pub(crate) async fn handshakes() {
    // Permanent failures are not retried.
    let permanent = [
        handshake("an expired certificate", tls(Shown::Expired)),
        handshake("another host's certificate", tls(Shown::AnotherHost)),
        handshake("an unknown authority", tls(Shown::AnotherAuthority)),
        handshake("a self-signed certificate", tls(Shown::SelfSigned)),
        handshake(
            "plain HTTP",
            vec![Act::ReadSome, Act::Write(answer(400, "", "plain"))],
        ),
    ];
    let refused = || End::Fails(CONNECT, Known::NotSent, 1);
    Case::check_all(permanent.map(|case| case.both(refused()).posts(0))).await;

    let passing = [
        ("a handshake that is reset", vec![Act::ReadSome, Act::Reset]),
        ("a handshake that is closed", vec![Act::ReadSome]),
        ("a reset before the handshake", vec![Act::Reset]),
        ("a handshake that stops", vec![Act::Stall]),
    ];
    Case::check_all(passing.map(|(name, cut)| {
        handshake(name, cut)
            .tune(|client| client.attempt_timeout(Duration::from_secs(1)))
            .both(End::Through(2))
    }))
    .await;

    let good = handshake("a valid certificate", tls(Shown::Good));
    good.both(End::Through(1)).check().await;
}
