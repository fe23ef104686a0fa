//! Rejects requests from web pages and tunnels.
//!
//! A web page that the developer visits can send requests to loopback. DNS rebinding even makes
//! them same-origin requests, but their `Host` still names the attacker's domain.

use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::products;

/// Check that a request comes from a program on this machine.
pub(super) struct Access {
    /// Values of `Host` that are accepted.
    authorities: Vec<String>,
}

/// Rejection of a request that does not come from a program on this machine.
pub(super) enum AccessError {
    /// The request names another host or port, or no host.
    ForeignHost,
    /// The request comes from a web page of another origin.
    ForeignPage,
}

impl Access {
    /// Creates the check for the server's own port, and for more values of `Host`. One without a
    /// port is accepted with the server's own.
    pub(super) fn new(port: u16, allowed_hosts: &[String]) -> Self {
        let own = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
        // Names below `localhost` cannot be registered, so they are loopback for everyone.
        let products = products::hosts().map(|host| format!("{host}.localhost:{port}"));
        let allowed = allowed_hosts.iter().flat_map(|host| {
            // The text after the last colon of an IPv6 address in brackets is no port.
            match host
                .rsplit_once(':')
                .filter(|(_, port)| !port.ends_with(']'))
            {
                // Clients leave the default port of HTTP out.
                Some((name, "80")) => vec![host.clone(), name.to_owned()],
                Some(_) => vec![host.clone()],
                None => vec![format!("{host}:{port}")],
            }
        });
        Self {
            authorities: own.into_iter().chain(allowed).chain(products).collect(),
        }
    }

    /// Checks the host and the origin of a request.
    pub(super) fn check(&self, request: &Parts) -> Result<(), AccessError> {
        // In an absolute-form target the authority replaces `Host`, so both must match.
        let target = request.uri.authority();
        let mut hosts = values(&request.headers, HOST.as_str());
        let addressed = hosts.next().is_some_and(|host| self.is_own(host))
            && hosts.next().is_none()
            && target.is_none_or(|authority| self.is_own(authority.as_str()));
        if !addressed {
            return Err(AccessError::ForeignHost);
        }
        let own_origin = |origin: &str| {
            let authority = origin.strip_prefix("http://");
            authority.is_some_and(|authority| self.is_own(authority))
        };
        // `none` means that the user typed the URL into the browser's address bar.
        let own_site = |site: &str| matches!(site, "same-origin" | "none");
        if values(&request.headers, ORIGIN.as_str()).all(own_origin)
            && values(&request.headers, "sec-fetch-site").all(own_site)
        {
            Ok(())
        } else {
            Err(AccessError::ForeignPage)
        }
    }

    fn is_own(&self, authority: &str) -> bool {
        let mut own = self.authorities.iter();
        own.any(|own| own.eq_ignore_ascii_case(authority))
    }
}

/// Returns every value of a header. A value that is not text becomes empty and matches nothing.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().unwrap_or_default())
}

impl IntoResponse for AccessError {
    fn into_response(self) -> Response {
        match self {
            Self::ForeignHost => (
                StatusCode::MISDIRECTED_REQUEST,
                "the sandbox accepts only requests whose Host is 127.0.0.1, localhost or [::1] with \
                 its own port; use the URL of `Sandbox::base_url`, without a proxy or tunnel, or \
                 allow the host with `SandboxBuilder::allow_host`\n",
            ),
            Self::ForeignPage => (
                StatusCode::FORBIDDEN,
                "the sandbox rejects requests from web pages of another origin; send the request \
                 from a program, without the headers Origin and Sec-Fetch-Site\n",
            ),
        }
        .into_response()
    }
}
