//! The `element!` macro, which defines the type of an element from a table, and its helper macros.
//!
//! The argument of a setter depends on the type of the attribute's value:
//!
//! | Value type in the table | Argument of the setter |
//! |---|---|
//! | `Text`, `Url`, `WebSocketUrl`, `SipUrl`, `PhoneNumber`, `DtmfTones`, `DtmfKey`, `DtmfKeys` | anything that converts to `TextValue` |
//! | `Seconds`, `Milliseconds`, `SsmlDuration` | a `Duration` |
//! | `PhraseList` | a slice of text, joined by commas |
//! | `[Item]` | a slice of a closed vocabulary or of numbers, joined by blanks |
//! | `(open Item)` | a value of an open vocabulary, or any text |
//! | any other type, such as `bool`, `u32`, `Method` | that type |

/// Declares an element.
///
/// The arguments are its documentation, its Rust name, its tag, its parents, its constructors and
/// its attributes.
///
/// ```text
/// element! {
///     /// Purpose of the element.
///     Dial = "Dial" in [VoiceResponse];
///
///     /// Creates the element with its required values.
///     new();
///
///     {
///         /// Meaning of the attribute, with unit, range and default.
///         timeout = "timeout": Seconds in 5..=600,
///     }
/// }
/// ```
macro_rules! element {
    (
        $(#[$doc:meta])*
        $name:ident = $tag:literal in [$($parent:ident),+ $(,)?] $(, $mixed:ident)?;

        $(
            $(#[$constructor_doc:meta])*
            $constructor:ident $arguments:tt;
        )+

        $({ $(
            $(#[$attribute_doc:meta])*
            $attribute:ident = $xml:literal: $kind:tt
                $(in $low:literal..=$high:literal)? $(from $least:literal)?,
        )+ })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        #[must_use = "an element has no effect until it is appended"]
        pub struct $name($crate::twiml::write::PooledBuffer);

        impl $name {
            const TAG: $crate::twiml::write::Tag<'static> = $crate::twiml::write::Tag {
                opening: concat!("<", $tag),
                closing: concat!("</", $tag, ">"),
            };

            $( $crate::twiml::element_macro::element_constructor! {
                $(#[$constructor_doc])* $constructor $arguments
            } )+

            $($( $crate::twiml::element_macro::attribute_setter! {
                $(#[$attribute_doc])* $attribute = $xml: $kind
            } )+)?

            /// Appends a child element or text after the existing content.
            #[inline]
            pub fn append(mut self, child: impl $crate::twiml::ChildOf<Self>) -> Self {
                child.append_to(&mut self.0);
                self
            }

            /// Sets an attribute that is newer than this crate. The name is checked and the value
            /// is escaped. Setting the attribute again replaces its value.
            ///
            /// # Errors
            ///
            /// Returns [`NameError`](crate::twiml::NameError) if the name is not valid in a
            /// document.
            pub fn attribute<'a>(
                mut self,
                name: &str,
                value: impl Into<$crate::twiml::TextValue<'a>>,
            ) -> Result<Self, $crate::twiml::NameError> {
                $crate::twiml::name::check_name(name)?;
                let bit = <Self as $crate::twiml::Element>::SCHEMA.attribute_bit(name);
                self.0.set_named(name, bit, value.into().as_str());
                Ok(self)
            }
        }

        impl $crate::twiml::element::AppendTo for $name {
            #[inline]
            fn append_to(self, parent: &mut $crate::twiml::write::PooledBuffer) {
                parent.push_element(Self::TAG, &self.0);
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::twiml::element::fmt_structure(&self.0, Self::TAG, f)
            }
        }

        impl $crate::twiml::Element for $name {
            const SCHEMA: &'static $crate::twiml::schema::ElementSchema =
                &$crate::twiml::schema::ElementSchema {
                    type_name: stringify!($name),
                    tag: $tag,
                    parents: &[$(stringify!($parent)),+],
                    mixed_content: $crate::twiml::element_macro::has_mixed_content!($($mixed)?),
                    constructors: &[$(
                        $crate::twiml::element_macro::constructor_schema!($arguments)
                    ),+],
                    attributes: &[$($( $crate::twiml::element_macro::attribute_schema!(
                        $xml, $kind $(, $low, $high)? $(, $least, u32::MAX)?
                    ) ),+)?],
                };
        }

        $( $crate::twiml::element_macro::default_constructor! { $name $constructor $arguments } )+
        $( impl $crate::twiml::ChildOf<$parent> for $name {} )+
        $( $crate::twiml::element_macro::$mixed!($name); )?
    };
}

/// Permits mixed content: text between the children of an element.
macro_rules! mixed_content {
    ($name:ident) => {
        impl $crate::twiml::ChildOf<$name> for &str {}
        impl $crate::twiml::ChildOf<$name> for String {}
        impl $crate::twiml::ChildOf<$name> for $crate::twiml::TextValue<'_> {}
    };
}

macro_rules! has_mixed_content {
    () => {
        false
    };
    (mixed_content) => {
        true
    };
}

macro_rules! element_constructor {
    ($(#[$doc:meta])* new ()) => {
        $(#[$doc])*
        pub const fn new() -> Self {
            Self($crate::twiml::write::PooledBuffer::new())
        }
    };
    ($(#[$doc:meta])* $name:ident ($text:ident: $kind:tt)) => {
        $(#[$doc])*
        #[inline]
        pub fn $name<'a>($text: impl Into<$crate::twiml::TextValue<'a>>) -> Self {
            Self($crate::twiml::write::PooledBuffer::with_text($text.into().as_str()))
        }
    };
    ($(#[$doc:meta])* $name:ident ($($attribute:ident = $xml:literal: $kind:ident),+)) => {
        $(#[$doc])*
        pub fn $name<'a>(
            $($attribute: impl Into<$crate::twiml::TextValue<'a>>),+
        ) -> Self {
            Self($crate::twiml::write::PooledBuffer::new()) $(.$attribute($attribute))+
        }
    };
}

/// Implements `Default` for an element that has a constructor without arguments.
macro_rules! default_constructor {
    ($name:ident new ()) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($name:ident $constructor:ident $arguments:tt) => {};
}

macro_rules! constructor_schema {
    (()) => {
        $crate::twiml::schema::ConstructorSchema { text: None, required_attributes: &[] }
    };
    (($text:ident: $kind:ident)) => {
        $crate::twiml::schema::ConstructorSchema {
            text: Some($crate::twiml::schema::ValueType::$kind),
            required_attributes: &[],
        }
    };
    (($($attribute:ident = $xml:literal: $kind:tt),+)) => {
        $crate::twiml::schema::ConstructorSchema {
            text: None,
            required_attributes: &[$( $crate::twiml::element_macro::attribute_schema!($xml, $kind) ),+],
        }
    };
}

/// Defines the setter of an attribute. The table above lists its argument types.
macro_rules! attribute_setter {
    ($(#[$doc:meta])* $name:ident = $xml:literal: Text) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Url) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: PhoneNumber) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: WebSocketUrl) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: SipUrl) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: DtmfTones) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: DtmfKey) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: DtmfKeys) => {
        $crate::twiml::element_macro::attribute_setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Seconds) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::write::write_seconds(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Milliseconds) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::write::write_milliseconds(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: SsmlDuration) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::write::write_ssml_duration(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: PhraseList) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            &[impl AsRef<str>], |out, value| $crate::twiml::write::write_phrases(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: [$item:ident]) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            &[$item], |out, value| $crate::twiml::write::write_list(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: (open $item:ident)) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            impl Into<$item>, |out, value| $crate::twiml::write::AttributeValue::write(value.into(), out));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: $value:ident) => {
        $crate::twiml::element_macro::attribute_setter!(@ $(#[$doc])* $name = $xml:
            $value, |out, value| $crate::twiml::write::AttributeValue::write(value, out));
    };
    (@text $(#[$doc:meta])* $name:ident = $xml:literal) => {
        $(#[$doc])*
        #[doc = concat!("\n\nWritten as `", $xml, "`.")]
        #[inline]
        pub fn $name<'a>(mut self, value: impl Into<$crate::twiml::TextValue<'a>>) -> Self {
            self.0.set_text(
                // Evaluated at compile time, so that a setter does not search the schema.
                const {
                    $crate::twiml::write::Attribute {
                        opening: concat!(" ", $xml, "=\""),
                        bit: <Self as $crate::twiml::Element>::SCHEMA.attribute_bit($xml),
                    }
                },
                value.into().as_str(),
            );
            self
        }
    };
    (@ $(#[$doc:meta])* $name:ident = $xml:literal: $type:ty, |$out:ident, $value:ident| $write:expr) => {
        $(#[$doc])*
        #[doc = concat!("\n\nWritten as `", $xml, "`.")]
        #[inline]
        pub fn $name(mut self, $value: $type) -> Self {
            self.0.set(
                const {
                    $crate::twiml::write::Attribute {
                        opening: concat!(" ", $xml, "=\""),
                        bit: <Self as $crate::twiml::Element>::SCHEMA.attribute_bit($xml),
                    }
                },
                |$out| $write,
            );
            self
        }
    };
}

macro_rules! attribute_schema {
    ($xml:literal, $kind:tt) => {
        $crate::twiml::schema::AttributeSchema {
            name: $xml,
            value_type: $crate::twiml::element_macro::value_type!($kind),
            range: None,
        }
    };
    ($xml:literal, $kind:tt, $low:expr, $high:expr) => {
        $crate::twiml::schema::AttributeSchema {
            name: $xml,
            value_type: $crate::twiml::element_macro::value_type!($kind),
            range: Some(($low, $high)),
        }
    };
}

macro_rules! value_type {
    (Text) => {
        $crate::twiml::schema::ValueType::Text
    };
    (Url) => {
        $crate::twiml::schema::ValueType::Url
    };
    (PhoneNumber) => {
        $crate::twiml::schema::ValueType::PhoneNumber
    };
    (WebSocketUrl) => {
        $crate::twiml::schema::ValueType::WebSocketUrl
    };
    (SipUrl) => {
        $crate::twiml::schema::ValueType::SipUrl
    };
    (DtmfTones) => {
        $crate::twiml::schema::ValueType::DtmfTones
    };
    (DtmfKey) => {
        $crate::twiml::schema::ValueType::DtmfKey
    };
    (DtmfKeys) => {
        $crate::twiml::schema::ValueType::DtmfKeys
    };
    (Seconds) => {
        $crate::twiml::schema::ValueType::Seconds
    };
    (Milliseconds) => {
        $crate::twiml::schema::ValueType::Milliseconds
    };
    (SsmlDuration) => {
        $crate::twiml::schema::ValueType::SsmlDuration
    };
    (PhraseList) => {
        $crate::twiml::schema::ValueType::PhraseList
    };
    ([$item:ident]) => {
        <$item as $crate::twiml::write::ListItem>::LIST_VALUE_TYPE
    };
    ((open $item:ident)) => {
        <$item as $crate::twiml::write::AttributeValue>::VALUE_TYPE
    };
    ($value:ident) => {
        <$value as $crate::twiml::write::AttributeValue>::VALUE_TYPE
    };
}

pub(super) use {
    attribute_schema, attribute_setter, constructor_schema, default_constructor, element,
    element_constructor, has_mixed_content, mixed_content, value_type,
};
