//! SSML elements inside [`Say`], which control speech.
//!
//! ```
//! use std::time::Duration;
//! use clinspark_twilio::twiml::{Say, Voice, ssml};
//!
//! let reminder = Say::new("Your visit is on")
//!     .voice(Voice::POLLY_JOANNA_NEURAL)
//!     .append(ssml::SayAs::new("20260304").interpret_as(ssml::InterpretAs::Date))
//!     .append(ssml::Break::new().time(Duration::from_millis(500)))
//!     .append(ssml::Prosody::new("Please do not eat before.").rate(ssml::Rate::SLOW));
//! ```
//!
//! Voices differ in the elements that they support; Twilio's page lists them.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech#use-ssml>

use super::voice::Say;
use crate::twiml::element_macro::element;
use crate::twiml::values::Language;
use crate::twiml::values::{closed_vocabulary, open_vocabulary};

element! {
    /// Pause in speech.
    Break = "break" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// Pauses, by default as after a sentence.
    new();

    {
        /// Strength of the pause. The voice decides its length.
        strength = "strength": BreakStrength,
        /// Length of the pause, up to 10 seconds.
        time = "time": SsmlDuration,
    }
}

element! {
    /// Stressed text.
    Emphasis = "emphasis" in [
        Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word,
    ], mixed_content;

    /// Stresses this text.
    new(words: Text);

    {
        /// Strength of the emphasis. Default moderate.
        level = "level": EmphasisLevel,
    }
}

element! {
    /// Text in another language.
    Lang = "lang" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence], mixed_content;

    /// Speaks this text.
    new(words: Text);

    {
        /// Language of the text.
        xml_lang = "xml:lang": (open Language),
    }
}

element! {
    /// Paragraph, with a pause after it.
    Paragraph = "p" in [Say, Lang, Prosody], mixed_content;

    /// Creates a paragraph of this text.
    new(words: Text);
}

element! {
    /// Text with its pronunciation.
    Phoneme = "phoneme" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// Creates the element for this text; set `ph` to its pronunciation.
    new(words: Text);

    {
        /// Phonetic alphabet of `ph`.
        alphabet = "alphabet": PhonemeAlphabet,
        /// Pronunciation of the text.
        ph = "ph": Text,
    }
}

element! {
    /// Text with a changed volume, rate or pitch.
    Prosody = "prosody" in [
        Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word,
    ], mixed_content;

    /// Speaks this text.
    new(words: Text);

    {
        /// Volume: a named value, or a change in decibels such as `+6dB`.
        volume = "volume": (open Volume),
        /// Speaking rate: a named value, or a percentage such as `80%`.
        rate = "rate": (open Rate),
        /// Pitch: a named value, or a change such as `-5%`.
        pitch = "pitch": (open Pitch),
    }
}

element! {
    /// Sentence, with a pause after it.
    Sentence = "s" in [Say, Lang, Paragraph, Prosody], mixed_content;

    /// Creates a sentence of this text.
    new(words: Text);
}

element! {
    /// Text read as a given kind, such as a date, digits or a telephone number.
    SayAs = "say-as" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// Reads this text.
    new(words: Text);

    {
        /// Kind of the text.
        interpret_as = "interpret-as": InterpretAs,
        /// Order of the parts of a date.
        format = "format": DateFormat,
    }
}

element! {
    /// Text with a spoken substitute, as for an abbreviation.
    Sub = "sub" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// Creates the element for this text; set `alias` to its spoken substitute.
    new(words: Text);

    {
        /// Spoken substitute.
        alias = "alias": Text,
    }
}

element! {
    /// Word whose part of speech decides its pronunciation, such as "read" in past and present.
    Word = "w" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence], mixed_content;

    /// Speaks this word.
    new(words: Text);

    {
        /// Part of speech, in the voice's spelling.
        role = "role": Text,
    }
}

closed_vocabulary! {
    /// Strength of a pause.
    BreakStrength {
        /// No pause.
        None = "none",
        /// Shortest pause.
        XWeak = "x-weak",
        /// Short pause.
        Weak = "weak",
        /// Pause as after a comma.
        Medium = "medium",
        /// Pause as after a sentence.
        Strong = "strong",
        /// Pause as after a paragraph.
        XStrong = "x-strong",
    }

    /// Strength of an emphasis.
    EmphasisLevel {
        /// Louder and slower.
        Strong = "strong",
        /// A little louder and slower.
        Moderate = "moderate",
        /// Softer and faster.
        Reduced = "reduced",
    }

    /// Phonetic alphabet.
    PhonemeAlphabet {
        /// International Phonetic Alphabet.
        Ipa = "ipa",
        /// X-SAMPA: IPA in ASCII.
        XSampa = "x-sampa",
        /// Jyutping, for Cantonese.
        Jyutping = "x-amazon-jyutping",
        /// Pinyin, for Mandarin.
        Pinyin = "x-amazon-pinyin",
        /// Pronunciation kana, for Japanese.
        PronKana = "x-amazon-pron-kana",
        /// Yomigana, for Japanese.
        Yomigana = "x-amazon-yomigana",
    }

    /// Kind of a text, which decides how the voice reads it.
    InterpretAs {
        /// Characters one by one.
        Characters = "characters",
        /// Letters one by one.
        SpellOut = "spell-out",
        /// Number: "twelve".
        Cardinal = "cardinal",
        /// Number: "twelve".
        Number = "number",
        /// Ordinal number: "twelfth".
        Ordinal = "ordinal",
        /// Digits one by one.
        Digits = "digits",
        /// Fraction: "three twentieths".
        Fraction = "fraction",
        /// Measure: "ten feet".
        Unit = "unit",
        /// Date, in the order of `format`.
        Date = "date",
        /// Duration: "one minute twenty seconds".
        Time = "time",
        /// Part of a postal address.
        Address = "address",
        /// Word to bleep out.
        Expletive = "expletive",
        /// Telephone number.
        Telephone = "telephone",
    }

    /// Order of the parts of a date.
    DateFormat {
        /// Month, day, year.
        Mdy = "mdy",
        /// Day, month, year.
        Dmy = "dmy",
        /// Year, month, day.
        Ymd = "ymd",
        /// Month, day.
        Md = "md",
        /// Day, month.
        Dm = "dm",
        /// Year, month.
        Ym = "ym",
        /// Month, year.
        My = "my",
        /// Day.
        D = "d",
        /// Month.
        M = "m",
        /// Year.
        Y = "y",
        /// Four digits of the year, then two each of month and day, without separators.
        Yyyymmdd = "yyyymmdd",
    }
}

open_vocabulary! {
    /// Volume of speech: one of the constants, or a change in decibels such as `+6dB`.
    Volume {
        /// Default of the voice.
        DEFAULT = "default",
        /// Silent.
        SILENT = "silent",
        /// Softest.
        X_SOFT = "x-soft",
        /// Soft.
        SOFT = "soft",
        /// Medium.
        MEDIUM = "medium",
        /// Loud.
        LOUD = "loud",
        /// Loudest.
        X_LOUD = "x-loud",
    }

    /// Speaking rate: one of the constants, or a percentage of the usual such as `80%`.
    Rate {
        /// Slowest.
        X_SLOW = "x-slow",
        /// Slow.
        SLOW = "slow",
        /// Medium.
        MEDIUM = "medium",
        /// Fast.
        FAST = "fast",
        /// Fastest.
        X_FAST = "x-fast",
    }

    /// Pitch of speech: one of the constants, or a change such as `-5%`.
    Pitch {
        /// Default of the voice.
        DEFAULT = "default",
        /// Lowest.
        X_LOW = "x-low",
        /// Low.
        LOW = "low",
        /// Medium.
        MEDIUM = "medium",
        /// High.
        HIGH = "high",
        /// Highest.
        X_HIGH = "x-high",
    }
}
