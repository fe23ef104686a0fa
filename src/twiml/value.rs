//! Values with a type of their own, and how each kind of value is written.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::node::escape_value;
use super::table::Kind;
use crate::types::{Method, RecordingChannels, RecordingTrack};

/// A value that is written as text: `write` appends it, escaped.
pub(super) trait Value {
    const KIND: Kind;

    fn write(self, out: &mut String);
}

/// A value that may stand in a list.
pub(super) trait Word: Value + Copy {
    const KIND_OF_LIST: Kind;
}

impl Value for bool {
    const KIND: Kind = Kind::Boolean;

    #[inline]
    fn write(self, out: &mut String) {
        out.push_str(if self { "true" } else { "false" });
    }
}

impl Value for u32 {
    const KIND: Kind = Kind::Integer;

    #[inline]
    fn write(self, out: &mut String) {
        integer(out, self.into());
    }
}

impl Word for u32 {
    const KIND_OF_LIST: Kind = Kind::Integers;
}

impl Value for Method {
    const KIND: Kind = Kind::Method;

    #[inline]
    fn write(self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

impl Value for RecordingTrack {
    const KIND: Kind = Kind::Word(&["both", "inbound", "outbound"]);

    #[inline]
    fn write(self, out: &mut String) {
        escape_value(out, self.as_str());
    }
}

impl Value for RecordingChannels {
    const KIND: Kind = Kind::Word(&["mono", "dual"]);

    #[inline]
    fn write(self, out: &mut String) {
        escape_value(out, self.as_str());
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

    #[inline]
    fn write(self, out: &mut String) {
        match self {
            Self::Forever => out.push('0'),
            Self::Times(times) => times.write(out),
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

    #[inline]
    fn write(self, out: &mut String) {
        match self {
            Self::Auto => out.push_str("auto"),
            Self::Seconds(seconds) => seconds.write(out),
        }
    }
}

/// What a [`Pay`](super::Pay) does about the caller's postal code.
///
/// `Debug` does not show a postal code: it is about a person.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/pay>
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "Twilio takes these three forms")]
pub enum PostalCode {
    /// It is asked for.
    Ask,
    /// It is not asked for, and not passed on.
    Skip,
    /// It is known already.
    Known(String),
}

impl Value for PostalCode {
    const KIND: Kind = Kind::Text;

    #[inline]
    fn write(self, out: &mut String) {
        match self {
            Self::Ask => out.push_str("true"),
            Self::Skip => out.push_str("false"),
            Self::Known(code) => escape_value(out, &code),
        }
    }
}

impl fmt::Debug for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ask => "Ask",
            Self::Skip => "Skip",
            Self::Known(_) => "Known([redacted])",
        })
    }
}

/// Whole seconds. A part of a second counts as a whole one, so that a short wait never becomes 0.
pub(super) fn seconds(out: &mut String, length: Duration) {
    let part = u64::from(length.subsec_nanos() > 0);
    integer(out, length.as_secs().saturating_add(part));
}

/// Whole milliseconds. A part of one counts as a whole one.
pub(super) fn milliseconds(out: &mut String, length: Duration) {
    integer(out, whole_milliseconds(length));
}

/// Whole seconds as `2s`, anything else in milliseconds as `300ms`.
pub(super) fn ssml_time(out: &mut String, length: Duration) {
    let milliseconds = whole_milliseconds(length);
    if milliseconds.is_multiple_of(1000) {
        integer(out, milliseconds / 1000);
        out.push('s');
    } else {
        integer(out, milliseconds);
        out.push_str("ms");
    }
}

/// Words separated by blanks.
pub(super) fn list<W: Word>(out: &mut String, words: &[W]) {
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        word.write(out);
    }
}

/// Phrases separated by commas.
pub(super) fn phrases(out: &mut String, phrases: &[impl AsRef<str>]) {
    for (i, phrase) in phrases.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        escape_value(out, phrase.as_ref());
    }
}

fn whole_milliseconds(length: Duration) -> u64 {
    let part = u128::from(!length.subsec_nanos().is_multiple_of(1_000_000));
    u64::try_from(length.as_millis() + part).unwrap_or(u64::MAX)
}

/// A number in decimal digits.
fn integer(out: &mut String, value: u64) {
    // Most are a single digit.
    match u32::try_from(value)
        .ok()
        .and_then(|value| char::from_digit(value, 10))
    {
        Some(digit) => out.push(digit),
        // Writing to a `String` cannot fail.
        None => drop(write!(out, "{value}")),
    }
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

            #[inline]
            fn write(self, out: &mut String) {
                out.push_str(self.as_str());
            }
        }

        impl $crate::twiml::value::Word for $name {
            const KIND_OF_LIST: $crate::twiml::table::Kind =
                $crate::twiml::table::Kind::Words(Self::WORDS);
        }
    )+};
}

/// A word of an open vocabulary: one of ours, or any text.
#[derive(Clone)]
pub(super) enum Spelling {
    Known(&'static str),
    Given(String),
}

impl Spelling {
    pub(super) const fn as_str(&self) -> &str {
        match self {
            Self::Known(word) => word,
            Self::Given(word) => word.as_str(),
        }
    }
}

impl PartialEq for Spelling {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Spelling {}

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
        pub struct $name($crate::twiml::value::Spelling);

        impl $name {
            $( $(#[$word_doc])*
            pub const $word: Self = Self($crate::twiml::value::Spelling::Known($text)); )*

            /// Every word that has a constant here.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// Twilio's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                Self($crate::twiml::value::Spelling::Given(word.into()))
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self($crate::twiml::value::Spelling::Given(word))
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

            fn write(self, out: &mut String) {
                match &self.0 {
                    // A word of ours holds nothing to escape.
                    $crate::twiml::value::Spelling::Known(word) => out.push_str(word),
                    $crate::twiml::value::Spelling::Given(word) => {
                        $crate::twiml::node::escape_value(out, word);
                    }
                }
            }
        }
    )+};
}

pub(super) use {open_words, words};
