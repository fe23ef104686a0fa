//! URL as Twilio signs it. A single different byte makes the signature invalid.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::types::{is_loopback, parse_port};

/// Scheme, host and port under which Twilio reaches this service, such as
/// `https://acme.example.com`.
///
/// The origin comes from settings, because a server behind a proxy sees the scheme, host and port
/// of the proxy. The text is kept unchanged: Twilio signs the URL as it is written in the console.
///
/// ```
/// use clinspark_twilio::webhook::PublicOrigin;
///
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// assert_eq!(origin.url("/twilio/sms?lang=en"), "https://acme.example.com/twilio/sms?lang=en");
/// assert!(PublicOrigin::parse("acme.example.com").is_err());
/// # Ok::<(), clinspark_twilio::webhook::OriginError>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/usage/security>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicOrigin {
    text: Box<str>,
    scheme: Box<str>,
    host: Box<str>,
    port: Option<u16>,
    /// Start of the path that Twilio requests, where the server sees another one. Often empty.
    public_prefix: Box<str>,
    /// Start of the path that the server sees in its place. Often empty.
    server_prefix: Box<str>,
}

impl PublicOrigin {
    /// Parses an origin: `http` or `https`, a host, and a port if it is not the default of the
    /// scheme.
    ///
    /// One `/` at the end counts as the empty path and is dropped.
    ///
    /// # Errors
    ///
    /// Returns [`OriginError`] if the text is not an `http` or `https` URL. User name, password,
    /// path, query and fragment are errors too.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let bare = text.strip_suffix('/').unwrap_or(text);
        let url = Url::parse(bare).map_err(|UrlFault(fault)| OriginError::new(fault))?;
        if !matches!(url.default_port(), Some(Port::HTTP | Port::HTTPS)) || url.is_websocket() {
            return Err(OriginError::new("starts with neither http:// nor https://"));
        }
        if url.has_user_info {
            return Err(OriginError::new(
                "holds a user name or password; leave them out",
            ));
        }
        if !url.path_and_query.is_empty() || url.has_fragment {
            return Err(OriginError::new(
                "holds more than scheme, host and port; leave out the path",
            ));
        }
        let port = match url.port {
            None => None,
            Some(digits) => Some(parse_port(digits).ok_or(OriginError::new(PORT_FAULT))?),
        };
        Ok(Self {
            text: bare.into(),
            scheme: url.scheme.into(),
            host: url.host.into(),
            port,
            public_prefix: Box::default(),
            server_prefix: Box::default(),
        })
    }

    /// Sets the start of the path that Twilio requests and the server does not see. Default: none.
    ///
    /// A gateway cuts its stage, a proxy cuts a prefix, and axum's `Router::nest` cuts its own from
    /// the path that a layer inside sees. Twilio signs the whole path.
    ///
    /// ```
    /// use clinspark_twilio::types::AuthToken;
    /// use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    ///
    /// // Twilio requests https://api.example.com/prod/sms, and the server sees /sms.
    /// let origin = PublicOrigin::parse("https://api.example.com")?;
    /// let twilio = Validator::new(AuthToken::new("12345")?, origin.clone());
    /// let service = Validator::new(AuthToken::new("12345")?, origin.public_prefix("/prod")?);
    ///
    /// let signature = twilio.sign(&http::Request::post("/prod/sms").body("")?);
    /// let request = http::Request::post("/sms").header(SIGNATURE_HEADER, signature).body("")?;
    /// assert_eq!(service.verify(request)?.path(), "/prod/sms");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`OriginError`] unless the text is a path such as `/prod`: `/` at the start, none at
    /// the end, neither query nor fragment.
    pub fn public_prefix(mut self, prefix: &str) -> Result<Self, OriginError> {
        self.public_prefix = path_prefix(prefix)?;
        Ok(self)
    }

    /// Sets the start of the path that the server sees and Twilio does not request. Default: none.
    ///
    /// For a proxy that passes `/sms` on as `/api/sms`, it is `/api`. With
    /// [`public_prefix`](Self::public_prefix), one prefix takes the place of the other.
    ///
    /// A request whose path does not start with the prefix is
    /// [refused](super::SignatureErrorKind::MissingServerPrefix). It did not come through the proxy:
    /// `/sms` of the server is another endpoint than `/sms` of Twilio, with the same signature.
    ///
    /// # Errors
    ///
    /// Returns [`OriginError`] as [`public_prefix`](Self::public_prefix) does.
    pub fn server_prefix(mut self, prefix: &str) -> Result<Self, OriginError> {
        self.server_prefix = path_prefix(prefix)?;
        Ok(self)
    }

    /// Returns the path and query that Twilio requested, from those that the server sees. `None` if
    /// the path does not start with the [server prefix](Self::server_prefix).
    pub(crate) fn public_target<'a>(&self, path_and_query: &'a str) -> Option<Cow<'a, str>> {
        let rest = path_and_query.strip_prefix(&*self.server_prefix)?;
        // A prefix ends where a segment ends: `/api` is no prefix of `/apiary`.
        if !(self.server_prefix.is_empty() || rest.is_empty() || rest.starts_with(['/', '?'])) {
            return None;
        }
        // Without a prefix of either side, nothing is allocated.
        if self.public_prefix == self.server_prefix {
            return Some(Cow::Borrowed(path_and_query));
        }
        let is_root = self.public_prefix.is_empty() && !rest.starts_with('/');
        let root = if is_root { "/" } else { "" };
        Some(Cow::Owned([root, &*self.public_prefix, rest].concat()))
    }

    /// Returns the origin as it was written, without a `/` at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns `true` if Twilio reaches this service over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
    }

    /// Returns the host as it was written. An IPv6 address keeps its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns `true` if the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Returns the port, if one was written.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the URL of a path and query that starts with `/`, such as `/twilio/sms?lang=en`.
    ///
    /// The path and query are neither encoded nor normalised.
    #[must_use]
    pub fn url(&self, path_and_query: &str) -> String {
        [self.as_str(), path_and_query].concat()
    }

    /// Returns the URL of a WebSocket at this path, such as `/media`: `wss`, or `ws` on an origin
    /// without TLS. It is the `url` of `<Stream>` and `<ConversationRelay>`.
    ///
    /// ```
    /// use clinspark_twilio::webhook::PublicOrigin;
    ///
    /// let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// assert_eq!(origin.websocket_url("/media"), "wss://acme.example.com/media");
    /// # Ok::<(), clinspark_twilio::webhook::OriginError>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/voice/twiml/stream>
    #[must_use]
    pub fn websocket_url(&self, path: &str) -> String {
        let scheme = if self.is_https() { "wss" } else { "ws" };
        let (_, rest) = self.text.split_at(self.scheme.len());
        [scheme, rest, path].concat()
    }

    /// Returns `true` if a host is that of this origin. Case makes no difference (RFC 3986).
    #[cfg(feature = "client")]
    pub(crate) fn has_host(&self, host: &str) -> bool {
        self.host.eq_ignore_ascii_case(host)
    }

    /// Returns the path, query and fragment of a URL on this origin. Scheme and host may be written
    /// in another case.
    #[cfg(feature = "client")]
    pub(crate) fn path_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        let (origin, path) = url.split_at_checked(self.text.len())?;
        // A host may begin with the same text, as in `https://acme.example.com.evil.example`.
        let is_whole = path.is_empty() || path.starts_with(['/', '?', '#']);
        (is_whole && origin.eq_ignore_ascii_case(&self.text)).then_some(path)
    }

    /// Returns the path, query and fragment of a URL whose webhooks this origin verifies.
    ///
    /// Twilio signs the URL as it is written, so the signature of another case does not match.
    #[cfg(feature = "client")]
    pub(crate) fn signed_path_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        let path = url.strip_prefix(&*self.text)?;
        path.starts_with('/').then_some(path)
    }

    /// Returns the signed URL of a request for this path and query.
    pub(crate) fn join<'a>(&'a self, path_and_query: &'a str) -> Url<'a> {
        let port = self.port.is_some().then(|| {
            let (_, port) = self.text.rsplit_once(':').unwrap_or_default();
            port
        });
        Url {
            scheme: &self.scheme,
            host: &self.host,
            port,
            path_and_query,
            has_user_info: false,
            has_fragment: false,
        }
    }
}

/// Reads a prefix of a path.
fn path_prefix(text: &str) -> Result<Box<str>, OriginError> {
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.ends_with('/');
    if !is_path || !text.bytes().all(|b| b.is_ascii_graphic()) || text.contains(['?', '#']) {
        return Err(OriginError {
            fault: "has a prefix that is not a path",
            example: "/prod",
        });
    }
    Ok(text.into())
}

impl fmt::Display for PublicOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for PublicOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicOrigin({})", self.text)
    }
}

impl FromStr for PublicOrigin {
    type Err = OriginError;
    fn from_str(text: &str) -> Result<Self, OriginError> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for PublicOrigin {
    type Error = OriginError;
    fn try_from(text: &str) -> Result<Self, OriginError> {
        Self::parse(text)
    }
}

/// Error returned when a text is not a public origin.
///
/// The message does not quote the text, because URLs may contain passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the public origin {fault}; write it like {example}")]
pub struct OriginError {
    fault: &'static str,
    example: &'static str,
}

impl OriginError {
    const fn new(fault: &'static str) -> Self {
        Self {
            fault,
            example: "https://acme.example.com",
        }
    }
}

const PORT_FAULT: &str = "has a port that is not a number from 0 to 65535";

/// Fault of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UrlFault(pub(crate) &'static str);

/// Ports that a URL may omit.
struct Port;

impl Port {
    const HTTP: &'static str = "80";
    const HTTPS: &'static str = "443";
}

/// Parts of a URL that signing needs, each as it was written.
#[derive(Clone, Copy)]
pub(crate) struct Url<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) port: Option<&'a str>,
    /// Text from the first `/` or `?` on, or empty if there is neither.
    pub(crate) path_and_query: &'a str,
    has_user_info: bool,
    has_fragment: bool,
}

impl<'a> Url<'a> {
    /// Splits a whole URL. User name, password and fragment are dropped, because Twilio does not
    /// sign them.
    pub(crate) fn parse(text: &'a str) -> Result<Self, UrlFault> {
        if text.bytes().any(|b| b <= b' ' || b == 0x7F) {
            return Err(UrlFault("holds a blank or a control character"));
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlFault("has no scheme"))?;
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (rest, None),
        };
        let path_at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at(path_at);
        let (user_info, host_and_port) = match authority.rsplit_once('@') {
            Some((user_info, host)) => (Some(user_info), host),
            None => (None, authority),
        };
        let (host, port) = split_port(host_and_port)?;
        let url = Self {
            scheme,
            host,
            port,
            path_and_query,
            has_user_info: user_info.is_some(),
            has_fragment: fragment.is_some(),
        };
        if url.default_port().is_none() {
            return Err(UrlFault("starts with neither http:// nor https://"));
        }
        Ok(url)
    }

    /// Creates a URL of which only the path and query are known.
    #[cfg(feature = "client")]
    pub(crate) const fn of_target(path_and_query: &'a str) -> Self {
        Self {
            scheme: "",
            host: "",
            port: None,
            path_and_query,
            has_user_info: false,
            has_fragment: false,
        }
    }

    fn default_port(&self) -> Option<&'static str> {
        let is = |name| self.scheme.eq_ignore_ascii_case(name);
        if is("https") || is("wss") {
            Some(Port::HTTPS)
        } else if is("http") || is("ws") {
            Some(Port::HTTP)
        } else {
            None
        }
    }

    fn is_websocket(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("wss") || self.scheme.eq_ignore_ascii_case("ws")
    }

    /// Returns the query without its `?`.
    pub(crate) fn query(&self) -> Option<&'a str> {
        self.path_and_query.split_once('?').map(|(_, query)| query)
    }

    /// Returns the URLs that Twilio may have signed for an HTTP request.
    ///
    /// The first is the URL as written. The second has no port if one is written, because voice
    /// requests drop it; otherwise it has the scheme's default port. No other port is guessed.
    pub(crate) fn candidates(&self) -> [SignedUrl<'a>; 2] {
        let Self {
            scheme,
            host,
            port,
            path_and_query,
            ..
        } = *self;
        let as_written = SignedUrl {
            scheme,
            host,
            port,
            path_and_query,
            slash: "",
        };
        let port = match port {
            Some(_) => None,
            None => self.default_port(),
        };
        [as_written, SignedUrl { port, ..as_written }]
    }

    /// Returns the URL with a WebSocket scheme: `wss` for `https`, `ws` for `http`.
    pub(crate) fn to_websocket(self) -> Self {
        let scheme = match self.default_port() {
            _ if self.is_websocket() => self.scheme,
            Some(Port::HTTPS) => "wss",
            _ => "ws",
        };
        Self { scheme, ..self }
    }

    /// Returns the URLs with the other spelling of the trailing slash.
    ///
    /// Twilio signs some handshakes with a slash that the URL does not have. It may sign a bare
    /// host without one.
    pub(crate) fn other_slash(&self) -> Option<[SignedUrl<'a>; 2]> {
        let candidates = self.candidates();
        match self.path_and_query {
            "/" => Some(candidates.map(|url| SignedUrl {
                path_and_query: "",
                ..url
            })),
            path if path.ends_with('/') => None,
            _ => Some(candidates.map(|url| SignedUrl { slash: "/", ..url })),
        }
    }

    /// Returns the URL without its query.
    pub(crate) fn without_query(&self) -> Self {
        let path = self.path_and_query.split('?').next().unwrap_or_default();
        Self {
            path_and_query: path,
            ..*self
        }
    }
}

/// Splits `host:port`. The colons of an IPv6 address are inside brackets.
fn split_port(host_and_port: &str) -> Result<(&str, Option<&str>), UrlFault> {
    let host_end = match host_and_port.rfind(']') {
        Some(bracket) => bracket + 1,
        None => host_and_port.find(':').unwrap_or(host_and_port.len()),
    };
    let (host, rest) = host_and_port.split_at(host_end);
    let name = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').filter(|a| is_ipv6(a)),
        None => Some(host).filter(|h| !h.contains(['[', ']', '\\', '%'])),
    };
    if name.is_none_or(str::is_empty) {
        return Err(UrlFault("has no host"));
    }
    if rest.is_empty() {
        return Ok((host, None));
    }
    // Text behind `]` without a colon is not a port: `?` fails the check of digits.
    let digits = rest.strip_prefix(':').unwrap_or("?");
    if digits.is_empty() || parse_port(digits).is_some() {
        Ok((host, Some(digits)))
    } else {
        Err(UrlFault(PORT_FAULT))
    }
}

fn is_ipv6(address: &str) -> bool {
    address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// URL that Twilio may have signed, in pieces. The MAC reads the pieces, so that no string is
/// built.
#[derive(Clone, Copy)]
pub(crate) struct SignedUrl<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) port: Option<&'a str>,
    pub(crate) path_and_query: &'a str,
    /// `/` if Twilio signs one that the URL does not have.
    pub(crate) slash: &'static str,
}

impl<'a> SignedUrl<'a> {
    pub(crate) fn pieces(&self) -> [&'a str; 7] {
        let (colon, port) = match self.port {
            Some(port) => (":", port),
            None => ("", ""),
        };
        let Self {
            scheme,
            host,
            path_and_query,
            slash,
            ..
        } = *self;
        [scheme, "://", host, colon, port, path_and_query, slash]
    }
}

impl fmt::Display for SignedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces()
            .into_iter()
            .try_for_each(|piece| f.write_str(piece))
    }
}
