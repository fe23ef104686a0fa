//! Public origin from the headers of trusted proxies.
//!
//! The headers of any other peer are ignored, because any sender can write them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use http::{HeaderMap, Request, header};

use super::url::PublicOrigin;
use crate::types::parse_port;

/// Proxies whose forwarded scheme, host and port are trusted.
///
/// Prefer a [`PublicOrigin`] from settings. This type is for servers that answer under many host
/// names.
///
/// A proxy must overwrite these headers or append to them. It must also serve only your own host
/// names. If it passes on a `Host` that the sender wrote, that host becomes part of the origin.
///
/// ```
/// use clinspark_twilio::webhook::{ForwardedHeaders, TrustedProxies};
///
/// let proxies = TrustedProxies::new(ForwardedHeaders::XForwarded)
///     .add_network("10.0.0.0/8".parse()?)
///     .add_network("::1".parse()?);
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

/// Headers that a proxy writes. The proxy must remove or overwrite those that come from outside.
///
/// Only these headers are read. A proxy that handles one kind passes the other kind on as the
/// sender wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForwardedHeaders {
    /// `Forwarded`, defined by RFC 7239.
    Forwarded,
    /// `X-Forwarded-Proto`, `X-Forwarded-Host`, `X-Forwarded-Port` and `X-Forwarded-For`.
    XForwarded,
}

impl TrustedProxies {
    /// Trusts no proxy. Until a network is added, the headers are ignored.
    #[must_use]
    pub const fn new(headers: ForwardedHeaders) -> Self {
        Self {
            networks: Vec::new(),
            headers,
        }
    }

    /// Adds a network of proxies, or a single proxy.
    #[must_use]
    pub fn add_network(mut self, network: Network) -> Self {
        self.networks.push(network);
        self
    }

    /// Returns the origin that the client requested, according to the trusted proxies.
    ///
    /// Returns `None` if the peer is not a trusted proxy, or if the headers do not name an origin.
    ///
    /// Several proxies in a row are followed as far as they are trusted. The case of a scheme is
    /// ignored. `wss` counts as `https` and `ws` as `http`, because some proxies name them for a
    /// WebSocket handshake. Empty list members are skipped.
    ///
    /// `Forwarded` must name scheme and host. If one of its fields cannot be parsed, such as one
    /// that ends inside quotes, all are ignored: the sender may have written that part. Of the
    /// `X-Forwarded` headers, `X-Forwarded-Proto` is required. Without `X-Forwarded-Host`, the host
    /// of the request is used, because many proxies pass on only `Host`. The authority of the URL,
    /// as HTTP/2 sends it, takes precedence over `Host`.
    #[must_use]
    pub fn origin<B>(&self, peer: IpAddr, request: &Request<B>) -> Option<PublicOrigin> {
        if !self.trusts(peer) {
            return None;
        }
        let hop = match self.headers {
            ForwardedHeaders::Forwarded => self.forwarded(request.headers())?,
            ForwardedHeaders::XForwarded => self.x_forwarded(request)?,
        };
        let scheme = match hop.proto.to_ascii_lowercase().as_str() {
            "https" | "wss" => "https",
            "http" | "ws" => "http",
            _ => return None,
        };
        // Any other character would end the host inside the URL, so that the sender writes its
        // path.
        let is_of_host = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
        if !hop.host.bytes().all(is_of_host) {
            return None;
        }
        let origin = PublicOrigin::parse(&format!("{scheme}://{}", hop.host)).ok()?;
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

    /// Returns the values that the farthest trusted proxy received.
    fn forwarded(&self, headers: &HeaderMap) -> Option<Hop> {
        let mut elements = Vec::new();
        for field in fields(headers, "forwarded")? {
            elements.extend(split_unquoted(field, ',')?);
        }
        let mut farthest = None;
        // The nearest proxy appends last. The walk ends at the first client that is not a trusted
        // proxy.
        for element in elements.into_iter().rev() {
            if element.trim().is_empty() {
                continue;
            }
            let element = Element::parse(element)?;
            let is_from_proxy = element.client.is_some_and(|client| self.trusts(client));
            farthest = Some(element);
            if !is_from_proxy {
                break;
            }
        }
        let Element { proto, host, .. } = farthest?;
        Some(Hop {
            proto: proto?,
            host: host?,
            port: None,
        })
    }

    fn x_forwarded<B>(&self, request: &Request<B>) -> Option<Hop> {
        let headers = request.headers();
        let clients = list(headers, "x-forwarded-for")?;
        let is_proxy = |client: &&&str| node_address(client).is_some_and(|ip| self.trusts(ip));
        let hops = clients.iter().rev().take_while(is_proxy).count();
        // A proxy that overwrites sends one value; one that appends sends a list.
        let pick = |values: Vec<&str>| {
            let from_right = hops.min(values.len().saturating_sub(1));
            let at = values.len().checked_sub(from_right + 1)?;
            values.get(at).map(|value| (*value).to_owned())
        };
        let proto = pick(list(headers, "x-forwarded-proto")?)?;
        let host = pick(list(headers, "x-forwarded-host")?);
        let port = pick(list(headers, "x-forwarded-port")?);
        Some(Hop {
            proto,
            host: host.or_else(|| own_host(request))?,
            port: port.and_then(|port| parse_port(&port)),
        })
    }
}

/// Returns the host that the request itself names.
///
/// The authority of the URL takes precedence over `Host`. A proxy of HTTP/2 may check the authority
/// only, and pass on a `Host` that the sender wrote.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2>
fn own_host<B>(request: &Request<B>) -> Option<String> {
    let host = match request.uri().authority() {
        Some(authority) => authority.as_str(),
        None => request.headers().get(header::HOST)?.to_str().ok()?,
    };
    Some(host.to_owned())
}

fn default_port(origin: &PublicOrigin) -> u16 {
    if origin.is_https() { 443 } else { 80 }
}

/// Scheme, host and port that one proxy received.
struct Hop {
    proto: String,
    host: String,
    port: Option<u16>,
}

/// Element of `Forwarded`.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc7239#section-4>
#[derive(Default)]
struct Element {
    proto: Option<String>,
    host: Option<String>,
    client: Option<IpAddr>,
}

impl Element {
    /// Parses an element. Returns `None` if a parameter is repeated or a value is malformed.
    fn parse(element: &str) -> Option<Self> {
        let mut read = Self::default();
        let mut names = Vec::new();
        for pair in split_unquoted(element, ';')? {
            let pair = pair.trim();
            if pair.is_empty() {
                continue;
            }
            let (name, value) = pair.split_once('=')?;
            let (name, value) = (name.trim().to_ascii_lowercase(), unquote(value.trim())?);
            match name.as_str() {
                "proto" => read.proto = Some(value),
                "host" => read.host = Some(value),
                "for" => read.client = node_address(&value),
                _ => {}
            }
            // A repeated parameter is refused: the sender may have written one of the two.
            if names.contains(&name) {
                return None;
            }
            names.push(name);
        }
        Some(read)
    }
}

/// Returns the text of a token or a quoted string.
fn unquote(value: &str) -> Option<String> {
    let Some(quoted) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.to_owned());
    };
    let mut text = String::new();
    let mut characters = quoted.strip_suffix('"')?.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next()?),
            '"' => return None,
            character => text.push(character),
        }
    }
    Some(text)
}

/// Splits at separators outside quotes. Returns `None` if the text ends inside quotes.
fn split_unquoted(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut in_quotes, mut escaped) = (false, false);
    let parts = text.split(|c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            _ if was_escaped => {}
            '\\' => escaped = in_quotes,
            '"' => in_quotes = !in_quotes,
            _ => {}
        }
        c == separator && !in_quotes
    });
    let parts = parts.collect();
    (!in_quotes).then_some(parts)
}

/// Returns the fields of a header, or `None` if one of them is not visible ASCII.
///
/// A proxy may have appended to such a field, and then the remaining fields are the sender's.
fn fields<'a>(headers: &'a HeaderMap, name: &str) -> Option<Vec<&'a str>> {
    let fields = headers.get_all(name).into_iter();
    fields.map(|field| field.to_str().ok()).collect()
}

/// Returns the members of a list header from left to right, over all its fields.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> Option<Vec<&'a str>> {
    let fields = fields(headers, name)?.into_iter();
    let members = fields.flat_map(|field| field.split(',')).map(str::trim);
    Some(members.filter(|member| !member.is_empty()).collect())
}

/// Parses the address of `192.0.2.1`, `192.0.2.1:47011`, `2001:db8::1` or `[2001:db8::1]:47011`.
fn node_address(node: &str) -> Option<IpAddr> {
    let bare = match node.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if node.matches(':').count() == 1 => node.split(':').next()?,
        None => node,
    };
    bare.parse().ok()
}

/// IP address or network, such as `192.0.2.7`, `10.0.0.0/8` or `fd00::/8`.
///
/// ```
/// use clinspark_twilio::webhook::Network;
///
/// let network: Network = "10.0.0.0/8".parse()?;
/// assert!(network.contains("10.1.2.3".parse()?));
/// assert!(!network.contains("192.0.2.7".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Returns `true` if the network contains the address. An IPv4-mapped IPv6 address counts as
    /// IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let masked = |bits: u128, width: u8| match width - self.prefix {
            // Shifting a `u128` by its own width would overflow.
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

/// Error returned when a text is neither an IP address nor a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a network; write an address, or one with a prefix length, such as 10.0.0.0/8")]
#[non_exhaustive]
pub struct NetworkError;
