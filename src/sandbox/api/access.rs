//! Rejects requests from web pages and tunnels, with 403.
//!
//! A web page that the developer visits can send requests to loopback. DNS rebinding even makes
//! them same-origin requests, but their `Host` still names the attacker's domain.

use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};

use super::products;

/// Path of the page.
const PAGE: &str = "/";

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
        // Names below `localhost` cannot be registered, so they are loopback for everyone.
        let products = products::hosts().map(|host| format!("{host}.localhost"));
        let own = ["127.0.0.1", "localhost", "[::1]"].map(str::to_owned);
        let own = own.into_iter().chain(products);
        let allowed = allowed_hosts.iter().cloned();
        let authorities = own.chain(allowed).flat_map(|host| {
            // The text after the last colon of an IPv6 address in brackets is no port.
            let has_port = host
                .rsplit_once(':')
                .is_some_and(|(_, port)| !port.ends_with(']'));
            let authority = if has_port {
                host
            } else {
                format!("{host}:{port}")
            };
            // Clients leave the default port of HTTP out.
            let bare = authority.strip_suffix(":80").map(str::to_owned);
            bare.into_iter().chain([authority])
        });
        Self {
            authorities: authorities.collect(),
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
            && (values(&request.headers, "sec-fetch-site").all(own_site) || opens_page(request))
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

/// Reports whether a link of another site, such as an issue or a wiki, opens the page in a tab. The
/// page is the same for everyone, acts only when it is used, and no other page can frame or read it.
fn opens_page(request: &Parts) -> bool {
    let is = |name, value| values(&request.headers, name).eq([value]);
    request.method == Method::GET
        && request.uri.path() == PAGE
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
}

/// Returns every value of a header. A value that is not text becomes empty and matches nothing.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().unwrap_or_default())
}

impl IntoResponse for AccessError {
    fn into_response(self) -> Response {
        let message = match self {
            Self::ForeignHost => {
                "the sandbox accepts only requests whose Host is 127.0.0.1, localhost or [::1] with \
                 its own port; use the URL of `Sandbox::base_url`, without a proxy or tunnel, or \
                 allow the host: `--allow-host NAME` of the program, `SandboxBuilder::allow_host` in \
                 Rust\n"
            }
            Self::ForeignPage => {
                "the sandbox rejects requests from web pages of another origin; send the request \
                 from a program, without the headers Origin and Sec-Fetch-Site, or open the page at \
                 a host that is allowed: `--allow-host NAME` of the program, \
                 `SandboxBuilder::allow_host` in Rust\n"
            }
        };
        (StatusCode::FORBIDDEN, message).into_response()
    }
}
