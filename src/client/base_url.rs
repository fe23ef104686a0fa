//! Where requests go instead of Twilio's hosts.

use std::net::IpAddr;

/// Scheme, host and port of a server that may see the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BaseUrl(String);

impl BaseUrl {
    /// The error says what is wrong, without the URL: people paste credentials into it.
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: http::Uri = url.parse().map_err(|_| "the base URL is no URL")?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err("the base URL must be absolute, such as https://api.twilio.com");
        };
        if authority.as_str().contains('@') {
            return Err("the base URL must not hold a user name or password");
        }
        if uri
            .path_and_query()
            .is_some_and(|rest| rest.as_str() != "/")
            || url.contains('#')
        {
            return Err("the base URL must end after host and port");
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority.host()) => {}
            _ => return Err("the base URL must be https, or http on a loopback host"),
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
