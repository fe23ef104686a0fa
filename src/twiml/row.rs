//! How a row becomes a type: the `element!` macro and the smaller ones that it is made of.
//!
//! What an attribute is written from depends on the row's kind:
//!
//! | Kind in the row | The setter takes |
//! |---|---|
//! | `Text`, `Url`, `WebSocketUrl`, `SipUrl`, `Phone`, `Tones`, `Key`, `Keys` | anything that is text, a number or an address |
//! | `Seconds`, `Milliseconds`, `SsmlTime` | a `Duration` |
//! | `Phrases` | a slice of text, joined by commas |
//! | `[Word]` | a slice of a closed vocabulary, joined by blanks |
//! | `(open Word)` | a word of an open vocabulary, or any text |
//! | any other type of this room, `bool`, `u32`, `Method` | that type |

/// Declares an element: its documentation, its name here and in the document, where it may
/// stand, how it is made, and its attributes.
///
/// ```text
/// element! {
///     /// What it does.
///     Dial = "Dial" in [VoiceResponse];
///
///     /// Awaits whom to dial.
///     new();
///
///     {
///         /// What it means; unit, range and default.
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
        #[must_use = "an element says nothing until it is appended"]
        pub struct $name($crate::twiml::pool::Pooled);

        impl $name {
            const TAG: $crate::twiml::node::Tag<'static> = $crate::twiml::node::Tag {
                opening: concat!("><", $tag, ">"),
                closing: concat!("</", $tag, ">"),
            };

            $( $crate::twiml::row::constructor! {
                $(#[$constructor_doc])* $constructor $arguments
            } )+

            $($( $crate::twiml::row::setter! {
                $(#[$attribute_doc])* $attribute = $xml: $kind
            } )+)?

            /// Appends what may stand inside this element, after what is there already.
            #[inline]
            pub fn append(mut self, child: impl $crate::twiml::ChildOf<Self>) -> Self {
                child.append_to(&mut self.0);
                self
            }

            /// Sets an attribute that is newer than this crate, its name checked, its value
            /// escaped. Setting it again replaces its value.
            ///
            /// # Errors
            ///
            /// [`NameError`](crate::twiml::NameError) when the name cannot stand in a document.
            pub fn attribute<'a>(
                mut self,
                name: &str,
                value: impl Into<$crate::twiml::Text<'a>>,
            ) -> Result<Self, $crate::twiml::NameError> {
                $crate::twiml::element::check_name(name)?;
                let bit = <Self as $crate::twiml::Element>::ROW.bit(name);
                self.0.set_named(name, bit, value.into().as_str());
                Ok(self)
            }
        }

        impl $crate::twiml::element::Content for $name {
            #[inline]
            fn append_to(mut self, parent: &mut $crate::twiml::pool::Pooled) {
                parent.push_element(Self::TAG, &mut self.0);
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::twiml::element::debug(&self.0, Self::TAG, f)
            }
        }

        impl $crate::twiml::Element for $name {
            const ROW: &'static $crate::twiml::table::ElementRow =
                &$crate::twiml::table::ElementRow {
                    name: stringify!($name),
                    tag: $tag,
                    parents: &[$(stringify!($parent)),+],
                    mixed: $crate::twiml::row::is_mixed!($($mixed)?),
                    constructors: &[$(
                        $crate::twiml::row::constructor_row!($arguments)
                    ),+],
                    attributes: &[$($( $crate::twiml::row::attribute_row!(
                        $xml, $kind $(, $low, $high)? $(, $least, u32::MAX)?
                    ) ),+)?],
                };
        }

        $( $crate::twiml::row::default! { $name $constructor $arguments } )+
        $( impl $crate::twiml::ChildOf<$parent> for $name {} )+
        $( $crate::twiml::row::$mixed!($name); )?
    };
}

/// Lets text stand between the children of an element.
macro_rules! mixed {
    ($name:ident) => {
        impl $crate::twiml::ChildOf<$name> for &str {}
        impl $crate::twiml::ChildOf<$name> for String {}
        impl $crate::twiml::ChildOf<$name> for $crate::twiml::Text<'_> {}
    };
}

macro_rules! is_mixed {
    () => {
        false
    };
    (mixed) => {
        true
    };
}

macro_rules! constructor {
    ($(#[$doc:meta])* new ()) => {
        $(#[$doc])*
        pub const fn new() -> Self {
            Self($crate::twiml::pool::Pooled::new())
        }
    };
    ($(#[$doc:meta])* $name:ident ($text:ident: $kind:tt)) => {
        $(#[$doc])*
        #[inline]
        pub fn $name<'a>($text: impl Into<$crate::twiml::Text<'a>>) -> Self {
            Self($crate::twiml::pool::Pooled::with_text($text.into().as_str()))
        }
    };
    ($(#[$doc:meta])* $name:ident ($($attribute:ident = $xml:literal: $kind:ident),+)) => {
        $(#[$doc])*
        pub fn $name<'a>(
            $($attribute: impl Into<$crate::twiml::Text<'a>>),+
        ) -> Self {
            Self($crate::twiml::pool::Pooled::new()) $(.$attribute($attribute))+
        }
    };
}

/// An element that may be made without arguments has a `Default`.
macro_rules! default {
    ($name:ident new ()) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($name:ident $constructor:ident $arguments:tt) => {};
}

macro_rules! constructor_row {
    (()) => {
        $crate::twiml::table::ConstructorRow { text: None, required: &[] }
    };
    (($text:ident: $kind:ident)) => {
        $crate::twiml::table::ConstructorRow {
            text: Some($crate::twiml::table::Kind::$kind),
            required: &[],
        }
    };
    (($($attribute:ident = $xml:literal: $kind:tt),+)) => {
        $crate::twiml::table::ConstructorRow {
            text: None,
            required: &[$( $crate::twiml::row::attribute_row!($xml, $kind) ),+],
        }
    };
}

/// The setter of an attribute. What it takes depends on the row's kind: text, a length of time,
/// a slice, or a type of this room as it is.
macro_rules! setter {
    ($(#[$doc:meta])* $name:ident = $xml:literal: Text) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Url) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Phone) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: WebSocketUrl) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: SipUrl) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Tones) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Key) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Keys) => {
        $crate::twiml::row::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Seconds) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::value::seconds(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Milliseconds) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::value::milliseconds(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: SsmlTime) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::value::ssml_time(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Phrases) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            &[impl AsRef<str>], |out, value| $crate::twiml::value::phrases(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: [$word:ident]) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            &[$word], |out, value| $crate::twiml::value::list(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: (open $word:ident)) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            impl Into<$word>, |out, value| $crate::twiml::value::Value::write(value.into(), out));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: $value:ident) => {
        $crate::twiml::row::setter!(@ $(#[$doc])* $name = $xml:
            $value, |out, value| $crate::twiml::value::Value::write(value, out));
    };
    (@text $(#[$doc:meta])* $name:ident = $xml:literal) => {
        $(#[$doc])*
        #[doc = concat!("\n\nWritten as `", $xml, "`.")]
        #[inline]
        pub fn $name<'a>(mut self, value: impl Into<$crate::twiml::Text<'a>>) -> Self {
            self.0.set_text(
                const {
                    $crate::twiml::node::Attribute {
                        opening: concat!(" ", $xml, "=\""),
                        bit: <Self as $crate::twiml::Element>::ROW.bit($xml),
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
                    $crate::twiml::node::Attribute {
                        opening: concat!(" ", $xml, "=\""),
                        bit: <Self as $crate::twiml::Element>::ROW.bit($xml),
                    }
                },
                |$out| $write,
            );
            self
        }
    };
}

macro_rules! attribute_row {
    ($xml:literal, $kind:tt) => {
        $crate::twiml::table::AttributeRow {
            name: $xml,
            kind: $crate::twiml::row::kind!($kind),
            range: None,
        }
    };
    ($xml:literal, $kind:tt, $low:expr, $high:expr) => {
        $crate::twiml::table::AttributeRow {
            name: $xml,
            kind: $crate::twiml::row::kind!($kind),
            range: Some(($low, $high)),
        }
    };
}

macro_rules! kind {
    (Text) => {
        $crate::twiml::table::Kind::Text
    };
    (Url) => {
        $crate::twiml::table::Kind::Url
    };
    (Phone) => {
        $crate::twiml::table::Kind::Phone
    };
    (WebSocketUrl) => {
        $crate::twiml::table::Kind::WebSocketUrl
    };
    (SipUrl) => {
        $crate::twiml::table::Kind::SipUrl
    };
    (Tones) => {
        $crate::twiml::table::Kind::Tones
    };
    (Key) => {
        $crate::twiml::table::Kind::Key
    };
    (Keys) => {
        $crate::twiml::table::Kind::Keys
    };
    (Seconds) => {
        $crate::twiml::table::Kind::Seconds
    };
    (Milliseconds) => {
        $crate::twiml::table::Kind::Milliseconds
    };
    (SsmlTime) => {
        $crate::twiml::table::Kind::SsmlTime
    };
    (Phrases) => {
        $crate::twiml::table::Kind::Phrases
    };
    ([$word:ident]) => {
        <$word as $crate::twiml::value::Word>::KIND_OF_LIST
    };
    ((open $word:ident)) => {
        <$word as $crate::twiml::value::Value>::KIND
    };
    ($value:ident) => {
        <$value as $crate::twiml::value::Value>::KIND
    };
}

pub(super) use {
    attribute_row, constructor, constructor_row, default, element, is_mixed, kind, mixed, setter,
};
