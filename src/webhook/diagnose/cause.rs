//! The usual mistakes, each with its name and what to do about it.

use std::fmt;

/// Declares the mistakes: documentation, Rust name, short name, what to do.
macro_rules! causes {
    ($( $(#[$doc:meta])* $name:ident = $short:literal, $words:literal; )+) => {
        /// A usual mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Cause {
            $( $(#[$doc])* $name, )+
        }

        impl Cause {
            /// A short name, such as `trailing-slash`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$name => $short, )+
                }
            }

            /// Explanation of the cause and what to change.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self {
                    $( Self::$name => $words, )+
                }
            }
        }
    };
}

causes! {
    /// `http` instead of `https`, or the other way round.
    Scheme = "scheme",
        "the signature fits with http and https exchanged; set the public origin to the \
         scheme in Twilio's console, because a proxy that ends TLS hides it";
    /// Another host, which a header names: the proxy does not pass the public one on.
    Host = "host",
        "the signature fits another host, which a header names; set the public origin to the \
         host in Twilio's console";
    /// Another port than the one in Twilio's console.
    Port = "port",
        "the signature fits another port; set the public origin to the port in Twilio's \
         console, not to the one the server listens on";
    /// A `/` too many or too few at the end of the path.
    TrailingSlash = "trailing-slash",
        "the signature fits with the slash at the end of the path added or removed; make the \
         URL in Twilio's console the one the server answers without a redirect";
    /// The path was decoded, normalised or written in lower case; or a proxy rewrote it or cut a
    /// prefix off it, and a header such as `X-Forwarded-Prefix` or `X-Original-URI` names the rest.
    Path = "path",
        "the signature fits another path: another spelling, or the one that a header of the \
         proxy names, such as X-Forwarded-Prefix or X-Original-URI; pass the path on as it came \
         in, without cutting a prefix, rewriting, decoding or normalising it, or verify before \
         the router changes it";
    /// The query was decoded, or decoded and encoded again: `+` instead of `%20`, escapes in other
    /// letters.
    QueryEncoding = "query-encoding",
        "the signature fits another encoding of the query; pass the query on as it came in, \
         without decoding it or encoding it again";
    /// The query's parameters stand in another order.
    QueryOrder = "query-order",
        "the signature fits another order of the query's parameters; pass the query on as it \
         came in, and configure URLs whose parameters are sorted";
    /// The query was added after Twilio signed the URL.
    QueryAdded = "query-added",
        "the signature fits the URL without its query; find the proxy or router that adds it, \
         and verify before it";
    /// User, password or fragment were signed, which Twilio does not do.
    UserInfoOrFragment = "user-info-or-fragment",
        "the signature covers the URL's user, password or fragment, which Twilio never signs; \
         sign tests without them, and refuse the request otherwise";
    /// Blanks around values were trimmed, or line ends changed.
    TrimmedValues = "trimmed-values",
        "the signature fits with blanks around a value, or other line ends; values were \
         trimmed, so verify the raw body before any middleware changes it";
    /// Parameters without a value were dropped, or added.
    EmptyValues = "empty-values",
        "the signature fits with the parameters that have no value added or dropped; verify \
         the raw body before any middleware drops them";
    /// The body was decoded or encoded once more: `+` lost its escape, or `%` gained one.
    BodyEncoding = "body-encoding",
        "the signature fits the body decoded or encoded once more or less; verify the raw \
         body, in which + is a blank and %2B a plus";
    /// Parameters of the query were added to those of the form.
    QueryInForm = "query-in-form",
        "the signature fits without the query's parameters in the form; leave them out of the \
         form, because they are signed as part of the URL only";
    /// The body was parsed and serialised again, so it is no longer what Twilio sent.
    BodyReserialised = "body-reserialised",
        "the signature fits another serialisation of the same body; it was parsed and \
         serialised again, so verify the raw bytes";
    /// The body is a form that is not declared as one.
    ContentType = "content-type",
        "the signature fits the body as a form; declare it as \
         application/x-www-form-urlencoded, as Twilio does";
    /// The request was made with the other method: GET instead of POST, or POST instead of GET.
    Method = "method",
        "the signature fits the same parameters sent by the other method; pass the request on \
         as it came in, or fix the method in Twilio's console";
    /// A WebSocket handshake was verified as a webhook, or the other way round.
    RequestKind = "entry",
        "the signature fits the other kind of request; verify WebSocket handshakes as such, \
         and webhooks as webhooks";
    /// The signature header itself was encoded, quoted or cut.
    HeaderEncoding = "header-encoding",
        "the signature fits when the header is read leniently; pass X-Twilio-Signature on \
         unchanged, because something quoted, cut or encoded it";
    /// The query lost its `bodySHA256`.
    LostBodyHash = "lost-body-hash",
        "the URL is signed, but its bodySHA256 is missing or in another place, so nothing \
         covers the body; pass the query on as it came in";
    /// No other cause explains it. The token belongs to another account or is a secondary one, a
    /// part of the request was removed, or the request is forged.
    OtherToken = "other-token",
        "no usual mistake explains it: the token is not the primary auth token of the account, \
         or sub-account, that sent this; or a parameter, the query or a part of the path was \
         removed on the way; or the request is forged";
}

/// The short name, and the advice.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.as_str(), self.advice())
    }
}
