//! Values that must not reach a log.

use std::fmt;

use zeroize::Zeroizing;

/// A value about a person: it prints as `[redacted]`, and is reached only by
/// [`expose`](Self::expose).
///
/// Message bodies, names and recognised speech travel in it. It has no `Display` and no
/// `Serialize`, so that it reaches a log or a queue only on purpose.
///
/// ```
/// use clinspark_twilio::types::Redacted;
///
/// let body = Redacted::new("Your biopsy is tomorrow".to_owned());
/// assert_eq!(format!("{body:?}"), "[redacted]");
/// assert_eq!(body.expose(), "Your biopsy is tomorrow");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value: from here on you answer for where it goes.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, taken out.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

macro_rules! secrets {
    ($( $(#[$doc:meta])* $name:ident ($what:literal); )+) => {$(
        $(#[$doc])*
        ///
        /// It prints as `[redacted]`, has no `Display` and no `Serialize`, and is wiped from
        /// memory when dropped.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes a secret.
            ///
            /// # Errors
            ///
            /// [`SecretError`] when it is empty, or holds a blank or a control character: a
            /// stray newline from a file makes another key, and an empty key is one that
            /// everybody knows.
            pub fn new(secret: impl Into<String>) -> Result<Self, SecretError> {
                let secret = Zeroizing::new(secret.into());
                if secret.is_empty() {
                    return Err(SecretError { what: $what, fault: "is empty" });
                }
                if secret.chars().any(|c| c.is_whitespace() || c.is_control()) {
                    return Err(SecretError {
                        what: $what,
                        fault: "holds a blank, a newline or a control character",
                    });
                }
                Ok(Self(secret))
            }

            /// The secret itself: for signing and signing in, never for printing.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )+};
}

secrets! {
    /// An account's auth token: the password of the REST API and the key of webhook signatures.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken>
    AuthToken("auth token");
    /// The secret of an API key. It signs in; it cannot validate webhooks.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api-keys>
    ApiKeySecret("API key secret");
    /// A token that signs in for a while, from an OAuth app.
    ///
    /// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
    BearerToken("bearer token");
    /// The secret of a shared key, which signs webhooks in place of the auth token.
    ///
    /// Source: <https://www.twilio.com/docs/usage/security>
    SharedKeySecret("shared key secret");
}

/// A secret that cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {fault}")]
#[non_exhaustive]
pub struct SecretError {
    what: &'static str,
    fault: &'static str,
}
