//! `PostgresStore::connect_tls` with a connector of the caller: rustls, as a service may write it.

use std::future::Future;
use std::io;
use std::net::UdpSocket;
use std::pin::Pin;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use clinspark_twilio::outbox::{OutboxStore as _, Pace, SenderKey, StoreError};
use clinspark_twilio_outbox::{PostgresOptions, PostgresStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::common::{Cluster, Folder, client};

/// Connector that trusts one certificate.
#[derive(Clone)]
struct Rustls(Arc<ClientConfig>);

impl Rustls {
    fn trusting(certificate: &str) -> Self {
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes());
        roots.add(certificate.unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        Self(Arc::new(config))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Rustls {
    type Stream = Stream<S>;
    type TlsConnect = Handshake;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Handshake, InvalidDnsNameError> {
        let name = ServerName::try_from(domain)?.to_owned();
        Ok(Handshake(Arc::clone(&self.0), name))
    }
}

struct Handshake(Arc<ClientConfig>, ServerName<'static>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let connect = tokio_rustls::TlsConnector::from(self.0).connect(self.1, stream);
        Box::pin(async move { Ok(Stream(connect.await?)) })
    }
}

struct Stream<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// Makes a certificate for names, and returns it and its key.
fn certificate(names: &str) -> (String, String) {
    let folder = Folder::new();
    let path = |name| folder.path().join(name).display().to_string();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=outbox test"])
        .args(["-addext", &format!("subjectAltName={names}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &path("key"), "-out", &path("certificate")])
        .output();
    let made = made.unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let read = |name| std::fs::read_to_string(path(name)).unwrap();
    (read("certificate"), read("key"))
}

/// Starts a server at an address of this machine. Another machine cannot connect.
fn start(address: &str, access: &str, prepare: impl FnOnce(&Cluster)) -> Option<Cluster> {
    Cluster::start(|cluster| {
        let listen = format!("listen_addresses = '127.0.0.1,{address}'");
        cluster.append("postgresql.conf", &listen);
        cluster.append(
            "pg_hba.conf",
            &format!("{access} all all {address}/32 trust"),
        );
        prepare(cluster);
    })
}

/// Starts a server that accepts TLS alone at the address.
fn start_tls(address: &str, certificate: &str, key: &str) -> Option<Cluster> {
    start(address, "hostssl", |cluster| {
        cluster.append("server.crt", certificate);
        cluster.append("server.key", key);
        cluster.protect("server.key");
        cluster.append("postgresql.conf", "ssl = on");
    })
}

/// Returns an address of this machine that is not loopback. Nothing is sent to find it.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

async fn refusal(url: &str, tls: Rustls) -> (StoreError, Duration) {
    let started = Instant::now();
    let refused = PostgresStore::connect_tls(url, tls, &PostgresOptions::new()).await;
    (refused.unwrap_err(), started.elapsed())
}

/// Fails unless the refusal came at once. A certificate that is not trusted stays so.
fn check_refused_at_once((error, time): (StoreError, Duration)) {
    println!("refused after {time:.1?}: {error}");
    assert!(error.to_string().contains("TLS"), "{error:?}");
    assert!(time < Duration::from_secs(5), "{time:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connector_of_the_caller_is_used_and_required() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("skipped: openssl is missing");
        return;
    }
    let address = own_address().unwrap_or_else(|| "127.0.0.1".to_owned());
    let (trusted, key) = certificate(&format!("DNS:localhost,IP:{address}"));
    let (other, _) = certificate(&format!("DNS:localhost,IP:{address}"));
    let Some(cluster) = start_tls(&address, &trusted, &key) else {
        return;
    };
    let url = format!("postgres://postgres@{address}:{}/postgres", cluster.port());
    let tls = Rustls::trusting(&trusted);
    let options = PostgresOptions::new();
    let store = PostgresStore::connect_tls(&url, tls.clone(), &options).await;
    let store = store.unwrap();
    let pace = Pace::per_second(1.0).unwrap();
    let sender = SenderKey::parse("clinic-1").unwrap();
    store.set_pace(&sender, pace).await.unwrap();
    let admin = client(&cluster.url()).await;
    let encrypted = "SELECT count(*) FILTER (WHERE ssl), count(*), min(version) FROM pg_stat_ssl
                     JOIN pg_stat_activity USING (pid) WHERE application_name = 'clinspark-twilio-outbox'";
    let row = admin.query_one(encrypted, &[]).await.unwrap();
    let (encrypted, all): (i64, i64) = (row.get(0), row.get(1));
    assert!(encrypted > 0 && encrypted == all, "{encrypted} of {all}");
    println!(
        "{encrypted} of {all} connections to {address} by {}",
        row.get::<_, String>(2)
    );
    // Another certificate, and another name than the certificate's.
    check_refused_at_once(refusal(&url, Rustls::trusting(&other)).await);
    let (elsewhere, key) = certificate("DNS:db.example");
    let cluster = start_tls(&address, &elsewhere, &key).unwrap();
    let url = format!("postgres://postgres@{address}:{}/postgres", cluster.port());
    check_refused_at_once(refusal(&url, Rustls::trusting(&elsewhere)).await);
    // A server, or an attacker, that declines TLS.
    if address == "127.0.0.1" {
        println!("skipped the rest: this machine has no address but loopback");
        return;
    }
    let plain = start(&address, "host", |_| ());
    for mode in ["", "?sslmode=prefer"] {
        let port = plain.as_ref().unwrap().port();
        let url = format!("postgres://postgres@{address}:{port}/postgres{mode}");
        check_refused_at_once(refusal(&url, tls.clone()).await);
    }
}
