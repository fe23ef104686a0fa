//! Bearer tokens: fetched from a source, and expiring.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::types::{BearerToken, BoxError, BoxFuture};

/// Source of bearer tokens. Implement it to fetch and cache the tokens of an OAuth app.
///
/// The client calls [`token`](Self::token) before every attempt, so cache a token until it is
/// about to expire. Tokens last an hour, unless the app is configured otherwise.
///
/// ```
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant};
/// use clinspark_twilio::client::oauth::{CreateOauth2Token, Grant};
/// use clinspark_twilio::client::{Client, Credentials, Delivery, TokenSource};
/// use clinspark_twilio::types::{AccountSid, BearerToken, BoxError, BoxFuture};
/// # use clinspark_twilio::client::accounts::FetchBalance;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{ClientSecret, OauthAppSid};
///
/// struct CachedToken {
///     client: Client,
///     grant: Grant,
///     cached: Mutex<Option<(BearerToken, Instant)>>,
/// }
///
/// impl TokenSource for CachedToken {
///     fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
///         Box::pin(async move {
///             if let Some((token, renewal)) = self.cached.lock().unwrap().clone()
///                 && Instant::now() < renewal
///             {
///                 return Ok(token);
///             }
///             let request = CreateOauth2Token::new(self.grant.clone());
///             let fetched = self.client.execute(request).await?;
///             // Renewed after half of its lifetime, long before it expires.
///             let half = fetched.lifetime().unwrap_or(Duration::from_secs(60)) / 2;
///             let token = fetched.access_token.ok_or("the response has no token")?;
///             *self.cached.lock().unwrap() = Some((token.clone(), Instant::now() + half));
///             Ok(token)
///         })
///     }
///
///     fn refused(&self, token: &BearerToken) {
///         // Remove this token only: another request may have fetched a newer one.
///         self.cached.lock().unwrap().take_if(|(cached, _)| cached == token);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let app = OauthAppSid::parse("OQ00000000000000000000000000000001")?;
/// # let grant = Grant::client_credentials(app, ClientSecret::new("the-secret")?);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(200, r#"{"access_token": "token", "expires_in": 3600}"#))
/// #     .reply(Reply::json(200, r#"{"balance": "8.50", "currency": "USD"}"#));
/// // A client without credentials fetches the tokens of the other.
/// let client = Client::builder(Credentials::none(account), Delivery::Off)
/// #    .with_transport(transport.clone())
///     .build()?;
/// let source = CachedToken { client, grant, cached: Mutex::default() };
/// let client = Client::builder(Credentials::bearer(account, source), Delivery::Off)
/// #    .with_transport(transport.clone())
///     .build()?;
/// client.execute(FetchBalance::new()).await?;
/// # let [fetched, sent] = transport.requests().try_into().unwrap();
/// # assert!(!fetched.headers().contains_key("authorization"));
/// # assert_eq!(sent.headers()["authorization"], "Bearer token");
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
pub trait TokenSource: Send + Sync + 'static {
    /// Returns a token that is valid now.
    ///
    /// The client waits for it at most as long as for an attempt
    /// ([`ClientBuilder::attempt_timeout`](crate::client::ClientBuilder::attempt_timeout)). The
    /// wait also ends once too little of the
    /// [`operation_timeout`](crate::client::ClientBuilder::operation_timeout) is left for the
    /// attempt.
    ///
    /// A returned error becomes the source of an [`Error`](crate::client::Error) of kind
    /// [`Token`](crate::client::ErrorKind::Token). Errors are logged: keep secrets out of it.
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>>;

    /// Notifies the source that Twilio responded with 401 to this token. Do not return it again.
    ///
    /// The client then requests another token and retries once. The retry is safe, because Twilio
    /// did not carry out the request. It counts against the retry limits of request and client.
    fn refused(&self, token: &BearerToken) {
        let _ = token;
    }
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
        (**self).token()
    }

    fn refused(&self, token: &BearerToken) {
        (**self).refused(token);
    }
}

/// A token source, shared by clones of the credentials.
#[derive(Clone)]
pub(in crate::client) struct Tokens(pub(in crate::client) Arc<dyn TokenSource>);

impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Tokens {}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

/// Returns the `Authorization` header, marked sensitive. `None` when a header cannot carry the
/// token.
pub(in crate::client) fn header(token: &BearerToken) -> Option<HeaderValue> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose()));
    let mut header = HeaderValue::from_str(&text)
        .ok()
        .filter(|_| text.is_ascii())?;
    header.set_sensitive(true);
    Some(header)
}
