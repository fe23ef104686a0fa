//! Usual mistakes, each with a short name and advice.

use std::fmt;

/// Declares the mistakes: documentation, Rust name, short name, advice.
macro_rules! causes {
    ($( $(#[$doc:meta])* $name:ident = $short:literal, $words:literal; )+) => {
        /// Usual mistake that makes a signature fail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Cause {
            $( $(#[$doc])* $name, )+
        }

        impl Cause {
            /// Returns a short name, such as `trailing-slash`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$name => $short, )+
                }
            }

            /// Returns an explanation of the cause and the fix.
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
    /// The scheme is `http` instead of `https`, or the other way round.
    Scheme = "scheme",
        "the signature fits with http and https exchanged; set the public origin to the \
         scheme in Twilio's console, because a proxy that ends TLS hides it";
    /// The host is wrong, and a header names the right one: the proxy does not pass on the public
    /// host.
    Host = "host",
        "the signature fits another host, which a header names; set the public origin to the \
         host in Twilio's console";
    /// The port differs from the one in Twilio's console.
    Port = "port",
        "the signature fits another port; set the public origin to the port in Twilio's \
         console, not to the one the server listens on";
    /// The path has an extra `/` at the end, or lacks one.
    TrailingSlash = "trailing-slash",
        "the signature fits with the slash at the end of the path added or removed; make the \
         URL in Twilio's console the one the server answers without a redirect";
    /// The path was decoded, normalised or written in lower case.
    ///
    /// Alternatively, a proxy rewrote the path or removed a prefix. A header such as
    /// `X-Forwarded-Prefix` or `X-Original-URI` then names the rest.
    Path = "path",
        "the signature fits another path: another spelling, or the one that a header of the \
         proxy names, such as X-Forwarded-Prefix or X-Original-URI; pass the path on as it came \
         in, without cutting a prefix, rewriting, decoding or normalising it, verify before the \
         router changes it, or set PublicOrigin::public_prefix to what it cuts";
    /// The query was decoded, or decoded and encoded again: `+` instead of `%20`, or escapes with
    /// letters in the other case.
    QueryEncoding = "query-encoding",
        "the signature fits another encoding of the query; pass the query on as it came in, \
         without decoding it or encoding it again";
    /// The parameters of the query are in another order.
    QueryOrder = "query-order",
        "the signature fits another order of the query's parameters; pass the query on as it \
         came in, and configure URLs whose parameters are sorted";
    /// The query was added after Twilio signed the URL.
    QueryAdded = "query-added",
        "the signature fits the URL without its query; find the proxy or router that adds it, \
         and verify before it";
    /// The signature covers a user name, password or fragment, which Twilio does not sign.
    UserInfoOrFragment = "user-info-or-fragment",
        "the signature covers the URL's user, password or fragment, which Twilio never signs; \
         sign tests without them, and refuse the request otherwise";
    /// Blanks around values were trimmed, or line ends changed.
    TrimmedValues = "trimmed-values",
        "the signature fits with blanks around a value, or other line ends; values were \
         trimmed, so verify the raw body before any middleware changes it";
    /// Parameters without a value were dropped or added.
    EmptyValues = "empty-values",
        "the signature fits with the parameters that have no value added or dropped; verify \
         the raw body before any middleware drops them";
    /// The body was decoded or encoded once more: `+` lost its escape, or `%` was escaped.
    BodyEncoding = "body-encoding",
        "the signature fits the body decoded or encoded once more or less; verify the raw \
         body, in which + is a blank and %2B a plus";
    /// Parameters of the query were added to the form.
    QueryInForm = "query-in-form",
        "the signature fits without the query's parameters in the form; leave them out of the \
         form, because they are signed as part of the URL only";
    /// The body was parsed and serialised again, so it differs from the bytes that Twilio sent.
    BodyReserialised = "body-reserialised",
        "the signature fits another serialisation of the same body; it was parsed and \
         serialised again, so verify the raw bytes";
    /// The body is a form, but its `Content-Type` is not that of a form.
    ContentType = "content-type",
        "the signature fits the body as a form; declare it as \
         application/x-www-form-urlencoded, as Twilio does";
    /// The request was made with the other method: GET instead of POST, or POST instead of GET.
    Method = "method",
        "the signature fits the same parameters sent by the other method; pass the request on \
         as it came in, or fix the method in Twilio's console";
    /// A WebSocket handshake was verified as a webhook, or the other way round.
    RequestKind = "request-kind",
        "the signature fits the other kind of request; verify WebSocket handshakes as such, \
         and webhooks as webhooks";
    /// The signature header itself was encoded, quoted or cut.
    HeaderEncoding = "header-encoding",
        "the signature fits when the header is read leniently; pass X-Twilio-Signature on \
         unchanged, because something quoted, cut or encoded it";
    /// The query's `bodySHA256` is missing or in another place, so nothing covers the body.
    LostBodyHash = "lost-body-hash",
        "the URL is signed, but its bodySHA256 is missing or in another place, so nothing \
         covers the body; pass the query on as it came in";
    /// No other cause matches. The token belongs to another account or is a secondary token, a part
    /// of the request was removed, or the request is forged.
    OtherToken = "other-token",
        "no usual mistake explains it: the token is not the primary auth token of the account, \
         or subaccount, that sent this; or a parameter, the query or a part of the path was \
         removed on the way; or the request is forged";
}

/// Writes the short name and the advice.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.as_str(), self.advice())
    }
}
