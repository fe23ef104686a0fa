//! HTTP client that sends webhooks.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use crate::sandbox::error::SandboxError;

/// Time that Twilio waits for a connection: 5 seconds.
///
/// Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Builds the client that sends webhooks: without the proxies of the environment, and without
/// following redirects, each of which needs a signature of its own.
pub(crate) fn http_client(connect_timeout: Duration) -> Result<reqwest::Client, SandboxError> {
    let loopback = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    let builder = reqwest::Client::builder()
        .no_proxy()
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        // A hosts file or a DNS server could send `localhost` elsewhere.
        .resolve_to_addrs("localhost", &loopback);
    // Plain HTTP needs no root certificates, and reading the system's takes 0.1 seconds.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_certs_only([]);
    builder
        .build()
        .map_err(|error| SandboxError::start("its HTTP client cannot be built", error))
}
