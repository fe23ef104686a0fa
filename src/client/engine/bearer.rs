//! Tokens that are fetched, and expire.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::types::{BearerToken, BoxError, BoxFuture};

/// Where bearer tokens come from: your own fetching and keeping of them.
///
/// Called before every attempt, so keep a token until it is about to expire. Tokens of an OAuth app
/// come from `POST https://oauth.twilio.com/v2/token` and last an hour unless the app says
/// otherwise.
///
/// ```
/// use std::sync::Mutex;
/// use clinspark_twilio::client::{Credentials, TokenSource};
/// use clinspark_twilio::types::{AccountSid, BearerToken, BoxError, BoxFuture};
///
/// #[derive(Default)]
/// struct Kept(Mutex<Option<BearerToken>>);
///
/// impl TokenSource for Kept {
///     fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>> {
///         Box::pin(async move {
///             if let Some(token) = self.0.lock().unwrap().clone() {
///                 return Ok(token);
///             }
///             let token = fetch().await?;
///             *self.0.lock().unwrap() = Some(token.clone());
///             Ok(token)
///         })
///     }
///
///     fn refused(&self, token: &BearerToken) {
///         // Only that one: another request may have brought a newer.
///         self.0.lock().unwrap().take_if(|kept| kept == token);
///     }
/// }
///
/// /// Asks Twilio, by the HTTP client that you have.
/// async fn fetch() -> Result<BearerToken, BoxError> {
///     // ...
/// #   Ok(BearerToken::new("token")?)
/// }
///
/// let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// let credentials = Credentials::bearer(account, Kept::default());
/// # let _ = credentials;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
pub trait TokenSource: Send + Sync + 'static {
    /// A token that is good now. It gets as long as the attempt that it is for, and no longer than
    /// that attempt may be put off (see
    /// [`ClientBuilder::operation_timeout`](crate::client::ClientBuilder::operation_timeout)).
    ///
    /// Keep secrets out of the error: it becomes the source of one of kind
    /// [`Token`](crate::client::ErrorKind::Token), which is logged.
    fn token(&self) -> BoxFuture<'_, Result<BearerToken, BoxError>>;

    /// Twilio has answered 401 to this token: do not give it out again.
    ///
    /// After that the client asks for another and repeats the request, once, which is harmless:
    /// nothing was done. The request's and the client's limits on repeats hold for that too.
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

/// A source that two credentials may share.
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

/// The `Authorization` header, if the token is fit for one, marked sensitive.
pub(in crate::client) fn header(token: &BearerToken) -> Option<HeaderValue> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose()));
    let mut header = HeaderValue::from_str(&text)
        .ok()
        .filter(|_| text.is_ascii())?;
    header.set_sensitive(true);
    Some(header)
}
