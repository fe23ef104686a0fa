//! Secrets: kept from logs and wiped from memory; obvious mistakes are refused.

use std::fmt;

use zeroize::Zeroizing;

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
            /// [`SecretError`] when it is empty, or certainly no secret of Twilio's: it holds a
            /// blank, a control or an invisible character, stands in quotes, is a SID, or is a
            /// placeholder such as `your_auth_token`. An empty key is one that everyone knows.
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
                if let Some(fault) = stray_character(&secret).or_else(|| not_a_secret(&secret)) {
                    return Err(SecretError { what: $what, fault });
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

/// Quotes or an invisible character around or within a value, as some tools leave them.
pub(crate) fn stray_character(text: &str) -> Option<&'static str> {
    if text.chars().any(super::is_ignorable) {
        return Some(
            "holds an invisible character such as a byte order mark; type the value by hand",
        );
    }
    let is_quoted = text.starts_with(is_quote) || text.ends_with(is_quote);
    is_quoted.then_some(
        "stands in quotes; write the value alone (tools such as `docker --env-file` keep quotes)",
    )
}

const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'
    )
}

/// Values that were put in place of a secret. Other forms are not refused: Twilio may change its
/// own.
fn not_a_secret(text: &str) -> Option<&'static str> {
    if super::is_sid(text) {
        return Some("is a SID; copy the secret that belongs to it");
    }
    if text.starts_with("TWILIO_") {
        return Some("begins with the name of a variable; write the value alone");
    }
    is_placeholder(text).then_some("is a placeholder; copy the value from Twilio's console")
}

/// Placeholders of Twilio's documents, of configuration templates and of shells.
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
    // Twilio's secrets have 32 characters. A longer run is a key that was made for a test.
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

/// Whole values, without case and punctuation.
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

/// A secret that cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {fault}")]
#[non_exhaustive]
pub struct SecretError {
    what: &'static str,
    fault: &'static str,
}
