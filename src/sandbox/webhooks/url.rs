//! URLs that Twilio accepts, and the servers that webhooks are sent to.

use std::net::IpAddr;

use reqwest::Url;

use crate::sandbox::context::Context;
use crate::sandbox::state::AlertCause;

/// Parses a URL that Twilio accepts: absolute, `http` or `https`, and no underscore in the host.
pub(crate) fn parse_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    (matches!(url.scheme(), "http" | "https") && !host.contains('_')).then_some(url)
}

/// Returns the URL to which a webhook is sent: on this machine, or on a host that
/// [`SandboxBuilder::webhook_host`](crate::sandbox::SandboxBuilder::webhook_host) permits.
pub(super) async fn destination(context: &Context, url: &Url) -> Result<Url, AlertCause> {
    const REFUSED: AlertCause = AlertCause::new(
        11210,
        "the sandbox sends webhooks to this machine only; permit the host with `--webhook-host`, or \
         in Rust with `SandboxBuilder::webhook_host`, or map the origin with `Sandbox::map_origin`",
    );
    let mut target = url.clone();
    let origin = url.origin().ascii_serialization();
    if let Some(server) = context.read(|state| state.mapped_origins.get(&origin).cloned()) {
        return Url::parse(&format!("{server}{}", path_and_query(url))).map_err(|_| REFUSED);
    }
    let host = url.host_str().ok_or(REFUSED)?;
    if crate::types::is_loopback(host) {
        return Ok(target);
    }
    let mut permitted = context.webhook_hosts.iter();
    let (_, address) = permitted
        .find(|(name, _)| name.eq_ignore_ascii_case(host))
        .ok_or(REFUSED)?;
    let port = url.port_or_known_default().ok_or(REFUSED)?;
    let address = match address {
        Some(address) => *address,
        None => resolve(host, port).await.ok_or(AlertCause::new(
            11210,
            "the permitted host has no address on this machine or its private network",
        ))?,
    };
    target.set_ip_host(address).map_err(|()| REFUSED)?;
    Ok(target)
}

/// Reports whether webhooks are sent to the host of a URL.
pub(super) fn is_permitted(context: &Context, url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let origin = url.origin().ascii_serialization();
    let mut permitted = context.webhook_hosts.iter();
    crate::types::is_loopback(host)
        || permitted.any(|(name, _)| name.eq_ignore_ascii_case(host))
        || context.read(|state| state.mapped_origins.contains_key(&origin))
}

async fn resolve(host: &str, port: u16) -> Option<IpAddr> {
    let host = host.trim_matches(['[', ']']);
    let mut found = tokio::net::lookup_host((host, port)).await.ok()?;
    found.find_map(|found| is_near(found.ip()).then_some(found.ip()))
}

/// Reports whether an address is on this machine or its private network. Link-local addresses,
/// behind which clouds keep credentials, are not.
pub(crate) fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_unspecified()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unspecified()
        }
    }
}

/// Returns the URL that is signed: without user name and password.
pub(crate) fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // A URL with a host can always lose them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

pub(super) fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
