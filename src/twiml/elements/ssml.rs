//! How text is spoken: the elements inside [`Say`], each writing the SSML of its name.
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
//! Not every voice takes every element; Twilio's page says which.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech#use-ssml>

use super::voice::Say;
use crate::twiml::element_macro::element;
use crate::twiml::values::Language;
use crate::twiml::values::{closed_vocabulary, open_vocabulary};

element! {
    /// A pause in speech.
    Break = "break" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// A pause as after a sentence, unless told otherwise.
    new();

    {
        /// How strong a pause, in the voice's own judgement.
        strength = "strength": BreakStrength,
        /// How long, up to 10 seconds.
        time = "time": SsmlDuration,
    }
}

element! {
    /// Words that are stressed.
    Emphasis = "emphasis" in [
        Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word,
    ], mixed_content;

    /// Stresses these words.
    new(words: Text);

    {
        /// How strongly. Default moderate.
        level = "level": EmphasisLevel,
    }
}

element! {
    /// Words in another language.
    Lang = "lang" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence], mixed_content;

    /// Says these words.
    new(words: Text);

    {
        /// The language.
        xml_lang = "xml:lang": (open Language),
    }
}

element! {
    /// A paragraph, with a pause after it.
    Paragraph = "p" in [Say, Lang, Prosody], mixed_content;

    /// A paragraph of these words.
    new(words: Text);
}

element! {
    /// Words whose sound is spelled out.
    Phoneme = "phoneme" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// These words; set `ph` to how they sound.
    new(words: Text);

    {
        /// In which alphabet `ph` is written.
        alphabet = "alphabet": PhonemeAlphabet,
        /// How the words sound.
        ph = "ph": Text,
    }
}

element! {
    /// Words spoken louder, faster or higher.
    Prosody = "prosody" in [
        Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word,
    ], mixed_content;

    /// Says these words.
    new(words: Text);

    {
        /// How loud: a word, or decibels such as `+6dB`.
        volume = "volume": (open Volume),
        /// How fast: a word, or a share such as `80%`.
        rate = "rate": (open Rate),
        /// How high: a word, or a change such as `-5%`.
        pitch = "pitch": (open Pitch),
    }
}

element! {
    /// A sentence, with a pause after it.
    Sentence = "s" in [Say, Lang, Paragraph, Prosody], mixed_content;

    /// A sentence of these words.
    new(words: Text);
}

element! {
    /// Words read as what they are: a date, digits, a telephone number.
    SayAs = "say-as" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// Reads these words.
    new(words: Text);

    {
        /// What the words are.
        interpret_as = "interpret-as": InterpretAs,
        /// In which order a date's parts stand.
        format = "format": DateFormat,
    }
}

element! {
    /// Words for which others are spoken, as for an abbreviation.
    Sub = "sub" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence, Word];

    /// These words; set `alias` to what is spoken.
    new(words: Text);

    {
        /// What is spoken.
        alias = "alias": Text,
    }
}

element! {
    /// A word whose part of speech decides how it sounds, as "read" in past and present.
    Word = "w" in [Say, Emphasis, Lang, Paragraph, Prosody, Sentence], mixed_content;

    /// This word.
    new(words: Text);

    {
        /// The part of speech, in the voice's own spelling.
        role = "role": Text,
    }
}

closed_vocabulary! {
    /// How strong a pause is.
    BreakStrength {
        /// No pause.
        None = "none",
        /// The shortest.
        XWeak = "x-weak",
        /// A short one.
        Weak = "weak",
        /// As after a comma.
        Medium = "medium",
        /// As after a sentence.
        Strong = "strong",
        /// As after a paragraph.
        XStrong = "x-strong",
    }

    /// How strongly words are stressed.
    EmphasisLevel {
        /// Louder and slower.
        Strong = "strong",
        /// A little louder and slower.
        Moderate = "moderate",
        /// Softer and faster.
        Reduced = "reduced",
    }

    /// An alphabet of sounds.
    PhonemeAlphabet {
        /// The International Phonetic Alphabet.
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

    /// What a text is, so that it is read as a person would.
    InterpretAs {
        /// Characters one by one.
        Characters = "characters",
        /// Letters one by one.
        SpellOut = "spell-out",
        /// A number: "twelve".
        Cardinal = "cardinal",
        /// A number: "twelve".
        Number = "number",
        /// A place in an order: "twelfth".
        Ordinal = "ordinal",
        /// Digits one by one.
        Digits = "digits",
        /// A fraction: "three twentieths".
        Fraction = "fraction",
        /// A measure: "ten feet".
        Unit = "unit",
        /// A date, by the order that `format` names.
        Date = "date",
        /// A length of time: "one minute twenty seconds".
        Time = "time",
        /// A part of a postal address.
        Address = "address",
        /// A word to be bleeped out.
        Expletive = "expletive",
        /// A telephone number.
        Telephone = "telephone",
    }

    /// In which order a date's parts stand.
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
    /// How loud: one of these words, or a change in decibels such as `+6dB`.
    Volume {
        /// As the voice is.
        DEFAULT = "default",
        /// Not at all.
        SILENT = "silent",
        /// The softest.
        X_SOFT = "x-soft",
        /// Soft.
        SOFT = "soft",
        /// In between.
        MEDIUM = "medium",
        /// Loud.
        LOUD = "loud",
        /// The loudest.
        X_LOUD = "x-loud",
    }

    /// How fast: one of these words, or a share of the usual such as `80%`.
    Rate {
        /// The slowest.
        X_SLOW = "x-slow",
        /// Slow.
        SLOW = "slow",
        /// In between.
        MEDIUM = "medium",
        /// Fast.
        FAST = "fast",
        /// The fastest.
        X_FAST = "x-fast",
    }

    /// How high: one of these words, or a change such as `-5%`.
    Pitch {
        /// As the voice is.
        DEFAULT = "default",
        /// The lowest.
        X_LOW = "x-low",
        /// Low.
        LOW = "low",
        /// In between.
        MEDIUM = "medium",
        /// High.
        HIGH = "high",
        /// The highest.
        X_HIGH = "x-high",
    }
}
