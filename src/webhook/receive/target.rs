//! Host and account that a request names. Neither is verified.

#[cfg(feature = "client")]
use http::Request;
use http::{HeaderMap, Uri, header};

#[cfg(feature = "client")]
use crate::types::AccountSid;
#[cfg(feature = "client")]
use crate::webhook::{check::Received, url::Url};

/// Returns the host that a request names, without port.
pub(crate) fn requested_host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let named = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => headers.get(header::HOST)?.to_str().ok()?,
    };
    // Parsed, because a port or user info is no part of the host.
    let authority: http::uri::Authority = named.parse().ok()?;
    Some(authority.host().to_owned())
}

/// Returns the account that a request claims to be about.
#[cfg(feature = "client")]
pub(crate) fn claimed_account<B: AsRef<[u8]>>(request: &Request<B>) -> Option<AccountSid> {
    let target = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let received = Received::new(Url::of_target(target), request);
    AccountSid::parse(&received.account()?).ok()
}
