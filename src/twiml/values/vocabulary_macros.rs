//! Macros that declare the values of an attribute: all values, or those in common use.

/// Declares a closed enum of all values that Twilio accepts.
macro_rules! closed_vocabulary {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$value_doc:meta])* $value:ident = $text:literal, )+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$value_doc])* $value, )+
        }

        impl $name {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            const TEXTS: &'static [&'static str] = &[$($text),+];

            /// Returns Twilio's name of the value.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$value => $text, )+
                }
            }
        }

        impl $crate::twiml::write::AttributeValue for $name {
            const VALUE_TYPE: $crate::twiml::schema::ValueType =
                $crate::twiml::schema::ValueType::Enum(Self::TEXTS);

            #[inline]
            fn write(self, out: &mut String) {
                out.push_str(self.as_str());
            }
        }

        impl $crate::twiml::write::ListItem for $name {
            const LIST_VALUE_TYPE: $crate::twiml::schema::ValueType =
                $crate::twiml::schema::ValueType::EnumList(Self::TEXTS);
        }
    )+};
}

/// Declares an open enum: any text is accepted, and values in common use have constants.
macro_rules! open_vocabulary {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$value_doc:meta])* $value:ident = $text:literal, )* }
    )+) => {$(
        $(#[$doc])*
        ///
        /// Open: any text is accepted, because Twilio adds values without notice.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            $( $(#[$value_doc])*
            pub const $value: Self = Self(std::borrow::Cow::Borrowed($text)); )*

            /// All values that have a constant.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// Returns Twilio's name of the value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(std::borrow::Cow::Owned(text.into()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(std::borrow::Cow::Owned(text))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl $crate::twiml::write::AttributeValue for $name {
            const VALUE_TYPE: $crate::twiml::schema::ValueType =
                $crate::twiml::schema::ValueType::OpenEnum(Self::KNOWN);

            fn write(self, out: &mut String) {
                match &self.0 {
                    // The constants hold no characters that need escaping.
                    std::borrow::Cow::Borrowed(text) => out.push_str(text),
                    std::borrow::Cow::Owned(text) => {
                        $crate::twiml::write::escape_attribute(out, text);
                    }
                }
            }
        }
    )+};
}

pub(in crate::twiml) use {closed_vocabulary, open_vocabulary};
