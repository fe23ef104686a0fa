//! The public origin as declared proxies forward it. From anybody else these headers are noise:
//! whoever sends a request can write them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use http::{HeaderMap, Request, header};

use super::url::PublicOrigin;

/// The proxies whose word on scheme, host and port is taken, and the headers they write.
///
/// Prefer a [`PublicOrigin`] from settings. This is for servers that answer under many names.
///
/// ```
/// use clinspark_twilio::webhook::{ForwardedHeaders, TrustedProxies};
///
/// let proxies = TrustedProxies::new(ForwardedHeaders::XForwarded)
///     .and_network("10.0.0.0/8".parse()?)
///     .and_network("::1".parse()?);
/// let request = http::Request::post("/twilio/sms")
///     .header("host", "app:8080")
///     .header("x-forwarded-proto", "https")
///     .header("x-forwarded-host", "acme.example.com")
///     .body("")?;
/// let origin = proxies.origin("10.1.2.3".parse()?, &request);
/// assert_eq!(origin.unwrap().as_str(), "https://acme.example.com");
/// assert!(proxies.origin("192.0.2.7".parse()?, &request).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    headers: ForwardedHeaders,
}

/// Which headers a proxy writes. It must remove or overwrite those that come from outside.
///
/// Only the named ones are read: a proxy that knows the one kind lets the other kind through as
/// the sender wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForwardedHeaders {
    /// `Forwarded`, as RFC 7239 has it.
    Forwarded,
    /// `X-Forwarded-Proto`, `X-Forwarded-Host`, `X-Forwarded-Port` and `X-Forwarded-For`.
    XForwarded,
}

impl TrustedProxies {
    /// No proxy yet: until one is declared, nothing is believed.
    #[must_use]
    pub const fn new(headers: ForwardedHeaders) -> Self {
        Self {
            networks: Vec::new(),
            headers,
        }
    }

    /// Declares the proxies of a network, or a single one.
    #[must_use]
    pub fn and_network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// The origin that the proxies in front of us were asked for; `None` when the peer is none of
    /// them, or they do not say.
    ///
    /// Several proxies in a row are followed as far as they are declared.
    #[must_use]
    pub fn origin<B>(&self, peer: IpAddr, request: &Request<B>) -> Option<PublicOrigin> {
        if !self.trusts(peer) {
            return None;
        }
        let headers = request.headers();
        let hop = match self.headers {
            ForwardedHeaders::Forwarded => self.forwarded(headers)?,
            ForwardedHeaders::XForwarded => self.x_forwarded(headers)?,
        };
        let asked = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = hop
            .host
            .or_else(|| asked.or(authority).map(str::to_owned))?;
        let origin = PublicOrigin::parse(&format!("{}://{host}", hop.proto)).ok()?;
        match hop.port {
            Some(port) if origin.port().is_none() && port != default_port(&origin) => {
                PublicOrigin::parse(&format!("{origin}:{port}")).ok()
            }
            _ => Some(origin),
        }
    }

    fn trusts(&self, peer: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(peer))
    }

    /// The element of the farthest proxy that is declared.
    fn forwarded(&self, headers: &HeaderMap) -> Option<Hop> {
        let mut farthest = None;
        let fields = headers.get_all("forwarded").into_iter();
        let elements = fields
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| split_unquoted(field, ','));
        for element in elements.collect::<Vec<_>>().into_iter().rev() {
            let element = Element::parse(element);
            let came_from = element.client;
            farthest = Some(element.hop);
            if !came_from.is_some_and(|client| self.trusts(client)) {
                break;
            }
        }
        farthest.flatten()
    }

    fn x_forwarded(&self, headers: &HeaderMap) -> Option<Hop> {
        let clients = list(headers, "x-forwarded-for");
        let is_proxy = |client: &&String| node_address(client).is_some_and(|ip| self.trusts(ip));
        let hops = clients.iter().rev().take_while(is_proxy).count();
        // A proxy that overwrites leaves one value, one that appends leaves a list.
        let pick = |name| {
            let mut values = list(headers, name);
            let from_right = hops.min(values.len().saturating_sub(1));
            let at = values.len().checked_sub(from_right + 1)?;
            Some(values.swap_remove(at))
        };
        Some(Hop {
            proto: pick("x-forwarded-proto")?,
            host: pick("x-forwarded-host"),
            port: pick("x-forwarded-port").and_then(|port| port.parse().ok()),
        })
    }
}

fn default_port(origin: &PublicOrigin) -> u16 {
    if origin.is_https() { 443 } else { 80 }
}

/// What one proxy was asked for.
struct Hop {
    proto: String,
    host: Option<String>,
    port: Option<u16>,
}

/// One element of `Forwarded`.
struct Element {
    hop: Option<Hop>,
    client: Option<IpAddr>,
}

impl Element {
    fn parse(element: &str) -> Self {
        let (mut proto, mut host, mut client) = (None, None, None);
        for pair in split_unquoted(element, ';') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.trim();
            let bare = value
                .strip_prefix('"')
                .and_then(|v| v.strip_suffix('"'))
                .unwrap_or(value);
            match name.trim().to_ascii_lowercase().as_str() {
                "proto" => proto = Some(bare.to_owned()),
                "host" => host = Some(bare.to_owned()),
                "for" => client = node_address(bare),
                _ => {}
            }
        }
        let hop = proto.map(|proto| Hop {
            proto,
            host,
            port: None,
        });
        Self { hop, client }
    }
}

/// The parts between separators; those in quotes are text, which the sender may have chosen.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut in_quotes, mut escaped) = (false, false);
    text.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            _ if was_escaped => {}
            '\\' => escaped = in_quotes,
            '"' => in_quotes = !in_quotes,
            _ => {}
        }
        c == separator && !in_quotes
    })
}

/// The parts of a header that is a list, over all its fields, from left to right.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let fields = headers
        .get_all(name)
        .into_iter()
        .filter_map(|field| field.to_str().ok());
    fields
        .flat_map(|field| field.split(','))
        .map(|part| part.trim().to_owned())
        .collect()
}

/// The address of `192.0.2.1`, `192.0.2.1:47011`, `2001:db8::1`, `[2001:db8::1]:47011`.
fn node_address(node: &str) -> Option<IpAddr> {
    let bare = match node.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if node.matches(':').count() == 1 => node.split(':').next()?,
        None => node,
    };
    bare.parse().ok()
}

/// An address or a network, such as `192.0.2.7`, `10.0.0.0/8` or `fd00::/8`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address is in it. An IPv4 address in IPv6 dress counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let masked = |bits: u128, width: u8| match width - self.prefix {
            128 => 0,
            shift => bits >> shift,
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let bits = |ip: Ipv4Addr| masked(u32::from(ip).into(), 32);
                bits(own) == bits(other)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let bits = |ip: Ipv6Addr| masked(ip.into(), 128);
                bits(own) == bits(other)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix
            .map_or(Ok(width), str::parse)
            .map_err(|_| NetworkError)?;
        if prefix > width {
            return Err(NetworkError);
        }
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network({self})")
    }
}

/// The text is no address and no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a network; write an address, or one with a prefix length, such as 10.0.0.0/8")]
#[non_exhaustive]
pub struct NetworkError;
