//! Proxies from the environment.

use std::borrow::Cow;
use std::ffi::OsString;

use super::error::Error;
use super::outcome::{Effect, ErrorKind};

/// Hosts that no proxy reaches: to it, they are other machines.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// Returns the proxy for `https` that environment variables name, if they name one.
///
/// Only a tunnel (`CONNECT`) is used: TLS ends at Twilio, so the proxy reads no credentials. The
/// client speaks plain `http` on loopback only, without a proxy. `HTTP_PROXY` therefore has no
/// effect.
pub(in crate::client) fn from_env() -> Result<Option<reqwest::Proxy>, Error> {
    let Some((name, value)) = first(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])?
    else {
        return Ok(None);
    };
    // A name without a scheme is that of an http proxy, as in other programs.
    let scheme = value.split_once("://").map_or("http", |(scheme, _)| scheme);
    let is_http = ["http", "https"]
        .iter()
        .any(|s| s.eq_ignore_ascii_case(scheme));
    let proxy = reqwest::Proxy::https(&value).ok().filter(|_| is_http);
    // The value is not quoted, because it may contain a password.
    let proxy = proxy.ok_or_else(|| {
        invalid(format!(
            "{name} is not the URL of an http proxy, such as http://proxy.example:3128"
        ))
    })?;
    let exceptions = first(["NO_PROXY", "no_proxy"])?.map_or_else(
        || LOOPBACK.to_owned(),
        |(_, hosts)| format!("{hosts},{LOOPBACK}"),
    );
    Ok(Some(
        proxy.no_proxy(reqwest::NoProxy::from_string(&exceptions)),
    ))
}

/// Returns the first of these variables that is set. An empty variable counts as absent.
fn first<const N: usize>(
    names: [&'static str; N],
) -> Result<Option<(&'static str, String)>, Error> {
    let values = names.map(|name| (name, std::env::var_os(name)));
    let is_set = |value: &OsString| !value.is_empty();
    let found = values
        .into_iter()
        .find_map(|(name, value)| Some((name, value.filter(is_set)?)));
    let Some((name, value)) = found else {
        return Ok(None);
    };
    let value = value
        .into_string()
        .map_err(|_| invalid(format!("{name} is not UTF-8")))?;
    Ok(Some((name, value)))
}

pub(in crate::client) fn invalid(what: impl Into<Cow<'static, str>>) -> Error {
    let setter = "ClientBuilder::proxies_from_env";
    Error::new(setter, Effect::Read, ErrorKind::Invalid).with_message(what)
}
