//! One newtype per SID prefix, so that a call SID cannot be passed where a message SID is expected.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bytes of a SID: two letters and 32 hexadecimal digits.
const LENGTH: usize = 34;

macro_rules! sids {
    ($( $(#[$doc:meta])* $name:ident = $first:literal $(| $other:literal)* ; )+) => {$(
        $(#[$doc])*
        ///
        /// Two letters and 32 hexadecimal digits, kept as Twilio wrote them. A SID is not a secret
        /// and contains no personal data, so it may be logged.
        ///
        /// ```
        #[doc = concat!("use clinspark_twilio::types::", stringify!($name), ";")]
        ///
        #[doc = concat!("let sid = ", stringify!($name), "::parse(\"", $first, "00000000000000000000000000000001\")?;")]
        #[doc = concat!("assert_eq!(sid.as_str(), \"", $first, "00000000000000000000000000000001\");")]
        /// // Another prefix is refused.
        #[doc = concat!("assert!(", stringify!($name), "::parse(\"XX00000000000000000000000000000001\").is_err());")]
        /// # Ok::<(), clinspark_twilio::types::SidError>(())
        /// ```
        ///
        /// Source: <https://www.twilio.com/docs/glossary/what-is-a-sid>
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; LENGTH]);

        impl $name {
            /// Valid prefixes of this SID, such as `["AC"]`.
            pub const PREFIXES: &'static [&'static str] = &[$first $(, $other)*];

            /// Parses a SID.
            ///
            /// # Errors
            ///
            /// [`SidError`] when the text is not one of [`PREFIXES`](Self::PREFIXES) followed by
            /// 32 hexadecimal digits.
            pub fn parse(text: &str) -> Result<Self, SidError> {
                parse(text, Self::PREFIXES).map(Self)
            }

            /// Returns the SID as text.
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
    /// SID of an account or subaccount.
    AccountSid = "AC";
    /// SID of an alert in Twilio's debugger.
    AlertSid = "NO";
    /// SID of an alphanumeric sender in the sender pool of a Messaging Service.
    AlphaSenderSid = "AI";
    /// SID of an API key: the user name of a request that authenticates with a key instead of the
    /// auth token.
    ApiKeySid = "SK";
    /// SID of a TwiML App. ClinSpark calls it the Application SID.
    ApplicationSid = "AP";
    /// SID of a brand registered for texting in the USA (A2P 10DLC).
    BrandSid = "BN";
    /// SID of a bundle of documents about a business.
    BundleSid = "BU";
    /// SID of a call, or of one leg of a call.
    CallSid = "CA";
    /// SID of a campaign registered for texting in the USA (A2P 10DLC).
    CampaignSid = "QE" | "CM";
    /// SID of a content template.
    ContentSid = "HX";
    /// SID of a conference.
    ConferenceSid = "CF";
    /// SID of an event in Twilio's audit log.
    EventSid = "AE";
    /// SID of a media file of a message.
    MediaSid = "ME";
    /// SID of a message: `SM` for SMS, `MM` for MMS and other channels.
    MessageSid = "SM" | "MM";
    /// SID of a Messaging Service.
    MessagingServiceSid = "MG";
    /// SID of an OAuth app, which is its client ID.
    OauthAppSid = "OQ";
    /// SID of a payment session: `<Pay>` and the Payments resource.
    PaymentSid = "PK";
    /// SID of a phone number owned by an account.
    PhoneNumberSid = "PN";
    /// SID of a call queue.
    QueueSid = "QU";
    /// SID of a recording.
    RecordingSid = "RE";
    /// SID of a number on the safe list.
    SafeListSid = "GN";
    /// SID of a short code owned by an account.
    ShortCodeSid = "SC";
    /// SID of a SIPREC session of a call.
    SiprecSid = "SR";
    /// SID of a media stream of a call.
    StreamSid = "MZ";
    /// SID of a toll-free verification.
    TollfreeVerificationSid = "HH";
    /// SID of a real-time transcription, or of a transcript of Conversational Intelligence.
    TranscriptSid = "GT";
    /// SID of a transcription of a recording.
    TranscriptionSid = "TR";
    /// SID of a vetting of a brand by a third party.
    VettingSid = "VT";
}

/// Error for text that is not a SID of the expected type.
///
/// The message names the expected prefix and never repeats the text, because people paste secrets
/// into the wrong field.
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
        // Characters, not bytes: that is the length a reader of the message can count.
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

/// Returns `true` if the text has the shape of a SID with one of these prefixes.
#[cfg(feature = "client")]
pub(crate) fn is_sid_of(text: &str, prefixes: &'static [&'static str]) -> bool {
    parse(text, prefixes).is_ok()
}

/// Returns `true` if the text has the shape of a SID: two capital letters and 32 hexadecimal
/// digits. No phone number has this shape.
pub(crate) fn is_sid(text: &str) -> bool {
    text.len() == LENGTH
        && text.split_at_checked(2).is_some_and(|(prefix, digits)| {
            prefix.bytes().all(|b| b.is_ascii_uppercase()) && is_hexadecimal(digits)
        })
}

fn is_hexadecimal(digits: &str) -> bool {
    digits.bytes().all(|b| b.is_ascii_hexdigit())
}
