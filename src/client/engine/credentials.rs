//! Credentials of a client.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::bearer::{TokenSource, Tokens};
use crate::types::{AccountSid, ApiKeySecret, ApiKeySid, AuthToken};

/// Credentials of a client: auth token, API key, or bearer tokens of an OAuth app.
///
/// Prefer an API key. It can be revoked alone, whereas the auth token is also the key of webhook
/// signatures. A sub-account needs its own key.
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
/// assert_eq!(credentials.kind().as_str(), "api-key");
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
    None,
}

/// Kind of [`Credentials`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsKind {
    /// Auth token of the account.
    AuthToken,
    /// API key, by its SID.
    ApiKey(ApiKeySid),
    /// Bearer tokens of an OAuth app.
    Bearer,
    /// No secret.
    None,
}

impl CredentialsKind {
    /// Returns the name of the kind: `auth-token`, `api-key`, `bearer` or `none`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthToken => "auth-token",
            Self::ApiKey(_) => "api-key",
            Self::Bearer => "bearer",
            Self::None => "none",
        }
    }
}

/// Authentication of a request.
#[derive(Clone)]
pub(in crate::client) enum SignIn {
    /// The same header for every request.
    Basic(HeaderValue),
    /// A bearer token, fetched for every attempt.
    Bearer(Tokens),
    /// Nothing: requests that need it are refused.
    None,
}

impl Credentials {
    /// Creates credentials from the account's auth token.
    #[must_use]
    pub const fn auth_token(account_sid: AccountSid, auth_token: AuthToken) -> Self {
        Self {
            account_sid,
            secret: Secret::AuthToken(auth_token),
        }
    }

    /// Creates credentials from an API key and the account that it belongs to. The account's SID
    /// is needed for the paths of requests.
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

    /// Creates credentials from a source of bearer tokens, which is called for every attempt.
    #[must_use]
    pub fn bearer(account_sid: AccountSid, source: impl TokenSource) -> Self {
        Self {
            account_sid,
            secret: Secret::Bearer(Tokens(Arc::new(source))),
        }
    }

    /// Returns the kind of the credentials, without the secret.
    #[must_use]
    pub const fn kind(&self) -> CredentialsKind {
        match self.secret {
            Secret::AuthToken(_) => CredentialsKind::AuthToken,
            Secret::ApiKey(sid, _) => CredentialsKind::ApiKey(sid),
            Secret::Bearer(_) => CredentialsKind::Bearer,
            Secret::None => CredentialsKind::None,
        }
    }

    /// Creates credentials without a secret, for a client that only fetches
    /// [access tokens](crate::client::oauth). Other requests are refused as
    /// [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid).
    #[must_use]
    pub const fn none(account_sid: AccountSid) -> Self {
        Self {
            account_sid,
            secret: Secret::None,
        }
    }

    /// Returns the account that requests are made for.
    #[must_use]
    pub const fn account_sid(&self) -> AccountSid {
        self.account_sid
    }

    /// Returns the `Authorization` header, or the source of tokens for it. The header is marked
    /// sensitive, so that HTTP libraries do not print it.
    pub(in crate::client) fn sign_in(&self) -> SignIn {
        let (user, password) = match &self.secret {
            Secret::AuthToken(token) => (self.account_sid.as_str(), token.expose()),
            Secret::ApiKey(sid, secret) => (sid.as_str(), secret.expose()),
            Secret::Bearer(tokens) => return SignIn::Bearer(tokens.clone()),
            Secret::None => return SignIn::None,
        };
        let pair = Zeroizing::new(format!("{user}:{password}"));
        let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        // Base64 is always valid in a header, so the fallback is never used.
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
            Secret::None => &mut out,
        };
        out.finish()
    }
}
