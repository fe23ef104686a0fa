//! Values with a type of their own, and how each kind of value is written.

use std::time::Duration;

use super::table::Kind;
use super::text::Text;
use crate::types::Method;

/// A value that is written as text.
pub(super) trait Value {
    const KIND: Kind;

    fn into_text(self) -> Text;
}

/// A value that may stand in a list.
pub(super) trait Word: Copy {
    const KIND_OF_LIST: Kind;

    fn push_to(self, list: &mut String);
}

impl Value for bool {
    const KIND: Kind = Kind::Boolean;

    fn into_text(self) -> Text {
        Text::word(if self { "true" } else { "false" })
    }
}

impl Value for u32 {
    const KIND: Kind = Kind::Integer;

    fn into_text(self) -> Text {
        Text::integer(self.into())
    }
}

impl Word for u32 {
    const KIND_OF_LIST: Kind = Kind::Integers;

    fn push_to(self, list: &mut String) {
        list.push_str(Text::integer(self.into()).as_str());
    }
}

impl Value for Method {
    const KIND: Kind = Kind::Method;

    fn into_text(self) -> Text {
        Text::word(self.as_str())
    }
}

/// How often something is said or played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "Twilio takes a count, and 0 for no end"
)]
pub enum Loop {
    /// Until the call ends.
    Forever,
    /// This many times. `Times(0)` is the same as [`Forever`](Self::Forever) to Twilio.
    Times(u32),
}

impl Value for Loop {
    const KIND: Kind = Kind::Integer;

    fn into_text(self) -> Text {
        match self {
            Self::Forever => Text::word("0"),
            Self::Times(times) => times.into_text(),
        }
    }
}

/// How long a pause ends what a caller says.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/gather#speechtimeout>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "Twilio takes these two forms")]
pub enum SpeechTimeout {
    /// Twilio listens for the end of the sentence.
    Auto,
    /// This many seconds of silence.
    Seconds(u32),
}

impl Value for SpeechTimeout {
    const KIND: Kind = Kind::AutoOrSeconds;

    fn into_text(self) -> Text {
        match self {
            Self::Auto => Text::word("auto"),
            Self::Seconds(seconds) => seconds.into_text(),
        }
    }
}

/// Whole seconds. A part of a second counts as a whole one, so that a short wait never becomes 0.
pub(super) fn seconds(length: Duration) -> Text {
    let part = u64::from(length.subsec_nanos() > 0);
    Text::integer(length.as_secs().saturating_add(part))
}

/// Whole milliseconds. A part of one counts as a whole one.
pub(super) fn milliseconds(length: Duration) -> Text {
    Text::integer(whole_milliseconds(length))
}

/// Whole seconds as `2s`, anything else in milliseconds as `300ms`.
pub(super) fn ssml_time(length: Duration) -> Text {
    let milliseconds = whole_milliseconds(length);
    let text = if milliseconds.is_multiple_of(1000) {
        format!("{}s", milliseconds / 1000)
    } else {
        format!("{milliseconds}ms")
    };
    Text::copied(&text)
}

/// Words separated by blanks.
pub(super) fn list<W: Word>(words: &[W]) -> Text {
    joined(words, ' ', |word, list| word.push_to(list))
}

/// Phrases separated by commas.
pub(super) fn phrases(phrases: &[impl AsRef<str>]) -> Text {
    joined(phrases, ',', |phrase, list| list.push_str(phrase.as_ref()))
}

fn whole_milliseconds(length: Duration) -> u64 {
    let part = u128::from(!length.subsec_nanos().is_multiple_of(1_000_000));
    u64::try_from(length.as_millis() + part).unwrap_or(u64::MAX)
}

fn joined<T>(items: &[T], separator: char, push: impl Fn(&T, &mut String)) -> Text {
    let mut list = String::with_capacity(16 * items.len());
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            list.push(separator);
        }
        push(item, &mut list);
    }
    list.into()
}

/// Declares a closed vocabulary: words that a caller chooses from.
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$word_doc:meta])* $word:ident = $text:literal, )+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$word_doc])* $word, )+
        }

        impl $name {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            const WORDS: &'static [&'static str] = &[$($text),+];

            /// Twilio's spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$word => $text, )+
                }
            }
        }

        impl $crate::twiml::value::Value for $name {
            const KIND: $crate::twiml::table::Kind =
                $crate::twiml::table::Kind::Word(Self::WORDS);

            fn into_text(self) -> $crate::twiml::Text {
                $crate::twiml::Text::word(self.as_str())
            }
        }

        impl $crate::twiml::value::Word for $name {
            const KIND_OF_LIST: $crate::twiml::table::Kind =
                $crate::twiml::table::Kind::Words(Self::WORDS);

            fn push_to(self, list: &mut String) {
                list.push_str(self.as_str());
            }
        }
    )+};
}

/// Declares an open vocabulary: any text may be given, and words in common use have constants.
macro_rules! open_words {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$word_doc:meta])* $word:ident = $text:literal, )* }
    )+) => {$(
        $(#[$doc])*
        ///
        /// Open: any text may be given, for Twilio adds words without notice.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name($crate::twiml::Text);

        impl $name {
            $( $(#[$word_doc])*
            pub const $word: Self = Self($crate::twiml::Text::word($text)); )*

            /// Every word that has a constant here.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// Twilio's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<&'static str> for $name {
            fn from(word: &'static str) -> Self {
                Self(word.into())
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self(word.into())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl $crate::twiml::value::Value for $name {
            const KIND: $crate::twiml::table::Kind =
                $crate::twiml::table::Kind::Open(Self::KNOWN);

            fn into_text(self) -> $crate::twiml::Text {
                self.0
            }
        }
    )+};
}

pub(super) use {open_words, words};
