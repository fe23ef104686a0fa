//! Keeps web pages and tunnels away from the API.
//!
//! A page that the developer visits can reach loopback. By DNS rebinding its requests even look
//! like those of one origin, but their `Host` still names the attacker's domain.

use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, StatusCode};

/// The authorities under which programs on this machine know the sandbox.
pub(super) struct Access {
    authorities: [String; 3],
}

/// A request that no program on this machine means for the sandbox.
pub(super) enum AccessError {
    /// Addressed to another host or port, or to none.
    ForeignHost,
    /// Made by a web page of another origin.
    ForeignPage,
}

impl Access {
    pub(super) fn new(port: u16) -> Self {
        Self {
            authorities: ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")),
        }
    }

    /// Checks where a request is addressed to and who made it.
    pub(super) fn check(&self, request: &Parts) -> Result<(), AccessError> {
        // The authority of an absolute-form target takes the place of `Host`: both must fit.
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
        // `none`: typed into the browser's address bar.
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

/// Every value of a header. One that is no text reads as empty, which fits nothing.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().unwrap_or_default())
}

impl IntoResponse for AccessError {
    fn into_response(self) -> Response {
        match self {
            Self::ForeignHost => (
                StatusCode::MISDIRECTED_REQUEST,
                "the sandbox answers only requests whose Host is 127.0.0.1, localhost or [::1] \
                 with its own port; use the URL of `Sandbox::base_url`, without a proxy or tunnel\n",
            ),
            Self::ForeignPage => (
                StatusCode::FORBIDDEN,
                "the sandbox answers no web page of another origin; send the request from a \
                 program, without the headers Origin and Sec-Fetch-Site\n",
            ),
        }
        .into_response()
    }
}
