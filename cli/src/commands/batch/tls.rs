//! TLS to a `PostgreSQL` server on another machine. No option skips the verification of its certificate.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use clinspark_twilio_outbox::{PostgresOptions, PostgresStore};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::database::Access;
use crate::failure::{Exit, Failure};
use crate::settings::read_bytes;

const CA_VARIABLE: &str = "CLINSPARK_OUTBOX_DATABASE_CA";

/// Option of the CA of a database.
#[derive(Args, Debug, Default)]
pub(super) struct DatabaseCa {
    /// PEM file with the CA of the `PostgreSQL` server's certificate, or the variable
    /// `CLINSPARK_OUTBOX_DATABASE_CA` [default: the CAs of the system]
    #[arg(long, value_name = "FILE")]
    database_ca: Option<PathBuf>,
}

impl DatabaseCa {
    fn file(&self) -> Option<PathBuf> {
        let variable = std::env::var_os(CA_VARIABLE).filter(|path| !path.is_empty());
        self.database_ca.clone().or(variable.map(PathBuf::from))
    }

    /// Connects with TLS if the server is on another machine, the URL requires it, or a CA is named.
    ///
    /// A server on this machine often has a certificate that no one trusts, such as that of Debian's
    /// package, so it is reached without TLS otherwise.
    pub(super) async fn connect(
        &self,
        url: &str,
        access: Access,
    ) -> Result<PostgresStore, Failure> {
        let options = match access {
            Access::Look => PostgresOptions::new().without_migrations(),
            Access::Change => PostgresOptions::new(),
        };
        let ca = self.file();
        if ca.is_none() && !needs_tls(url) {
            // The store itself refuses another machine without TLS.
            let connected = PostgresStore::connect_tls(url, tokio_postgres::NoTls, &options).await;
            return connected.map_err(|error| explain(error, access));
        }
        let config = match ca {
            Some(path) => trusting_file(&path)?,
            None => trusting_system()?,
        };
        let (tls, options) = (MakeRustlsConnect::new(config), options.require_tls());
        let connected = PostgresStore::connect_tls(url, tls, &options);
        connected.await.map_err(|error| explain(error, access))
    }
}

/// Returns `true` if a host of the URL is not this machine, or the URL requires TLS. The store reports a
/// malformed URL.
fn needs_tls(url: &str) -> bool {
    let Ok(config) = url.parse::<Config>() else {
        return false;
    };
    let is_loopback = |name: &str| {
        name.eq_ignore_ascii_case("localhost")
            || name
                .parse()
                .is_ok_and(|address: IpAddr| address.is_loopback())
    };
    let is_remote = |host: &Host| match host {
        Host::Tcp(name) => !is_loopback(name),
        #[cfg(unix)]
        Host::Unix(_) => false,
    };
    config.get_ssl_mode() == SslMode::Require
        || config.get_hosts().iter().any(is_remote)
        || !config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// Trusts the CAs of a file alone, as libpq does with `sslrootcert`.
fn trusting_file(path: &Path) -> Result<ClientConfig, Failure> {
    let shown = path.display();
    let bytes = read_bytes(Some(path))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|error| {
            Failure::usage(format!("{shown} has a faulty certificate: {error}"))
        })?;
    }
    if roots.is_empty() {
        return Err(Failure::usage(format!(
            "{shown} has no certificate; name the PEM file with the CA of the database"
        )));
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| Failure::of(Exit::Usage, &error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn trusting_system() -> Result<ClientConfig, Failure> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| {
            Failure::usage(format!(
                "the CAs of the system cannot be read; name the CA of the database by --database-ca FILE\n  \
                 because: {error}"
            ))
        })?;
    Ok(builder.with_no_client_auth())
}

/// Explains a certificate that was refused, and a schema that is not migrated.
fn explain(error: StoreError, access: Access) -> Failure {
    if let (StoreErrorKind::Schema, Access::Look) = (error.kind(), access) {
        let cause = Failure::from(error);
        return Failure::usage(format!(
            "this command leaves the tables of the database as they are; if they are older than this program, run \
             `batch send` of this version first\n  because: {cause}"
        ));
    }
    let what = match refused_certificate(&error) {
        Some(CertificateError::UnknownIssuer) => {
            "the certificate of the database is not of a trusted CA; name the file with its CA by \
             --database-ca FILE"
        }
        Some(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => {
            "the certificate of the database is for another host than that of the URL; correct the URL, or \
             the certificate"
        }
        Some(_) => "the certificate of the database is refused",
        None => return error.into(),
    };
    let cause = Failure::of(Exit::Usage, &error);
    Failure::usage(format!("{what}\n  because: {cause}"))
}

/// Returns the fault of a certificate among the causes of an error.
fn refused_certificate(error: &StoreError) -> Option<&CertificateError> {
    let mut cause = error.source();
    while let Some(error) = cause {
        // An I/O error has its own error inside, not as its source.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref());
        let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(fault)) = inner {
            return Some(fault);
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::needs_tls;

    #[test]
    fn another_machine_needs_tls() {
        for url in [
            "postgres://u@db.example/x",
            "postgres://u@192.0.2.1/x",
            "postgres://u@localhost,db.example/x",
            "postgres://u@localhost/x?hostaddr=192.0.2.1",
            "postgres://u@localhost/x?sslmode=require",
            "postgres://u@localhost.example/x",
            "postgres://u@[2001:db8::1]/x",
        ] {
            assert!(needs_tls(url), "{url}");
        }
        for url in [
            "postgres://u@localhost/x",
            "postgres://u@127.0.0.1:5433/x?sslmode=prefer",
            "postgres://u@[::1]/x",
            "postgres://u@%2Frun%2Fpostgresql/x",
        ] {
            assert!(!needs_tls(url), "{url}");
        }
    }
}
