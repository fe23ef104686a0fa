//! Vocabularies that Twilio extends without notice: a word we do not know is kept, never refused.

use std::fmt;

/// A word that this version of the crate does not know, as Twilio wrote it.
///
/// It cannot be built outside the crate: a caller that matched on `Unknown("read")` would break
/// on the day the crate learns the word. Compare by `as_str()` of the enum instead.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The word as Twilio wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Declares an enum of known words with a lossless `Unknown`.
///
/// A row is the word's documentation, its Rust name and Twilio's spelling.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $( $(#[$word_doc:meta])* $word:ident = $text:literal, )+
        }
    ) => {
        $(#[$doc])*
        ///
        /// Open: a word that this version does not know becomes `Unknown` and keeps its text, so
        /// reading never fails and writing gives back what was read.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$word_doc])* $word, )+
            /// A word newer than this version of the crate.
            Unknown($crate::types::UnknownValue),
        }

        impl $name {
            /// Every word this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$word),+];

            /// Twilio's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$word => $text, )+
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$word, )+
                    _ => Self::Unknown($crate::types::UnknownValue::new(text)),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Ok(Self::from(&*text))
            }
        }
    };
}

pub(crate) use open_enum;
