//! An authority that signs what a test asks for, and names that lead where a test says.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use clinspark_twilio::client::ReqwestTransport;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::server::Server;

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: reqwest::Certificate,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        Self {
            root: reqwest::Certificate::from_der(root.der()).unwrap(),
            issuer: Issuer::new(params, key),
        }
    }

    /// A server that shows a certificate of this authority, for this host.
    pub(crate) fn signs(&self, host: &str) -> TlsAcceptor {
        self.sign(&CertificateParams::new(vec![host.to_owned()]).unwrap())
    }

    /// One whose certificate was good until 2002.
    pub(crate) fn signed_long_ago(&self, host: &str) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        acceptor(&certificate, &key)
    }

    /// Names lead where the script says, and this authority is the only one that is trusted.
    pub(crate) fn trusted(&self, names: Names) -> ReqwestTransport {
        let builder = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(names)
            .tls_certs_only([self.root.clone()]);
        ReqwestTransport::from_builder(builder).unwrap()
    }
}

/// A server that vouches for itself.
pub(crate) fn self_signed(host: &str) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    acceptor(&params.self_signed(&key).unwrap(), &key)
}

fn acceptor(certificate: &rcgen::Certificate, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// What becomes of a name.
#[derive(Clone, Copy)]
pub(crate) enum Lookup {
    /// There is no such host.
    Unknown,
    /// No answer comes.
    Silent,
    /// It leads to 127.0.0.2, where the server does not listen.
    Elsewhere,
}

/// Names lead to the server, after these have been used up.
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

/// The server by name.
pub(crate) fn named(scheme: &str, server: &Server) -> String {
    format!("{scheme}://localhost:{}", server.address().port())
}
