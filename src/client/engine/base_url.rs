//! Base URLs that replace Twilio's hosts.

use std::fmt;
use std::net::Ipv6Addr;

use crate::types::{is_loopback, parse_port};

/// A host of Twilio's REST APIs.
///
/// Typed requests use the first seven. The others are for
/// [`RawRequest`](crate::client::RawRequest).
///
/// ```
/// use clinspark_twilio::client::{Client, Host};
/// # use clinspark_twilio::client::accounts::FetchBalance;
/// # use clinspark_twilio::client::services::ListServices;
/// # use clinspark_twilio::client::{Credentials, Delivery};
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(200, r#"{"services": []}"#))
/// #     .reply(Reply::json(200, r#"{"balance": "8.50"}"#));
///
/// let client = Client::builder(credentials, Delivery::Live)
///     .host_base_url(Host::Messaging, "https://gateway.clinic.example")
///     .with_transport(transport.clone())
///     .build()?;
/// client.execute(ListServices::new()).await?;
/// client.execute(FetchBalance::new()).await?;
///
/// let requests = transport.requests();
/// assert_eq!(requests[0].host(), "gateway.clinic.example");
/// assert_eq!(requests[1].host(), "api.twilio.com");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// `api.twilio.com`: messages, calls, recordings, numbers, TwiML Apps, accounts.
    Api,
    /// `messaging.twilio.com`: Messaging Services and registrations.
    Messaging,
    /// `lookups.twilio.com`: data about phone numbers.
    Lookups,
    /// `accounts.twilio.com`: geographic permissions for messages.
    Accounts,
    /// `monitor.twilio.com`: alerts of the debugger, and the account's audit log.
    Monitor,
    /// `voice.twilio.com`: geographic permissions for calls.
    Voice,
    /// `oauth.twilio.com`: access tokens of OAuth apps. Requests to it never contain the client's
    /// credentials.
    Oauth,
    /// `assistants.twilio.com`: AI assistants.
    Assistants,
    /// `bulkexports.twilio.com`: exports of whole days.
    Bulkexports,
    /// `content.twilio.com`: content templates.
    Content,
    /// `conversations.twilio.com`: conversations and their participants.
    Conversations,
    /// `events.twilio.com`: event streams.
    Events,
    /// `flex-api.twilio.com`: the contact centre Flex.
    FlexApi,
    /// `iam.twilio.com`: API keys and OAuth apps.
    Iam,
    /// `insights.twilio.com`: quality of calls and conferences.
    Insights,
    /// `intelligence.twilio.com`: transcripts and their analysis.
    Intelligence,
    /// `notify.twilio.com`: push notifications.
    Notify,
    /// `numbers.twilio.com`: regulatory bundles, porting and hosted numbers.
    Numbers,
    /// `pricing.twilio.com`: prices.
    Pricing,
    /// `proxy.twilio.com`: masked numbers.
    Proxy,
    /// `routes.twilio.com`: processing regions of numbers.
    Routes,
    /// `serverless.twilio.com`: Functions and Assets.
    Serverless,
    /// `studio.twilio.com`: flows and their executions.
    Studio,
    /// `supersim.twilio.com`: SIM cards, second generation.
    Supersim,
    /// `sync.twilio.com`: state that is shared between devices.
    Sync,
    /// `taskrouter.twilio.com`: tasks and workers.
    Taskrouter,
    /// `trunking.twilio.com`: SIP trunks.
    Trunking,
    /// `trusthub.twilio.com`: profiles and verification of businesses.
    Trusthub,
    /// `verify.twilio.com`: one-time passcodes.
    Verify,
    /// `video.twilio.com`: video calls.
    Video,
    /// `wireless.twilio.com`: SIM cards, first generation.
    Wireless,
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
            Self::Oauth => "https://oauth.twilio.com",
            Self::Assistants => "https://assistants.twilio.com",
            Self::Bulkexports => "https://bulkexports.twilio.com",
            Self::Content => "https://content.twilio.com",
            Self::Conversations => "https://conversations.twilio.com",
            Self::Events => "https://events.twilio.com",
            Self::FlexApi => "https://flex-api.twilio.com",
            Self::Iam => "https://iam.twilio.com",
            Self::Insights => "https://insights.twilio.com",
            Self::Intelligence => "https://intelligence.twilio.com",
            Self::Notify => "https://notify.twilio.com",
            Self::Numbers => "https://numbers.twilio.com",
            Self::Pricing => "https://pricing.twilio.com",
            Self::Proxy => "https://proxy.twilio.com",
            Self::Routes => "https://routes.twilio.com",
            Self::Serverless => "https://serverless.twilio.com",
            Self::Studio => "https://studio.twilio.com",
            Self::Supersim => "https://supersim.twilio.com",
            Self::Sync => "https://sync.twilio.com",
            Self::Taskrouter => "https://taskrouter.twilio.com",
            Self::Trunking => "https://trunking.twilio.com",
            Self::Trusthub => "https://trusthub.twilio.com",
            Self::Verify => "https://verify.twilio.com",
            Self::Video => "https://video.twilio.com",
            Self::Wireless => "https://wireless.twilio.com",
        }
    }
}

/// Replacements for Twilio's hosts: one for all, and some for single hosts, which precede it.
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
        // `Debug` is the same whatever the order of the calls was.
        self.one.sort_by_key(|(host, _)| *host as u8);
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

/// Scheme, host and port of a server that may receive the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct BaseUrl(String);

impl BaseUrl {
    /// Checks a base URL. The error does not quote it, because people paste credentials into it.
    pub(in crate::client) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: http::Uri = url.parse().map_err(|_| "the base URL is not a valid URL")?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err("the base URL must be absolute, such as https://api.twilio.com");
        };
        if authority.as_str().contains('@') {
            return Err("the base URL must not contain a user name or password");
        }
        if uri
            .path_and_query()
            .is_some_and(|rest| rest.as_str() != "/")
            || url.contains('#')
        {
            return Err("the base URL must consist of scheme, host and port only");
        }
        if !is_host_and_port(authority) {
            return Err("the base URL must name a host, and a port of 1 to 65535 if any");
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

    /// Returns `true` for a sandbox or test server on this machine, which can call webhooks on
    /// loopback addresses.
    pub(in crate::client) fn is_loopback(&self) -> bool {
        let uri = self.0.parse::<http::Uri>();
        uri.is_ok_and(|uri| uri.host().is_some_and(is_loopback))
    }
}

/// Returns a base URL on loopback without the slash at its end. `None` for any other text.
pub(crate) fn loopback_base_url(text: &str) -> Option<String> {
    let url = BaseUrl::parse(text).ok().filter(BaseUrl::is_loopback)?;
    Some(url.0)
}

/// Returns `true` if an authority consists of a host and an optional port only. The crate `http`
/// reads the host of `[::1].evil.example` as `[::1]`, and accepts any text as a port.
fn is_host_and_port(authority: &http::uri::Authority) -> bool {
    let host = authority.host();
    let is_host = match host.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => !host.is_empty(),
    };
    let port = authority.as_str().strip_prefix(host).unwrap_or_default();
    let is_port = match port.strip_prefix(':') {
        Some(port) => matches!(parse_port(port), Some(1..)),
        None => port.is_empty(),
    };
    is_host && is_port
}
