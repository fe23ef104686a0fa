//! Servers with valid and invalid certificates, and a scripted DNS resolver.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use clinspark_twilio::client::ReqwestTransport;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::server::Server;

/// Certificates of `tests/data/certificates`, made by the script there.
macro_rules! certificate {
    ($name:literal) => {
        include_bytes!(concat!("../data/certificates/", $name, ".der"))
    };
}

/// Certificate that a server presents.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    /// Valid for `localhost`, issued by the authority that the client trusts.
    Good,
    /// Expired in 2002.
    Expired,
    /// Valid for `elsewhere.example` only.
    AnotherHost,
    /// Issued by an unknown authority.
    AnotherAuthority,
    SelfSigned,
}

/// Returns an acceptor for `localhost` that presents this certificate.
pub(crate) fn acceptor(shown: Shown) -> TlsAcceptor {
    let certificate: &[u8] = match shown {
        Shown::Good => certificate!("good"),
        Shown::Expired => certificate!("expired"),
        Shown::AnotherHost => certificate!("another_host"),
        Shown::AnotherAuthority => certificate!("another_authority"),
        Shown::SelfSigned => certificate!("self_signed"),
    };
    let key: &[u8] = certificate!("server.key");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.to_vec().into()],
            PrivateKeyDer::try_from(key).unwrap().clone_key(),
        )
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Returns a transport with these DNS results that trusts only the test's authority.
pub(crate) fn trusting(names: Names) -> ReqwestTransport {
    let root = reqwest::Certificate::from_der(certificate!("authority")).unwrap();
    let builder = reqwest::Client::builder()
        .no_proxy()
        .dns_resolver(names)
        .tls_certs_only([root]);
    ReqwestTransport::from_builder(builder).unwrap()
}

/// Result of a DNS lookup.
#[derive(Clone, Copy)]
pub(crate) enum Lookup {
    /// No such host.
    Unknown,
    /// No response.
    Silent,
    /// 127.0.0.2, where the server does not listen.
    Elsewhere,
}

/// A resolver with these results. After them, every name resolves to the server.
pub(crate) struct Names(Mutex<VecDeque<Lookup>>);

impl Names {
    pub(crate) fn lead(first: impl IntoIterator<Item = Lookup>) -> Self {
        Self(Mutex::new(first.into_iter().collect()))
    }
}

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        let next = self.0.lock().unwrap().pop_front();
        let at = |last| -> Addrs {
            let ip = IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
            Box::new([SocketAddr::new(ip, 0)].into_iter())
        };
        Box::pin(async move {
            match next {
                Some(Lookup::Unknown) => Err("no such host".into()),
                Some(Lookup::Silent) => std::future::pending().await,
                Some(Lookup::Elsewhere) => Ok(at(2)),
                None => Ok(at(1)),
            }
        })
    }
}

/// Returns the server's URL with a host name.
pub(crate) fn named(scheme: &str, server: &Server) -> String {
    format!("{scheme}://localhost:{}", server.address().port())
}
