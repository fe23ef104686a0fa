//! Who is asking.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::bearer::{TokenSource, Tokens};
use crate::types::{AccountSid, ApiKeySecret, ApiKeySid, AuthToken};

/// What the client signs in with: the auth token, an API key, or bearer tokens of an OAuth app.
///
/// Prefer an API key: it can be withdrawn alone, and the auth token is also the key of webhook
/// signatures. A sub-account needs a key of its own.
///
/// ```
/// use clinspark_twilio::client::Credentials;
/// use clinspark_twilio::types::{AccountSid, ApiKeySecret, ApiKeySid};
///
/// let credentials = Credentials::api_key(
///     AccountSid::parse("AC00000000000000000000000000000001")?,
///     ApiKeySid::parse("SK00000000000000000000000000000001")?,
///     ApiKeySecret::new("the-secret-that-Twilio-showed-once")?,
/// );
/// assert!(!format!("{credentials:?}").contains("showed-once"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/iam/api-keys>
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    account_sid: AccountSid,
    secret: Secret,
}

#[derive(Clone, PartialEq, Eq)]
enum Secret {
    AuthToken(AuthToken),
    ApiKey(ApiKeySid, ApiKeySecret),
    Bearer(Tokens),
}

/// How a request is signed in.
#[derive(Clone)]
pub(in crate::client) enum SignIn {
    /// Always the same.
    Basic(HeaderValue),
    /// A token that has to be asked for.
    Bearer(Tokens),
}

impl Credentials {
    /// The account's own auth token.
    #[must_use]
    pub const fn auth_token(account_sid: AccountSid, auth_token: AuthToken) -> Self {
        Self {
            account_sid,
            secret: Secret::AuthToken(auth_token),
        }
    }

    /// An API key, and the account that it belongs to: the account stands in every path.
    #[must_use]
    pub const fn api_key(
        account_sid: AccountSid,
        api_key_sid: ApiKeySid,
        api_key_secret: ApiKeySecret,
    ) -> Self {
        Self {
            account_sid,
            secret: Secret::ApiKey(api_key_sid, api_key_secret),
        }
    }

    /// Bearer tokens, asked for as they are needed.
    #[must_use]
    pub fn bearer(account_sid: AccountSid, source: impl TokenSource) -> Self {
        Self {
            account_sid,
            secret: Secret::Bearer(Tokens(Arc::new(source))),
        }
    }

    /// The account that requests are made for.
    #[must_use]
    pub const fn account_sid(&self) -> AccountSid {
        self.account_sid
    }

    /// The `Authorization` header, marked sensitive so that HTTP libraries do not print it, or
    /// where to ask for it.
    pub(in crate::client) fn sign_in(&self) -> SignIn {
        let (user, password) = match &self.secret {
            Secret::AuthToken(token) => (self.account_sid.as_str(), token.expose()),
            Secret::ApiKey(sid, secret) => (sid.as_str(), secret.expose()),
            Secret::Bearer(tokens) => return SignIn::Bearer(tokens.clone()),
        };
        let pair = Zeroizing::new(format!("{user}:{password}"));
        let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        // Base64 is always fit for a header, so the fallback is never taken.
        let mut header =
            HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        header.set_sensitive(true);
        SignIn::Basic(header)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Credentials");
        out.field("account_sid", &self.account_sid);
        match &self.secret {
            Secret::AuthToken(token) => out.field("auth_token", token),
            Secret::ApiKey(sid, secret) => out
                .field("api_key_sid", sid)
                .field("api_key_secret", secret),
            Secret::Bearer(tokens) => out.field("bearer", tokens),
        };
        out.finish()
    }
}
