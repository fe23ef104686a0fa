//! Where requests go instead of Twilio's hosts.

use std::fmt;

use crate::types::is_loopback;

/// One of Twilio's hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// `api.twilio.com`: messages, calls, recordings, numbers, TwiML Apps, accounts.
    Api,
    /// `messaging.twilio.com`: Messaging Services and registrations.
    Messaging,
    /// `lookups.twilio.com`: what is known about a number.
    Lookups,
    /// `accounts.twilio.com`: which countries may be texted.
    Accounts,
    /// `monitor.twilio.com`: the debugger.
    Monitor,
    /// `voice.twilio.com`: which countries may be called.
    Voice,
}

impl Host {
    pub(in crate::client) const fn address(self) -> &'static str {
        match self {
            Self::Api => "https://api.twilio.com",
            Self::Messaging => "https://messaging.twilio.com",
            Self::Lookups => "https://lookups.twilio.com",
            Self::Accounts => "https://accounts.twilio.com",
            Self::Monitor => "https://monitor.twilio.com",
            Self::Voice => "https://voice.twilio.com",
        }
    }
}

/// What replaces Twilio's hosts.
#[derive(Clone, Default)]
pub(in crate::client) struct BaseUrls {
    all: Option<BaseUrl>,
    one: Vec<(Host, BaseUrl)>,
}

impl BaseUrls {
    pub(in crate::client) fn set_all(&mut self, url: BaseUrl) {
        self.all = Some(url);
    }

    pub(in crate::client) fn set(&mut self, host: Host, url: BaseUrl) {
        self.one.push((host, url));
    }

    pub(in crate::client) fn of(&self, host: Host) -> Option<&BaseUrl> {
        let one = self.one.iter().find(|(other, _)| *other == host);
        one.map(|(_, url)| url).or(self.all.as_ref())
    }
}

impl fmt::Debug for BaseUrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.one.is_empty() {
            return self.all.fmt(f);
        }
        let one = self.one.iter().map(|(host, url)| (host, url));
        f.debug_map().entries(one).finish()?;
        write!(f, " or {:?}", self.all)
    }
}

/// Scheme, host and port of a server that may see the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct BaseUrl(String);

impl BaseUrl {
    /// The error says what is wrong, without the URL: people paste credentials into it.
    pub(in crate::client) fn parse(url: &str) -> Result<Self, &'static str> {
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

    pub(in crate::client) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a sandbox or a test server is asked, which reaches this machine as we do.
    pub(in crate::client) fn is_loopback(&self) -> bool {
        let uri = self.0.parse::<http::Uri>();
        uri.is_ok_and(|uri| uri.host().is_some_and(is_loopback))
    }
}
