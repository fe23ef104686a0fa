//! Keys of batches, recipients, occurrences, senders and workers.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest key, in bytes.
const MAX_LENGTH: usize = 64;

/// Error returned when a text is not a key of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(&'static str);

fn parse(key: &str) -> Result<Box<str>, KeyError> {
    let is_permitted = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/".contains(&b);
    if !(1..=MAX_LENGTH).contains(&key.len()) || !key.bytes().all(is_permitted) {
        return Err(KeyError(
            "a key has 1 to 64 ASCII letters, digits, hyphens, underscores, full stops, colons and \
             slashes",
        ));
    }
    // Keys are stored and logged, so none of them may be a phone number.
    if !key.bytes().any(|b| b.is_ascii_alphabetic()) {
        return Err(KeyError(
            "a key without a letter could be a phone number; put a word before it, such as \
             volunteer-4711",
        ));
    }
    Ok(key.into())
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// 1 to 64 ASCII letters, digits and `-_.:/`, at least one of them a letter. Keys are stored
        /// and logged: never derive one from a phone number. serde writes it as text and checks the
        /// text when it reads it.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Parses a key.
            ///
            /// # Errors
            ///
            /// Returns [`KeyError`] for any other text.
            pub fn parse(key: &str) -> Result<Self, KeyError> {
                parse(key).map(Self)
            }

            /// Creates a key from a word and a number, such as the key of a record: `visit-4711`.
            ///
            /// # Errors
            ///
            /// Returns [`KeyError`] if [`parse`](Self::parse) refuses the result.
            pub fn numbered(word: &str, number: u64) -> Result<Self, KeyError> {
                Self::parse(&format!("{word}-{number}"))
            }

            /// Returns the key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;

            fn from_str(key: &str) -> Result<Self, KeyError> {
                Self::parse(key)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let key = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&key).map_err(D::Error::custom)
            }
        }
    )+};
}

keys! {
    /// Key of a batch, chosen by the service.
    BatchId;
    /// The service's own reference to a person, such as the key of a record.
    RecipientKey;
    /// Key of a sender: a number or a Messaging Service, under a name of the service's own. One pace
    /// applies to a sender on all machines.
    SenderKey;
    /// Name of a worker, such as its host and process. A database stores it with the claim, for a person
    /// who looks at the row.
    WorkerId;
}

impl WorkerId {
    /// Returns the name of a worker that has no other.
    pub(super) fn unnamed() -> Self {
        Self("worker".into())
    }
}

/// Occasion within a batch, for a person who gets several of its texts, such as `visit-3`.
///
/// Empty by default. Otherwise as [`RecipientKey`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence(Box<str>);

impl Occurrence {
    /// Parses an occurrence. The empty text is the default one.
    ///
    /// # Errors
    ///
    /// Returns [`KeyError`] for a text that is neither empty nor a key.
    pub fn parse(key: &str) -> Result<Self, KeyError> {
        if key.is_empty() {
            return Ok(Self::default());
        }
        parse(key).map(Self)
    }

    /// Returns the occurrence as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
