//! Twilio cannot be reached: nothing was sent, and that is certain.

use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use clinspark_twilio::client::{ErrorKind, Phase, ReqwestTransport, RetryPolicy};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsAcceptor;

use crate::fault_case::{Case, End, Known, body, good};
use crate::fault_certificates::{Authority, Lookup, Names, named, self_signed};
use crate::server::{Act, answer};

const CONNECT: ErrorKind = ErrorKind::Connect;
const SLOW: ErrorKind = ErrorKind::Timeout(Phase::Connect);
const SILENT: ErrorKind = ErrorKind::Timeout(Phase::Answer);

/// The server by name, after so many lookups that come to this.
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
        lookups("a lookup without an answer", Lookup::Silent, 1)
            .tune(|client| client.attempt_timeout(Duration::from_millis(500)))
            .both(End::Through(2)),
        lookups("a lookup without an answer", Lookup::Silent, 2)
            .tune(|client| {
                let client = client.attempt_timeout(Duration::from_millis(100));
                client.retry(RetryPolicy::new().attempts(2))
            })
            .create(End::Fails(SLOW, Known::NotSent, 2))
            // A read has no body by whose leaving one could tell; nothing hangs on it.
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

/// A host that does not answer at all, because its queue of connections is full.
struct BlackHole {
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    /// At the address to which `Lookup::Elsewhere` leads.
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

/// Shows this certificate to the first who connects, and a good one to those who follow.
fn handshake(name: &str, shown: impl FnOnce(&Authority) -> Vec<Act>) -> Case {
    let authority = Authority::new();
    let well = authority.signs("localhost");
    let served = vec![Act::Tls(well.clone()), Act::Serve(answer(200, "", body()))];
    Case::new(name, shown(&authority))
        .then(served)
        .reach(move |server| (authority.trusted(Names::lead([])), named("https", server)))
}

fn tls(acceptor: TlsAcceptor) -> Vec<Act> {
    vec![Act::Tls(acceptor), Act::Serve(answer(200, "", body()))]
}

pub(crate) async fn handshakes() {
    // What lasts is not tried again.
    let lasting = [
        handshake("an expired certificate", |authority| {
            tls(authority.signed_long_ago("localhost"))
        }),
        handshake("another host's certificate", |authority| {
            tls(authority.signs("elsewhere.example"))
        }),
        handshake("an authority that nobody knows", |_| {
            tls(Authority::new().signs("localhost"))
        }),
        handshake("a certificate that vouches for itself", |_| {
            tls(self_signed("localhost"))
        }),
        handshake("plain HTTP", |_| {
            vec![Act::ReadSome, Act::Write(answer(400, "", "plain"))]
        }),
    ];
    let refused = || End::Fails(CONNECT, Known::NotSent, 1);
    Case::check_all(lasting.map(|case| case.both(refused()).posts(0))).await;

    let passing = [
        ("a handshake that is reset", vec![Act::ReadSome, Act::Reset]),
        ("a handshake that is closed", vec![Act::ReadSome]),
        ("a reset before the handshake", vec![Act::Reset]),
        ("a handshake that stops", vec![Act::Stall]),
    ];
    Case::check_all(passing.map(|(name, cut)| {
        handshake(name, |_| cut)
            .tune(|client| client.attempt_timeout(Duration::from_secs(1)))
            .both(End::Through(2))
    }))
    .await;

    let good = |authority: &Authority| tls(authority.signs("localhost"));
    let good = handshake("a good certificate", good);
    good.both(End::Through(1)).check().await;
}
