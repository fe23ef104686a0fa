//! Open enums, for values that Twilio extends without notice: an unknown value is kept, never
//! refused.

use std::fmt;

/// Value that this version of the crate does not know, as Twilio wrote it.
///
/// The type cannot be built outside the crate, because code that matches on `Unknown("read")`
/// breaks once the crate adds that value. Compare the enum's `as_str()` instead.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the value as Twilio wrote it.
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

/// Declares an enum of known values with an `Unknown` variant that keeps any other text.
///
/// A row is a value's documentation, its Rust name and Twilio's spelling.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $( $(#[$value_doc:meta])* $value:ident = $text:literal, )+
        }
    ) => {
        $(#[$doc])*
        ///
        /// Open enum: a value that this version does not know becomes `Unknown` and keeps its text.
        /// Reading never fails, and writing returns the text that was read.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$value_doc])* $value, )+
            /// Value newer than this version of the crate.
            Unknown($crate::types::UnknownValue),
        }

        impl $name {
            /// Every value that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$value),+];

            /// Returns the value as Twilio writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$value => $text, )+
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$value, )+
                    _ => Self::Unknown($crate::types::UnknownValue::new(text)),
                }
            }
        }

        impl std::str::FromStr for $name {
            // `parse::<Self>()` works in generic code, although reading cannot fail.
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
