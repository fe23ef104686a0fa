//! One newtype per SID prefix, so that a call's SID cannot stand where a message's is wanted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Two letters and 32 hexadecimal digits.
const LENGTH: usize = 34;

macro_rules! sids {
    ($( $(#[$doc:meta])* $name:ident = $($prefix:literal)|+ ; )+) => {$(
        $(#[$doc])*
        ///
        /// Two letters and 32 hexadecimal digits, kept as Twilio wrote them. A SID is not a
        /// secret and holds nothing about a person: it may be logged.
        ///
        /// Source: <https://www.twilio.com/docs/glossary/what-is-a-sid>
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; LENGTH]);

        impl $name {
            /// The prefixes that this SID may carry, such as `["AC"]`.
            pub const PREFIXES: &'static [&'static str] = &[$($prefix),+];

            /// Reads a SID.
            ///
            /// # Errors
            ///
            /// [`SidError`] when the text is not one of [`PREFIXES`](Self::PREFIXES) followed by
            /// 32 hexadecimal digits.
            pub fn parse(text: &str) -> Result<Self, SidError> {
                parse(text, Self::PREFIXES).map(Self)
            }

            /// The SID as Twilio writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                // Only ASCII gets past `parse`, so the fallback is never taken.
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl FromStr for $name {
            type Err = SidError;
            fn from_str(text: &str) -> Result<Self, SidError> {
                Self::parse(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = SidError;
            fn try_from(text: &str) -> Result<Self, SidError> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    )+};
}

sids! {
    /// An account or sub-account.
    AccountSid = "AC";
    /// An entry of the debugger.
    AlertSid = "NO";
    /// A name in the sender pool of a Messaging Service.
    AlphaSenderSid = "AI";
    /// An API key, the user name of a request signed in with a key instead of the auth token.
    ApiKeySid = "SK";
    /// A TwiML App, which ClinSpark calls its Application SID.
    ApplicationSid = "AP";
    /// A brand registered for texting in the USA (A2P 10DLC).
    BrandSid = "BN";
    /// A call, or one leg of it.
    CallSid = "CA";
    /// A campaign registered for texting in the USA (A2P 10DLC).
    CampaignSid = "QE" | "CM";
    /// A content template.
    ContentSid = "HX";
    /// A conference.
    ConferenceSid = "CF";
    /// An entry of the audit log.
    EventSid = "AE";
    /// A media file of a message.
    MediaSid = "ME";
    /// A message: `SM` for SMS, `MM` for MMS and other channels.
    MessageSid = "SM" | "MM";
    /// A Messaging Service.
    MessagingServiceSid = "MG";
    /// A phone number owned by an account.
    PhoneNumberSid = "PN";
    /// A queue of calls.
    QueueSid = "QU";
    /// A recording.
    RecordingSid = "RE";
    /// A short code of an account.
    ShortCodeSid = "SC";
    /// A stream of a call's audio.
    StreamSid = "MZ";
    /// The verification of a toll-free number.
    TollfreeVerificationSid = "HH";
    /// A transcription of a recording.
    TranscriptionSid = "TR";
}

/// The text is no SID of the wanted kind.
///
/// The message names what was wanted, not what was given: people paste secrets into the wrong
/// field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SID: expected {} followed by 32 hexadecimal digits, {found}", .expected.join(" or "))]
#[non_exhaustive]
pub struct SidError {
    expected: &'static [&'static str],
    found: Found,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Length(usize),
    Prefix,
    Digits,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => write!(f, "found {length} characters"),
            Self::Prefix => f.write_str("found another prefix"),
            Self::Digits => f.write_str("found other characters after the prefix"),
        }
    }
}

fn parse(text: &str, prefixes: &'static [&'static str]) -> Result<[u8; LENGTH], SidError> {
    let error = |found| SidError {
        expected: prefixes,
        found,
    };
    let bytes: [u8; LENGTH] = text
        .as_bytes()
        .try_into()
        .map_err(|_| error(Found::Length(text.chars().count())))?;
    let Some(digits) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) else {
        return Err(error(Found::Prefix));
    };
    if is_hexadecimal(digits) {
        Ok(bytes)
    } else {
        Err(error(Found::Digits))
    }
}

/// Whether a text has the shape of a SID with one of these prefixes.
#[cfg(feature = "client")]
pub(crate) fn is_sid_of(text: &str, prefixes: &'static [&'static str]) -> bool {
    parse(text, prefixes).is_ok()
}

/// Whether a text has the shape of a SID: two capital letters and 32 hexadecimal digits. A phone
/// number never has.
pub(crate) fn is_sid(text: &str) -> bool {
    text.len() == LENGTH
        && text.split_at_checked(2).is_some_and(|(prefix, digits)| {
            prefix.bytes().all(|b| b.is_ascii_uppercase()) && is_hexadecimal(digits)
        })
}

fn is_hexadecimal(digits: &str) -> bool {
    digits.bytes().all(|b| b.is_ascii_hexdigit())
}
