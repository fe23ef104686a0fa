//! How a row becomes a type: the `element!` macro, nesting by type, and the way out for what is
//! newer than this crate.

use std::fmt;

use super::node::{Draft, Tag};
use super::read;
use super::table::ElementRow;
use super::text::Text;

/// A typed element of a document. Every row implements it; nothing else can.
#[expect(private_bounds, reason = "sealed: only rows are elements")]
pub trait Element: Content {
    /// The element's row.
    const ROW: &'static ElementRow;
}

/// What may stand inside a `Parent`: the compiler's proof that Twilio allows the nesting.
///
/// Rows implement it from their list of parents; nothing else can.
///
/// ```compile_fail,E0277
/// use clinspark_twilio::twiml::{Dial, Gather};
///
/// Dial::new().append(Gather::new()); // `<Gather>` may not appear inside `<Dial>`
/// ```
#[diagnostic::on_unimplemented(
    message = "`<{Self}>` may not appear inside `<{Parent}>`",
    label = "Twilio does not take this here",
    note = "the documentation of each element says what it may stand in"
)]
#[expect(
    private_bounds,
    reason = "sealed: only rows, text and `Custom` have a place"
)]
pub trait ChildOf<Parent>: Content {}

/// The seal of [`Element`] and [`ChildOf`].
pub(super) trait Content {
    fn append_to(self, parent: &mut Draft);
}

/// An element that is newer than this crate, by its name.
///
/// It may stand anywhere and hold anything: nothing is known about it. Its values are escaped
/// like all others.
///
/// ```
/// use clinspark_twilio::twiml::{Custom, Say, VoiceResponse};
///
/// let document = VoiceResponse::new().append(
///     Custom::new("Brand-New")?
///         .attribute("level", "7")?
///         .append(Say::new("Hello")),
/// );
/// assert!(document.to_xml().contains(r#"<Brand-New level="7"><Say>Hello</Say></Brand-New>"#));
/// assert!(Custom::new("Say><Hangup/").is_err());
/// # Ok::<(), clinspark_twilio::twiml::NameError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "an element says nothing until it is appended"]
pub struct Custom {
    opening: String,
    closing: String,
    draft: Draft,
}

impl Custom {
    /// An empty element of this name.
    ///
    /// # Errors
    ///
    /// [`NameError`] when the name cannot stand in a document.
    pub fn new(tag: &str) -> Result<Self, NameError> {
        check_name(tag)?;
        Ok(Self {
            opening: format!("<{tag}"),
            closing: format!("</{tag}>"),
            draft: Draft::new(),
        })
    }

    /// Sets an attribute; setting it again replaces its value.
    ///
    /// # Errors
    ///
    /// [`NameError`] when the name cannot stand in a document.
    pub fn attribute<'a>(
        mut self,
        name: &str,
        value: impl Into<Text<'a>>,
    ) -> Result<Self, NameError> {
        check_name(name)?;
        self.draft.set_named(name, 0, value.into().as_str());
        Ok(self)
    }

    /// Appends any element, or text.
    pub fn append(mut self, child: impl ChildOf<Self>) -> Self {
        child.append_to(&mut self.draft);
        self
    }

    fn tag(&self) -> Tag<'_> {
        Tag {
            opening: &self.opening,
            closing: &self.closing,
        }
    }
}

impl Content for Custom {
    fn append_to(self, parent: &mut Draft) {
        parent.push_element(self.tag(), &self.draft);
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(&self.draft, self.tag(), f)
    }
}

impl<Parent> ChildOf<Parent> for Custom {}
impl<Child: Element> ChildOf<Custom> for Child {}

/// A name that cannot stand in a document.
///
/// Twilio's names are ASCII: a letter, then letters, digits, `-`, `_` and `.`. What begins with
/// `xml` is reserved, `xml:lang` and `xml:space` excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name for an element or attribute: {fault}")]
#[non_exhaustive]
pub struct NameError {
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Empty,
    Start,
    Character(usize),
    Reserved,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Start => f.write_str("it does not begin with an ASCII letter or `_`"),
            Self::Character(at) => write!(
                f,
                "character {at} is none of ASCII letter, digit, `-`, `_` and `.`"
            ),
            Self::Reserved => f.write_str("names that begin with `xml` are reserved"),
        }
    }
}

/// Lets a name through that cannot close a tag or open another.
pub(super) fn check_name(name: &str) -> Result<(), NameError> {
    match fault(name) {
        None => Ok(()),
        Some(fault) => Err(NameError { fault }),
    }
}

/// Shows an element's structure without its values and text.
pub(super) fn debug(draft: &Draft, tag: Tag<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match read(&draft.document(tag)) {
        Ok(node) => fmt::Debug::fmt(&node, f),
        // Too deep or too long for the reader.
        Err(_) => write!(f, "{}>..{}", tag.opening, tag.closing),
    }
}

fn fault(name: &str) -> Option<Fault> {
    if matches!(name, "xml:lang" | "xml:space") {
        return None;
    }
    let first = name.chars().next();
    if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
        return Some(first.map_or(Fault::Empty, |_| Fault::Start));
    }
    if name
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("xml"))
    {
        return Some(Fault::Reserved);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let at = name.chars().position(|c| !allowed(c))?;
    Some(Fault::Character(at + 1))
}

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
        pub struct $name($crate::twiml::node::Draft);

        impl $name {
            const TAG: $crate::twiml::node::Tag<'static> = $crate::twiml::node::Tag {
                opening: concat!("<", $tag),
                closing: concat!("</", $tag, ">"),
            };

            $( $crate::twiml::element::constructor! {
                $(#[$constructor_doc])* $constructor $arguments
            } )+

            $($( $crate::twiml::element::setter! {
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
            fn append_to(self, parent: &mut $crate::twiml::node::Draft) {
                parent.push_element(Self::TAG, &self.0);
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
                    mixed: $crate::twiml::element::is_mixed!($($mixed)?),
                    constructors: &[$(
                        $crate::twiml::element::constructor_row!($arguments)
                    ),+],
                    attributes: &[$($( $crate::twiml::element::attribute_row!(
                        $xml, $kind $(, $low, $high)? $(, $least, u32::MAX)?
                    ) ),+)?],
                };
        }

        $( $crate::twiml::element::default! { $name $constructor $arguments } )+
        $( impl $crate::twiml::ChildOf<$parent> for $name {} )+
        $( $crate::twiml::element::$mixed!($name); )?
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
            Self($crate::twiml::node::Draft::new())
        }
    };
    ($(#[$doc:meta])* $name:ident ($text:ident: $kind:tt)) => {
        $(#[$doc])*
        pub fn $name<'a>($text: impl Into<$crate::twiml::Text<'a>>) -> Self {
            Self($crate::twiml::node::Draft::with_text($text.into().as_str()))
        }
    };
    ($(#[$doc:meta])* $name:ident ($($attribute:ident = $xml:literal: Text),+)) => {
        $(#[$doc])*
        pub fn $name<'a>(
            $($attribute: impl Into<$crate::twiml::Text<'a>>),+
        ) -> Self {
            Self($crate::twiml::node::Draft::new()) $(.$attribute($attribute))+
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
            required: &[$( $crate::twiml::element::attribute_row!($xml, $kind) ),+],
        }
    };
}

/// The setter of an attribute. What it takes depends on the row's kind: text, a length of time,
/// a slice, or a type of this room as it is.
macro_rules! setter {
    ($(#[$doc:meta])* $name:ident = $xml:literal: Text) => {
        $crate::twiml::element::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Url) => {
        $crate::twiml::element::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Phone) => {
        $crate::twiml::element::setter!(@text $(#[$doc])* $name = $xml);
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Seconds) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::value::seconds(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Milliseconds) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::value::milliseconds(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: SsmlTime) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            std::time::Duration, |out, value| $crate::twiml::value::ssml_time(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: Phrases) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            &[impl AsRef<str>], |out, value| $crate::twiml::value::phrases(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: [$word:ident]) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            &[$word], |out, value| $crate::twiml::value::list(out, value));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: (open $word:ident)) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            impl Into<$word>, |out, value| $crate::twiml::value::Value::write(value.into(), out));
    };
    ($(#[$doc:meta])* $name:ident = $xml:literal: $value:ident) => {
        $crate::twiml::element::setter!(@ $(#[$doc])* $name = $xml:
            $value, |out, value| $crate::twiml::value::Value::write(value, out));
    };
    (@text $(#[$doc:meta])* $name:ident = $xml:literal) => {
        $(#[$doc])*
        #[doc = concat!("\n\nWritten as `", $xml, "`.")]
        pub fn $name<'a>(mut self, value: impl Into<$crate::twiml::Text<'a>>) -> Self {
            let value = value.into();
            self.0.set(
                const {
                    $crate::twiml::node::Attribute {
                        opening: concat!(" ", $xml, "=\""),
                        bit: <Self as $crate::twiml::Element>::ROW.bit($xml),
                    }
                },
                |out| $crate::twiml::node::escape_value(out, value.as_str()),
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
            kind: $crate::twiml::element::kind!($kind),
            range: None,
        }
    };
    ($xml:literal, $kind:tt, $low:expr, $high:expr) => {
        $crate::twiml::table::AttributeRow {
            name: $xml,
            kind: $crate::twiml::element::kind!($kind),
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

macro_rules! text_is_content {
    ($($text:ty),+) => {$(
        impl Content for $text {
            fn append_to(self, parent: &mut Draft) {
                parent.push_text(Text::from(self).as_str());
            }
        }

        impl ChildOf<Custom> for $text {}
    )+};
}

text_is_content!(&str, String, Text<'_>);
