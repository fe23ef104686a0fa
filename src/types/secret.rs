//! Secrets: kept out of logs and wiped from memory. Values that cannot be a secret are refused.

use std::fmt;

use zeroize::Zeroizing;

macro_rules! secrets {
    ($( $(#[$doc:meta])* $name:ident ($what:literal); )+) => {$(
        $(#[$doc])*
        ///
        /// `Debug` prints `[redacted]`. There is no `Display` and no `Serialize`, and the memory is
        /// wiped when the value is dropped.
        ///
        /// ```
        #[doc = concat!("use clinspark_twilio::types::", stringify!($name), ";")]
        ///
        #[doc = concat!("let secret = ", stringify!($name), "::new(\"value-from-a-secret-store\")?;")]
        #[doc = concat!("assert_eq!(format!(\"{secret:?}\"), \"", stringify!($name), "([redacted])\");")]
        /// // An empty value and a placeholder are refused.
        #[doc = concat!("assert!(", stringify!($name), "::new(\"\").is_err());")]
        #[doc = concat!("assert!(", stringify!($name), "::new(\"changeme\").is_err());")]
        /// # Ok::<(), clinspark_twilio::types::SecretError>(())
        /// ```
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Wraps a secret.
            ///
            /// # Errors
            ///
            /// [`SecretError`] when the value is empty or cannot be a secret of Twilio's. Such a
            /// value contains a blank, a control or an invisible character, is in quotes, is a SID,
            /// or is a placeholder such as `your_auth_token`.
            pub fn new(secret: impl Into<String>) -> Result<Self, SecretError> {
                let secret = Zeroizing::new(secret.into());
                // Anyone could sign with an empty key.
                if secret.is_empty() {
                    return Err(SecretError { what: $what, fault: "is empty" });
                }
                if secret.chars().any(|c| c.is_whitespace() || c.is_control()) {
                    return Err(SecretError {
                        what: $what,
                        fault: "contains a blank, newline or control character; write the value alone",
                    });
                }
                if let Some(fault) = stray_character(&secret).or_else(|| not_a_secret(&secret)) {
                    return Err(SecretError { what: $what, fault });
                }
                Ok(Self(secret))
            }

            /// Returns the secret, for signatures and authentication. Do not print it.
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
    /// Auth token of an account: password of the REST API and key of webhook signatures.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken>
    AuthToken("auth token");
    /// Secret of an API key, which authenticates REST requests but cannot validate webhooks.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api-keys>
    ApiKeySecret("API key secret");
    /// Access token of an OAuth app, which authenticates REST requests for a limited time.
    ///
    /// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
    BearerToken("bearer token");
    /// Secret of an OAuth app, which it exchanges for access tokens.
    ///
    /// Source: <https://www.twilio.com/docs/iam/oauth-apps>
    ClientSecret("client secret");
    /// Refresh token of an OAuth app, which it exchanges for the next access token.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc6749#section-1.5>
    RefreshToken("refresh token");
    /// Secret of a shared key, which signs webhooks in place of the auth token.
    ///
    /// Source: <https://www.twilio.com/docs/usage/security>
    SharedKeySecret("shared key secret");
}

/// Returns the fault of a value that is in quotes or contains an invisible character. Some tools
/// add them.
pub(crate) fn stray_character(text: &str) -> Option<&'static str> {
    if text.chars().any(super::is_ignorable) {
        return Some(
            "contains an invisible character such as a byte order mark; type the value by hand",
        );
    }
    let is_quoted = text.starts_with(is_quote) || text.ends_with(is_quote);
    is_quoted.then_some(
        "is in quotes; write the value alone (tools such as `docker --env-file` keep quotes)",
    )
}

const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'
    )
}

/// Returns the fault of a value that was given in place of a secret. Length and alphabet are not
/// checked, because Twilio may change the form of its secrets.
fn not_a_secret(text: &str) -> Option<&'static str> {
    if super::is_sid(text) {
        return Some("is a SID; copy the secret that belongs to it");
    }
    if text.starts_with("TWILIO_") {
        return Some("begins with the name of an environment variable; write the value alone");
    }
    is_placeholder(text).then_some("is a placeholder; copy the value from Twilio's console")
}

/// Returns `true` for placeholders of Twilio's documents, of configuration templates and of shells.
fn is_placeholder(text: &str) -> bool {
    let brackets = [
        ("<", ">"),
        ("[", "]"),
        ("{", "}"),
        ("(", ")"),
        ("%", "%"),
        ("$", ""),
    ];
    if brackets
        .iter()
        .any(|(open, close)| text.starts_with(open) && text.ends_with(close))
    {
        return true;
    }
    // Twilio's secrets have 32 characters, so a run of eight equal ones is a placeholder. A value
    // of more than 40 is a key made for a test, and may have such runs.
    let mut longest = 1;
    let mut equal = 1;
    for (one, next) in text.chars().zip(text.chars().skip(1)) {
        equal = if one == next { equal + 1 } else { 1 };
        longest = longest.max(equal);
    }
    let length = text.chars().count();
    if length <= 40 && (longest >= 8 || longest == length && length >= 3) {
        return true;
    }
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    let word: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    // A copy of the secret: wiped like the secret itself.
    let word = Zeroizing::new(word);
    let is_told = |start: &&str| word.starts_with(*start);
    [
        "your",
        "changeme",
        "replaceme",
        "replacewith",
        "insert",
        "enteryour",
        "placeholder",
    ]
    .iter()
    .any(is_told)
        || WORDS.contains(&word.as_str())
}

/// Placeholders that are compared with the whole value, without case and punctuation.
const WORDS: [&str; 14] = [
    "authtoken",
    "twilioauthtoken",
    "myauthtoken",
    "apikeysecret",
    "apisecret",
    "changethis",
    "replacethis",
    "todo",
    "tbd",
    "none",
    "null",
    "undefined",
    "redacted",
    "dummy",
];

/// Error for a value that cannot be a secret of Twilio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {fault}")]
#[non_exhaustive]
pub struct SecretError {
    what: &'static str,
    fault: &'static str,
}
