//! Connection string and options of a [`PostgresStore`](super::PostgresStore).

use std::net::IpAddr;
use std::time::Duration;

use clinspark_twilio::outbox::{StoreError, StoreErrorKind};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// Options of a [`PostgresStore`](super::PostgresStore).
///
/// ```
/// use std::time::Duration;
/// use clinspark_twilio_outbox::PostgresOptions;
///
/// let options = PostgresOptions::new().connections(4).connect_timeout(Duration::from_secs(30));
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    pub(super) connections: usize,
    pub(super) connect_timeout: Duration,
    pub(super) migrates: bool,
    pub(super) requires_tls: bool,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl PostgresOptions {
    /// Creates the default options.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            connections: 8,
            connect_timeout: Duration::from_secs(10),
            migrates: true,
            requires_tls: false,
        }
    }

    /// Sets the most connections. Default: 8. A number below 1 counts as 1, one above 100 as 100. Each is
    /// opened when it is needed.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.clamp(1, 100);
        self
    }

    /// Sets the time for which a call tries to connect to a database that does not answer. Default: 10
    /// seconds. The error is [`StoreErrorKind::Unavailable`] afterwards.
    #[must_use]
    pub const fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// Requires TLS on this machine, too, such as through a tunnel. Default: a server on loopback may decline it.
    /// A Unix socket has none.
    #[must_use]
    pub const fn require_tls(mut self) -> Self {
        self.requires_tls = true;
        self
    }

    /// Leaves the schema as it is: an old or missing one is refused ([`StoreErrorKind::Schema`]). For a
    /// role that may not create tables, beside [`migrate`](super::PostgresStore::migrate) by another.
    #[must_use]
    pub const fn without_migrations(mut self) -> Self {
        self.migrates = false;
        self
    }
}

/// Parses a connection string, and requires TLS for every host but loopback, or for that, too.
pub(super) fn config(
    url: &str,
    has_tls: bool,
    options: &PostgresOptions,
) -> Result<Config, StoreError> {
    let refused = |what| StoreError::new(StoreErrorKind::Other, what);
    // The error of the parser may quote the string, which has a password.
    let mut config: Config = url.parse().map_err(|_| {
        refused(
            "the connection string is malformed; it looks like postgres://user@host/database, sslmode is disable, \
             prefer or require, and sslrootcert is the connector's",
        )
    })?;
    if !is_local(&config) || (options.requires_tls && !is_socket(&config)) {
        if !has_tls {
            return Err(refused(
                "the database needs TLS, as each that is not on this machine; connect with a TLS connector",
            ));
        }
        if config.get_ssl_mode() == SslMode::Disable {
            return Err(refused("the database needs TLS; remove sslmode=disable"));
        }
        // `prefer` falls back to plain text if the server, or an attacker, declines TLS.
        config.ssl_mode(SslMode::Require);
    }
    if config.get_application_name().is_none() {
        config.application_name("clinspark-twilio-outbox");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(20));
    }
    Ok(config)
}

/// Returns `true` if every host is a Unix socket.
fn is_socket(config: &Config) -> bool {
    let hosts = config.get_hosts();
    let is_tcp = |host: &Host| matches!(host, Host::Tcp(_));
    config.get_hostaddrs().is_empty() && !hosts.is_empty() && !hosts.iter().any(is_tcp)
}

/// Returns `true` if every host is loopback or a Unix socket.
fn is_local(config: &Config) -> bool {
    // An address takes the place of the host's name.
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name.eq_ignore_ascii_case("localhost")
                || name
                    .parse()
                    .is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}
